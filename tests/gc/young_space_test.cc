#include "gc/young_space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tests/support/space_memory.h"

namespace fledge::gc {
namespace {

using FromSpace = YoungSpace::FromSpace;

constexpr std::size_t kBlocks = SpaceMemory::kYoungBlocks;

class YoungSpaceTest : public ::testing::TestWithParam<FromSpace> {
 protected:
  YoungSpaceTest() { space_.SetNurseryBudget(kBlocks * kBlockBytes); }

  static FromSpace Param() { return GetParam(); }
  Address Block(std::size_t i) const {
    return space_.range().begin + i * kBlockBytes;
  }
  BlockInfo& InfoOf(Address block) { return memory_.blocks().InfoOf(block); }

  Address TakeNurseryBlock() {
    const AddressRange buffer = space_.TakeNurseryBuffer(8);
    return buffer.begin;
  }
  // A collection that empties every block but those that `keeps` says.
  template <typename Keeps>
  void Collect(Keeps&& keeps, std::size_t budget_blocks = kBlocks) {
    for (const BlockIndex block : space_.StartCollection()) {
      if (keeps(memory_.blocks().AddressOf(block))) {
        space_.KeepFromBlock(block, {});
      } else {
        space_.FreeFromBlock(block);
      }
    }
    space_.SetNurseryBudget(budget_blocks * kBlockBytes);
  }
  void CollectAll(std::size_t budget_blocks = kBlocks) {
    Collect([](Address) { return false; }, budget_blocks);
  }

  SpaceMemory memory_;
  YoungSpace space_{memory_.young(), memory_.blocks(), memory_.account(),
                    memory_.os(), Param()};
};

// What holds whatever becomes of from-space.
using AnyYoungSpaceTest = YoungSpaceTest;
INSTANTIATE_TEST_SUITE_P(FromSpaces, AnyYoungSpaceTest,
                         ::testing::Values(FromSpace::kReused,
                                           FromSpace::kQuarantined,
                                           FromSpace::kProtected));

TEST_P(AnyYoungSpaceTest, NurseryIsTakenFromTheBottomAndSurvivorsFromTheTop) {
  EXPECT_EQ(TakeNurseryBlock(), Block(0));
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), Block(kBlocks - 1));
  EXPECT_EQ(TakeNurseryBlock(), Block(1));
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), Block(kBlocks - 2));
}

TEST_P(AnyYoungSpaceTest, AgeIsTheBlocks) {
  const Address nursery = TakeNurseryBlock();
  const Address first = space_.TryTakeSurvivorBlock(1);
  const Address second = space_.TryTakeSurvivorBlock(2);
  EXPECT_EQ(InfoOf(nursery).kind, BlockKind::kNursery);
  EXPECT_EQ(InfoOf(nursery).age, 0);
  EXPECT_EQ(InfoOf(first).kind, BlockKind::kSurvivor);
  EXPECT_EQ(InfoOf(first).age, 1);
  EXPECT_EQ(InfoOf(second).age, 2);
}

TEST_P(AnyYoungSpaceTest, ABlockIsChargedWhileItIsUsed) {
  TakeNurseryBlock();
  space_.TryTakeSurvivorBlock(1);
  EXPECT_EQ(memory_.account().used_bytes(), 2 * kBlockBytes);
  CollectAll();
  EXPECT_EQ(memory_.account().used_bytes(), 0u);
}

TEST_P(AnyYoungSpaceTest, TheBudgetEndsTheNurseryUntilTheNextCollection) {
  space_.SetNurseryBudget(2 * kBlockBytes);
  EXPECT_NE(TakeNurseryBlock(), kNullAddress);
  EXPECT_NE(TakeNurseryBlock(), kNullAddress);
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  EXPECT_EQ(space_.nursery_taken_bytes(), 2 * kBlockBytes);
  CollectAll(1);
  EXPECT_EQ(space_.nursery_taken_bytes(), 0u);
  EXPECT_EQ(space_.nursery_budget_bytes(), kBlockBytes);
  EXPECT_NE(TakeNurseryBlock(), kNullAddress);
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
}

