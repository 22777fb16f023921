#include "tools/fledge/recorder.h"

#include <algorithm>
#include <iterator>

namespace fledge::tools {
namespace {

// Ties go to the earlier one, so that a log does not depend on chance.
bool IsLonger(const gc::CollectionEvent& a, const gc::CollectionEvent& b) {
  if (a.pause_ns() != b.pause_ns()) return a.pause_ns() > b.pause_ns();
  return a.number < b.number;
}

}  // namespace

Recorder::Recorder(const RecorderLimits& limits)
    : longest_limit_(limits.longest),
      minor_(limits.minor_events),
      major_(limits.major_events),
      steps_(limits.steps),
      timeline_(limits.busy_periods) {
  longest_.reserve(limits.longest);
}

void Recorder::OnCollection(const gc::CollectionEvent& event) {
  auto& of_kind = log_.by_kind[static_cast<std::size_t>(event.kind)];
  of_kind.pauses.Record(event.pause_ns());
  log_.on_processor.Record(event.processor_ns);
  if (event.kind == gc::CollectionKind::kMinor) {
    log_.cycle_parts[static_cast<std::size_t>(event.cycle_part)].Record(
        event.pause_ns());
  }
  for (std::size_t i = 0; i < gc::kPhaseCount; ++i) {
    of_kind.phase_ns[i] += event.phase_ns[i];
  }
  log_.promoted_bytes += event.promoted_bytes;
  log_.born_old_bytes += event.born_old_bytes;
  log_.peak_heap_bytes = std::max<std::uint64_t>(
      {log_.peak_heap_bytes, event.heap_before_bytes, event.heap_after_bytes});
  log_.longest_time_to_safepoint_ns =
      std::max(log_.longest_time_to_safepoint_ns, event.time_to_safepoint_ns());

  (event.kind == gc::CollectionKind::kMinor ? minor_ : major_).Add(event);
  timeline_.Add(event.start_ns, event.end_ns);
  NoteIfLong(event);
}

void Recorder::OnStep(const gc::StepEvent& event) {
  log_.steps.pauses.Record(event.pause_ns());
  log_.on_processor.Record(event.processor_ns);
  log_.steps.marked_bytes += event.marked_bytes;
  log_.longest_time_to_safepoint_ns =
      std::max(log_.longest_time_to_safepoint_ns, event.time_to_safepoint_ns());
  steps_.Add(event);
  timeline_.Add(event.start_ns, event.end_ns);
}

void Recorder::NoteIfLong(const gc::CollectionEvent& event) {
  if (longest_limit_ == 0) return;
  if (longest_.size() == longest_limit_) {
    if (!IsLonger(event, longest_.front())) return;
    std::pop_heap(longest_.begin(), longest_.end(), IsLonger);
    longest_.pop_back();
  }
  longest_.push_back(event);
  std::push_heap(longest_.begin(), longest_.end(), IsLonger);
}

CollectionLog Recorder::Log() const {
  CollectionLog log = log_;
  log.by_kind[static_cast<std::size_t>(gc::CollectionKind::kMinor)].stride =
      minor_.stride();
  log.by_kind[static_cast<std::size_t>(gc::CollectionKind::kMajor)].stride =
      major_.stride();
  log.steps.stride = steps_.stride();
  log.steps.events = steps_.InOrder();
  log.busy_periods = timeline_.periods();
  log.longest = longest_;
  std::sort(log.longest.begin(), log.longest.end(), IsLonger);

  const auto minor = minor_.InOrder();
  const auto major = major_.InOrder();
  log.events.reserve(minor.size() + major.size());
  std::merge(minor.begin(), minor.end(), major.begin(), major.end(),
             std::back_inserter(log.events),
             [](const gc::CollectionEvent& a, const gc::CollectionEvent& b) {
               return a.start_ns < b.start_ns;
             });
  return log;
}

}  // namespace fledge::tools
