// Recorder: listens to a run's collections and steps and keeps what a report
// needs, in memory that does not grow with the run.
//
// Exact for every run: counts, sums, pause histograms, the longest pauses.
// Single events are kept up to a limit for each kind and evenly chosen beyond
// it (EventSample); pauses for the utilization curve likewise, merged beyond it
// (PauseTimeline). At the limits it holds about 35 MB, which count as the
// process's resident memory; a run of a thousand collections touches 0.8 MB.
//
// Threads: the On...() are called with the world stopped, which orders the
// calls. Log() needs that no collection runs.
#pragma once

#include <cstddef>
#include <vector>

#include "gc/collection.h"
#include "tools/fledge/event_sample.h"
#include "tools/fledge/pause_timeline.h"
#include "tools/fledge/run_record.h"

namespace fledge::tools {

struct RecorderLimits {
  std::size_t minor_events = 75'000;
  std::size_t major_events = 25'000;  // Few, but each is of interest.
  std::size_t steps = 50'000;
  std::size_t busy_periods = 250'000;
  std::size_t longest = 32;
};

class Recorder final : public gc::CollectionListener {
 public:
  explicit Recorder(const RecorderLimits& limits = {});

  // Never allocates: it runs while the program stands still.
  void OnCollection(const gc::CollectionEvent& event) override;
  void OnStep(const gc::StepEvent& event) override;

  // What was heard so far.
  CollectionLog Log() const;

 private:
  void NoteIfLong(const gc::CollectionEvent& event);

  const std::size_t longest_limit_;
  CollectionLog log_;  // Without what the samples below hold.
  EventSample<gc::CollectionEvent> minor_;
  EventSample<gc::CollectionEvent> major_;
  EventSample<gc::StepEvent> steps_;
  PauseTimeline timeline_;
  std::vector<gc::CollectionEvent> longest_;  // A heap, the shortest on top.
};

}  // namespace fledge::tools