TEST_P(AnyYoungSpaceTest, ASmallBudgetIsAPartOfABlock) {
  space_.SetNurseryBudget(3 * kPageBytes);
  EXPECT_EQ(space_.buffer_bytes(), 3 * kPageBytes);
  EXPECT_EQ(space_.TakeNurseryBuffer(8),
            (AddressRange{Block(0), 3 * kPageBytes}));
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  EXPECT_EQ(space_.nursery_taken_bytes(), 3 * kPageBytes);
}

TEST_P(AnyYoungSpaceTest, ABufferHasRoomForItsFirstObjectWhateverTheBudget) {
  space_.SetNurseryBudget(kPageBytes);
  EXPECT_EQ(space_.TakeNurseryBuffer(kPageBytes + 8),
            (AddressRange{Block(0), 2 * kPageBytes}));
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  CollectAll();
  space_.SetNurseryBudget(1);
  EXPECT_EQ(space_.TakeNurseryBuffer(kBlockBytes).bytes, kBlockBytes);
}

TEST_P(AnyYoungSpaceTest, SurvivorsDoNotUseTheBudget) {
  space_.SetNurseryBudget(kBlockBytes);
  ASSERT_NE(space_.TryTakeSurvivorBlock(1), kNullAddress);
  EXPECT_NE(TakeNurseryBlock(), kNullAddress);
}

TEST_P(AnyYoungSpaceTest, AllOfTheRangeCanBeUsed) {
  for (std::size_t i = 0; i < kBlocks / 2; ++i) {
    ASSERT_NE(TakeNurseryBlock(), kNullAddress);
    ASSERT_NE(space_.TryTakeSurvivorBlock(1), kNullAddress);
  }
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), kNullAddress);
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  EXPECT_EQ(space_.used_blocks().size(), kBlocks);
}

TEST_P(AnyYoungSpaceTest, AfterACollectionAllOfTheRangeCanBeUsedAgain) {
  for (int round = 0; round < 3; ++round) {
    std::vector<Address> taken;
    for (std::size_t i = 0; i < kBlocks / 2; ++i) {
      taken.push_back(TakeNurseryBlock());
      taken.push_back(space_.TryTakeSurvivorBlock(1));
    }
    std::sort(taken.begin(), taken.end());
    for (std::size_t i = 0; i < kBlocks; ++i) EXPECT_EQ(taken[i], Block(i));
    CollectAll();
  }
}

TEST_P(AnyYoungSpaceTest, TheLimitEndsNurseryAndSurvivorSpace) {
  ASSERT_TRUE(memory_.account().TryCharge(memory_.account().limit_bytes() -
                                          kBlockBytes));
  ASSERT_NE(TakeNurseryBlock(), kNullAddress);
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), kNullAddress);
  memory_.account().Refund(kBlockBytes);
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), Block(kBlocks - 1));
}

TEST_P(AnyYoungSpaceTest, StartingACollectionHandsOverEveryUsedBlock) {
  const Address nursery = TakeNurseryBlock();
  const Address survivor = space_.TryTakeSurvivorBlock(1);
  const std::vector<BlockIndex> from = space_.StartCollection();
  EXPECT_EQ(from,
            (std::vector<BlockIndex>{memory_.blocks().IndexOf(nursery),
                                     memory_.blocks().IndexOf(survivor)}));
  EXPECT_TRUE(space_.used_blocks().empty());
}

TEST_P(AnyYoungSpaceTest, ToBlocksAreNotFromBlocks) {
  const Address nursery = TakeNurseryBlock();
  const Address survivor = space_.TryTakeSurvivorBlock(1);
  space_.StartCollection();
  for (std::size_t i = 0; i < kBlocks - 2; ++i) {
    const Address to = space_.TryTakeSurvivorBlock(1);
    ASSERT_NE(to, kNullAddress);
    EXPECT_NE(to, nursery);
    EXPECT_NE(to, survivor);
  }
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), kNullAddress);
}

