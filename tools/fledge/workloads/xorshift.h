// Xorshift: the random numbers of the workloads, the same in every run and in
// every language that runs the same benchmark.
//
// Source: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8,
// 2003: 32 bits, shifts 13, 17, 5, and the seed of the paper's example.
#pragma once

#include <cstdint>

#include "allocator/base/check.h"

namespace fledge::tools {

class Xorshift {
 public:
  // Any 32 bits but 0.
  std::uint32_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  // 0 to `bound` - 1. REQUIRES: bound > 0.
  std::uint32_t Below(std::uint32_t bound) {
    FLEDGE_DCHECK(bound > 0);
    return Next() % bound;
  }

  // True once in `n` times, on average. REQUIRES: n > 0.
  bool OneIn(std::uint32_t n) { return Below(n) == 0; }

 private:
  std::uint32_t state_ = 2'463'534'242;
};

}  // namespace fledge::tools
