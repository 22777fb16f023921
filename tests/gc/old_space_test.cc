#include "gc/old_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/space_memory.h"

namespace fledge::gc {
namespace {

// Finds the holes that a test wrote down.
class FakeSweeper : public BlockSweeper {
 public:
  explicit FakeSweeper(BlockTable& blocks) : blocks_(blocks) {}

  // Holes are given from the block's begin, lowest first.
  void SetHoles(Address block, std::vector<AddressRange> holes) {
    holes_[block] = std::move(holes);
  }
  std::size_t sweeps(Address block) { return sweeps_[block]; }

  Hole* SweepBlock(BlockIndex index) override {
    const Address block = blocks_.AddressOf(index);
    ++sweeps_[block];
    Hole* first = nullptr;
    Hole** last = &first;
    for (const AddressRange& hole : holes_[block]) {
      Hole* const linked = reinterpret_cast<Hole*>(hole.begin);
      *linked = {nullptr, hole.end()};
      *last = linked;
      last = &linked->next;
    }
    return first;
  }

 private:
  BlockTable& blocks_;
  std::map<Address, std::vector<AddressRange>> holes_;
  std::map<Address, std::size_t> sweeps_;
};

class OldSpaceTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kSmall = 64;
  static constexpr std::size_t kMedium = OldSpace::kMediumBytes + 8;
  static constexpr std::size_t kSparse = kBlockBytes / 4;

  Address Allocate(std::size_t bytes) { return Allocate(buffer_, bytes); }
  Address Allocate(OldBuffer& buffer, std::size_t bytes) {
    const Address object = space_.TryAllocate(buffer, bytes);
    space_.Settle(buffer);
    return object;
  }
  static Address BlockOf(Address object) {
    return AlignDown(object, kBlockBytes);
  }
  BlockInfo& InfoOf(Address object) { return memory_.blocks().InfoOf(object); }

  // Leaves so many bytes, or less than an object fewer, of the present hole.
  void FillUpTo(std::size_t left_bytes) {
    while (buffer_.limit - buffer_.bump > left_bytes) Allocate(kSmall);
  }

  // A major collection that finds `live_bytes` in each block; a block that is
  // not named is empty.
  void Mark(const std::map<Address, std::size_t>& live_bytes,
            bool sort_out = true) {
    space_.Retire(buffer_);
    space_.StartMark();
    for (const auto& [block, bytes] : live_bytes) {
      InfoOf(block).marked_bytes = static_cast<std::uint32_t>(bytes);
    }
    space_.EndMark();
    if (sort_out) {
      EXPECT_TRUE(space_.SortOut(1'000'000));
    }
  }
  // A block with one object.
  Address TakeBlock() {
    const Address object = Allocate(buffer_, kSmall);
    space_.Retire(buffer_);
    return BlockOf(object);
  }

