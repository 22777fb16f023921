#include "allocator/memory_account.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::allocator {
namespace {

constexpr std::size_t kLimit = 1000;

TEST(MemoryAccountTest, IsEmptyAtFirst) {
  const MemoryAccount account(kLimit);
  EXPECT_EQ(account.limit_bytes(), kLimit);
  EXPECT_EQ(account.used_bytes(), 0u);
  EXPECT_EQ(account.peak_bytes(), 0u);
  EXPECT_EQ(account.left_bytes(), kLimit);
}

TEST(MemoryAccountTest, CanBeChargedUpToItsLimitAndNoFurther) {
  MemoryAccount account(kLimit);
  EXPECT_TRUE(account.TryCharge(kLimit - 1));
  EXPECT_TRUE(account.TryCharge(1));
  EXPECT_EQ(account.left_bytes(), 0u);
  EXPECT_TRUE(account.TryCharge(0));
  EXPECT_FALSE(account.TryCharge(1));
}

TEST(MemoryAccountTest, ARefusedChargeChangesNothing) {
  MemoryAccount account(kLimit);
  ASSERT_TRUE(account.TryCharge(600));
  EXPECT_FALSE(account.TryCharge(401));
  EXPECT_EQ(account.used_bytes(), 600u);
  EXPECT_EQ(account.peak_bytes(), 600u);
  EXPECT_TRUE(account.TryCharge(400));
}

TEST(MemoryAccountTest, AChargeThatWouldWrapAroundIsRefused) {
  constexpr std::size_t kLargest = std::numeric_limits<std::size_t>::max();
  for (const std::size_t limit : {kLimit, kLargest}) {
    MemoryAccount account(limit);
    ASSERT_TRUE(account.TryCharge(kLimit));
    EXPECT_FALSE(account.TryCharge(kLargest));
    EXPECT_FALSE(account.TryCharge(kLargest - kLimit + 1));
    EXPECT_EQ(account.used_bytes(), kLimit);
  }
}

TEST(MemoryAccountTest, ARefundMakesRoom) {
  MemoryAccount account(kLimit);
  ASSERT_TRUE(account.TryCharge(kLimit));
  account.Refund(300);
  EXPECT_EQ(account.used_bytes(), kLimit - 300);
  EXPECT_EQ(account.left_bytes(), 300u);
  EXPECT_TRUE(account.TryCharge(300));
}

TEST(MemoryAccountTest, PeakIsTheMostThatWasEverUsed) {
  MemoryAccount account(kLimit);
  ASSERT_TRUE(account.TryCharge(700));
  account.Refund(700);
  ASSERT_TRUE(account.TryCharge(200));
  EXPECT_EQ(account.peak_bytes(), 700u);
  ASSERT_TRUE(account.TryCharge(501));
  EXPECT_EQ(account.peak_bytes(), 701u);
}

TEST(MemoryAccountTest, ThreadsTogetherStayWithinTheLimit) {
  constexpr int kThreads = 4;
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  MemoryAccount account(kLimit);
  std::atomic<bool> passed{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Random random(seed + static_cast<std::uint64_t>(i));
      for (int n = 0; n < 200'000; ++n) {
        const std::size_t bytes = random.Below(kLimit);
        if (!account.TryCharge(bytes)) continue;
        if (account.used_bytes() > kLimit) passed = true;
        account.Refund(bytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(passed);
  EXPECT_EQ(account.used_bytes(), 0u);
  EXPECT_LE(account.peak_bytes(), kLimit);
}

}  // namespace
}  // namespace fledge::allocator
