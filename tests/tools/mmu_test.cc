#include "tools/fledge/mmu.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::tools {
namespace {

using Periods = std::vector<BusyPeriod>;

BusyPeriod Pause(std::int64_t start, std::int64_t length) {
  return {start, start + length, length};
}

// Every window, one by one.
double SlowUtilization(const Periods& periods, std::int64_t begin,
                       std::int64_t end, std::int64_t window) {
  std::int64_t most = 0;
  for (std::int64_t from = begin; from + window <= end; ++from) {
    std::int64_t busy = 0;
    for (const BusyPeriod& p : periods) {
      const std::int64_t overlap =
          std::min(p.end_ns, from + window) - std::max(p.start_ns, from);
      busy += std::clamp<std::int64_t>(overlap, 0, p.busy_ns);
    }
    most = std::max(most, busy);
  }
  return 1 - static_cast<double>(most) / static_cast<double>(window);
}

TEST(MmuTest, WithoutPausesTheProgramHasAllTheTime) {
  EXPECT_EQ(MinimumUtilization({}, 0, 1000, 10), 1);
  for (const MmuPoint& point : MmuCurve({}, 0, 1'000'000)) {
    EXPECT_EQ(point.utilization, 1);
  }
}

TEST(MmuTest, AWindowNoLongerThanTheLongestPauseHasNothing) {
  const Periods periods = {Pause(100, 5), Pause(300, 20), Pause(700, 10)};
  EXPECT_EQ(MinimumUtilization(periods, 0, 1000, 1), 0);
  EXPECT_EQ(MinimumUtilization(periods, 0, 1000, 20), 0);
  EXPECT_GT(MinimumUtilization(periods, 0, 1000, 21), 0);
}

TEST(MmuTest, TheWholeRunHasTheMutatorsShare) {
  const Periods periods = {Pause(100, 50), Pause(300, 200)};
  EXPECT_DOUBLE_EQ(MinimumUtilization(periods, 0, 1000, 1000), 0.75);
  EXPECT_DOUBLE_EQ(MinimumUtilization(periods, 0, 1000, 5000), 0.75);
}

TEST(MmuTest, ShortPausesInQuickSuccessionCountTogether) {
  // Three pauses of 10 with gaps of 2: 34 ns hold 30 of pause.
  const Periods periods = {Pause(500, 10), Pause(512, 10), Pause(524, 10)};
  EXPECT_DOUBLE_EQ(MinimumUtilization(periods, 0, 1000, 34), 1 - 30.0 / 34);
}

TEST(MmuTest, WindowsStayWithinTheRun) {
  // The pause ends with the run: a window that starts with it would have to
  // reach beyond.
  const Periods periods = {Pause(90, 10)};
  EXPECT_DOUBLE_EQ(MinimumUtilization(periods, 0, 100, 40), 0.75);
  const Periods first = {Pause(0, 10)};
  EXPECT_DOUBLE_EQ(MinimumUtilization(first, 0, 100, 40), 0.75);
}

TEST(MmuTest, AMergedPeriodIsTakenAtItsWorst) {
  const Periods merged = {{100, 200, 30}};
  EXPECT_EQ(MinimumUtilization(merged, 0, 1000, 30), 0);
  EXPECT_DOUBLE_EQ(MinimumUtilization(merged, 0, 1000, 60), 0.5);
}

TEST(MmuTest, AgreesWithTryingEveryWindow) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 200; ++round) {
    Periods periods;
    std::int64_t now = 0;
    for (std::uint64_t i = random.Below(12); i > 0; --i) {
      now += static_cast<std::int64_t>(random.Between(0, 30));
      const auto length = static_cast<std::int64_t>(random.Between(1, 20));
      const auto busy = random.OneIn(2)
                            ? length
                            : static_cast<std::int64_t>(random.Between(
                                  1, static_cast<std::uint64_t>(length)));
      periods.push_back({now, now + length, busy});
      now += length;
    }
    const auto end = now + static_cast<std::int64_t>(random.Between(1, 30));
    for (std::int64_t window = 1; window <= end; ++window) {
      ASSERT_DOUBLE_EQ(MinimumUtilization(periods, 0, end, window),
                       SlowUtilization(periods, 0, end, window))
          << "round " << round << ", window " << window;
    }
  }
}

TEST(MmuTest, CurveStartsAtNothingAndEndsAtTheRun) {
  const Periods periods = {Pause(1'000'000, 200'000),
                           Pause(5'000'000, 3'000'000)};
  const auto curve = MmuCurve(periods, 0, 20'000'000);
  ASSERT_GT(curve.size(), 2u);
  EXPECT_EQ(curve.front().utilization, 0);
  EXPECT_EQ(curve.back().window_ns, 20'000'000);
  EXPECT_DOUBLE_EQ(curve.back().utilization, 0.84);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GT(curve[i].window_ns, curve[i - 1].window_ns);
  }
}

TEST(MmuTest, CurvesOfTwoRunsShareTheirWindows) {
  const auto one = MmuCurve(Periods{Pause(1'000, 10'000)}, 0, 1'000'000);
  const auto other = MmuCurve(Periods{Pause(5'000, 20'000)}, 0, 3'000'000);
  std::size_t shared = 0;
  for (const MmuPoint& a : one) {
    for (const MmuPoint& b : other) shared += a.window_ns == b.window_ns;
  }
  EXPECT_GT(shared, one.size() / 2);
}

TEST(MmuTest, ARunOfNoLengthHasNoCurve) {
  EXPECT_TRUE(MmuCurve({}, 5, 5).empty());
}

}  // namespace
}  // namespace fledge::tools
