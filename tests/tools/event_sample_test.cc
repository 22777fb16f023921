#include "tools/fledge/event_sample.h"

#include <gtest/gtest.h>

#include "gc/collection.h"

#include <set>

namespace fledge::tools {
namespace {

EventSample<gc::CollectionEvent> SampleOf(std::size_t limit,
                                          std::uint64_t count) {
  EventSample<gc::CollectionEvent> sample(limit);
  for (std::uint64_t i = 0; i < count; ++i) {
    gc::CollectionEvent event;
    event.number = i;
    sample.Add(event);
  }
  return sample;
}

TEST(EventSampleTest, KeepsAllWhileThereIsPlace) {
  const auto sample = SampleOf(100, 100);
  EXPECT_EQ(sample.stride(), 1u);
  const auto events = sample.InOrder();
  ASSERT_EQ(events.size(), 100u);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].number, i);
  }
}

TEST(EventSampleTest, KeepsEveryEventOnTheStrideWhateverTheirNumber) {
  for (const std::size_t limit : {2, 3, 7, 64}) {
    for (const std::uint64_t count : {5, 64, 65, 127, 1000, 12345}) {
      SCOPED_TRACE(::testing::Message() << limit << " of " << count);
      const auto sample = SampleOf(limit, count);
      const auto events = sample.InOrder();
      EXPECT_LE(events.size(), limit);
      std::set<std::uint64_t> kept;
      for (const auto& event : events) {
        EXPECT_EQ(
            event.number % std::max<std::uint64_t>(sample.stride() / 2, 1), 0u);
        if (!kept.empty()) {
          EXPECT_GT(event.number, *kept.rbegin());
        }
        kept.insert(event.number);
      }
      for (std::uint64_t i = 0; i < count; i += sample.stride()) {
        EXPECT_TRUE(kept.contains(i)) << i;
      }
    }
  }
}

TEST(EventSampleTest, AtLeastAboutHalfOfThePlacesAreUsed) {
  for (std::uint64_t count = 64; count < 2000; count += 13) {
    const auto sample = SampleOf(64, count);
    EXPECT_EQ(sample.InOrder().size(), 64u);
    EXPECT_GE(count / sample.stride() + 1, 32u);
  }
}

}  // namespace
}  // namespace fledge::tools
