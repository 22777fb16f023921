#include "tools/fledge/series.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::tools {
namespace {

using Points = std::vector<Point>;

Points RandomPoints(std::size_t count) {
  Random random(TestSeed());
  Points points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({static_cast<std::int64_t>(1000 * i),
                      static_cast<std::int64_t>(random.Below(1'000'000))});
  }
  return points;
}

bool IsOrdered(const Points& points) {
  return std::is_sorted(
      points.begin(), points.end(),
      [](const Point& a, const Point& b) { return a.time_ns < b.time_ns; });
}

TEST(SeriesTest, FewDotsAllStay) {
  const Points points = RandomPoints(99);
  EXPECT_EQ(OnePerCell(points, 100), points);
  EXPECT_EQ(OnePerCell({}, 0), Points{});
}

TEST(SeriesTest, DotsInTheSameCellBecomeOne) {
  EXPECT_EQ(OnePerCell({{5, 1000}, {5, 1000}, {5, 1001}, {5, 9000}}, 0),
            (Points{{5, 1000}, {5, 9000}}));
}

TEST(SeriesTest, DotsOfNoLengthHaveACellToo) {
  EXPECT_EQ(OnePerCell({{0, 0}, {0, 0}}, 0), (Points{{0, 0}}));
}

TEST(SeriesTest, ManyDotsBecomeFewerThanCells) {
  Points points;
  for (int i = 0; i < 1'000'000; ++i) points.push_back({i, 5000});
  const Points kept = OnePerCell(points, 100);
  EXPECT_LE(kept.size(), 2400u);
  EXPECT_GE(kept.size(), 2000u);
  EXPECT_TRUE(IsOrdered(kept));
}

TEST(SeriesTest, ShortLinesAllStay) {
  const Points points = RandomPoints(40);
  EXPECT_EQ(ExtremesPerColumn(points, 10), points);
  EXPECT_EQ(ExtremesPerColumn({}, 10), Points{});
}

TEST(SeriesTest, ALineKeepsItsEndsAndExtremes) {
  Points points = RandomPoints(10'000);
  points[4321].value = 5'000'000;
  points[1234].value = -7;
  const Points kept = ExtremesPerColumn(points, 50);
  EXPECT_LE(kept.size(), 200u);
  EXPECT_TRUE(IsOrdered(kept));
  EXPECT_EQ(kept.front(), points.front());
  EXPECT_EQ(kept.back(), points.back());
  EXPECT_NE(std::find(kept.begin(), kept.end(), points[4321]), kept.end());
  EXPECT_NE(std::find(kept.begin(), kept.end(), points[1234]), kept.end());
}

}  // namespace
}  // namespace fledge::tools
