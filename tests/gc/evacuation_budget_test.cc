#include "gc/evacuation_budget.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kTargetNs = 2 * kMs;

double Ns(std::size_t bytes, double ns_per_byte) {
  return static_cast<double>(bytes) * ns_per_byte;
}

// What pauses take where minor collections and evacuation have these costs; the
// last of many.
std::int64_t PauseWith(EvacuationBudget& budget, std::size_t nursery,
                       double minor_ns_per_byte, double ns_per_byte) {
  std::int64_t pause_ns = 0;
  for (int i = 0; i < 2000; ++i) {
    const double minor_ns = Ns(nursery, minor_ns_per_byte);
    budget.AfterMinor(nursery, static_cast<std::int64_t>(minor_ns));
    const std::size_t cost = budget.BytesBeside(nursery);
    pause_ns = static_cast<std::int64_t>(minor_ns + Ns(cost, ns_per_byte));
    budget.AfterEvacuation(nursery, cost, pause_ns);
  }
  return pause_ns;
}

TEST(EvacuationBudgetTest, PausesKeepTheTargetWhateverThingsCost) {
  for (const double minor : {0.1, 0.5}) {
    for (const double evacuation : {0.2, 0.8, 5.0}) {
      EvacuationBudget budget(kTargetNs);
      const auto pause_ns = PauseWith(budget, kMiB, minor, evacuation);
      EXPECT_NEAR(static_cast<double>(pause_ns), kTargetNs / 2, kTargetNs / 50)
          << minor << " " << evacuation;
    }
  }
}

TEST(EvacuationBudgetTest, AnEighthOfTheTargetIsForCandidatesAnyway) {
  EvacuationBudget budget(kTargetNs);
  const auto pause_ns = PauseWith(budget, kMiB, 1.9, 0.5);
  EXPECT_NEAR(static_cast<double>(pause_ns), Ns(kMiB, 1.9) + kTargetNs / 8,
              kTargetNs / 50);
}

TEST(EvacuationBudgetTest, ALargerNurseryLeavesLessTime) {
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, kMiB, 0.2, 0.5);
  EXPECT_GT(budget.BytesBeside(kMiB), budget.BytesBeside(4 * kMiB) * 3 / 2);
}

// What is reckoned too high makes neither pauses long nor the nursery small,
// while pauses with candidates follow each other.
TEST(EvacuationBudgetTest, AMinorCollectionReckonedTooHighIsCorrected) {
  constexpr double kMinor = 0.4;
  constexpr double kEvacuation = 0.5;
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, kMiB, kMinor, kEvacuation);
  const auto minor_ns = static_cast<std::int64_t>(Ns(kMiB, kMinor));
  for (int i = 0; i < 3; ++i) budget.AfterMinor(kMiB, 3 * minor_ns);
  const std::size_t low = budget.BytesBeside(kMiB);
  for (int i = 0; i < 1000; ++i) {
    const std::size_t cost = budget.BytesBeside(kMiB);
    const auto pause_ns =
        minor_ns + static_cast<std::int64_t>(Ns(cost, kEvacuation));
    EXPECT_LT(pause_ns, kTargetNs) << i;
    EXPECT_LT(budget.AfterEvacuation(kMiB, cost, pause_ns), pause_ns * 9 / 10)
        << i;
  }
  EXPECT_GT(budget.BytesBeside(kMiB), 2 * low);
}

// Of a pause with candidates, a nursery answers for its own part.
TEST(EvacuationBudgetTest, APauseIsSharedOutAsItWasReckoned) {
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, kMiB, 0.4, 0.5);
  const auto as_reckoned =
      static_cast<std::int64_t>(Ns(kMiB, 0.4) + Ns(kMiB, 0.5));
  EXPECT_NEAR(
      static_cast<double>(budget.AfterEvacuation(kMiB, kMiB, 2 * as_reckoned)),
      2 * Ns(kMiB, 0.4), kTargetNs / 50);
}

TEST(EvacuationBudgetTest, SlowPausesCountAtOnceAndFastOnesLittle) {
  constexpr std::size_t kCost = kMiB;
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, 0, 0, 0.5);
  const std::size_t before = budget.BytesBeside(0);
  budget.AfterEvacuation(0, kCost, static_cast<std::int64_t>(Ns(kCost, 1.5)));
  const std::size_t slow = budget.BytesBeside(0);
  EXPECT_NEAR(static_cast<double>(slow), static_cast<double>(before) / 2,
              static_cast<double>(before) / 20);
  budget.AfterEvacuation(0, kCost, static_cast<std::int64_t>(Ns(kCost, 0.5)));
  EXPECT_LT(budget.BytesBeside(0), before * 11 / 20);
}

// The machine did something else meanwhile.
TEST(EvacuationBudgetTest, APauseThatIsFarOutCountsAsAFewTimesAsLong) {
  constexpr std::size_t kCost = kMiB;
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, 0, 0, 0.5);
  const std::size_t before = budget.BytesBeside(0);
  budget.AfterEvacuation(0, kCost, 1000 * kMs);
  EXPECT_GT(budget.BytesBeside(0), before / 3);
}

// Not by the byte: that would be a very slow one.
TEST(EvacuationBudgetTest, APauseWithHardlyAnyNurserySaysLittle) {
  EvacuationBudget budget(kTargetNs);
  PauseWith(budget, kMiB, 0.2, 0.5);
  const std::size_t before = budget.BytesBeside(kMiB);
  for (int i = 0; i < 20; ++i) budget.AfterMinor(kKiB, 30'000);
  EXPECT_GE(budget.BytesBeside(kMiB), before * 9 / 10);
}

}  // namespace
}  // namespace fledge::gc