TEST_P(AnyYoungSpaceTest, AKeptBlockStaysInUseAsNursery) {
  TakeNurseryBlock();
  const Address survivor = space_.TryTakeSurvivorBlock(2);
  memory_.blocks().set_membership(memory_.blocks().IndexOf(survivor),
                                  Membership::Of(kToOldSpace).WithKept());
  Collect([&](Address block) { return block == survivor; });
  EXPECT_EQ(InfoOf(survivor).kind, BlockKind::kNursery);
  EXPECT_EQ(InfoOf(survivor).age, 0);
  EXPECT_EQ(memory_.blocks().MembershipOf(survivor), Membership());
  EXPECT_EQ(memory_.account().used_bytes(), kBlockBytes);
  EXPECT_EQ(space_.used_blocks().size(), 1u);
  for (std::size_t i = 0; i < kBlocks - 1; ++i) {
    EXPECT_NE(TakeNurseryBlock(), survivor);
  }
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
}

TEST_P(AnyYoungSpaceTest, HolesOfKeptBlocksComeFirstAndUseTheBudget) {
  const Address block = TakeNurseryBlock();
  const AddressRange low{block, 256};
  const AddressRange high{block + kBlockBytes - 1024, 1024};
  for (const BlockIndex from : space_.StartCollection()) {
    space_.KeepFromBlock(from, {low, high});
  }
  space_.SetNurseryBudget(high.bytes + 1);
  EXPECT_EQ(space_.TakeNurseryBuffer(8), high);
  EXPECT_EQ(space_.TakeNurseryBuffer(8), low);
  EXPECT_TRUE(space_.TakeNurseryBuffer(8).empty());
  EXPECT_EQ(space_.nursery_taken_bytes(), low.bytes + high.bytes);
}

TEST_P(AnyYoungSpaceTest, AHoleThatIsTooSmallIsPassedOver) {
  const Address block = TakeNurseryBlock();
  for (const BlockIndex from : space_.StartCollection()) {
    space_.KeepFromBlock(from, {{block, 256}});
  }
  space_.SetNurseryBudget(kBlocks * kBlockBytes);
  EXPECT_EQ(space_.TakeNurseryBuffer(257),
            (AddressRange{Block(1), kBlockBytes}));
}

TEST_P(AnyYoungSpaceTest, HolesOfTheLastCollectionAreForgotten) {
  const Address block = TakeNurseryBlock();
  for (const BlockIndex from : space_.StartCollection()) {
    space_.KeepFromBlock(from, {{block, 256}});
  }
  CollectAll();
  EXPECT_EQ(space_.TakeNurseryBuffer(8).bytes, kBlockBytes);
}

class ReusedFromSpaceTest : public YoungSpaceTest {};
INSTANTIATE_TEST_SUITE_P(, ReusedFromSpaceTest,
                         ::testing::Values(FromSpace::kReused));

TEST_P(ReusedFromSpaceTest, TheSameBlockIsTheNurseryAgain) {
  const Address block = TakeNurseryBlock();
  CollectAll();
  EXPECT_EQ(InfoOf(block).kind, BlockKind::kUnused);
  EXPECT_EQ(TakeNurseryBlock(), block);
}

class QuarantineTest : public YoungSpaceTest {
 protected:
  static std::uint64_t* Word(Address block) {
    return reinterpret_cast<std::uint64_t*>(block);
  }
};
INSTANTIATE_TEST_SUITE_P(FromSpaces, QuarantineTest,
                         ::testing::Values(FromSpace::kQuarantined,
                                           FromSpace::kProtected));

TEST_P(QuarantineTest, AFreedBlockIsNotUsedWhileThereIsAnother) {
  const Address block = TakeNurseryBlock();
  CollectAll();
  EXPECT_EQ(InfoOf(block).kind, BlockKind::kQuarantined);
  for (std::size_t i = 0; i < kBlocks - 1; ++i) {
    EXPECT_NE(TakeNurseryBlock(), block);
  }
  EXPECT_EQ(TakeNurseryBlock(), block);
}

TEST_P(QuarantineTest, TheBlockThatWasFreedFirstIsUsedFirst) {
  const Address first = TakeNurseryBlock();
  CollectAll();
  const Address second = TakeNurseryBlock();
  CollectAll();
  while (InfoOf(first).kind == BlockKind::kQuarantined) {
    ASSERT_NE(TakeNurseryBlock(), kNullAddress);
  }
  EXPECT_EQ(InfoOf(second).kind, BlockKind::kQuarantined);
}

