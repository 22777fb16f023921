#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "gc/card_table.h"
#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class RememberedSetTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  // Slots of a holder that lie first, last, and to both sides of each border
  // between cards.
  static std::vector<std::size_t> TellingSlots(Heap& heap,
                                               const Local<M>& holder,
                                               std::size_t slots) {
    std::vector<std::size_t> telling = {0, slots - 1};
    for (std::size_t i = 1; i < slots; ++i) {
      const auto card = [&](std::size_t slot) {
        return reinterpret_cast<Address>(heap.Slot(holder.get(), slot)) /
               CardTable::kCardBytes;
      };
      if (card(i) == card(i - 1)) continue;
      telling.push_back(i - 1);
      telling.push_back(i);
    }
    return telling;
  }

  // Writes young objects to the telling slots of an old object, and looks for
  // them there after they moved.
  static void ExpectCardsAreFound(Heap& heap, std::size_t slots) {
    const Local<M> holder = heap.Root(heap.NewOld(1, slots));
    heap.Minor();
    int number = 2;
    for (const std::size_t slot : TellingSlots(heap, holder, slots)) {
      heap.Set(holder, heap.New(++number), slot);
      const auto before = heap.Get(holder, slot);
      heap.Minor();
      ASSERT_TRUE(heap.Is(heap.Get(holder, slot), number)) << slot;
      ASSERT_NE(heap.Get(holder, slot), before) << slot;
      heap.Clear(holder, slot);
    }
  }
};

TYPED_TEST_SUITE(RememberedSetTest, FakeModels, ModelNames);

// Cards.

TYPED_TEST(RememberedSetTest, FindsYoungReferencesOnEveryCardOfAnObject) {
  this->Always([](auto& heap) {
    TestFixture::ExpectCardsAreFound(heap,
                                     heap.SlotsFor(4 * CardTable::kCardBytes));
  });
}

TYPED_TEST(RememberedSetTest, FindsYoungReferencesOnTheCardsOfALargeArray) {
  this->Quietly([](auto& heap) {
    TestFixture::ExpectCardsAreFound(heap,
                                     heap.SlotsFor(kBlockBytes + kPageBytes));
  });
}

TYPED_TEST(RememberedSetTest, VisitsTheDirtyCardsOfALargeArrayOnly) {
  this->Quietly([](auto& heap) {
    const std::size_t slots = heap.SlotsFor(10 * kBlockBytes);
    const auto holder = heap.Root(heap.New(1, slots));
    EXPECT_GE(heap.Minor().dirty_cards, 10 * CardTable::kCardsPerBlock);
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);
    heap.Set(holder, heap.New(2), slots / 2);
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);
    EXPECT_TRUE(heap.Is(heap.Get(holder, slots / 2), 2));
  });
}

TYPED_TEST(RememberedSetTest, CardStaysDirtyWhileItHoldsAYoungReference) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    heap.Minor();
    heap.Set(holder, heap.New(2));
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);  // 2 survives,
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);  // is promoted,
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);  // and is old.
    EXPECT_TRUE(heap.Is(heap.Get(holder), 2));
  });
}

TYPED_TEST(RememberedSetTest, CardIsCleanedWhenItHoldsNoYoungReference) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    heap.Minor();
    heap.Set(holder, heap.New(2));
    heap.Clear(holder);
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);
  });
}

// Survivors lie at the other end of young space than the nursery.
TYPED_TEST(RememberedSetTest, StoresOfSurvivorsAreFound) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    heap.Minor();
    const auto survivor = heap.Root(heap.New(2));
    heap.Minor();
    ASSERT_TRUE(heap.IsYoung(survivor));
    heap.Set(holder, survivor.get());
    heap.Minor();
    EXPECT_EQ(heap.Get(holder), survivor.get());
    EXPECT_TRUE(heap.Is(heap.Get(holder), 2));
  });
}

TYPED_TEST(RememberedSetTest, StoreOfAnOldReferenceDirtiesNoCard) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    const auto target = heap.Root(heap.NewOld(2));
    heap.Minor();
    heap.Set(holder, target.get());
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);
  });
}

