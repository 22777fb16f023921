// StackLimit: keeps what recurses over a program from overflowing C++'s stack.
//
// It is made where the recursion begins, and asked at each of its levels. It
// counts bytes and not levels, since levels differ and a sanitizer's are
// bigger.
//
// Design: docs/design/lambda_syntax.md. Threads: that which made it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/lambda/syntax_error.h"

namespace fledge::lambda {

class StackLimit {
 public:
  // How much the recursion may use; whoever begins it has more than that left.
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

  StackLimit() : begin_(Here()) {}

  bool IsReached() const {
    const std::uintptr_t here = Here();
    return (here < begin_ ? begin_ - here : here - begin_) > kMaxBytes;
  }
  // Throws if it is, on behalf of what is at `at`.
  void Check(Position at) const {
    if (IsReached()) throw SyntaxError(at, "this is nested too deeply");
  }

 private:
  [[gnu::always_inline]] static inline std::uintptr_t Here() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }

  std::uintptr_t begin_;
};

}  // namespace fledge::lambda
