// ByteChoices: what a random program does, chosen by bytes.
//
// For fuzzers: a byte that changes, changes a choice, and input that is cut off
// is a program that ends sooner. Where random.h needs a number of 64 bits this
// takes as many bytes as the choice has.
#pragma once

#include <cstdint>
#include <span>

#include "allocator/base/check.h"
#include "tests/support/random.h"

namespace fledge {

class ByteChoices : public Choices<ByteChoices> {
 public:
  // Borrows `bytes`.
  explicit ByteChoices(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  bool exhausted() const { return rest_.empty(); }

  // 0 to `bound` - 1; 0 once there are no more bytes. REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound) {
    FLEDGE_DCHECK(bound > 0);
    std::uint64_t number = 0;
    for (std::uint64_t most = bound - 1; most != 0 && !rest_.empty();
         most >>= 8) {
      number = number << 8 | rest_.front();
      rest_ = rest_.subspan(1);
    }
    return number % bound;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace fledge
