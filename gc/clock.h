// The clocks that collections are timed by.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace fledge::gc {

// The monotonic clock: every point in time of a collection or a run is of it.
inline std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The time that the calling thread has spent on a processor. A system call.
inline std::int64_t ThreadProcessorNs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace fledge::gc
