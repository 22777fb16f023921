// NowNs: the monotonic clock, which every time of a collection or a run is of.
#pragma once

#include <chrono>
#include <cstdint>

namespace fledge::gc {

inline std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace fledge::gc
