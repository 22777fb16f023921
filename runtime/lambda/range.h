// Range: the items from `begin` up to, and without, `end`.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstddef>

namespace fledge::lambda {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
};

}  // namespace fledge::lambda
