#include "tools/fledge/comparison.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

#include "allocator/base/check.h"
#include "tools/fledge/text_table.h"
#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

struct Figure {
  const char* name;
  std::function<double(const RunRecord&)> of;
};

double Wall(const RunRecord& run) { return static_cast<double>(run.wall_ns); }
double MutatorTime(const RunRecord& run) {
  return static_cast<double>(run.mutator_ns);
}
double CollectorTime(const RunRecord& run) {
  return static_cast<double>(run.wall_ns - run.mutator_ns);
}
double PauseP99(const RunRecord& run) {
  return static_cast<double>(run.collections.AllPauses().p99_ns());
}
double LongestPause(const RunRecord& run) {
  return static_cast<double>(run.collections.AllPauses().max_ns());
}
double PeakHeap(const RunRecord& run) {
  return static_cast<double>(run.heap_peak_bytes);
}
double PeakRss(const RunRecord& run) {
  return static_cast<double>(run.peak_rss_bytes);
}

const std::vector<Figure>& Figures() {
  static const std::vector<Figure> figures = {
      {"wall_ns", Wall},
      {"mutator_ns", MutatorTime},
      {"collector_ns", CollectorTime},
      {"pause_p99_ns", PauseP99},
      {"pause_max_ns", LongestPause},
      {"peak_heap_bytes", PeakHeap},
      {"peak_rss_bytes", PeakRss},
  };
  return figures;
}

Spread Of(const Variant& variant, double (*figure)(const RunRecord&)) {
  std::vector<double> figures;
  for (const RunRecord& run : variant.runs) figures.push_back(figure(run));
  return SpreadOf(std::move(figures));
}

std::string Duration(double ns) {
  return HumanDuration(static_cast<std::int64_t>(ns));
}
std::string Bytes(double bytes) {
  return HumanBytes(static_cast<std::uint64_t>(bytes));
}
std::string Ratio(double ratio) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", ratio);
  return text;
}

}  // namespace

Spread SpreadOf(std::vector<double> figures) {
  FLEDGE_CHECK(!figures.empty(), "a spread of nothing");
  std::sort(figures.begin(), figures.end());
  const std::size_t middle = figures.size() / 2;
  const double median = figures.size() % 2 == 1
                            ? figures[middle]
                            : (figures[middle - 1] + figures[middle]) / 2;
  return {median, figures.front(), figures.back()};
}

const RunRecord* MedianRun(const Variant& variant) {
  if (variant.runs.empty()) return nullptr;
  std::vector<const RunRecord*> runs;
  for (const RunRecord& run : variant.runs) runs.push_back(&run);
  std::sort(runs.begin(), runs.end(),
            [](const RunRecord* a, const RunRecord* b) {
              return a->wall_ns < b->wall_ns;
            });
  return runs[(runs.size() - 1) / 2];
}

std::string ComparisonTable(std::span<const Variant> variants) {
  std::vector<std::vector<std::string>> rows = {
      {"POLICY", "HEAP", "WALL", "FROM", "TO", "RATIO", "MUTATOR", "COLLECTOR",
       "PAUSE P99", "LONGEST", "MINOR", "MAJOR", "PEAK RSS"}};
  std::optional<double> first_wall;
  for (const Variant& variant : variants) {
    const std::string limit =
        variant.limit_bytes == 0 ? "usual" : HumanBytes(variant.limit_bytes);
    const std::string heap =
        variant.heap.empty() ? limit : variant.heap + ", " + limit;
    const RunRecord* median = MedianRun(variant);
    if (median == nullptr) {
      rows.push_back({variant.policy, heap, "does not run in this heap"});
      continue;
    }
    const Spread wall = Of(variant, Wall);
    if (!first_wall) first_wall = wall.median;
    rows.push_back({variant.policy, heap, Duration(wall.median),
                    Duration(wall.least), Duration(wall.most),
                    Ratio(wall.median / *first_wall),
                    Duration(Of(variant, MutatorTime).median),
                    Duration(Of(variant, CollectorTime).median),
                    Duration(Of(variant, PauseP99).median),
                    Duration(Of(variant, LongestPause).median),
                    HumanCount(median->collections.minor_count()),
                    HumanCount(median->collections.major_count()),
                    Bytes(Of(variant, PeakRss).median)});
  }
  return TextTable(rows);
}

void WriteComparison(std::span<const Variant> variants,
                     std::optional<std::size_t> smallest_heap_bytes,
                     std::ostream& out) {
  Json json;
  for (const Variant& variant : variants) {
    if (const RunRecord* run = MedianRun(variant)) {
      json["workload"] = run->workload;
      json["args"] = run->args;
      json["result"] = run->result;
      break;
    }
  }
  if (smallest_heap_bytes) json["smallest_heap_bytes"] = *smallest_heap_bytes;
  json["variants"] = Json::array();
  for (const Variant& variant : variants) {
    Json row = {{"policy", variant.policy},
                {"heap", variant.heap},
                {"max_heap_bytes", variant.limit_bytes},
                {"runs", variant.runs.size()},
                {"failed_runs", variant.failed_runs}};
    if (const RunRecord* median = MedianRun(variant)) {
      for (const Figure& figure : Figures()) {
        std::vector<double> figures;
        for (const RunRecord& run : variant.runs) {
          figures.push_back(figure.of(run));
        }
        const Spread spread = SpreadOf(std::move(figures));
        row[figure.name] = {{"median", spread.median},
                            {"least", spread.least},
                            {"most", spread.most}};
      }
      row["collections"] = {{"minor", median->collections.minor_count()},
                            {"major", median->collections.major_count()}};
    }
    json["variants"].push_back(std::move(row));
  }
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace fledge::tools
