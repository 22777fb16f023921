#include "tools/fledge/series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "allocator/base/check.h"

namespace fledge::tools {
namespace {

// Cells of about half a pixel on a wide screen.
constexpr std::int64_t kTimeCells = 2400;
constexpr double kValueCellsPerDecade = 100;

// Which of `parts` equal parts of the series' time a point is in.
class TimeDivision {
 public:
  TimeDivision(const std::vector<Point>& points, std::int64_t parts)
      : begin_ns_(points.front().time_ns),
        part_ns_((points.back().time_ns - begin_ns_) / parts + 1) {}

  std::int64_t PartOf(const Point& point) const {
    return (point.time_ns - begin_ns_) / part_ns_;
  }

 private:
  const std::int64_t begin_ns_;
  const std::int64_t part_ns_;
};

}  // namespace

std::vector<Point> OnePerCell(const std::vector<Point>& points,
                              std::size_t enough) {
  if (points.size() < enough || points.empty()) return points;
  const TimeDivision time(points, kTimeCells);
  std::set<std::pair<std::int64_t, std::int64_t>> taken;
  std::vector<Point> kept;
  for (const Point& point : points) {
    const double value =
        static_cast<double>(std::max<std::int64_t>(point.value, 1));
    const auto row =
        static_cast<std::int64_t>(std::log10(value) * kValueCellsPerDecade);
    if (taken.emplace(time.PartOf(point), row).second) kept.push_back(point);
  }
  return kept;
}

std::vector<Point> ExtremesPerColumn(const std::vector<Point>& points,
                                     std::size_t columns) {
  FLEDGE_CHECK(columns > 0);
  if (points.size() <= 4 * columns) return points;
  const TimeDivision time(points, static_cast<std::int64_t>(columns));
  std::vector<Point> kept;
  for (std::size_t begin = 0; begin < points.size();) {
    std::size_t end = begin;
    std::size_t low = begin;
    std::size_t high = begin;
    const std::int64_t column = time.PartOf(points[begin]);
    for (; end < points.size() && time.PartOf(points[end]) == column; ++end) {
      if (points[end].value < points[low].value) low = end;
      if (points[end].value > points[high].value) high = end;
    }
    std::array<std::size_t, 4> chosen = {begin, low, high, end - 1};
    std::sort(chosen.begin(), chosen.end());
    const auto unique = std::unique(chosen.begin(), chosen.end());
    for (auto i = chosen.begin(); i != unique; ++i) kept.push_back(points[*i]);
    begin = end;
  }
  return kept;
}

}  // namespace fledge::tools
