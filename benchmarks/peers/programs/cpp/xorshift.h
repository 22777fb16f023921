// Random numbers that are the same in every program of a workload: Marsaglia's
// xorshift of 32 bits. Threads: one.
#pragma once

#include <cstdint>

namespace fledge::peers {

class Xorshift {
 public:
  std::uint32_t Below(std::uint32_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % bound;
  }

 private:
  std::uint32_t state_ = 2'463'534'242;
};

}  // namespace fledge::peers
