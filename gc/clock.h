// NowNs: the monotonic clock, of which every time in gc/ is.
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
