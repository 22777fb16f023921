#include "gc/awaited.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "allocator/failing_os.h"
#include "allocator/os.h"
#include "tests/support/fake_os.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

constexpr Address kBegin = 0x7f00'0000'0000;
constexpr AddressRange kObjects{kBegin, 16 * kGiB};
constexpr Awaited::Pages kHuge = Awaited::Pages::kHuge;

std::vector<Awaited::Entry> Taken(Awaited& awaited) {
  std::vector<Awaited::Entry> ready;
  awaited.TakeReady(ready);
  std::sort(ready.begin(), ready.end());
  return ready;
}

using Entries = std::vector<Awaited::Entry>;

TEST(AwaitedTest, EveryEntryOfAnObjectIsReadyOnce) {
  Awaited awaited(allocator::SystemOs(), kObjects, kHuge);
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

void ClearBySlices(Awaited& awaited) {
  while (!awaited.ClearSlice()) continue;
}

TEST(AwaitedTest, NobodyWaitsAfterClear) {
  // Few are forgotten one by one, many by clearing all.
  for (const std::uint32_t count : {1u, 10u, 200'000u}) {
    Awaited awaited(allocator::SystemOs(), kObjects, kHuge);
    for (const bool by_slices : {false, true, true, false}) {
      for (std::uint32_t i = 0; i < count; ++i) {
        awaited.Add(kBegin + 64 * Address{i}, i);
        awaited.Add(kBegin + 64 * Address{i}, i);
      }
      awaited.Reach(kBegin);
      if (by_slices) {
        ClearBySlices(awaited);
      } else {
        awaited.Clear();
      }
      // So that the memory is looked at.
      for (std::uint32_t i = 0; i < count; i += 1000) {
        awaited.Add(kBegin + 64 * Address{i} + 16, i);
      }
      for (std::uint32_t i = 0; i < count; ++i) {
        awaited.Reach(kBegin + 64 * Address{i});
      }
      EXPECT_TRUE(Taken(awaited).empty());
      awaited.Clear();
    }
  }
}

TEST(AwaitedTest, SmallPagesAreSmall) {
  FakeOs os;
  Awaited awaited(os, kObjects, Awaited::Pages::kSmall);
  awaited.Add(kBegin, 0);
  EXPECT_EQ(os.count(FakeOs::Request::kPreferHugePages), 0u);
  EXPECT_EQ(os.count(FakeOs::Request::kPreferSmallPages), 1u);
}

TEST(AwaitedTest, MemoryIsGivenBackAfterMany) {
  FakeOs os;
  Awaited awaited(os, kObjects, kHuge);
  for (const std::uint32_t count : {60'000u, 70'000u}) {
    EXPECT_TRUE(os.discarded().empty());
    for (std::uint32_t i = 0; i < count; ++i) {
      awaited.Add(kBegin + 64 * Address{i}, i);
    }
    awaited.Clear();
  }
  EXPECT_EQ(os.discarded().size(), 1u);
}

// It is likely to be needed again.
TEST(AwaitedTest, SlicesGiveMemoryBackWhenFarFewerWait) {
  constexpr std::size_t kChunkBytes = 2 * kMiB;
  FakeOs os;
  Awaited awaited(os, kObjects, kHuge);
  const auto wait = [&](std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      awaited.Add(kBegin + 64 * Address{i}, i);
    }
    ClearBySlices(awaited);
    return os.discarded().size() * kChunkBytes;
  };
  EXPECT_EQ(wait(400'000), 0u);
  EXPECT_EQ(wait(60'000), 0u);
  EXPECT_EQ(wait(40'000), 8 * kMiB);
  EXPECT_EQ(wait(40'000), 8 * kMiB);
  awaited.Reach(kBegin);
  EXPECT_TRUE(Taken(awaited).empty());
}

TEST(AwaitedTest, NobodyWaitsInMemoryThatIsNotTakenBack) {
  FakeOs os;
  os.RefuseAll(FakeOs::Request::kDiscard);
  Awaited awaited(os, kObjects, kHuge);
  for (const std::uint32_t count : {800'000u, 90'000u}) {
    for (std::uint32_t i = 0; i < count; ++i) {
      awaited.Add(kBegin + 64 * Address{i}, i);
    }
    awaited.Clear();
  }
  EXPECT_GT(os.count(FakeOs::Request::kDiscard), 0u);
  awaited.Add(kBegin + 16, 0);
  for (std::uint32_t i = 0; i < 90'000; ++i) {
    awaited.Reach(kBegin + 64 * Address{i});
  }
  EXPECT_TRUE(Taken(awaited).empty());
}

// They are ready whenever anything was reached, as nobody knows for whom they
// wait.
TEST(AwaitedTest, WithoutMemoryNobodyIsForgotten) {
  for (const std::uint64_t refused : {1u, 2u, 3u}) {
    allocator::FailingOs os(allocator::SystemOs(), refused);
    os.Arm();
    Awaited awaited(os, kObjects, kHuge);
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
    Awaited awaited(allocator::SystemOs(), kObjects, kHuge);
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
