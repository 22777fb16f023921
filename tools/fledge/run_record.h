// RunRecord: all that is known of one run of a program, the one thing that
// summary, trace and report are written from.
//
// Plain data: whoever runs the program fills it in, `collections` from a
// Recorder. Times are nanoseconds of the monotonic clock, sizes bytes.
//
// Threads: none of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "allocator/external_bytes.h"
#include "gc/collection.h"
#include "tools/fledge/histogram.h"
#include "tools/fledge/memory_profile.h"
#include "tools/fledge/pause_timeline.h"

namespace fledge::tools {

inline constexpr std::size_t kCollectionKindCount = 2;

// What a Recorder heard. Counts, sums and histograms are of all collections;
// `events` may be a choice of them.
struct CollectionLog {
  struct OfKind {
    Histogram pauses;  // pause_ns() of each; their count is the collections'.
    std::array<std::int64_t, gc::kPhaseCount> phase_ns{};  // Sums.
    std::uint64_t stride = 1;  // At least one in `stride` is among `events`.
  };
  std::array<OfKind, kCollectionKindCount> by_kind;
  // Of the minor ones, by their part in a cycle of marking in steps.
  std::array<Histogram, gc::kCyclePartCount> cycle_parts;
  // The steps between them.
  struct OfSteps {
    Histogram pauses;
    std::uint64_t marked_bytes = 0;
    std::uint64_t stride = 1;  // At least one in `stride` is among `events`.
    std::vector<gc::StepEvent> events;  // In order.
  } steps;

  // The processor time of each pause of all kinds, steps included.
  Histogram on_processor;

  std::uint64_t promoted_bytes = 0;
  std::uint64_t born_old_bytes = 0;
  std::uint64_t peak_heap_bytes = 0;  // Most in use before or after one.
  std::int64_t longest_time_to_safepoint_ns = 0;

  std::vector<gc::CollectionEvent> events;   // In order.
  std::vector<gc::CollectionEvent> longest;  // By pause, the longest first.
  std::vector<BusyPeriod> busy_periods;      // In order; see PauseTimeline.

  const OfKind& of(gc::CollectionKind kind) const {
    return by_kind[static_cast<std::size_t>(kind)];
  }
  std::uint64_t minor_count() const {
    return of(gc::CollectionKind::kMinor).pauses.count();
  }
  std::uint64_t major_count() const {
    return of(gc::CollectionKind::kMajor).pauses.count();
  }
  std::uint64_t count() const { return minor_count() + major_count(); }
  const Histogram& of(gc::CyclePart part) const {
    return cycle_parts[static_cast<std::size_t>(part)];
  }
  // Major collections that marked in steps.
  std::uint64_t cycle_count() const {
    return of(gc::CyclePart::kFinish).count();
  }
  std::int64_t pause_total_ns() const {
    return of(gc::CollectionKind::kMinor).pauses.total_ns() +
           of(gc::CollectionKind::kMajor).pauses.total_ns() +
           steps.pauses.total_ns();
  }
  // The pauses of all kinds, steps included. O(buckets).
  Histogram AllPauses() const {
    Histogram all = of(gc::CollectionKind::kMinor).pauses;
    all.Merge(of(gc::CollectionKind::kMajor).pauses);
    all.Merge(steps.pauses);
    return all;
  }
};

struct RunRecord {
  std::string workload;           // "binary-trees", or the program's file.
  std::vector<std::string> args;  // {"20"}.
  std::string policy;             // "genimmix".
  std::string options;            // As --gc takes them: "nursery=16M,...".
  std::string result;             // What the program says it computed.

  std::int64_t start_ns = 0;    // When the run began, on the events' clock.
  std::int64_t wall_ns = 0;     // From then to its end.
  std::int64_t mutator_ns = 0;  // wall_ns less what the collector took.

  std::uint64_t allocated_bytes = 0;
  std::uint64_t allocated_objects = 0;
  std::uint64_t promoted_bytes = 0;

  // Of workloads that time each operation.
  std::optional<Histogram> operations;

  std::uint64_t heap_live_bytes = 0;  // At the end.
  std::uint64_t heap_peak_bytes = 0;
  std::uint64_t external_bytes = 0;                     // At the end,
  std::vector<allocator::ExternalBytes::Row> external;  // and by tag.
  std::uint64_t peak_rss_bytes = 0;                     // Of the process.

  CollectionLog collections;

  // Of a program in Lambda that was sampled.
  std::optional<MemoryProfile> memory;

  std::int64_t end_ns() const { return start_ns + wall_ns; }
  // The mutator's share of the time, 0 to 1; 1 of a run of no length.
  double mutator_share() const {
    if (wall_ns <= 0) return 1;
    return static_cast<double>(mutator_ns) / static_cast<double>(wall_ns);
  }
  // Bytes allocated per second of the run; 0 of a run of no length.
  double allocation_rate() const {
    if (wall_ns <= 0) return 0;
    return static_cast<double>(allocated_bytes) * 1e9 /
           static_cast<double>(wall_ns);
  }
  // "binary-trees 20".
  std::string Title() const {
    std::string title = workload;
    for (const std::string& arg : args) title += " " + arg;
    return title;
  }
};

}  // namespace fledge::tools
