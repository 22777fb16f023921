#include "tools/fledge/report_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tools/fledge/memory_json.h"
#include "tools/fledge/mmu.h"
#include "tools/fledge/series.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kAllDots = 10'000;
constexpr std::size_t kLineColumns = 1200;
constexpr int kRateSteps = 160;

Json StatisticsJson(const Histogram& histogram) {
  return {{"count", histogram.count()},     {"total_ns", histogram.total_ns()},
          {"min_ns", histogram.min_ns()},   {"p50_ns", histogram.p50_ns()},
          {"p90_ns", histogram.p90_ns()},   {"p99_ns", histogram.p99_ns()},
          {"p999_ns", histogram.p999_ns()}, {"p9999_ns", histogram.p9999_ns()},
          {"max_ns", histogram.max_ns()}};
}

// [[bar, count], ...]: bar i holds the durations from 10^(i / kBarsPerDecade).
Json BarsJson(const Histogram& histogram) {
  std::map<int, std::uint64_t> bars;
  histogram.VisitBuckets([&](std::int64_t first, std::int64_t last,
                             std::uint64_t count) {
    const double middle = std::max(
        1.0, (static_cast<double>(first) + static_cast<double>(last)) / 2);
    bars[static_cast<int>(std::floor(std::log10(middle) * kBarsPerDecade))] +=
        count;
  });
  Json json = Json::array();
  for (const auto& [bar, count] : bars) json.push_back({bar, count});
  return json;
}

// {"t_us": [...], NAME: [...]}: columns are half the size of rows.
Json SeriesJson(const std::vector<Point>& points, const char* name) {
  Json times = Json::array();
  Json values = Json::array();
  for (const Point& point : points) {
    times.push_back(point.time_ns / 1000);
    values.push_back(point.value);
  }
  return {{"t_us", std::move(times)}, {name, std::move(values)}};
}

Json DotsJson(const RunRecord& run, gc::CollectionKind kind) {
  std::vector<Point> points;
  for (const auto& event : run.collections.events) {
    if (event.kind != kind) continue;
    points.push_back({event.start_ns - run.start_ns, event.pause_ns()});
  }
  points = OnePerCell(points, kAllDots);
  // A choice may lack the very points that one looks for.
  for (const auto& event : run.collections.longest) {
    if (event.kind != kind) continue;
    points.push_back({event.start_ns - run.start_ns, event.pause_ns()});
  }
  std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    return a.time_ns < b.time_ns;
  });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return SeriesJson(points, "pause_ns");
}

Json StepsJson(const RunRecord& run) {
  const auto& steps = run.collections.steps;
  std::vector<Point> points;
  for (const auto& event : steps.events) {
    points.push_back({event.start_ns - run.start_ns, event.pause_ns()});
  }
  return {{"pauses", StatisticsJson(steps.pauses)},
          {"bars", BarsJson(steps.pauses)},
          {"stride", steps.stride},
          {"dots", SeriesJson(OnePerCell(points, kAllDots), "pause_ns")}};
}

Json CyclesJson(const CollectionLog& log) {
  Json json = {{"count", log.cycle_count()}, {"parts", Json::array()}};
  for (std::size_t i = 1; i < gc::kCyclePartCount; ++i) {
    const auto part = static_cast<gc::CyclePart>(i);
    json["parts"].push_back(
        {{"name", NameOf(part)}, {"pauses", StatisticsJson(log.of(part))}});
  }
  return json;
}

Json HeapJson(const RunRecord& run) {
  std::vector<Point> points;
  for (const auto& event : run.collections.events) {
    const auto add = [&](std::int64_t time_ns, std::size_t bytes) {
      points.push_back(
          {time_ns - run.start_ns, static_cast<std::int64_t>(bytes)});
    };
    add(event.start_ns, event.heap_before_bytes);
    add(event.end_ns, event.heap_after_bytes);
  }
  return SeriesJson(ExtremesPerColumn(points, kLineColumns), "bytes");
}

Json OldJson(const RunRecord& run) {
  std::vector<Point> points;
  for (const auto& event : run.collections.events) {
    points.push_back({event.end_ns - run.start_ns,
                      static_cast<std::int64_t>(event.old_after_bytes)});
  }
  return SeriesJson(ExtremesPerColumn(points, kLineColumns), "bytes");
}