TYPED_TEST(RememberedSetTest, CardOfAPromotedHolderOfAYoungObjectIsDirty) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.New(1));
    heap.Minor();
    heap.Set(holder, heap.New(2));
    heap.Minor();  // 1 is promoted, 2 survives.
    ASSERT_FALSE(heap.IsYoung(holder));
    ASSERT_TRUE(heap.IsYoung(heap.Get(holder)));
    EXPECT_TRUE(heap.heap().cards().IsDirty(
        reinterpret_cast<Address>(heap.Slot(holder.get(), 0))));
    heap.Minor();
    EXPECT_FALSE(heap.IsYoung(heap.Get(holder)));
    EXPECT_TRUE(heap.Is(heap.Get(holder), 2));
  });
}

TYPED_TEST(RememberedSetTest, DeadNeighboursOnACardAreHarmless) {
  this->Quietly([](auto& heap) {
    constexpr int kObjects = 5;
    const HandleScope<TypeParam> scope(heap.mutator());
    const auto live = heap.Root(heap.NewImmovable(0, kObjects));
    for (int i = 0; i < kObjects; ++i) {
      heap.Set(live, heap.NewImmovable(i), static_cast<std::size_t>(i));
    }
    const Address first_card = heap.AddressOf(live) / CardTable::kCardBytes;
    ASSERT_EQ(
        heap.AddressOf(heap.Get(live, kObjects - 1)) / CardTable::kCardBytes,
        first_card);
    // Each holds a young object; then every second one dies with its own.
    for (int i = 0; i < kObjects; ++i) {
      const auto value = heap.New(100 + i);
      const auto holder =
          heap.Root(heap.Get(live, static_cast<std::size_t>(i)));
      heap.Set(holder, value);
      if (i % 2 == 1) heap.Clear(live, static_cast<std::size_t>(i));
      gc::Local(holder).set(ModelTraits<TypeParam>::NullValue());
    }
    heap.Major();
    // The dead still lie on the card, and refer to where nothing is any more.
    const auto survivor = heap.Root(heap.Get(live, 0));
    heap.Set(survivor, heap.New(7));
    const CollectionEvent& event = heap.Minor();
    EXPECT_GE(event.dirty_cards, 1u);
    EXPECT_EQ(TestFixture::CopiedBytes(event), heap.SizeOf());
    EXPECT_TRUE(heap.Is(heap.Get(survivor), 7));
  });
}

TYPED_TEST(RememberedSetTest, OldGarbageOnADirtyCardKeepsOnlyItsTargets) {
  this->Quietly([](auto& heap) {
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      const auto dead = heap.Root(heap.NewOld(1));
      heap.Set(dead, heap.New(2));
    }
    heap.New(3);
    EXPECT_EQ(TestFixture::CopiedBytes(heap.Minor()), heap.SizeOf());
  });
}

TYPED_TEST(RememberedSetTest, BornOldObjectsAreInitialisedWithoutABarrier) {
  this->Always([](auto& heap) {
    for (const std::size_t bytes : {std::size_t{64}, 3 * CardTable::kCardBytes,
                                    kBlockBytes + CardTable::kCardBytes}) {
      for (const auto kind :
           {AllocationKind::kTracedOld, AllocationKind::kTracedImmovable}) {
        const HandleScope<TypeParam> scope(heap.mutator());
        const std::size_t slots = heap.SlotsFor(bytes);
        // Made first: after it nothing may be allocated before the stores.
        const auto young = heap.Root(heap.New(1));
        const auto holder = heap.Root(heap.New(2, slots, kind));
        for (std::size_t i = 0; i < slots; ++i) {
          *heap.Slot(holder.get(), i) = young.get();
        }
        for (int round = 0; round < 2; ++round) {
          heap.Minor();
          for (std::size_t i = 0; i < slots; ++i) {
            ASSERT_EQ(heap.Get(holder, i), young.get()) << i;
          }
        }
        EXPECT_TRUE(heap.Is(young, 1));
      }
    }
  });
}

