#include "gc/stress.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

using Decision = std::optional<CollectionKind>;
using Decisions = std::vector<Decision>;

constexpr Decision kNone = std::nullopt;
constexpr Decision kMinor = CollectionKind::kMinor;
constexpr Decision kMajor = CollectionKind::kMajor;

Decisions Decide(const StressOptions& options, std::size_t allocations) {
  Stress stress(options);
  Decisions decisions;
  for (std::size_t i = 0; i < allocations; ++i) {
    decisions.push_back(stress.AtAllocation());
  }
  return decisions;
}

std::size_t CollectionsIn(const Decisions& decisions) {
  std::size_t count = 0;
  for (const Decision& decision : decisions) count += decision.has_value();
  return count;
}

TEST(StressTest, DoesNothingUnlessTold) {
  EXPECT_EQ(Decide({}, 1000), Decisions(1000, kNone));
}

TEST(StressTest, EveryNthAllocationCollects) {
  EXPECT_EQ(Decide({.every = 3}, 7),
            (Decisions{kNone, kNone, kMinor, kNone, kNone, kMinor, kNone}));
  EXPECT_EQ(Decide({.every = 1}, 3), Decisions(3, kMinor));
}

TEST(StressTest, EveryNthCollectionIsMajor) {
  EXPECT_EQ(
      Decide({.every = 2, .major = 2}, 8),
      (Decisions{kNone, kMinor, kNone, kMajor, kNone, kMinor, kNone, kMajor}));
  EXPECT_EQ(Decide({.every = 1, .major = 1}, 3), Decisions(3, kMajor));
}

TEST(StressTest, RandomCollectsAtOneInNOnAverage) {
  constexpr std::size_t kAllocations = 100'000;
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  const std::size_t collections =
      CollectionsIn(Decide({.random = 10, .seed = seed}, kAllocations));
  // A hundred standard deviations to both sides.
  EXPECT_GT(collections, kAllocations / 10 / 2);
  EXPECT_LT(collections, kAllocations / 10 * 2);
}

TEST(StressTest, TheSameSeedDecidesTheSame) {
  const StressOptions options{.random = 5, .major = 3, .seed = TestSeed()};
  StressOptions other = options;
  other.seed = options.seed + 1;
  EXPECT_EQ(Decide(options, 1000), Decide(options, 1000));
  EXPECT_NE(Decide(options, 1000), Decide(other, 1000));
}

TEST(StressTest, EveryAndRandomAddUp) {
  const StressOptions options{.every = 10, .random = 10, .seed = TestSeed()};
  const Decisions both = Decide(options, 1000);
  for (std::size_t i = 9; i < both.size(); i += 10) {
    EXPECT_TRUE(both[i].has_value()) << i;
  }
  EXPECT_GT(CollectionsIn(both), 100u);
}

TEST(StressTest, AllocationsOfAllThreadsCountTogether) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kAllocations = 5'000;
  Stress stress({.every = 10, .major = 5});
  std::vector<std::size_t> minors(kThreads);
  std::vector<std::size_t> majors(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (std::size_t n = 0; n < kAllocations; ++n) {
        const Decision decision = stress.AtAllocation();
        if (!decision.has_value()) continue;
        ++(*decision == CollectionKind::kMajor ? majors : minors)[i];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t minor = 0;
  std::size_t major = 0;
  for (std::size_t i = 0; i < kThreads; ++i) {
    minor += minors[i];
    major += majors[i];
  }
  EXPECT_EQ(minor + major, kThreads * kAllocations / 10);
  EXPECT_EQ(major, kThreads * kAllocations / 10 / 5);
}

}  // namespace
}  // namespace fledge::gc
