// PauseTimeline: when the program stood still, in bounded memory, for the
// utilization curve.
//
// Each pause is kept until the limit is reached. Then neighbours are merged,
// two by two, into a period that remembers how much of it was pause. A curve
// drawn from merged periods is a lower bound, since mmu.h takes the pauses of
// a period to lie wherever a window would suffer most.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fledge::tools {

// From the start of a pause to the end of the same or a later one.
struct BusyPeriod {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int64_t busy_ns = 0;  // Of pauses; end_ns - start_ns if it is only one.

  bool operator==(const BusyPeriod&) const = default;
};

class PauseTimeline {
 public:
  // Keeps up to `limit` periods, for which it reserves, and so does not touch,
  // memory at once: Add() never copies what is there because it grew.
  // REQUIRES: limit >= 2.
  explicit PauseTimeline(std::size_t limit);

  // REQUIRES: pauses come in order and do not overlap.
  void Add(std::int64_t start_ns, std::int64_t end_ns);

  // In order, disjoint.
  const std::vector<BusyPeriod>& periods() const { return periods_; }

 private:
  void MergeNeighbours();

  const std::size_t limit_;
  std::vector<BusyPeriod> periods_;
};

}  // namespace fledge::tools
