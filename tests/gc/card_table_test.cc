#include "gc/card_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

using Card = CardTable::Card;
using Cards = std::vector<Address>;  // Start addresses, ascending.
using allocator::kBlockBytes;

class CardTableTest : public ::testing::Test {
 protected:
  // The table only does address arithmetic and never touches what it covers,
  // so a made-up base address is enough.
  static constexpr std::size_t kBlocks = 4;
  static constexpr AddressRange kOld{0x4000'0000, kBlocks* kBlockBytes};
  static constexpr std::size_t kCount = kBlocks * CardTable::kCardsPerBlock;

  static Address Start(std::size_t i) {
    return kOld.begin + i * CardTable::kCardBytes;
  }
  static Address BlockStart(std::size_t i) {
    return kOld.begin + i * kBlockBytes;
  }

  // The dirty cards; each is then left in state `next`.
  Cards Visit(Card next, AddressRange blocks = kOld) {
    Cards seen;
    table_.TakeDirty(blocks, [&](AddressRange card) {
      EXPECT_EQ(card.bytes, CardTable::kCardBytes);
      EXPECT_FALSE(table_.IsDirty(card.begin));
      seen.push_back(card.begin);
      if (next == Card::kDirty) table_.Dirty(card.begin);
    });
    return seen;
  }

  std::vector<Card> cards_ = std::vector<Card>(kCount);
  std::vector<Card> blocks_ = std::vector<Card>(kBlocks);
  CardTable table_{kOld, cards_.data(), blocks_.data()};
};

using CardTableDeathTest = CardTableTest;

TEST_F(CardTableTest, NewTableHasNoDirtyCards) {
  EXPECT_EQ(Visit(Card::kDirty), Cards{});
}

TEST_F(CardTableTest, FirstAndLastByteOfACardShareIt) {
  table_.Dirty(Start(3));
  table_.Dirty(Start(4) - 1);
  EXPECT_EQ(Visit(Card::kDirty), Cards{Start(3)});
}

TEST_F(CardTableTest, BothEndsOfTheCoveredRangeHaveACard) {
  table_.Dirty(kOld.begin);
  table_.Dirty(kOld.end() - 1);
  EXPECT_EQ(Visit(Card::kClean), (Cards{Start(0), Start(kCount - 1)}));
  EXPECT_EQ(cards_.front(), Card::kClean);
  EXPECT_EQ(blocks_.front(), Card::kClean);
}

TEST_F(CardTableTest, VisitorDecidesWhetherACardStaysDirty) {
  table_.Dirty(Start(7));
  EXPECT_EQ(Visit(Card::kDirty), Cards{Start(7)});  // Kept,
  EXPECT_EQ(Visit(Card::kClean), Cards{Start(7)});  // so seen again; cleaned,
  EXPECT_EQ(Visit(Card::kClean), Cards{});          // so gone.
}

TEST_F(CardTableTest, ABlockStaysNotedWhileOneOfItsCardsStaysDirty) {
  table_.Dirty(Start(1));
  table_.Dirty(Start(2));
  table_.TakeDirty(kOld, [&](AddressRange card) {
    if (card.begin == Start(1)) table_.Dirty(card.begin);
  });
  EXPECT_TRUE(table_.IsBlockNoted(Start(1)));
  EXPECT_EQ(Visit(Card::kClean), Cards{Start(1)});
  EXPECT_FALSE(table_.IsBlockNoted(Start(1)));
}

TEST_F(CardTableTest, ACardDirtiedAgainIsNotVisitedAgainInTheSameTake) {
  table_.Dirty(Start(5));
  std::size_t visits = 0;
  table_.TakeDirty(kOld, [&](AddressRange) {
    ++visits;
    table_.Dirty(Start(5));
  });
  EXPECT_EQ(visits, 1u);
}

TEST_F(CardTableTest, WhatAVisitorDirtiesIsSeenThenOrTheNextTime) {
  for (const Address dirtied : {Start(1), Start(5), Start(9), Start(100),
                                BlockStart(1), BlockStart(2)}) {
    table_.Dirty(Start(4));
    Cards seen;
    const auto take = [&] {
      table_.TakeDirty(kOld, [&](AddressRange card) {
        seen.push_back(card.begin);
        if (seen.size() == 1) table_.Dirty(dirtied);
      });
    };
    take();
    take();
    EXPECT_EQ(seen, (Cards{Start(4), dirtied}));
  }
}

TEST_F(CardTableTest, OnlyTheAskedBlocksAreVisited) {
  for (std::size_t i = 0; i < kBlocks; ++i) table_.Dirty(BlockStart(i));
  EXPECT_EQ(Visit(Card::kClean, {BlockStart(1), 2 * kBlockBytes}),
            (Cards{BlockStart(1), BlockStart(2)}));
  EXPECT_EQ(Visit(Card::kClean), (Cards{BlockStart(0), BlockStart(3)}));
}

TEST_F(CardTableTest, ADirtyRangeIsEveryCardItTouches) {
  table_.DirtyRange({Start(2) + 8, 2 * CardTable::kCardBytes});
  EXPECT_EQ(Visit(Card::kClean), (Cards{Start(2), Start(3), Start(4)}));
  table_.DirtyRange({Start(2), CardTable::kCardBytes});
  EXPECT_EQ(Visit(Card::kClean), Cards{Start(2)});
  table_.DirtyRange({Start(2), 0});
  EXPECT_EQ(Visit(Card::kClean), Cards{});
}

TEST_F(CardTableTest, ADirtyRangeNotesEveryBlockItTouches) {
  table_.DirtyRange({BlockStart(1) - 8, kBlockBytes + 16});
  EXPECT_EQ(Visit(Card::kClean).size(), CardTable::kCardsPerBlock + 2);
  table_.DirtyRange(kOld);
  EXPECT_EQ(Visit(Card::kClean).size(), kCount);
}

TEST_F(CardTableTest, CleanRangeCleansItsBlocksAndNoOthers) {
  table_.DirtyRange(kOld);
  table_.CleanRange({BlockStart(1), 2 * kBlockBytes});
  EXPECT_TRUE(table_.IsDirty(BlockStart(1) - 1));
  EXPECT_FALSE(table_.IsBlockNoted(BlockStart(1)));
  EXPECT_FALSE(table_.IsBlockNoted(BlockStart(3) - 1));
  EXPECT_TRUE(table_.IsBlockNoted(BlockStart(3)));
  EXPECT_EQ(Visit(Card::kClean).size(), 2 * CardTable::kCardsPerBlock);
}

TEST_F(CardTableTest, TheBarriersBasesAreIndexedByTheSlotsAddress) {
  const CardTable::Bases bases = table_.bases();
  CardTable::Dirty(bases, Start(9) + 8);
  EXPECT_EQ(&bases.cards[Start(9) >> CardTable::kCardShift], &cards_[9]);
  EXPECT_EQ(cards_[9], Card::kDirty);
  EXPECT_EQ(blocks_[0], Card::kDirty);
}

TEST_F(CardTableTest, AgreesWithASetOfCards) {
  const auto seed = TestSeed();  // Fixed, or FLEDGE_TEST_SEED.
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  std::set<Address> model;
  for (int i = 0; i < 2000; ++i) {
    const Address slot = kOld.begin + random.Below(kOld.bytes);
    if (random.OneIn(10)) {
      const std::size_t bytes = random.Below(
          std::min<std::size_t>(kOld.end() - slot, 3 * kBlockBytes / 2));
      table_.DirtyRange({slot, bytes});
      for (Address card = AlignDown(slot, CardTable::kCardBytes);
           card < slot + bytes; card += CardTable::kCardBytes) {
        if (bytes != 0) model.insert(card);
      }
    } else {
      table_.Dirty(slot);
      model.insert(AlignDown(slot, CardTable::kCardBytes));
    }
    ASSERT_TRUE(model.empty() || table_.IsBlockNoted(*model.begin()));
    if (random.OneIn(20)) {
      const Address block = AlignDown(slot, kBlockBytes);
      table_.CleanRange({block, kBlockBytes});
      std::erase_if(model, [&](Address card) {
        return AddressRange{block, kBlockBytes}.Contains(card);
      });
    }
    if (!random.OneIn(17)) continue;
    const Card next = random.OneIn(2) ? Card::kDirty : Card::kClean;
    ASSERT_EQ(Visit(next), Cards(model.begin(), model.end()));
    if (next == Card::kClean) model.clear();
  }
}

TEST_F(CardTableDeathTest, ACoveredRangeThatIsNoWholeBlocksDies) {
  EXPECT_DEATH(CardTable({kOld.begin + CardTable::kCardBytes, kBlockBytes},
                         cards_.data(), blocks_.data()),
               "IsAligned");
}

#ifndef NDEBUG
TEST_F(CardTableDeathTest, DirtyOutsideTheCoveredRangeDies) {
  EXPECT_DEATH(table_.Dirty(kOld.end()), "covered_");
  EXPECT_DEATH(table_.DirtyRange({kOld.end() - 8, 16}), "covered_");
}
#endif

}  // namespace
}  // namespace fledge::gc
