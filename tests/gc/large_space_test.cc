#include "gc/large_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tests/support/space_memory.h"

namespace fledge::gc {
namespace {

class LargeSpaceTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kLarge = kBlockBytes / 2 + 8;

  BlockInfo& InfoOf(Address address) {
    return memory_.blocks().InfoOf(address);
  }

  SpaceMemory memory_;
  LargeSpace space_{memory_.memory(), memory_.blocks()};
};

TEST_F(LargeSpaceTest, AnObjectBeginsABlockAndIsZero) {
  const Address object = space_.TryAllocate(kLarge);
  EXPECT_TRUE(IsAligned(object, kBlockBytes));
  const auto* const begin = reinterpret_cast<const char*>(object);
  EXPECT_TRUE(
      std::all_of(begin, begin + kLarge, [](char byte) { return byte == 0; }));
}

TEST_F(LargeSpaceTest, IsChargedAndCountedByThePage) {
  space_.TryAllocate(kLarge);
  EXPECT_EQ(memory_.account().used_bytes(), AlignUp(kLarge, kPageBytes));
  EXPECT_EQ(space_.object_bytes(), AlignUp(kLarge, kPageBytes));
}

TEST_F(LargeSpaceTest, AnObjectIsFoundFromAnyOfItsBlocks) {
  space_.TryAllocate(kLarge);
  const std::size_t bytes = 3 * kBlockBytes + 8;
  const Address object = space_.TryAllocate(bytes);
  for (const std::size_t offset : {std::size_t{0}, kBlockBytes - 1, kBlockBytes,
                                   2 * kBlockBytes + 100, bytes - 1}) {
    EXPECT_EQ(space_.ObjectAt(object + offset), object);
  }
  EXPECT_EQ(InfoOf(object).kind, BlockKind::kLargeHead);
  EXPECT_EQ(InfoOf(object + kBlockBytes).kind, BlockKind::kLargeTail);
  EXPECT_EQ(InfoOf(object + 3 * kBlockBytes).kind, BlockKind::kLargeTail);
  EXPECT_EQ(InfoOf(object + 4 * kBlockBytes).kind, BlockKind::kUnused);
}

TEST_F(LargeSpaceTest, OnlyMarkedObjectsOutliveASweep) {
  std::vector<Address> objects;
  for (int i = 0; i < 4; ++i) {
    objects.push_back(space_.TryAllocate(2 * kBlockBytes));
  }
  memory_.bits().Set(objects[1]);
  memory_.bits().Set(objects[3]);
  space_.EndMark(memory_.bits());
  EXPECT_TRUE(space_.Sweep(memory_.bits(), 100));
  EXPECT_EQ(memory_.account().used_bytes(), 4 * kBlockBytes);
  EXPECT_EQ(space_.object_bytes(), 4 * kBlockBytes);
  EXPECT_EQ(InfoOf(objects[0]).kind, BlockKind::kUnused);
  EXPECT_EQ(InfoOf(objects[0] + kBlockBytes).kind, BlockKind::kUnused);
  EXPECT_EQ(InfoOf(objects[1]).kind, BlockKind::kLargeHead);
  std::set<Address> left;
  for (const AddressRange& run : space_.runs()) left.insert(run.begin);
  EXPECT_EQ(left, (std::set<Address>{objects[1], objects[3]}));
}

TEST_F(LargeSpaceTest, ASweepGoesSomeObjectsAtATime) {
  std::vector<Address> objects;
  for (int i = 0; i < 4; ++i) {
    objects.push_back(space_.TryAllocate(2 * kBlockBytes));
  }
  memory_.bits().Set(objects[1]);
  space_.EndMark(memory_.bits());
  EXPECT_EQ(space_.object_bytes(), 2 * kBlockBytes);
  EXPECT_FALSE(space_.Sweep(memory_.bits(), 1));
  EXPECT_FALSE(space_.swept());
  EXPECT_EQ(space_.runs().size(), 3u);
  const Address fresh = space_.TryAllocate(2 * kBlockBytes);
  memory_.bits().Set(fresh);
  EXPECT_EQ(space_.object_bytes(), 4 * kBlockBytes);
  EXPECT_FALSE(space_.Sweep(memory_.bits(), 2));
  EXPECT_TRUE(space_.Sweep(memory_.bits(), 1));
  EXPECT_EQ(space_.object_bytes(), 4 * kBlockBytes);
  std::set<Address> left;
  for (const AddressRange& run : space_.runs()) left.insert(run.begin);
  EXPECT_EQ(left, (std::set<Address>{objects[1], fresh}));
}

TEST_F(LargeSpaceTest, SweptMemoryIsUsedAgainAndZero) {
  const Address object = space_.TryAllocate(2 * kBlockBytes);
  std::fill_n(reinterpret_cast<char*>(object), 2 * kBlockBytes, '\x7f');
  space_.EndMark(memory_.bits());
  space_.Sweep(memory_.bits(), 100);
  EXPECT_EQ(memory_.account().used_bytes(), 0u);
  ASSERT_EQ(space_.TryAllocate(kBlockBytes), object);
  const auto* const begin = reinterpret_cast<const char*>(object);
  EXPECT_TRUE(std::all_of(begin, begin + kBlockBytes,
                          [](char byte) { return byte == 0; }));
}

TEST_F(LargeSpaceTest, TheLimitAndTheOsAreAnswered) {
  EXPECT_EQ(space_.TryAllocate(memory_.account().limit_bytes() + 1),
            kNullAddress);
  memory_.os().Refuse(FakeOs::Request::kCommit, 1);
  EXPECT_EQ(space_.TryAllocate(kLarge), kNullAddress);
  EXPECT_TRUE(space_.runs().empty());
  EXPECT_EQ(space_.object_bytes(), 0u);
  EXPECT_NE(space_.TryAllocate(kLarge), kNullAddress);
}

}  // namespace
}  // namespace fledge::gc
