#include "tools/fledge/pause_timeline.h"

#include <gtest/gtest.h>

namespace fledge::tools {
namespace {

using Periods = std::vector<BusyPeriod>;

TEST(PauseTimelineTest, PausesUpToTheLimitAreKeptAsTheyAre) {
  PauseTimeline timeline(3);
  timeline.Add(10, 12);
  timeline.Add(20, 21);
  timeline.Add(30, 35);
  EXPECT_EQ(timeline.periods(),
            (Periods{{10, 12, 2}, {20, 21, 1}, {30, 35, 5}}));
}

TEST(PauseTimelineTest, OneMoreMergesNeighboursAndKeepsTheirPauseTime) {
  PauseTimeline timeline(3);
  timeline.Add(10, 12);
  timeline.Add(20, 21);
  timeline.Add(30, 35);
  timeline.Add(40, 44);
  EXPECT_EQ(timeline.periods(),
            (Periods{{10, 21, 3}, {30, 35, 5}, {40, 44, 4}}));
}

TEST(PauseTimelineTest, ManyPausesStayWithinTheLimitInOrderAndComplete) {
  constexpr std::size_t kLimit = 16;
  constexpr std::int64_t kPauses = 10'000;
  PauseTimeline timeline(kLimit);
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < kPauses; ++i) {
    timeline.Add(100 * i, 100 * i + i % 50);
    total += i % 50;
    ASSERT_LE(timeline.periods().size(), kLimit);
  }
  std::int64_t busy = 0;
  std::int64_t before = -1;
  for (const BusyPeriod& period : timeline.periods()) {
    EXPECT_GT(period.start_ns, before);
    EXPECT_LE(period.busy_ns, period.end_ns - period.start_ns);
    before = period.end_ns;
    busy += period.busy_ns;
  }
  EXPECT_EQ(busy, total);
  EXPECT_EQ(timeline.periods().front().start_ns, 0);
  EXPECT_EQ(before, 100 * (kPauses - 1) + (kPauses - 1) % 50);
}

}  // namespace
}  // namespace fledge::tools
