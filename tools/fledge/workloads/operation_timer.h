// OperationTimer: durations of operations that follow each other without a
// gap, for one reading of the clock each.
//
// Threads: one.
#pragma once

#include <cstdint>

#include "gc/clock.h"
#include "tools/fledge/histogram.h"

namespace fledge::tools {

class OperationTimer {
 public:
  // The first operation begins now. Borrows `durations`.
  explicit OperationTimer(Histogram& durations) : durations_(durations) {}

  // One operation ends and the next begins.
  void Next() {
    const std::int64_t now_ns = gc::NowNs();
    durations_.Record(now_ns - last_ns_);
    last_ns_ = now_ns;
  }

  // Leaves out what was done since the last operation ended.
  void Skip() { last_ns_ = gc::NowNs(); }

 private:
  Histogram& durations_;
  std::int64_t last_ns_ = gc::NowNs();
};

}  // namespace fledge::tools