TYPED_TEST(RememberedSetTest, PlainStoresAreFoundAfterWroteObject) {
  this->Always([](auto& heap) {
    const std::size_t slots = heap.SlotsFor(4 * CardTable::kCardBytes);
    const auto holder = heap.Root(heap.NewOld(1, slots));
    heap.Minor();
    const auto young = heap.New(2);
    for (std::size_t i = 0; i < slots; ++i) *heap.Slot(holder.get(), i) = young;
    heap.mutator().WroteObject(heap.AddressOf(holder));
    heap.Minor();
    EXPECT_TRUE(heap.Is(heap.Get(holder, 0), 2));
    for (std::size_t i = 1; i < slots; ++i) {
      ASSERT_EQ(heap.Get(holder, i), heap.Get(holder, 0)) << i;
    }
  });
}

// Small objects, some of which begin on one card and end on the next.
TYPED_TEST(RememberedSetTest, PlainStoresAreFoundAcrossACardsEnd) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kSlots = 5;
    std::vector<gc::Local<TypeParam>> holders;
    for (std::size_t bytes = 0; bytes < 4 * CardTable::kCardBytes;
         bytes += heap.SizeOf(kSlots)) {
      holders.push_back(heap.Root(heap.NewOld(1, kSlots)));
    }
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      SCOPED_TRACE(slot);
      for (int i = 0; i < 2; ++i) heap.Minor();  // Until no card is dirty.
      for (const auto& holder : holders) {
        *heap.Slot(holder.get(), slot) = heap.New(2);
        heap.mutator().WroteObject(heap.AddressOf(holder));
        heap.Minor();
        ASSERT_TRUE(heap.Is(heap.Get(holder, slot), 2));
      }
    }
  });
}

TYPED_TEST(RememberedSetTest, CopiedRangesAreFound) {
  this->Always([](auto& heap) {
    const std::size_t slots = heap.SlotsFor(4 * CardTable::kCardBytes);
    const auto holder = heap.Root(heap.NewOld(1, slots));
    heap.Minor();
    const auto from = heap.Root(heap.New(2, slots));
    const auto value = heap.New(3);
    for (std::size_t i = 0; i < slots; ++i) heap.Set(from, value, i);
    heap.mutator().CopyRange(heap.Slot(holder.get(), 0),
                             heap.Slot(from.get(), 0), slots);
    heap.Minor();
    for (std::size_t i = 0; i < slots; ++i) {
      ASSERT_EQ(heap.Get(holder, i), heap.Get(from, i)) << i;
    }
    EXPECT_TRUE(heap.Is(heap.Get(holder), 3));
  });
}

TYPED_TEST(RememberedSetTest, OverlappingRangesAreCopiedAsIfAtOnce) {
  this->Quietly([](auto& heap) {
    constexpr int kSlots = 20;
    constexpr int kShift = 3;
    for (const bool upwards : {false, true}) {
      SCOPED_TRACE(upwards);
      const HandleScope<TypeParam> scope(heap.mutator());
      const auto array = heap.Root(heap.NewOld(-1, kSlots));
      for (int i = 0; i < kSlots; ++i) {
        heap.Set(array, heap.New(i), static_cast<std::size_t>(i));
      }
      const int from = upwards ? 0 : kShift;
      const int to = upwards ? kShift : 0;
      heap.mutator().CopyRange(heap.Slot(array.get(), to),
                               heap.Slot(array.get(), from), kSlots - kShift);
      heap.Minor();
      for (int i = 0; i < kSlots - kShift; ++i) {
        EXPECT_TRUE(heap.Is(heap.Get(array, static_cast<std::size_t>(to + i)),
                            from + i))
            << i;
      }
    }
  });
}

TYPED_TEST(RememberedSetTest, AShrunkObjectIsCopiedWithItsNewSize) {
  using Traits = ModelTraits<TypeParam>;
  this->Always([](auto& heap) {
    const auto object = heap.Root(heap.New(1, 20));
    const auto neighbour = heap.Root(heap.New(2));
    // The header that a shorter object has.
    const auto shorter = heap.New(3, 4);
    const Header header = LoadHeader(heap.AddressOf(shorter));
    heap.mutator().ChangeLayout(heap.AddressOf(object), header);
    *heap.Slot(object.get(), 4) = Traits::Immediate(9);
    heap.Minor();
    EXPECT_TRUE(heap.Is(object, 9));
    EXPECT_EQ(Traits::SlotCount(heap.AddressOf(object)), 5u);
    EXPECT_TRUE(heap.Is(neighbour, 2));
  });
}

}  // namespace
}  // namespace fledge::gc