// Bytes per second in equal steps of the run, from the running total at each
// collection. Steps between two collections share their difference evenly.
Json RateJson(const RunRecord& run) {
  std::vector<Point> totals = {{0, 0}};
  for (const auto& event : run.collections.events) {
    totals.push_back({event.start_ns - run.start_ns,
                      static_cast<std::int64_t>(event.allocated_bytes)});
  }
  totals.push_back(
      {run.wall_ns, static_cast<std::int64_t>(run.allocated_bytes)});

  std::size_t next = 1;
  const auto total_at = [&](double time_ns) {
    while (next + 1 < totals.size() &&
           static_cast<double>(totals[next].time_ns) < time_ns) {
      ++next;
    }
    const Point& from = totals[next - 1];
    const Point& to = totals[next];
    const double span = static_cast<double>(to.time_ns - from.time_ns);
    if (span <= 0) return static_cast<double>(to.value);
    const double share = std::clamp(
        (time_ns - static_cast<double>(from.time_ns)) / span, 0.0, 1.0);
    return static_cast<double>(from.value) +
           share * static_cast<double>(to.value - from.value);
  };

  // Fewer steps than collections: a step without one would show a mean.
  const auto count = static_cast<int>(std::min<std::size_t>(
      kRateSteps, std::max<std::size_t>(totals.size() / 2, 1)));
  const double step_ns = static_cast<double>(run.wall_ns) / count;
  std::vector<Point> rates;
  double before = 0;
  for (int i = 0; i < count && step_ns > 0; ++i) {
    const double total = total_at(step_ns * (i + 1));
    rates.push_back({std::llround(step_ns * i),
                     std::llround((total - before) * 1e9 / step_ns)});
    before = total;
  }
  return SeriesJson(rates, "bytes_per_s");
}

Json MmuJson(const RunRecord& run) {
  Json windows = Json::array();
  Json shares = Json::array();
  for (const MmuPoint& point :
       MmuCurve(run.collections.busy_periods, run.start_ns, run.end_ns())) {
    windows.push_back(point.window_ns);
    shares.push_back(std::round(point.utilization * 1e5) / 1e5);
  }
  return {{"window_ns", std::move(windows)}, {"share", std::move(shares)}};
}

Json LongestJson(const RunRecord& run) {
  Json json = Json::array();
  for (const auto& event : run.collections.longest) {
    if (json.size() == kListedPauses) break;
    json.push_back(
        {{"number", event.number},
         {"kind", NameOf(event.kind)},
         {"reason", NameOf(event.reason)},
         {"t_us", (event.start_ns - run.start_ns) / 1000},
         {"pause_ns", event.pause_ns()},
         {"processor_ns", event.processor_ns},
         {"time_to_safepoint_ns", event.time_to_safepoint_ns()},
         {"phase_ns", event.phase_ns},
         {"heap_before_bytes", event.heap_before_bytes},
         {"heap_after_bytes", event.heap_after_bytes},
         {"copied_bytes", event.survived_bytes + event.promoted_bytes +
                              event.evacuated_bytes}});
  }
  return json;
}

Json KindJson(const RunRecord& run, gc::CollectionKind kind) {
  const auto& of_kind = run.collections.of(kind);
  return {{"pauses", StatisticsJson(of_kind.pauses)},
          {"bars", BarsJson(of_kind.pauses)},
          {"phase_ns", of_kind.phase_ns},
          {"stride", of_kind.stride},
          {"dots", DotsJson(run, kind)}};
}

Json RunJson(const RunRecord& run) {
  const CollectionLog& log = run.collections;
  Json json = {
      {"title", run.Title()},
      {"workload", run.workload},
      {"policy", run.policy},
      {"options", run.options},
      {"result", run.result},
      {"wall_ns", run.wall_ns},
      {"mutator_ns", run.mutator_ns},
      {"mutator_share", run.mutator_share()},
      {"allocated_bytes", run.allocated_bytes},
      {"allocated_objects", run.allocated_objects},
      {"allocation_rate", run.allocation_rate()},
      {"promoted_bytes", run.promoted_bytes},
      {"heap_live_bytes", run.heap_live_bytes},
      {"heap_peak_bytes", run.heap_peak_bytes},
      {"external_bytes", run.external_bytes},
      {"peak_rss_bytes", run.peak_rss_bytes},
      {"longest_time_to_safepoint_ns", log.longest_time_to_safepoint_ns},
      {"pauses", StatisticsJson(log.AllPauses())},
      {"minor", KindJson(run, gc::CollectionKind::kMinor)},
      {"major", KindJson(run, gc::CollectionKind::kMajor)},
      {"step", StepsJson(run)},
      {"cycles", CyclesJson(log)},
      {"heap", HeapJson(run)},
      {"old", OldJson(run)},
      {"rate", RateJson(run)},
      {"mmu", MmuJson(run)},
      {"longest", LongestJson(run)}};
  if (run.operations.has_value()) {
    json["operations"] = StatisticsJson(*run.operations);
    json["operations"]["bars"] = BarsJson(*run.operations);
  }
  if (run.memory.has_value()) {
    json["memory"] =
        MemoryJson(*run.memory, kListedFunctions, kListedPlacesOfFunction);
  }
  return json;
}

}  // namespace

nlohmann::ordered_json ReportData(std::span<const RunRecord> runs) {
  Json phases = Json::array();
  for (std::size_t i = 0; i < gc::kPhaseCount; ++i) {
    phases.push_back(NameOf(static_cast<gc::Phase>(i)));
  }
  Json json = {{"phases", std::move(phases)},
               {"bars_per_decade", kBarsPerDecade},
               {"runs", Json::array()}};
  for (const RunRecord& run : runs) json["runs"].push_back(RunJson(run));
  return json;
}

}  // namespace fledge::tools