TEST_P(QuarantineTest, SurvivorsMayUseIt) {
  for (std::size_t i = 0; i < kBlocks; ++i) TakeNurseryBlock();
  CollectAll();
  EXPECT_EQ(space_.TryTakeSurvivorBlock(1), Block(0));
}

TEST_P(QuarantineTest, ContentIsKept) {
  const Address block = TakeNurseryBlock();
  *Word(block) = 42;
  CollectAll();
  while (TakeNurseryBlock() != block) {
  }
  EXPECT_EQ(*Word(block), 42u);
}

class ProtectedFromSpaceTest : public QuarantineTest {};
INSTANTIATE_TEST_SUITE_P(, ProtectedFromSpaceTest,
                         ::testing::Values(FromSpace::kProtected));

TEST_P(ProtectedFromSpaceTest, AFreedBlockIsInaccessible) {
  const Address block = TakeNurseryBlock();
  CollectAll();
  EXPECT_DEATH(*Word(block) = 1, "");
  EXPECT_DEATH(*Word(block + kBlockBytes - 8) = 1, "");
}

class YoungMemoryTest : public YoungSpaceTest {
 protected:
  // A nursery of `nursery` blocks and then `survivors` more, and a collection
  // that empties them.
  void Use(std::size_t nursery, std::size_t survivors) {
    for (std::size_t i = 0; i < nursery; ++i) TakeNurseryBlock();
    for (std::size_t i = 0; i < survivors; ++i) space_.TryTakeSurvivorBlock(1);
    CollectAll();
  }
  void UseOften(std::size_t nursery, std::size_t survivors, int times) {
    for (int i = 0; i < times; ++i) {
      Use(nursery, survivors);
      space_.ReleaseUnused(CollectionKind::kMinor);
    }
  }
  std::size_t discarded_blocks() {
    std::size_t bytes = 0;
    for (const AddressRange& range : memory_.os().discarded()) {
      bytes += range.bytes;
    }
    return bytes / kBlockBytes;
  }
};

INSTANTIATE_TEST_SUITE_P(FromSpaces, YoungMemoryTest,
                         ::testing::Values(FromSpace::kReused));

TEST_P(YoungMemoryTest, WhatIsUsedAgainIsKept) {
  UseOften(4, 3, 1000);
  EXPECT_EQ(space_.touched_bytes(), 7 * kBlockBytes);
  EXPECT_EQ(discarded_blocks(), 0u);
}

TEST_P(YoungMemoryTest, WhatWasNotUsedForLongIsGivenBack) {
  Use(8, 7);
  UseOften(3, 2, 1000);
  EXPECT_EQ(space_.touched_bytes(), 5 * kBlockBytes);
  EXPECT_EQ(discarded_blocks(), 10u);
}

TEST_P(YoungMemoryTest, AMajorCollectionLeavesTheBudget) {
  Use(12, 4);
  CollectAll(3);
  space_.ReleaseUnused(CollectionKind::kMajor);
  // And a block that the budget's last object may begin in, and survivors.
  EXPECT_EQ(space_.touched_bytes(), (3 + 1 + 4) * kBlockBytes);
}

TEST_P(YoungMemoryTest, AKeptBlockIsNotGivenBack) {
  for (int i = 0; i < 12; ++i) TakeNurseryBlock();
  const auto keeps = [&](Address block) { return block == Block(8); };
  Collect(keeps, 3);
  space_.ReleaseUnused(CollectionKind::kMajor);
  for (const AddressRange& range : memory_.os().discarded()) {
    EXPECT_FALSE(range.Contains(Block(8)));
  }
  EXPECT_EQ(discarded_blocks(), 12u - 4 - 1);
}

// What is touched ahead of mutators and collections. Where it ends may depend
// on where huge pages begin, and thereby on the address.
class TouchedAheadTest : public YoungMemoryTest {
 protected:
  static constexpr std::size_t kBlocksAlone = 4;

  void TakeNurseryBlocks(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      TakeNurseryBlock();
      Note(space_.TakeNurseryAhead());
    }
  }
  void TakeSurvivorBlocks(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      space_.TryTakeSurvivorBlock(1);
      Note(space_.TakeSurvivorsAhead());
    }
  }
  void Note(AddressRange ahead) {
    for (; !ahead.empty();
         ahead = RangeBetween(ahead.begin + kBlockBytes, ahead.end())) {
      // No block twice, and none that somebody touched before.
      EXPECT_TRUE(ahead_.insert(ahead.begin).second);
      EXPECT_EQ(InfoOf(ahead.begin).kind, BlockKind::kUnused);
    }
  }

  std::set<Address> ahead_;
};

