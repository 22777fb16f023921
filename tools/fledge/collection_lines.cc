#include "tools/fledge/collection_lines.h"

#include <cstdio>

#include "tools/fledge/console.h"
#include "tools/fledge/units.h"

namespace fledge::tools {

namespace {

// ", cycle start".
std::string CycleText(const gc::CollectionEvent& event) {
  if (event.cycle_part == gc::CyclePart::kNone) return "";
  return ", cycle " + std::string(NameOf(event.cycle_part));
}

}  // namespace

std::string CollectionLine(const gc::CollectionEvent& event,
                           std::int64_t start_ns) {
  char time[32];
  std::snprintf(time, sizeof time, "[%.3f s] ",
                static_cast<double>(event.start_ns - start_ns) / 1e9);
  std::string line = time;
  line += std::string(NameOf(event.kind)) + " " + std::to_string(event.number) +
          ", " + std::string(NameOf(event.reason)) + CycleText(event) + ": " +
          HumanDuration(event.pause_ns()) + ", heap " +
          HumanBytes(event.heap_before_bytes) + " -> " +
          HumanBytes(event.heap_after_bytes) + ", old " +
          HumanBytes(event.old_after_bytes) + ", survived " +
          HumanBytes(event.survived_bytes) + ", promoted " +
          HumanBytes(event.promoted_bytes);
  if (event.born_old_bytes != 0) {
    line += ", born old " + HumanBytes(event.born_old_bytes);
  }
  if (event.evacuated_bytes != 0) {
    line += ", evacuated " + HumanBytes(event.evacuated_bytes);
  }
  // What the heap chose, where it chose something new.
  switch (event.nursery_reason) {
    case gc::NurseryReason::kFixed:
    case gc::NurseryReason::kSteady:
      break;
    default:
      line += ", nursery now " + HumanBytes(event.nursery_bytes) + " (" +
              std::string(NameOf(event.nursery_reason)) + ")";
  }
  switch (event.pretenuring_reason) {
    case gc::PretenuringReason::kFixed:
    case gc::PretenuringReason::kSteady:
      break;
    default:
      line += std::string(", births now ") +
              (event.pretenures ? "old" : "young") + " (" +
              std::string(NameOf(event.pretenuring_reason)) + ")";
  }
  if (event.EndsMark()) {
    line += ", next major at " + HumanBytes(event.next_major_bytes) + " (" +
            std::string(NameOf(event.pace_reason)) + ")";
  }
  if (event.kept_bytes != 0) line += ", kept " + HumanBytes(event.kept_bytes);
  return line;
}

void CollectionLines::OnCollection(const gc::CollectionEvent& event) {
  PrintNote(CollectionLine(event, start_ns_));
}

}  // namespace fledge::tools
