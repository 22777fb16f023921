#include "tools/fledge/summary.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/fledge/memory_json.h"
#include "tools/fledge/memory_text.h"
#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

Json PausesJson(const Histogram& pauses) {
  return {{"count", pauses.count()},     {"total_ns", pauses.total_ns()},
          {"p50_ns", pauses.p50_ns()},   {"p99_ns", pauses.p99_ns()},
          {"p999_ns", pauses.p999_ns()}, {"max_ns", pauses.max_ns()}};
}

Json OperationsJson(const Histogram& operations) {
  return {{"count", operations.count()},
          {"p50_ns", operations.p50_ns()},
          {"p99_ns", operations.p99_ns()},
          {"p9999_ns", operations.p9999_ns()},
          {"max_ns", operations.max_ns()}};
}

Json PhasesJson(const CollectionLog::OfKind& of_kind) {
  Json phases = Json::object();
  for (std::size_t i = 0; i < gc::kPhaseCount; ++i) {
    phases[std::string(NameOf(static_cast<gc::Phase>(i)))] =
        of_kind.phase_ns[i];
  }
  return phases;
}

// "  Heap          64.0 MiB at its peak, ..."
class Lines {
 public:
  void Add(std::string_view name, std::string_view text) {
    text_ += "  " + PadRight(name, kNameWidth) + std::string(text) + "\n";
  }
  void AddPlain(std::string_view text) { text_ += std::string(text) + "\n"; }
  std::string Take() { return std::move(text_); }

 private:
  static constexpr std::size_t kNameWidth = 14;
  std::string text_;
};

// The start of what a program printed: its first line, not too long, without
// the control characters that a terminal would obey.
std::string Shortened(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string_view start = text.substr(0, text.find('\n')).substr(0, kMost);
  // A character of UTF-8 is kept whole or not at all.
  while (!start.empty() && start.size() < text.size() &&
         (static_cast<unsigned char>(text[start.size()]) & 0xc0) == 0x80) {
    start.remove_suffix(1);
  }
  std::string shortened;
  for (const char c : start) {
    const bool is_control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    shortened += is_control ? ' ' : c;
  }
  return start.size() == text.size() ? shortened : shortened + " ...";
}

