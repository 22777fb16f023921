// Series: points of a chart, thinned to what a screen can show.
//
// A chart is some thousand pixels wide; a run may have a hundred thousand
// collections. Both functions keep every point that would be seen as one: the
// drawing stays the same, the page stays small.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fledge::tools {

struct Point {
  std::int64_t time_ns = 0;
  std::int64_t value = 0;

  bool operator==(const Point&) const = default;
};

// For dots: at most one point in each cell of a grid over time (linear) and
// value (logarithmic), the first. Of fewer than `enough` points all stay.
// REQUIRES: `points` are in order of time.
std::vector<Point> OnePerCell(const std::vector<Point>& points,
                              std::size_t enough);

// For lines: of each of `columns` equal parts of the time the first and last
// point and the extremes, in order. Of up to 4 * columns points all stay.
// REQUIRES: `points` are in order of time; columns > 0.
std::vector<Point> ExtremesPerColumn(const std::vector<Point>& points,
                                     std::size_t columns);

}  // namespace fledge::tools