  SpaceMemory memory_;
  FakeSweeper sweeper_{memory_.blocks()};
  OldSpace space_{memory_.memory(), memory_.blocks(), sweeper_};
  OldBuffer buffer_;
};

TEST_F(OldSpaceTest, ObjectsFollowEachOtherInABlock) {
  const Address first = Allocate(kSmall);
  EXPECT_TRUE(IsAligned(first, kBlockBytes));
  EXPECT_EQ(InfoOf(first).kind, BlockKind::kOld);
  EXPECT_EQ(Allocate(kSmall), first + kSmall);
  EXPECT_EQ(Allocate(8), first + 2 * kSmall);
}

TEST_F(OldSpaceTest, ABlockIsFilledToItsEnd) {
  const Address first = Allocate(kSmall);
  for (std::size_t i = 1; i < kBlockBytes / kSmall; ++i) {
    ASSERT_EQ(Allocate(kSmall), first + i * kSmall);
  }
  EXPECT_NE(BlockOf(Allocate(kSmall)), first);
}

TEST_F(OldSpaceTest, SettledObjectsAreCounted) {
  const Address first = space_.TryAllocate(buffer_, kSmall);
  space_.TryAllocate(buffer_, kSmall);
  space_.Settle(buffer_);
  EXPECT_EQ(InfoOf(first).live_bytes, 2 * kSmall);
  EXPECT_EQ(space_.object_bytes(), 2 * kSmall);
  space_.Settle(buffer_);
  EXPECT_EQ(space_.object_bytes(), 2 * kSmall);
}

TEST_F(OldSpaceTest, ObjectsAreCountedWhateverPathTheyTook) {
  std::size_t bytes = 0;
  std::map<Address, std::size_t> live_bytes;
  for (const std::size_t size :
       {kSmall, kMedium, kBlockBytes / 2, kBlockBytes, kSmall, kMedium}) {
    for (int i = 0; i < 100; ++i) {
      const Address object = Allocate(size);
      if (object == kNullAddress) break;
      bytes += size;
      live_bytes[BlockOf(object)] += size;
    }
  }
  space_.Retire(buffer_);
  EXPECT_EQ(space_.object_bytes(), bytes);
  for (const auto& [block, live] : live_bytes) {
    EXPECT_EQ(InfoOf(block).live_bytes, live);
  }
}

TEST_F(OldSpaceTest, AMediumObjectDoesNotThrowTheRestOfABlockAway) {
  const Address block = Allocate(kSmall);
  FillUpTo(kMedium - 8);
  const Address medium = Allocate(kMedium);
  EXPECT_NE(BlockOf(medium), block);
  EXPECT_EQ(BlockOf(Allocate(kSmall)), block);
}

TEST_F(OldSpaceTest, MediumObjectsShareAnOverflowBlock) {
  Allocate(kSmall);
  FillUpTo(kMedium - 8);
  const Address first = Allocate(kMedium);
  EXPECT_EQ(Allocate(kMedium), first + kMedium);
}

TEST_F(OldSpaceTest, BuffersDoNotShareABlock) {
  OldBuffer other;
  const Address mine = Allocate(kSmall);
  const Address others = Allocate(other, kSmall);
  EXPECT_NE(BlockOf(mine), BlockOf(others));
}

TEST_F(OldSpaceTest, AnEmptyBlockIsGivenBack) {
  const Address kept = TakeBlock();
  const Address empty = TakeBlock();
  Mark({{kept, kSparse}});
  EXPECT_EQ(memory_.account().used_bytes(), kBlockBytes);
  EXPECT_EQ(InfoOf(empty).kind, BlockKind::kUnused);
  EXPECT_EQ(space_.used_blocks(),
            std::vector<BlockIndex>{memory_.blocks().IndexOf(kept)});
  EXPECT_EQ(space_.object_bytes(), kSparse);
}

TEST_F(OldSpaceTest, HolesAreFilledLowestBlockFirst) {
  const Address low = TakeBlock();
  const Address high = TakeBlock();
  sweeper_.SetHoles(low, {{low + 512, 256}, {low + 4096, 512}});
  sweeper_.SetHoles(high, {{high, 256}});
  Mark({{low, kSparse}, {high, kSparse}});
  EXPECT_EQ(Allocate(256), low + 512);
  EXPECT_EQ(Allocate(256), low + 4096);
  EXPECT_EQ(Allocate(256), low + 4096 + 256);
  EXPECT_EQ(Allocate(256), high);
  const Address fresh = BlockOf(Allocate(256));
  EXPECT_NE(fresh, low);
  EXPECT_NE(fresh, high);
}

TEST_F(OldSpaceTest, ABlockIsSweptWhenItIsAllocatedIntoAndOnce) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}});
  EXPECT_EQ(sweeper_.sweeps(block), 0u);
  EXPECT_EQ(BlockOf(Allocate(kSmall)), block);
  for (int i = 0; i < 20; ++i) Allocate(kSmall);
  EXPECT_EQ(sweeper_.sweeps(block), 1u);
}

TEST_F(OldSpaceTest, AHoleThatIsTooSmallIsPassedOver) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block, 64}, {block + 1024, 256}});
  Mark({{block, kSparse}});
  EXPECT_EQ(Allocate(128), block + 1024);
}

TEST_F(OldSpaceTest, AllocationDoesNotGoOnSweepingBlocksWithoutAHole) {
  std::map<Address, std::size_t> sparse;
  for (int i = 0; i < 32; ++i) sparse[TakeBlock()] = kSparse;
  Mark(sparse);
  const auto swept = [&] {
    return std::count_if(sparse.begin(), sparse.end(), [&](const auto& entry) {
      return sweeper_.sweeps(entry.first) != 0;
    });
  };
  // Some at a time, each once, and a fresh block for each time.
  std::ptrdiff_t before = 0;
  while (before < 32) {
    EXPECT_FALSE(sparse.contains(BlockOf(Allocate(kSmall))));
    EXPECT_GT(swept(), before);
    EXPECT_LT(swept(), before + 8);
    before = swept();
    FillUpTo(kSmall - 8);
  }
}

