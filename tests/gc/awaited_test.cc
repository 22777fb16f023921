#include "gc/awaited.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

using Key = std::pair<std::uint32_t, std::uint32_t>;

std::multimap<Key, int> Taken(Awaited& awaited) {
  std::multimap<Key, int> taken;
  for (const Awaited::Entry entry : awaited.TakeReady()) {
    taken.insert({{entry.set, entry.index}, 1});
  }
  return taken;
}

TEST(AwaitedTest, EveryEntryOfAnObjectIsReadyOnce) {
  Awaited awaited;
  EXPECT_TRUE(awaited.empty());
  awaited.Add(0x1000, {1, 10});
  awaited.Add(0x1008, {1, 11});
  awaited.Add(0x1000, {2, 12});
  EXPECT_FALSE(awaited.empty());
  awaited.Reach(0x2000);
  EXPECT_TRUE(Taken(awaited).empty());
  awaited.Reach(0x1000);
  awaited.Reach(0x1000);
  EXPECT_EQ(Taken(awaited),
            (std::multimap<Key, int>{{{1, 10}, 1}, {{2, 12}, 1}}));
  // Who waits for an object that was reached before is not ready by itself.
  awaited.Add(0x1000, {3, 13});
  EXPECT_TRUE(Taken(awaited).empty());
  awaited.Reach(0x1000);
  EXPECT_EQ(Taken(awaited), (std::multimap<Key, int>{{{3, 13}, 1}}));
}

TEST(AwaitedTest, NobodyWaitsAfterClear) {
  Awaited awaited;
  awaited.Add(0x1000, {1, 10});
  awaited.Clear();
  EXPECT_TRUE(awaited.empty());
  awaited.Reach(0x1000);
  EXPECT_TRUE(Taken(awaited).empty());
}

// Against a multimap, with objects beside each other and far apart, also all at
// the same place in their blocks.
TEST(AwaitedTest, DoesWhatAMapDoes) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (const std::uint64_t distance : {8u, 24u, 65536u, 1u << 21}) {
    Awaited awaited;
    std::multimap<Address, Key> expected;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const Address object = 0x7f00'0000'0000 + distance * random.Below(5'000);
      if (random.OneIn(4)) {
        awaited.Reach(object);
        std::multimap<Key, int> ready;
        const auto [begin, end] = expected.equal_range(object);
        for (auto it = begin; it != end; ++it) ready.insert({it->second, 1});
        expected.erase(begin, end);
        ASSERT_EQ(Taken(awaited), ready) << i;
      } else {
        awaited.Add(object, {7, i});
        expected.insert({object, {7, i}});
      }
    }
  }
}

}  // namespace
}  // namespace fledge::gc
