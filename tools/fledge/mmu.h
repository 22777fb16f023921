// Minimum mutator utilization: of a stretch of time of a given length, the
// share that the program had for itself in the worst case.
//
// A run with short pauses may still crawl if they follow each other closely;
// this curve shows that, and a list of pauses does not. It is 0 up to the
// longest pause and ends, at the length of the run, at the mutator's share.
//
// Source: P. Cheng, G. Blelloch, "A Parallel, Real-Time Garbage Collector",
// PLDI 2001.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tools/fledge/pause_timeline.h"

namespace fledge::tools {

// The least share, 0 to 1, of any window of `window_ns` within the run from
// `begin_ns` to `end_ns` that is not in pauses. A window longer than the run
// is taken to be the run. A merged period counts against a window as if its
// pauses lay inside it as far as they fit. Costs O(periods).
// REQUIRES: `periods` are in order, disjoint and within the run;
// window_ns > 0.
double MinimumUtilization(std::span<const BusyPeriod> periods,
                          std::int64_t begin_ns, std::int64_t end_ns,
                          std::int64_t window_ns);

struct MmuPoint {
  std::int64_t window_ns = 0;
  double utilization = 1;
};

// The curve over window sizes, ascending: kMmuPointsPerDecade points on a grid
// that all runs share, from below the longest pause to the length of the run,
// and that length itself. Empty for a run of no length.
inline constexpr int kMmuPointsPerDecade = 16;
std::vector<MmuPoint> MmuCurve(std::span<const BusyPeriod> periods,
                               std::int64_t begin_ns, std::int64_t end_ns);

}  // namespace fledge::tools
