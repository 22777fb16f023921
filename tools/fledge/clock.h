// Clock: the monotonic one, the same that collections are timed by.
//
// Threads: any.
#pragma once

#include <chrono>
#include <cstdint>

namespace fledge::tools {

inline std::int64_t MonotonicNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace fledge::tools
