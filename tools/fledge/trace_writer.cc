#include "tools/fledge/trace_writer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Nanoseconds as microseconds, without a detour through floating point.
std::string Microseconds(std::int64_t ns) {
  const std::int64_t positive = std::max<std::int64_t>(ns, 0);
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%lld.%03lld",
                static_cast<long long>(positive / 1000),
                static_cast<long long>(positive % 1000));
  return text.data();
}

Json ArgsOf(const gc::CollectionEvent& event) {
  Json args = {{"number", event.number},
               {"reason", std::string(NameOf(event.reason))},
               {"pause_ns", event.pause_ns()},
               {"processor_ns", event.processor_ns},
               {"heap_before_bytes", event.heap_before_bytes},
               {"heap_after_bytes", event.heap_after_bytes},
               {"young_before_bytes", event.young_before_bytes},
               {"survived_bytes", event.survived_bytes},
               {"promoted_bytes", event.promoted_bytes},
               {"old_after_bytes", event.old_after_bytes},
               {"nursery_bytes", event.nursery_bytes},
               {"dirty_cards", event.dirty_cards},
               {"root_slots", event.root_slots},
               {"nursery_reason", std::string(NameOf(event.nursery_reason))},
               {"tenuring_threshold", event.tenuring_threshold},
               {"tenuring_reason", std::string(NameOf(event.tenuring_reason))},
               {"next_major_bytes", event.next_major_bytes},
               {"pace_reason", std::string(NameOf(event.pace_reason))}};
  if (event.pretenures || event.born_old_bytes != 0 ||
      event.pretenuring_reason == gc::PretenuringReason::kFewer) {
    args["born_old_bytes"] = event.born_old_bytes;
    args["pretenures"] = event.pretenures;
    args["pretenuring_reason"] = std::string(NameOf(event.pretenuring_reason));
  }
  if (event.external_bytes != 0) {
    args["external_bytes"] = event.external_bytes;
  }
  if (event.evacuated_bytes != 0) {
    args["evacuated_bytes"] = event.evacuated_bytes;
  }
  if (event.cycle_part != gc::CyclePart::kNone) {
    args["cycle_part"] = std::string(NameOf(event.cycle_part));
  }
  if (event.kept_bytes != 0) args["kept_bytes"] = event.kept_bytes;
  return args;
}

// The events of one run, as a process of its own.
class RunWriter {
 public:
  RunWriter(const RunRecord& run, std::size_t pid, std::ostream& out)
      : run_(run), pid_(pid), out_(out) {}

  void WriteNames() {
    Metadata("process_name",
             {{"name", "fledge " + run_.Title() + " (" + run_.policy + ")"}});
    Metadata("process_sort_index", {{"sort_index", pid_}});
    Metadata("thread_name", {{"name", "collections"}});
  }

  void WriteCollections() {
    const auto& log = run_.collections;
    std::vector<const gc::CollectionEvent*> events;
    const std::size_t each = log.events.size() / (kTracedCollections + 1) + 1;
    for (std::size_t i = 0; i < log.events.size(); i += each) {
      events.push_back(&log.events[i]);
    }
    for (const auto& event : log.longest) events.push_back(&event);
    std::sort(events.begin(), events.end(), [](const auto* a, const auto* b) {
      return a->number < b->number;
    });
    // The longest are usually among the chosen ones too.
    events.erase(std::unique(events.begin(), events.end(),
                             [](const auto* a, const auto* b) {
                               return a->number == b->number;
                             }),
                 events.end());
    // Steps in between, as the trace's events have to be in order.
    const auto& steps = log.steps.events;
    const std::size_t each_step = steps.size() / (kTracedSteps + 1) + 1;
    std::size_t next = 0;
    const auto write_steps_before = [&](std::int64_t time_ns) {
      for (; next < steps.size() && steps[next].start_ns < time_ns;
           next += each_step) {
        WriteStep(steps[next]);
      }
    };
    for (const auto* event : events) {
      write_steps_before(event->requested_ns);
      WriteCollection(*event);
    }
    write_steps_before(std::numeric_limits<std::int64_t>::max());
  }

 private:
  void WriteStep(const gc::StepEvent& event) {
    if (event.time_to_safepoint_ns() > 0) {
      Slice("stop the mutators", event.requested_ns, event.start_ns);
    }
    Event('B', "step", event.start_ns);
    Event('E', "step", event.end_ns,
          {{"processor_ns", event.processor_ns},
           {"marked_bytes", event.marked_bytes},
           {"weak_entries", event.weak_entries}});
  }

  void WriteCollection(const gc::CollectionEvent& event) {
    if (event.time_to_safepoint_ns() > 0) {
      Slice("stop the mutators", event.requested_ns, event.start_ns);
    }
    Counter("heap", event.start_ns, event.heap_before_bytes);
    Counter("young", event.start_ns, event.young_before_bytes);

    const std::string name = std::string(NameOf(event.kind)) + " collection";
    Event('B', name, event.start_ns);
    // Phases run one after the other; only their lengths are recorded.
    std::int64_t from = event.start_ns;
    for (std::size_t i = 0; i < gc::kPhaseCount; ++i) {
      const std::int64_t to = std::min(from + event.phase_ns[i], event.end_ns);
      if (to <= from) continue;
      Slice(NameOf(static_cast<gc::Phase>(i)), from, to);
      from = to;
    }
    Event('E', name, event.end_ns, ArgsOf(event));

    Counter("heap", event.end_ns, event.heap_after_bytes);
    Counter("young", event.end_ns, event.survived_bytes + event.kept_bytes);
    Counter("old", event.end_ns, event.old_after_bytes);
  }

  void Slice(std::string_view name, std::int64_t from, std::int64_t to) {
    Event('B', name, from);
    Event('E', name, to);
  }
  void Counter(std::string_view name, std::int64_t time, std::size_t bytes) {
    Event('C', name, time, {{"bytes", bytes}});
  }
  void Metadata(std::string_view name, const Json& args) {
    Start('M', name);
    out_ << ",\"args\":" << Dump(args) << '}';
  }
  void Event(char phase, std::string_view name, std::int64_t time,
             const Json& args = nullptr) {
    Start(phase, name);
    out_ << ",\"cat\":\"gc\",\"ts\":" << Microseconds(time - run_.start_ns);
    if (!args.is_null()) out_ << ",\"args\":" << Dump(args);
    out_ << '}';
  }
  void Start(char phase, std::string_view name) {
    out_ << (is_first_ && pid_ == 1 ? "\n" : ",\n") << "{\"ph\":\"" << phase
         << "\",\"pid\":" << pid_ << ",\"tid\":1,\"name\":\"" << name << '"';
    is_first_ = false;
  }

  const RunRecord& run_;
  const std::size_t pid_;
  std::ostream& out_;
  bool is_first_ = true;
};

}  // namespace

void WriteTrace(std::span<const RunRecord> runs, std::ostream& out) {
  out << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
  std::size_t pid = 0;
  for (const RunRecord& run : runs) {
    RunWriter writer(run, ++pid, out);
    writer.WriteNames();
    writer.WriteCollections();
  }
  out << "\n]}\n";
}

}  // namespace fledge::tools