TEST_F(OldSpaceTest, AllBlocksAreSweptBeforeThereIsNoMemory) {
  std::map<Address, std::size_t> sparse;
  for (int i = 0; i < 32; ++i) sparse[TakeBlock()] = kSparse;
  Mark(sparse);
  const Address last = sparse.rbegin()->first;
  sweeper_.SetHoles(last, {{last + 512, 512}});
  memory_.account().SetAllowance(0);
  while (memory_.account().TryCharge(kBlockBytes)) continue;
  EXPECT_EQ(BlockOf(Allocate(kSmall)), last);
}

TEST_F(OldSpaceTest, AFullBlockIsNotSwept) {
  const Address full = TakeBlock();
  const Address sparse = TakeBlock();
  Mark({{full, OldSpace::kRecyclableLiveBytes},
        {sparse, OldSpace::kRecyclableLiveBytes - 8}});
  Allocate(kSmall);
  EXPECT_EQ(sweeper_.sweeps(full), 0u);
  EXPECT_EQ(sweeper_.sweeps(sparse), 1u);
}

TEST_F(OldSpaceTest, ACandidateIsNotAllocatedInto) {
  const Address candidate = TakeBlock();
  const Address other = TakeBlock();
  sweeper_.SetHoles(candidate, {{candidate + 512, 512}});
  sweeper_.SetHoles(other, {{other + 512, 512}});
  Mark({{candidate, kSparse}, {other, kSparse}});
  memory_.blocks().set_membership(memory_.blocks().IndexOf(candidate),
                                  Membership::Of(kToOldSpace));
  space_.Retire(buffer_);
  space_.StartMark();
  EXPECT_EQ(BlockOf(Allocate(kSmall)), other);
  for (int i = 0; i < 100; ++i) ASSERT_NE(BlockOf(Allocate(kSmall)), candidate);
}

TEST_F(OldSpaceTest, ABlockThatStaysRecyclableIsOfferedOnce) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}});
  Mark({{block, kSparse}});
  Mark({{block, kSparse}});
  OldBuffer other;
  EXPECT_EQ(BlockOf(Allocate(kSmall)), block);
  EXPECT_NE(BlockOf(Allocate(other, kSmall)), block);
  EXPECT_EQ(sweeper_.sweeps(block), 1u);
}

TEST_F(OldSpaceTest, ARecyclableBlockThatBecameEmptyIsNotAllocatedInto) {
  const Address block = TakeBlock();
  const Address other = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}, {other, kBlockBytes}});
  Mark({{other, kBlockBytes}});
  const Address object = Allocate(kSmall);
  EXPECT_EQ(sweeper_.sweeps(block), 0u);
  EXPECT_EQ(InfoOf(object).kind, BlockKind::kOld);
  EXPECT_EQ(memory_.account().used_bytes(), 2 * kBlockBytes);
}

TEST_F(OldSpaceTest, BlocksAreSortedOutSomeAtATime) {
  const Address empty = TakeBlock();
  const Address sparse = TakeBlock();
  const Address last = TakeBlock();
  Mark({{sparse, kSparse}, {last, kSparse}}, false);
  EXPECT_EQ(space_.object_bytes(), 2 * kSparse);
  EXPECT_EQ(memory_.account().used_bytes(), 3 * kBlockBytes);
  EXPECT_FALSE(space_.SortOut(1));
  EXPECT_EQ(InfoOf(empty).kind, BlockKind::kUnused);
  EXPECT_FALSE(space_.SortOut(1));
  EXPECT_EQ(InfoOf(sparse).live_bytes, kSparse);
  EXPECT_FALSE(space_.sorted_out());
  EXPECT_TRUE(space_.SortOut(1'000'000));
  EXPECT_TRUE(space_.sorted_out());
  EXPECT_EQ(InfoOf(last).live_bytes, kSparse);
  EXPECT_EQ(InfoOf(last).marked_bytes, 0u);
}

TEST_F(OldSpaceTest, AllocationSortsOutWhatItNeeds) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}}, false);
  EXPECT_EQ(BlockOf(Allocate(kSmall)), block);
}