INSTANTIATE_TEST_SUITE_P(FromSpaces, TouchedAheadTest,
                         ::testing::Values(FromSpace::kReused));

TEST_P(TouchedAheadTest, NothingIsInAHeapThatStaysSmall) {
  TakeNurseryBlocks(kBlocksAlone - 1);
  const auto from = space_.StartCollection();
  TakeSurvivorBlocks(kBlocksAlone - 1);
  EXPECT_TRUE(ahead_.empty());
}

TEST_P(TouchedAheadTest, TheRestOfTheNurseryIs) {
  TakeNurseryBlocks(kBlocks);
  for (std::size_t i = kBlocksAlone; i < kBlocks; ++i) {
    EXPECT_TRUE(ahead_.contains(Block(i))) << i;
  }
  EXPECT_EQ(ahead_.size(), kBlocks - kBlocksAlone);
}

TEST_P(TouchedAheadTest, NothingIsThatTheNurserysBudgetDoesNotReach) {
  CollectAll(10);
  TakeNurseryBlocks(10);
  EXPECT_EQ(ahead_.size(), 10 - kBlocksAlone);
  EXPECT_FALSE(ahead_.contains(Block(10)));
}

TEST_P(TouchedAheadTest, WhereSurvivorsGoIsAsFarAsTheyMayReach) {
  constexpr std::size_t kFrom = kBlocks / 2;
  for (std::size_t i = 0; i < kFrom; ++i) TakeNurseryBlock();
  const auto from = space_.StartCollection();
  TakeSurvivorBlocks(kFrom);
  for (std::size_t i = kBlocksAlone; i < kFrom; ++i) {
    EXPECT_TRUE(ahead_.contains(Block(kBlocks - 1 - i))) << i;
  }
  EXPECT_EQ(ahead_.size(), kFrom - kBlocksAlone);
}

TEST_P(TouchedAheadTest, NothingIsWhereTheOtherEndAlreadyIs) {
  TakeNurseryBlocks(kBlocks - 2);
  ahead_.clear();
  const auto from = space_.StartCollection();
  for (const BlockIndex block : from) space_.FreeFromBlock(block);
  TakeSurvivorBlocks(kBlocks);
  EXPECT_TRUE(ahead_.empty());
}

TEST_P(TouchedAheadTest, NothingIsThatTheHeapsLimitDoesNotReach) {
  memory_.account().SetAllowance(0);
  ASSERT_TRUE(memory_.account().TryCharge(memory_.account().left_bytes() -
                                          6 * kBlockBytes));
  TakeNurseryBlocks(6);
  EXPECT_LE(ahead_.size(), 6 - kBlocksAlone);
}

TEST_P(TouchedAheadTest, ItIsNotTouchedAgainUntilItWasGivenBack) {
  TakeNurseryBlocks(8);
  CollectAll();
  space_.ReleaseUnused(CollectionKind::kMinor);
  ahead_.clear();
  TakeNurseryBlocks(8);
  EXPECT_TRUE(ahead_.empty());

  CollectAll(1);
  space_.ReleaseUnused(CollectionKind::kMajor);
  EXPECT_GT(discarded_blocks(), 0u);
  space_.SetNurseryBudget(kBlocks * kBlockBytes);
  TakeNurseryBlocks(8);
  EXPECT_FALSE(ahead_.empty());
}

// Its content is evidence, or it is inaccessible.
using NothingAheadTest = TouchedAheadTest;
INSTANTIATE_TEST_SUITE_P(FromSpaces, NothingAheadTest,
                         ::testing::Values(FromSpace::kQuarantined,
                                           FromSpace::kProtected));

TEST_P(NothingAheadTest, NothingIsOfAFromSpaceThatIsKept) {
  TakeNurseryBlocks(8);
  const auto from = space_.StartCollection();
  TakeSurvivorBlocks(8);
  EXPECT_TRUE(ahead_.empty());
}

}  // namespace
}  // namespace fledge::gc
