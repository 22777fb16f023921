#include "gc/awaited.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "allocator/failing_os.h"
#include "allocator/os.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

constexpr Address kBegin = 0x7f00'0000'0000;
constexpr AddressRange kObjects{kBegin, 16 * kGiB};

std::vector<Awaited::Entry> Taken(Awaited& awaited) {
  std::vector<Awaited::Entry> ready;
  awaited.TakeReady(ready);
  std::sort(ready.begin(), ready.end());
  return ready;
}

using Entries = std::vector<Awaited::Entry>;

TEST(AwaitedTest, EveryEntryOfAnObjectIsReadyOnce) {
  Awaited awaited(allocator::SystemOs(), kObjects);
  awaited.Add(kBegin + 0x1000, 0);
  awaited.Add(kBegin + 0x1010, 11);
  awaited.Add(kBegin + 0x1000, 12);
  awaited.Add(kBegin + 0x1000, 13);
  awaited.Reach(kBegin + 0x2000);
  awaited.Reach(kObjects.end() - 16);
  EXPECT_TRUE(Taken(awaited).empty());
  awaited.Reach(kBegin + 0x1000);
  awaited.Reach(kBegin + 0x1000);
  EXPECT_EQ(Taken(awaited), (Entries{0, 12, 13}));
  // Who waits for an object that was reached before is not ready by itself.
  awaited.Add(kBegin + 0x1000, 14);
  EXPECT_TRUE(Taken(awaited).empty());
  awaited.Reach(kBegin + 0x1000);
  EXPECT_EQ(Taken(awaited), (Entries{14}));
}

TEST(AwaitedTest, NobodyWaitsAfterClear) {
  // Few are forgotten one by one, many by giving the memory back.
  for (const std::uint32_t count : {1u, 10u, 200'000u}) {
    Awaited awaited(allocator::SystemOs(), kObjects);
    for (int round = 0; round < 2; ++round) {
      for (std::uint32_t i = 0; i < count; ++i) {
        awaited.Add(kBegin + 64 * Address{i}, i);
        awaited.Add(kBegin + 64 * Address{i}, i);
      }
      awaited.Reach(kBegin);
      awaited.Clear();
      for (std::uint32_t i = 0; i < count; ++i) {
        awaited.Reach(kBegin + 64 * Address{i});
      }
      EXPECT_TRUE(Taken(awaited).empty());
    }
  }
}

// They are ready whenever anything was reached, as nobody knows for whom they
// wait.
TEST(AwaitedTest, WithoutMemoryNobodyIsForgotten) {
  for (const std::uint64_t refused : {1u, 2u, 3u}) {
    allocator::FailingOs os(allocator::SystemOs(), refused);
    os.Arm();
    Awaited awaited(os, kObjects);
    Entries expected;
    for (std::uint32_t i = 0; i < 10; ++i) {
      awaited.Add(kBegin + i * kGiB, i);
      expected.push_back(i);
    }
    EXPECT_TRUE(Taken(awaited).empty());
    for (std::uint32_t i = 0; i < 10; ++i) awaited.Reach(kBegin + i * kGiB);
    EXPECT_EQ(Taken(awaited), expected);
    EXPECT_TRUE(Taken(awaited).empty());
  }
}

// Against a multimap, with objects beside each other and far apart, also all at
// the same place in their blocks.
TEST(AwaitedTest, DoesWhatAMapDoes) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (const std::uint64_t distance : {16u, 24u, 65536u, 1u << 21}) {
    Awaited awaited(allocator::SystemOs(), kObjects);
    std::multimap<Address, Awaited::Entry> expected;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const Address object = kBegin + distance * random.Below(5'000);
      if (random.OneIn(4)) {
        awaited.Reach(object);
        Entries ready;
        const auto [begin, end] = expected.equal_range(object);
        for (auto it = begin; it != end; ++it) ready.push_back(it->second);
        expected.erase(begin, end);
        ASSERT_EQ(Taken(awaited), ready) << i;
      } else {
        awaited.Add(object, i);
        expected.insert({object, i});
      }
    }
  }
}

}  // namespace
}  // namespace fledge::gc
