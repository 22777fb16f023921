#include "tools/fledge/recorder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using gc::CollectionEvent;
using gc::CollectionKind;

CollectionEvent EventOf(CollectionKind kind, std::uint64_t number,
                        std::int64_t start_ns, std::int64_t pause_ns) {
  CollectionEvent event;
  event.number = number;
  event.kind = kind;
  event.requested_ns = start_ns - 10;
  event.start_ns = start_ns;
  event.end_ns = start_ns + pause_ns;
  event.phase_ns.fill(pause_ns / 10);
  event.promoted_bytes = 100;
  event.born_old_bytes = 10;
  event.heap_before_bytes = 5000 + number;
  event.heap_after_bytes = 1000;
  return event;
}

TEST(RecorderTest, WithoutCollectionsTheLogIsEmpty) {
  const CollectionLog log = Recorder().Log();
  EXPECT_EQ(log.count(), 0u);
  EXPECT_EQ(log.pause_total_ns(), 0);
  EXPECT_TRUE(log.events.empty());
  EXPECT_TRUE(log.longest.empty());
  EXPECT_TRUE(log.busy_periods.empty());
}

TEST(RecorderTest, KindsAreCountedApartAndEventsStayInOrder) {
  Recorder recorder;
  recorder.OnCollection(EventOf(CollectionKind::kMinor, 1, 1000, 50));
  recorder.OnCollection(EventOf(CollectionKind::kMajor, 2, 2000, 200));
  recorder.OnCollection(EventOf(CollectionKind::kMinor, 3, 3000, 70));
  const CollectionLog log = recorder.Log();
  EXPECT_EQ(log.minor_count(), 2u);
  EXPECT_EQ(log.major_count(), 1u);
  EXPECT_EQ(log.pause_total_ns(), 320);
  EXPECT_EQ(log.AllPauses().count(), 3u);
  EXPECT_EQ(log.of(CollectionKind::kMinor).phase_ns[0], 12);
  EXPECT_EQ(log.of(CollectionKind::kMajor).phase_ns[0], 20);
  EXPECT_EQ(log.promoted_bytes, 300u);
  EXPECT_EQ(log.born_old_bytes, 30u);
  EXPECT_EQ(log.peak_heap_bytes, 5003u);
  EXPECT_EQ(log.longest_time_to_safepoint_ns, 10);
  ASSERT_EQ(log.events.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(log.events[i].number, i + 1);
  ASSERT_EQ(log.busy_periods.size(), 3u);
  EXPECT_EQ(log.busy_periods[1], (BusyPeriod{2000, 2200, 200}));
}

TEST(RecorderTest, StepsArePausesAndPartsOfCyclesAreCounted) {
  Recorder recorder;
  CollectionEvent start = EventOf(CollectionKind::kMinor, 1, 1000, 50);
  start.cycle_part = gc::CyclePart::kStart;
  CollectionEvent finish = EventOf(CollectionKind::kMinor, 2, 3000, 70);
  finish.cycle_part = gc::CyclePart::kFinish;
  start.processor_ns = 40;
  finish.processor_ns = 60;
  recorder.OnCollection(start);
  recorder.OnStep({.requested_ns = 1980,
                   .start_ns = 2000,
                   .end_ns = 2030,
                   .processor_ns = 20,
                   .marked_bytes = 4096});
  recorder.OnCollection(finish);
  const CollectionLog log = recorder.Log();
  EXPECT_EQ(log.count(), 2u);
  EXPECT_EQ(log.cycle_count(), 1u);
  EXPECT_EQ(log.of(gc::CyclePart::kStart).max_ns(), 50);
  EXPECT_EQ(log.of(gc::CyclePart::kRemark).count(), 0u);
  EXPECT_EQ(log.steps.pauses.count(), 1u);
  EXPECT_EQ(log.steps.marked_bytes, 4096u);
  ASSERT_EQ(log.steps.events.size(), 1u);
  EXPECT_EQ(log.steps.events[0].start_ns, 2000);
  EXPECT_EQ(log.AllPauses().count(), 3u);
  EXPECT_EQ(log.pause_total_ns(), 150);
  EXPECT_EQ(log.on_processor.count(), 3u);
  EXPECT_EQ(log.on_processor.total_ns(), 120);
  EXPECT_EQ(log.longest_time_to_safepoint_ns, 20);
  ASSERT_EQ(log.busy_periods.size(), 3u);
  EXPECT_EQ(log.busy_periods[1], (BusyPeriod{2000, 2030, 30}));
}

TEST(RecorderTest, TheLongestComeFirstAndTiesInOrder) {
  Recorder recorder({.longest = 3});
  const std::int64_t pauses[] = {5, 90, 7, 90, 3, 40};
  for (std::uint64_t i = 0; i < std::size(pauses); ++i) {
    recorder.OnCollection(EventOf(CollectionKind::kMinor, i + 1,
                                  static_cast<std::int64_t>(1000 * (i + 1)),
                                  pauses[i]));
  }
  const CollectionLog log = recorder.Log();
  ASSERT_EQ(log.longest.size(), 3u);
  EXPECT_EQ(log.longest[0].number, 2u);
  EXPECT_EQ(log.longest[1].number, 4u);
  EXPECT_EQ(log.longest[2].number, 6u);
}

TEST(RecorderTest, BeyondItsLimitsFiguresAndLongestPausesStayExact) {
  const RecorderLimits small = {
      .minor_events = 64, .major_events = 8, .busy_periods = 32, .longest = 5};
  const SyntheticOptions options = {.collections = 3000};
  SyntheticOptions limited = options;
  limited.limits = small;
  const CollectionLog all = SyntheticRun(options).collections;
  const CollectionLog some = SyntheticRun(limited).collections;

  EXPECT_EQ(all.events.size(), 3000u);
  EXPECT_LE(some.events.size(), small.minor_events + small.major_events);
  EXPECT_LE(some.busy_periods.size(), small.busy_periods);
  EXPECT_GT(some.of(CollectionKind::kMinor).stride, 1u);
  EXPECT_EQ(all.of(CollectionKind::kMinor).stride, 1u);

  EXPECT_EQ(some.minor_count(), all.minor_count());
  EXPECT_EQ(some.major_count(), all.major_count());
  EXPECT_EQ(some.pause_total_ns(), all.pause_total_ns());
  EXPECT_EQ(some.promoted_bytes, all.promoted_bytes);
  EXPECT_EQ(some.peak_heap_bytes, all.peak_heap_bytes);
  ASSERT_EQ(some.longest.size(), small.longest);
  for (std::size_t i = 0; i < small.longest; ++i) {
    EXPECT_EQ(some.longest[i].number, all.longest[i].number);
  }
}

TEST(RecorderTest, BothKindsKeepEventsHoweverRareOneIs) {
  const CollectionLog log = SyntheticRun({.collections = 2000,
                                          .major_each = 500,
                                          .limits = {.minor_events = 20,
                                                     .major_events = 20,
                                                     .busy_periods = 20,
                                                     .longest = 2}})
                                .collections;
  EXPECT_EQ(std::count_if(log.events.begin(), log.events.end(),
                          [](const CollectionEvent& event) {
                            return event.kind == CollectionKind::kMajor;
                          }),
            4);
}

}  // namespace
}  // namespace fledge::tools