std::string Plural(std::uint64_t count, std::string_view noun) {
  return HumanCount(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// One row a histogram, so that columns can be compared downwards.
void AddPauseTable(const RunRecord& run, Lines& lines) {
  using Row = std::array<std::string, 8>;
  std::vector<Row> rows = {
      {"", "count", "p50", "p99", "p99.9", "p99.99", "max", "total"}};
  const auto add = [&](std::string name, const Histogram& histogram) {
    rows.push_back(
        {std::move(name), HumanCount(histogram.count()),
         HumanDuration(histogram.p50_ns()), HumanDuration(histogram.p99_ns()),
         HumanDuration(histogram.p999_ns()),
         HumanDuration(histogram.p9999_ns()), HumanDuration(histogram.max_ns()),
         HumanDuration(histogram.total_ns())});
  };
  const CollectionLog& log = run.collections;
  if (log.count() > 0) add("pauses", log.AllPauses());
  const bool in_steps = log.steps.pauses.count() > 0;
  if (log.minor_count() > 0 && (log.major_count() > 0 || in_steps)) {
    add("  minor", log.of(gc::CollectionKind::kMinor).pauses);
  }
  for (std::size_t i = 1; i < gc::kCyclePartCount; ++i) {
    const auto part = static_cast<gc::CyclePart>(i);
    if (log.of(part).count() == 0) continue;
    add("    " + std::string(NameOf(part)), log.of(part));
  }
  if (in_steps) add("  steps", log.steps.pauses);
  if (log.minor_count() > 0 && log.major_count() > 0) {
    add("  major", log.of(gc::CollectionKind::kMajor).pauses);
  }
  if (log.count() > 0) add("on processor", log.on_processor);
  if (run.operations.has_value()) add("operations", *run.operations);
  if (rows.size() == 1) return;

  std::array<std::size_t, 8> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  lines.AddPlain("");
  for (const Row& row : rows) {
    std::string line =
        "  " + PadRight(row[0], std::max<std::size_t>(widths[0], 10));
    for (std::size_t i = 1; i < row.size(); ++i) {
      line += "   " + PadLeft(row[i], widths[i]);
    }
    lines.AddPlain(line);
  }
}

}  // namespace

nlohmann::ordered_json SummaryJson(const RunRecord& run) {
  const CollectionLog& log = run.collections;
  Json json = {
      {"workload", run.workload},
      {"policy", run.policy},
      {"wall_ns", run.wall_ns},
      {"mutator_ns", run.mutator_ns},
      {"result", run.result},
      {"allocated_bytes", run.allocated_bytes},
      {"allocated_objects", run.allocated_objects},
      {"promoted_bytes", run.promoted_bytes},
      {"collections",
       {{"minor", log.minor_count()}, {"major", log.major_count()}}},
      {"pauses", PausesJson(log.AllPauses())},
  };
  if (run.operations.has_value()) {
    json["operations"] = OperationsJson(*run.operations);
  }
  json["heap"] = {{"live_bytes", run.heap_live_bytes},
                  {"peak_bytes", run.heap_peak_bytes},
                  {"external_bytes", run.external_bytes},
                  {"peak_rss_bytes", run.peak_rss_bytes}};
  // What the contract does not ask for follows.
  json["external"] = Json::object();
  for (const auto& row : run.external) json["external"][row.name] = row.bytes;
  json["args"] = run.args;
  json["options"] = run.options;
  json["born_old_bytes"] = log.born_old_bytes;
  for (const auto kind :
       {gc::CollectionKind::kMinor, gc::CollectionKind::kMajor}) {
    const auto& of_kind = log.of(kind);
    Json& out = json[std::string(NameOf(kind))];
    out["pauses"] = PausesJson(of_kind.pauses);
    out["phases_ns"] = PhasesJson(of_kind);
  }
  Json parts = Json::object();
  for (std::size_t i = 1; i < gc::kCyclePartCount; ++i) {
    const auto part = static_cast<gc::CyclePart>(i);
    parts[std::string(NameOf(part))] = PausesJson(log.of(part));
  }
  json["cycles"] = {{"count", log.cycle_count()},
                    {"pauses", std::move(parts)},
                    {"steps", PausesJson(log.steps.pauses)},
                    {"marked_by_steps_bytes", log.steps.marked_bytes}};
  json["pauses_on_processor"] = PausesJson(log.on_processor);
  json["time_to_safepoint"] = {{"max_ns", log.longest_time_to_safepoint_ns}};
  if (run.memory.has_value()) {
    constexpr std::size_t kAll = ~std::size_t{0};
    json["memory"] = MemoryJson(*run.memory, kAll, kAll);
  }
  return json;
}

void WriteSummary(const RunRecord& run, std::ostream& out) {
  out << SummaryJson(run).dump(2, ' ', false, Json::error_handler_t::replace)
      << '\n';
}

std::string SummaryText(const RunRecord& run) {
  const CollectionLog& log = run.collections;
  Lines lines;
  lines.AddPlain(run.Title() + " (" + run.policy + ")");
  lines.AddPlain("");
  lines.Add("wall time", HumanDuration(run.wall_ns));
  lines.Add("mutator", HumanDuration(run.mutator_ns) + ", " +
                           HumanShare(run.mutator_share()) +
                           " of the time; collector " +
                           HumanShare(1 - run.mutator_share()));
  lines.Add("collections", HumanCount(log.minor_count()) + " minor, " +
                               HumanCount(log.major_count()) + " major" +
                               (log.cycle_count() > 0
                                    ? ", " + Plural(log.cycle_count(), "cycle")
                                    : ""));
  // A program in Lambda does not count its objects.
  const std::string objects =
      run.allocated_objects == 0
          ? ""
          : " in " + Plural(run.allocated_objects, "object");
  lines.Add("allocated", HumanBytes(run.allocated_bytes) + objects + ", " +
                             HumanRate(run.allocation_rate()));
  const auto of_allocated = [&](std::uint64_t bytes) {
    if (run.allocated_bytes == 0) return HumanBytes(bytes);
    return HumanBytes(bytes) + ", " +
           HumanShare(static_cast<double>(bytes) /
                      static_cast<double>(run.allocated_bytes)) +
           " of the allocated";
  };
  lines.Add("promoted", of_allocated(run.promoted_bytes));
  if (run.collections.born_old_bytes != 0) {
    lines.Add("born old", of_allocated(run.collections.born_old_bytes));
  }
  std::string heap = HumanBytes(run.heap_peak_bytes) + " at its peak, " +
                     HumanBytes(run.heap_live_bytes) + " live at the end";
  if (run.external_bytes > 0) {
    heap += ", " + HumanBytes(run.external_bytes) + " external";
  }
  lines.Add("heap", heap);
  lines.Add("peak RSS", HumanBytes(run.peak_rss_bytes));
  if (!run.result.empty()) lines.Add("result", Shortened(run.result));
  AddPauseTable(run, lines);
  std::string text = lines.Take();
  if (run.memory.has_value()) text += "\n" + MemoryText(*run.memory);
  return text;
}

}  // namespace fledge::tools
