#include "gc/nursery_size.h"

#include <gtest/gtest.h>

namespace fledge::gc {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::size_t kLargeOld = kGiB;

NurserySize::Limits Limits() {
  return {.least_bytes = kMiB / 4,
          .cache_bytes = kMiB,
          .most_bytes = 64 * kMiB,
          .pause_target_ns = 10 * kMs};
}

// Collections of which each takes `pause_ns` after `mutator_ns`, and copies
// `survival` per cent of the nursery.
NurserySize::Cost Cost(std::int64_t pause_ns, std::int64_t mutator_ns,
                       std::size_t survival = 10,
                       std::size_t old_bytes = kLargeOld) {
  return {pause_ns, mutator_ns, 100, survival, old_bytes};
}

// The reason at the end of a window of such collections.
NurseryReason Window(NurserySize& size, const NurserySize::Cost& cost) {
  for (int i = 0; i < 100; ++i) {
    const NurseryReason reason = size.AfterMinor(cost);
    if (reason != NurseryReason::kSteady) return reason;
  }
  return NurseryReason::kSteady;
}

// As large as it gets.
NurserySize Largest() {
  NurserySize size = NurserySize::Adaptive(Limits());
  while (size.bytes() < size.most_bytes()) Window(size, Cost(kMs, 2 * kMs));
  return size;
}

TEST(NurserySizeTest, AFixedSizeStays) {
  NurserySize size = NurserySize::Fixed(3 * kMiB);
  EXPECT_EQ(Window(size, Cost(100 * kMs, kMs)), NurseryReason::kFixed);
  EXPECT_EQ(size.AfterMajor(0), NurseryReason::kFixed);
  EXPECT_EQ(size.bytes(), 3 * kMiB);
  EXPECT_EQ(size.most_bytes(), 3 * kMiB);
}

TEST(NurserySizeTest, ACycleBeginsWithHalfOfWhatIsUsual) {
  const NurserySize usual = NurserySize::Adaptive(Limits());
  NurserySize size = usual;
  EXPECT_EQ(size.StartCycle(usual), NurseryReason::kCycle);
  EXPECT_EQ(size.bytes(), kMiB / 2);
  // What was too much for the last is so for this.
  Window(size, Cost(100 * kMs, kMs));
  EXPECT_EQ(size.bytes(), kMiB / 4);
  EXPECT_EQ(size.StartCycle(usual), NurseryReason::kCycle);
  EXPECT_EQ(size.bytes(), kMiB / 4);
  NurserySize fixed = NurserySize::Fixed(3 * kMiB);
  EXPECT_EQ(fixed.StartCycle(usual), NurseryReason::kFixed);
  EXPECT_EQ(fixed.bytes(), 3 * kMiB);
}

TEST(NurserySizeTest, StartsAtTheCache) {
  EXPECT_EQ(NurserySize::Adaptive(Limits()).bytes(), kMiB);
}

TEST(NurserySizeTest, GrowsWhileCopyingTakesMuchOfTheTime) {
  NurserySize size = NurserySize::Adaptive(Limits());
  EXPECT_EQ(Window(size, Cost(kMs, 2 * kMs)), NurseryReason::kCopying);
  EXPECT_EQ(size.bytes(), 2 * kMiB);
  EXPECT_EQ(Largest().bytes(), 64 * kMiB);
}

TEST(NurserySizeTest, StaysWhileCopyingTakesAModeratePart) {
  NurserySize size = NurserySize::Adaptive(Limits());
  EXPECT_EQ(Window(size, Cost(kMs, 20 * kMs)), NurseryReason::kSteady);
  EXPECT_EQ(size.bytes(), kMiB);
}

TEST(NurserySizeTest, ASingleCollectionDoesNotDecide) {
  NurserySize size = NurserySize::Adaptive(Limits());
  EXPECT_EQ(size.AfterMinor(Cost(kMs, 2 * kMs)), NurseryReason::kSteady);
}

// Limits() ask for 10 ms, so the aim is 7.5.
TEST(NurserySizeTest, DoesNotGrowWherePausesWouldMissTheAim) {
  NurserySize size = NurserySize::Adaptive(Limits());
  EXPECT_EQ(Window(size, Cost(4 * kMs, kMs)), NurseryReason::kSteady);
  EXPECT_EQ(Window(size, Cost(3 * kMs, kMs)), NurseryReason::kCopying);
}

TEST(NurserySizeTest, PausesKeepBelowTheTarget) {
  NurserySize size = Largest();
  EXPECT_EQ(size.AfterMinor(Cost(7 * kMs, kMs)), NurseryReason::kSteady);
  EXPECT_EQ(size.AfterMinor(Cost(8 * kMs, kMs)), NurseryReason::kPauseTarget);
}

TEST(NurserySizeTest, APauseFarAboveTheTargetShrinksItAsFar) {
  NurserySize size = Largest();
  EXPECT_EQ(size.AfterMinor(Cost(60 * kMs, kMs)), NurseryReason::kPauseTarget);
  EXPECT_EQ(size.bytes(), 8 * kMiB);
}

TEST(NurserySizeTest, SurvivorsAreAPartOfIt) {
  const NurserySize adaptive = NurserySize::Adaptive(Limits());
  EXPECT_EQ(adaptive.Budget(0), kMiB);
  EXPECT_EQ(adaptive.Budget(kMiB / 4), kMiB * 3 / 4);
  EXPECT_EQ(adaptive.Budget(kMiB), kMiB / 2) << "half of it is for new objects";
  EXPECT_EQ(NurserySize::Fixed(kMiB).Budget(kMiB), kMiB);
}

TEST(NurserySizeTest, APauseAboveTheTargetHalvesItAtOnce) {
  NurserySize size = Largest();
  EXPECT_EQ(size.AfterMinor(Cost(11 * kMs, kMs)), NurseryReason::kPauseTarget);
  EXPECT_EQ(size.bytes(), 32 * kMiB);
  while (size.bytes() > Limits().least_bytes) {
    EXPECT_EQ(size.AfterMinor(Cost(11 * kMs, kMs)),
              NurseryReason::kPauseTarget);
  }
  EXPECT_EQ(size.AfterMinor(Cost(11 * kMs, kMs)), NurseryReason::kSteady);
  EXPECT_EQ(size.bytes(), Limits().least_bytes);
}

TEST(NurserySizeTest, GrowsBackToTheCacheWherePausesAllowIt) {
  NurserySize size = NurserySize::Adaptive(Limits());
  size.AfterMinor(Cost(11 * kMs, kMs));
  ASSERT_EQ(size.bytes(), kMiB / 2);
  EXPECT_EQ(Window(size, Cost(6 * kMs, 900 * kMs)), NurseryReason::kSteady);
  EXPECT_EQ(Window(size, Cost(3 * kMs, 900 * kMs)), NurseryReason::kPauseRoom);
  EXPECT_EQ(size.bytes(), kMiB);
}

TEST(NurserySizeTest, ShrinksToTheCacheWhereCollectionsCostNothing) {
  NurserySize size = Largest();
  while (size.bytes() > kMiB) {
    EXPECT_EQ(Window(size, Cost(kMs, 99 * kMs)), NurseryReason::kIdle);
  }
  EXPECT_EQ(Window(size, Cost(kMs, 99 * kMs)), NurseryReason::kSteady);
  EXPECT_EQ(size.bytes(), kMiB);
}

TEST(NurserySizeTest, GivesUpWhereNothingDiesEvenInTheLargest) {
  NurserySize size = Largest();
  EXPECT_EQ(Window(size, Cost(kMs, kMs, 90)), NurseryReason::kFutile);
  EXPECT_EQ(size.bytes(), kMiB);
  int collections = 0;
  while (size.AfterMinor(Cost(kMs, kMs, 90)) != NurseryReason::kCopying) {
    ++collections;
  }
  EXPECT_GT(collections, 200) << "the next try comes too soon";
}

TEST(NurserySizeTest, IsInProportionToOldSpace) {
  NurserySize size = NurserySize::Adaptive(Limits());
  while (Window(size, Cost(kMs, 2 * kMs, 10, 0)) == NurseryReason::kCopying) {
  }
  EXPECT_EQ(size.bytes(), NurserySize::kMostForSmallHeaps);
  size = Largest();
  EXPECT_EQ(Window(size, Cost(kMs, 2 * kMs, 10, 64 * kMiB)),
            NurseryReason::kSmallHeap);
  EXPECT_EQ(size.bytes(), 32 * kMiB);
}

TEST(NurserySizeTest, AMajorCollectionThatFreedMuchShrinksItAtOnce) {
  NurserySize size = Largest();
  EXPECT_EQ(size.AfterMajor(128 * kMiB), NurseryReason::kSteady);
  EXPECT_EQ(size.AfterMajor(50 * kMiB), NurseryReason::kSmallHeap);
  EXPECT_EQ(size.bytes(), 25 * kMiB);
}

}  // namespace
}  // namespace fledge::gc
