#include "gc/pacer.h"

#include <gtest/gtest.h>

namespace fledge::gc {
namespace {

constexpr std::size_t kLeast = Pacer::kLeastGrowthBytes;
constexpr std::size_t kLimit = 100 * kGiB;
constexpr std::int64_t kSecond = 1'000'000'000;

// What grows old space by, per live byte, a program that allocates `allocated`
// bytes there in the time in which the collector does `live`.
double Growth(std::size_t live, std::size_t allocated) {
  Pacer pacer(kLimit, 0);
  for (int i = 0; i < 20; ++i) {
    pacer.AfterMajor({live, kSecond, allocated, kSecond});
  }
  return static_cast<double>(pacer.next_major_bytes() - live) /
         static_cast<double>(live);
}

TEST(PacerTest, AnEmptyHeapMayGrowByTheLeast) {
  const Pacer pacer(kLimit, 0);
  EXPECT_EQ(pacer.next_major_bytes(), kLeast);
  EXPECT_EQ(pacer.reason(), PaceReason::kLeast);
  EXPECT_FALSE(pacer.due(kLeast - 1));
  EXPECT_TRUE(pacer.due(kLeast));
}

TEST(PacerTest, ASmallHeapMayGrowByTheLeast) {
  Pacer pacer(kLimit, 0);
  pacer.AfterMajor({kLeast / 4, kSecond, kGiB, kSecond});
  EXPECT_EQ(pacer.next_major_bytes(), kLeast / 4 + kLeast);
  EXPECT_EQ(pacer.reason(), PaceReason::kLeast);
}

TEST(PacerTest, AHeapDoublesAtMost) {
  Pacer pacer(kLimit, 0);
  pacer.AfterMajor({kGiB, kSecond, 100 * kGiB, kSecond});
  EXPECT_EQ(pacer.next_major_bytes(), 2 * kGiB);
  EXPECT_EQ(pacer.reason(), PaceReason::kTwice);
}

TEST(PacerTest, GrowthIsTheSquareRootOfTheRateOfAllocation) {
  const double usual = Growth(kGiB, kGiB / 10);
  EXPECT_LT(usual, 1);
  EXPECT_NEAR(Growth(kGiB, kGiB / 40), usual / 2, 0.01);
  EXPECT_NEAR(Growth(kGiB, kGiB / 1000), usual / 10, 0.01);
}

TEST(PacerTest, ALargerHeapGrowsByASmallerPartOfItself) {
  const double usual = Growth(kGiB, kGiB / 10);
  // Four times as much, at the same rates in bytes.
  EXPECT_NEAR(Growth(4 * kGiB, 4 * kGiB / 10), usual / 2, 0.01);
}

TEST(PacerTest, AReserveIsBeyondWhatTheRuleSays) {
  Pacer pacer(kLimit, 0);
  Pacer::Cycle cycle{kGiB, kSecond, kGiB / 10, kSecond};
  pacer.AfterMajor(cycle);
  const std::size_t growth = pacer.growth_bytes();
  cycle.reserve_bytes = growth / 8;
  Pacer with_reserve(kLimit, 0);
  with_reserve.AfterMajor(cycle);
  EXPECT_EQ(with_reserve.growth_bytes(), growth + growth / 8);
}

TEST(PacerTest, ABalancedHeapSaysSo) {
  Pacer pacer(kLimit, 0);
  pacer.AfterMajor({kGiB, kSecond, kGiB / 10, kSecond});
  EXPECT_EQ(pacer.reason(), PaceReason::kBalance);
}

TEST(PacerTest, AFixedGrowthKnowsNoTime) {
  Pacer pacer(kLimit, 50);
  pacer.AfterMajor({kGiB, kSecond, 1, 1000 * kSecond});
  EXPECT_EQ(pacer.next_major_bytes(), kGiB + kGiB / 2);
  EXPECT_EQ(pacer.reason(), PaceReason::kFixed);
  pacer.AfterMajor({.live_bytes = kGiB, .reserve_bytes = kMiB});
  EXPECT_EQ(pacer.next_major_bytes(), kGiB + kGiB / 2) << "no reserve either";
  pacer.AfterMajor({0, kSecond, 1, 1000 * kSecond});
  EXPECT_EQ(pacer.next_major_bytes(), kLeast);
}

TEST(PacerTest, NearTheLimitHalfOfWhatIsLeftMayBeUsed) {
  Pacer pacer(kLimit, 100);
  pacer.AfterMajor({.live_bytes = kLimit - kLeast});
  EXPECT_EQ(pacer.next_major_bytes(), kLimit - kLeast / 2);
  EXPECT_EQ(pacer.reason(), PaceReason::kLimit);
  EXPECT_EQ(Pacer(kLeast, 0).next_major_bytes(), kLeast / 2);
}

TEST(PacerTest, AtTheLimitEveryCollectionIsDue) {
  Pacer pacer(kLimit, 0);
  pacer.AfterMajor({.live_bytes = kLimit});
  EXPECT_TRUE(pacer.due(kLimit));
  pacer.AfterMajor({.live_bytes = kLimit + kLeast});  // Rounding may pass it.
  EXPECT_TRUE(pacer.due(kLimit + kLeast));
}

TEST(PacerTest, WhatIsOutsideTheHeapWeighsAsObjectsDo) {
  Pacer pacer(kLimit, 100);
  pacer.AfterMajor({.live_bytes = kLeast, .external_bytes = 9 * kLeast});
  EXPECT_EQ(pacer.next_major_bytes(), 20 * kLeast);
  Pacer balanced(kLimit, 0);
  balanced.AfterMajor({kMiB, kSecond, 100 * kGiB, kSecond, kGiB});
  EXPECT_EQ(balanced.reason(), PaceReason::kTwice);
  EXPECT_EQ(balanced.next_major_bytes(), 2 * (kMiB + kGiB));
}

TEST(PacerTest, TheLimitIsOfWhatIsInTheHeap) {
  Pacer pacer(kLimit, 100);
  pacer.AfterMajor({.live_bytes = kLeast, .external_bytes = 2 * kLimit});
  EXPECT_EQ(pacer.next_major_bytes(),
            kLeast + 2 * kLimit + (kLimit - kLeast) / 2);
}

TEST(PacerTest, WhatIsReleasedAfterACollectionBringsTheNextOneNearer) {
  Pacer pacer(kLimit, 100);
  pacer.AfterMajor({.live_bytes = kLeast, .external_bytes = 9 * kLeast});
  pacer.ExternalIs(3 * kLeast);
  EXPECT_EQ(pacer.next_major_bytes(), 8 * kLeast);
  pacer.ExternalIs(9 * kLeast);  // It grew: that is what is measured.
  EXPECT_EQ(pacer.next_major_bytes(), 8 * kLeast);
}

TEST(PacerTest, AHeapThatShrankIsCollectedSooner) {
  Pacer pacer(kLimit, 100);
  pacer.AfterMajor({.live_bytes = 10 * kLeast});
  pacer.AfterMajor({.live_bytes = 2 * kLeast});
  EXPECT_EQ(pacer.next_major_bytes(), 4 * kLeast);
}

}  // namespace
}  // namespace fledge::gc