TEST_F(OldSpaceTest, ABlockThatIsTakenBeforeAllAreSortedOutStays) {
  const Address old = TakeBlock();
  Mark({}, false);
  OldBuffer immovable;
  immovable.immovable = true;
  const Address fresh = Allocate(immovable, kSmall);  // Sorts nothing out.
  ASSERT_NE(BlockOf(fresh), old);
  EXPECT_TRUE(space_.SortOut(1'000'000));
  EXPECT_EQ(InfoOf(old).kind, BlockKind::kUnused);
  EXPECT_EQ(InfoOf(fresh).kind, BlockKind::kOld);
  EXPECT_EQ(InfoOf(fresh).live_bytes, kSmall);
}

TEST_F(OldSpaceTest, WhatIsAllocatedDuringAMarkCountsAsMarked) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}});
  space_.StartMark();
  const Address object = Allocate(kSmall);
  ASSERT_EQ(BlockOf(object), block);
  EXPECT_EQ(InfoOf(block).marked_bytes, kSmall);
  space_.Retire(buffer_);
  space_.EndMark();
  EXPECT_EQ(space_.object_bytes(), kSmall);
  EXPECT_TRUE(space_.SortOut(1'000'000));
  EXPECT_EQ(InfoOf(block).live_bytes, kSmall);
}

TEST_F(OldSpaceTest, AnAbandonedMarkLeavesWhatTheLastOneCounted) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 512}});
  Mark({{block, kSparse}});
  space_.StartMark();
  InfoOf(block).marked_bytes = 8;
  Allocate(kSmall);
  space_.AbandonMark();
  EXPECT_EQ(InfoOf(block).live_bytes, kSparse + kSmall);
  EXPECT_EQ(InfoOf(block).marked_bytes, 0u);
  EXPECT_EQ(space_.object_bytes(), kSparse + kSmall);
}

TEST_F(OldSpaceTest, ImmovableObjectsHaveBlocksOfTheirOwn) {
  OldBuffer immovable;
  immovable.immovable = true;
  const Address sparse = TakeBlock();
  sweeper_.SetHoles(sparse, {{sparse + 512, 512}});
  Mark({{sparse, kSparse}});
  const Address object = Allocate(immovable, kSmall);
  EXPECT_NE(BlockOf(object), sparse);
  EXPECT_TRUE(InfoOf(object).immovable);
  space_.Retire(immovable);
  EXPECT_TRUE(immovable.immovable);
  Mark({{sparse, kSparse}, {BlockOf(object), kSmall}});
  for (int i = 0; i < 100; ++i) {
    ASSERT_NE(BlockOf(Allocate(kSmall)), BlockOf(object));
  }
}

TEST_F(OldSpaceTest, TheLimitIsAnswered) {
  ASSERT_TRUE(memory_.account().TryCharge(memory_.account().limit_bytes() -
                                          kBlockBytes));
  ASSERT_NE(Allocate(kSmall), kNullAddress);
  FillUpTo(kSmall);
  EXPECT_EQ(Allocate(kMedium), kNullAddress);
  EXPECT_NE(Allocate(kSmall), kNullAddress);  // The rest of the block.
  EXPECT_EQ(Allocate(kSmall), kNullAddress);
  EXPECT_EQ(space_.object_bytes(), kBlockBytes);
}

TEST_F(OldSpaceTest, AtTheLimitAMediumObjectGoesToAHoleThatFits) {
  const Address block = TakeBlock();
  sweeper_.SetHoles(block, {{block + 512, 256}, {block + 1024, 2 * kMedium}});
  Mark({{block, kSparse}});
  ASSERT_TRUE(memory_.account().TryCharge(memory_.account().left_bytes()));
  EXPECT_EQ(Allocate(kMedium), block + 1024);
  EXPECT_EQ(Allocate(kMedium), block + 1024 + kMedium);
  EXPECT_EQ(Allocate(kMedium), kNullAddress);
}

TEST_F(OldSpaceTest, ARefusedRequestIsAnsweredAndMayBeRepeated) {
  memory_.os().Refuse(FakeOs::Request::kCommit, 1);
  EXPECT_EQ(Allocate(kSmall), kNullAddress);
  EXPECT_EQ(memory_.account().used_bytes(), 0u);
  EXPECT_NE(Allocate(kSmall), kNullAddress);
}

}  // namespace
}  // namespace fledge::gc
