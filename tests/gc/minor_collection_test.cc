#include "gc/minor_collection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "gc/heap.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_os.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class MinorCollectionTest : public ::testing::Test {
 protected:
  using Heap = TestHeap<M>;

  template <typename Body>
  static void Quietly(Body&& body,
                      const HeapOptions& options = Heap::SmallHeap()) {
    ForEachVariant<M>(kQuietVariants, body, options);
  }
  template <typename Body>
  static void Always(Body&& body,
                     const HeapOptions& options = Heap::SmallHeap()) {
    ForEachVariant<M>(kAllVariants, body, options);
  }

  static std::size_t CopiedBytes(const CollectionEvent& event) {
    return event.survived_bytes + event.promoted_bytes;
  }
  static Address BlockOf(Address object) {
    return AlignDown(object, kBlockBytes);
  }

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

  // Fills all but `blocks_left` blocks of young space with pinned objects that
  // leave no hole between them.
  static void PinYoungSpace(Heap& heap, std::size_t blocks_left,
                            std::vector<std::unique_ptr<PinScope<M>>>& pins) {
    const std::size_t blocks = heap.heap().young().range().bytes / kBlockBytes;
    const std::size_t slots = heap.SlotsFor(kLargestYoungBytes);
    ASSERT_EQ(heap.SizeOf(slots), kLargestYoungBytes);
    for (std::size_t i = 0; i < 2 * (blocks - blocks_left); ++i) {
      const auto local = heap.Root(heap.New(static_cast<int>(i), slots));
      ASSERT_TRUE(heap.IsYoung(local));
      pins.push_back(std::make_unique<PinScope<M>>(heap.mutator(), local));
    }
  }
};

TYPED_TEST_SUITE(MinorCollectionTest, FakeModels, ModelNames);

// {old, young} x {live, dead} x {points old, points young, cycle}.
TYPED_TEST(MinorCollectionTest, KeepsWhatLiveAndOldHoldersReferTo) {
  enum class Points { kOld, kYoung, kCycle };
  this->Quietly([](auto& heap) {
    for (const bool holder_is_old : {false, true}) {
      for (const bool holder_is_live : {false, true}) {
        for (const Points points :
             {Points::kOld, Points::kYoung, Points::kCycle}) {
          SCOPED_TRACE(::testing::Message()
                       << (holder_is_old ? "old " : "young ")
                       << (holder_is_live ? "live " : "dead ")
                       << static_cast<int>(points));
          heap.Major();
          const HandleScope<TypeParam> outer(heap.mutator());
          const auto root = heap.Root(ModelTraits<TypeParam>::NullValue());
          {
            const HandleScope<TypeParam> inner(heap.mutator());
            const auto target = heap.Root(
                points == Points::kOld ? heap.NewOld(2) : heap.New(2));
            const auto holder =
                heap.Root(holder_is_old ? heap.NewOld(1) : heap.New(1));
            heap.Set(holder, target.get());
            if (points == Points::kCycle) heap.Set(target, holder.get());
            if (holder_is_live) gc::Local(root).set(holder.get());
          }
          // A dead object of old space keeps its target until the next major
          // collection; a dead young one does not.
          const bool copies_holder = !holder_is_old && holder_is_live;
          const bool copies_target =
              points != Points::kOld && (holder_is_old || holder_is_live);
          EXPECT_EQ(TestFixture::CopiedBytes(heap.Minor()),
                    (copies_holder + copies_target) * heap.SizeOf());
          if (holder_is_live) {
            EXPECT_TRUE(heap.Is(root, 1));
            EXPECT_TRUE(heap.Is(heap.Get(root), 2));
            const auto target = heap.Root(heap.Get(root));
            EXPECT_EQ(heap.Get(target),
                      points == Points::kCycle
                          ? root.get()
                          : ModelTraits<TypeParam>::NullValue());
          }
          EXPECT_EQ(heap.LiveObjects(), holder_is_live ? 2u : 0u);
        }
      }
    }
  });
}

TYPED_TEST(MinorCollectionTest, SurvivorIsPromotedOnItsSecondCollection) {
  this->Always([](auto& heap) {
    const auto survivor = heap.Root(heap.New(1));
    EXPECT_EQ(heap.Minor().survived_bytes, heap.SizeOf());
    EXPECT_TRUE(heap.IsYoung(survivor));
    EXPECT_EQ(heap.Minor().promoted_bytes, heap.SizeOf());
    EXPECT_FALSE(heap.IsYoung(survivor));
    EXPECT_EQ(TestFixture::CopiedBytes(heap.Minor()), 0u);
    EXPECT_TRUE(heap.Is(survivor, 1));
  });
}

TYPED_TEST(MinorCollectionTest, TenuringThresholdIsTheCollectionThatPromotes) {
  for (const unsigned threshold : {1u, 2u, 3u}) {
    HeapOptions options = TestFixture::Heap::SmallHeap();
    options.tenuring_threshold = threshold;
    this->Always(
        [&](auto& heap) {
          const auto survivor = heap.Root(heap.New(1));
          for (unsigned i = 1; i <= threshold; ++i) {
            EXPECT_EQ(heap.Minor().tenuring_threshold, threshold);
            EXPECT_EQ(heap.IsYoung(survivor), i < threshold);
          }
        },
        options);
  }
}

TYPED_TEST(MinorCollectionTest, ObjectsOfDifferentAgesAreToldApart) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.tenuring_threshold = 3;
  this->Quietly(
      [](auto& heap) {
        const auto oldest = heap.Root(heap.New(1));
        heap.Minor();
        const auto middle = heap.Root(heap.New(2));
        heap.Minor();
        const auto youngest = heap.Root(heap.New(3));
        heap.Minor();
        EXPECT_FALSE(heap.IsYoung(oldest));
        EXPECT_TRUE(heap.IsYoung(middle));
        heap.Minor();
        EXPECT_FALSE(heap.IsYoung(middle));
        EXPECT_TRUE(heap.IsYoung(youngest));
      },
      options);
}

TYPED_TEST(MinorCollectionTest, AnObjectReachedTwiceIsCopiedOnce) {
  this->Always([](auto& heap) {
    const auto first = heap.Root(heap.New(1));
    const auto second = heap.Root(first);
    const auto holder = heap.Root(heap.NewOld(2, 2));
    heap.Set(holder, first.get(), 0);
    heap.Set(holder, first.get(), 1);
    heap.Minor();
    EXPECT_EQ(first.get(), second.get());
    EXPECT_EQ(heap.Get(holder, 0), first.get());
    EXPECT_EQ(heap.Get(holder, 1), first.get());
    EXPECT_TRUE(heap.Is(first, 1));
  });
}

TYPED_TEST(MinorCollectionTest, ImmediatesAndNullsStay) {
  this->Always([](auto& heap) {
    using Traits = ModelTraits<TypeParam>;
    const auto holder = heap.Root(heap.New(1, 3));
    heap.Set(holder, Traits::Immediate(0), 0);
    heap.Set(holder, Traits::Immediate((1 << 30) - 1), 1);
    heap.Minor();
    EXPECT_EQ(heap.Get(holder, 0), Traits::Immediate(0));
    EXPECT_EQ(heap.Get(holder, 1), Traits::Immediate((1 << 30) - 1));
    EXPECT_EQ(heap.Get(holder, 2), Traits::NullValue());
  });
}

TYPED_TEST(MinorCollectionTest, AReferenceOutsideTheHeapIsIgnored) {
  using Traits = ModelTraits<TypeParam>;
  if constexpr (Traits::kRefersOutside) {
    alignas(16) static std::uint64_t outside[8];
    const Address object = reinterpret_cast<Address>(outside);
    Traits::InitializeAt(object, 1, 0);
    this->Always([&](auto& heap) {
      const auto value = Traits::ReferenceTo(heap.heap().model(), object);
      const auto root = heap.Root(value);
      const auto young = heap.Root(heap.New(1));
      heap.Set(young, value);
      heap.Minor();
      EXPECT_EQ(root.get(), value);
      EXPECT_EQ(heap.Get(young), value);
    });
  }
}

// Cards.

TYPED_TEST(MinorCollectionTest, FindsYoungReferencesOnEveryCardOfAnObject) {
  this->Always([](auto& heap) {
    TestFixture::ExpectCardsAreFound(heap,
                                     heap.SlotsFor(4 * CardTable::kCardBytes));
  });
}

TYPED_TEST(MinorCollectionTest, FindsYoungReferencesOnTheCardsOfALargeArray) {
  this->Quietly([](auto& heap) {
    TestFixture::ExpectCardsAreFound(heap,
                                     heap.SlotsFor(kBlockBytes + kPageBytes));
  });
}

TYPED_TEST(MinorCollectionTest, VisitsTheDirtyCardsOfALargeArrayOnly) {
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

TYPED_TEST(MinorCollectionTest, CardStaysDirtyWhileItHoldsAYoungReference) {
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

TYPED_TEST(MinorCollectionTest, CardIsCleanedWhenItHoldsNoYoungReference) {
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
TYPED_TEST(MinorCollectionTest, StoresOfSurvivorsAreFound) {
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

TYPED_TEST(MinorCollectionTest, StoreOfAnOldReferenceDirtiesNoCard) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    const auto target = heap.Root(heap.NewOld(2));
    heap.Minor();
    heap.Set(holder, target.get());
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);
  });
}

TYPED_TEST(MinorCollectionTest, CardOfAPromotedHolderOfAYoungObjectIsDirty) {
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

TYPED_TEST(MinorCollectionTest, DeadNeighboursOnACardAreHarmless) {
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

TYPED_TEST(MinorCollectionTest, OldGarbageOnADirtyCardKeepsOnlyItsTargets) {
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

TYPED_TEST(MinorCollectionTest, BornOldObjectsAreInitialisedWithoutABarrier) {
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

TYPED_TEST(MinorCollectionTest, PlainStoresAreFoundAfterWroteObject) {
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
TYPED_TEST(MinorCollectionTest, PlainStoresAreFoundAcrossACardsEnd) {
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

TYPED_TEST(MinorCollectionTest, CopiedRangesAreFound) {
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

TYPED_TEST(MinorCollectionTest, OverlappingRangesAreCopiedAsIfAtOnce) {
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

TYPED_TEST(MinorCollectionTest, AShrunkObjectIsCopiedWithItsNewSize) {
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

// Roots.

TYPED_TEST(MinorCollectionTest, PersistentsAreVisitedWhereTheyWereWritten) {
  this->Quietly([](auto& heap) {
    using Chunk = RootChunk<typename TypeParam::Value>;
    std::vector<Persistent<TypeParam>> persistents;
    const auto old = heap.Root(heap.NewOld(1));
    for (std::size_t i = 0; i < 10 * Chunk::kSlots; ++i) {
      persistents.emplace_back(heap.mutator(), old.get());
    }
    heap.Minor();
    const std::size_t handles = heap.Minor().root_slots;
    EXPECT_LT(handles, Chunk::kSlots);
    persistents[100].set(heap.mutator(), heap.New(2));
    EXPECT_EQ(heap.Minor().root_slots, handles + Chunk::kSlots);  // Survives,
    EXPECT_EQ(heap.Minor().root_slots, handles + Chunk::kSlots);  // promoted.
    EXPECT_EQ(heap.Minor().root_slots, handles);
    EXPECT_TRUE(heap.Is(persistents[100].get(), 2));
    persistents[200].set(heap.mutator(), persistents[100].get());
    EXPECT_EQ(heap.Minor().root_slots, handles);
  });
}

TYPED_TEST(MinorCollectionTest, RegisteredRootsAreVisitedWhereTheyWereWritten) {
  this->Quietly([](auto& heap) {
    using Value = typename TypeParam::Value;
    constexpr std::size_t kChunk = RootChunk<Value>::kSlots;
    std::vector<Value> slots(10 * kChunk + 1);
    const auto roots = heap.heap().RegisterRoots(slots);
    EXPECT_EQ(heap.Minor().root_slots, slots.size());  // All begin noted.
    EXPECT_EQ(heap.Minor().root_slots, 0u);
    heap.mutator().WriteRoot(*roots, &slots[kChunk], heap.New(1));
    EXPECT_EQ(heap.Minor().root_slots, kChunk);
    EXPECT_TRUE(heap.Is(slots[kChunk], 1));
    heap.Minor();
    heap.mutator().WriteRoot(*roots, &slots.back(), heap.New(2));
    EXPECT_EQ(heap.Minor().root_slots, 1u);  // The last chunk is short.
    EXPECT_TRUE(heap.Is(slots.back(), 2));
  });
}

TYPED_TEST(MinorCollectionTest, EveryKindOfRootIsUpdated) {
  this->Always([](auto& heap) {
    using Value = typename TypeParam::Value;
    using Traits = ModelTraits<TypeParam>;
    const auto local = heap.Root(heap.New(1));
    Persistent<TypeParam> persistent(heap.mutator(), local.get());
    std::vector<Value> slots(100, Traits::NullValue());
    const auto roots = heap.heap().RegisterRoots(slots);
    heap.mutator().WriteRoot(*roots, &slots[99], local.get());
    std::vector<Value> stack(100, Traits::NullValue());
    Value* top = stack.data() + 50;
    const auto registered = heap.heap().RegisterStack(stack.data(), &top);
    stack[0] = stack[49] = stack[50] = local.get();
    const Value before = local.get();
    heap.Minor();
    EXPECT_NE(local.get(), before);
    EXPECT_TRUE(heap.Is(local, 1));
    EXPECT_EQ(persistent.get(), local.get());
    EXPECT_EQ(slots[99], local.get());
    EXPECT_EQ(stack[0], local.get());
    EXPECT_EQ(stack[49], local.get());
    EXPECT_EQ(stack[50], before);  // Above the top: not a root.
  });
}

TYPED_TEST(MinorCollectionTest, AStackIsVisitedUpToItsTopEachTime) {
  this->Quietly([](auto& heap) {
    using Value = typename TypeParam::Value;
    std::vector<Value> stack(1000);
    Value* top = stack.data();
    const auto registered = heap.heap().RegisterStack(stack.data(), &top);
    EXPECT_EQ(heap.Minor().root_slots, 0u);
    top += 700;
    EXPECT_EQ(heap.Minor().root_slots, 700u);
    EXPECT_EQ(heap.Minor().root_slots, 700u);
  });
}

TYPED_TEST(MinorCollectionTest, AnEndedScopeAndAnEndedPersistentKeepNothing) {
  this->Quietly([](auto& heap) {
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      heap.Root(heap.New(1));
      const Persistent<TypeParam> persistent(heap.mutator(), heap.New(2));
    }
    EXPECT_EQ(TestFixture::CopiedBytes(heap.Minor()), 0u);
  });
}

TYPED_TEST(MinorCollectionTest, AnUnregisteredRangeIsNotVisited) {
  this->Quietly([](auto& heap) {
    std::vector<typename TypeParam::Value> slots(100);
    {
      const auto roots = heap.heap().RegisterRoots(slots);
      heap.mutator().WriteRoot(*roots, &slots[0], heap.New(1));
    }
    const CollectionEvent& event = heap.Minor();
    EXPECT_EQ(event.root_slots, 0u);
    EXPECT_EQ(TestFixture::CopiedBytes(event), 0u);
  });
}

// Pins, and what else stays in place.

TYPED_TEST(MinorCollectionTest, PinnedObjectsStayWhileEverythingElseMoves) {
  this->Quietly([](auto& heap) {
    using Local = gc::Local<TypeParam>;
    std::vector<Local> locals;
    for (int i = 0; i < 100; ++i) locals.push_back(heap.Root(heap.New(i)));
    std::vector<typename TypeParam::Value> before;
    for (const Local& local : locals) before.push_back(local.get());
    std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
    for (std::size_t i = 0; i < locals.size(); i += 10) {
      pins.push_back(
          std::make_unique<PinScope<TypeParam>>(heap.mutator(), locals[i]));
    }
    EXPECT_EQ(heap.Minor().kept_bytes, pins.size() * heap.SizeOf());
    for (std::size_t i = 0; i < locals.size(); ++i) {
      EXPECT_EQ(locals[i].get() == before[i], i % 10 == 0) << i;
      EXPECT_TRUE(heap.Is(locals[i], static_cast<int>(i)));
    }
  });
}

TYPED_TEST(MinorCollectionTest, NurseryBumpsBetweenPinnedObjects) {
  this->Quietly([](auto& heap) {
    const HandleScope<TypeParam> scope(heap.mutator());
    // So far apart that a hole lies between them.
    const auto first = heap.Root(heap.New(1));
    for (int i = 0; i < 100; ++i) heap.New(0);
    const auto second = heap.Root(heap.New(2));
    const auto target = heap.Root(heap.New(3));
    heap.Set(first, target.get());
    const PinScope<TypeParam> pin_first(heap.mutator(), first);
    const PinScope<TypeParam> pin_second(heap.mutator(), second);
    const Address low = std::min(heap.AddressOf(first), heap.AddressOf(second));
    const Address high =
        std::max(heap.AddressOf(first), heap.AddressOf(second));
    heap.Minor();
    bool between = false;
    for (std::size_t i = 0; i < 2 * kBlockBytes / heap.SizeOf(); ++i) {
      const Address object = heap.AddressOf(heap.New(0));
      between = between || (object > low && object < high);
      ASSERT_NE(object, low);
      ASSERT_NE(object, high);
    }
    EXPECT_TRUE(between);
    EXPECT_TRUE(heap.Is(first, 1));
    EXPECT_TRUE(heap.Is(second, 2));
    EXPECT_TRUE(heap.Is(heap.Get(first), 3));
  });
}

TYPED_TEST(MinorCollectionTest, APinKeepsAliveWhatNothingElseDoes) {
  this->Always([](auto& heap) {
    const HandleScope<TypeParam> scope(heap.mutator());
    auto local = heap.Root(heap.New(1));
    heap.Set(local, heap.New(2));
    const PinScope<TypeParam> pin(heap.mutator(), local);
    const auto value = local.get();
    local.set(ModelTraits<TypeParam>::NullValue());
    heap.Minor();
    heap.Minor();
    EXPECT_TRUE(heap.Is(value, 1));
    EXPECT_TRUE(heap.Is(*heap.Slot(value, 0), 2));
  });
}

TYPED_TEST(MinorCollectionTest, AnUnpinnedObjectMovesAgainAndAsAYoungOne) {
  this->Quietly([](auto& heap) {
    const auto local = heap.Root(heap.New(1));
    const auto before = local.get();
    {
      const PinScope<TypeParam> pin(heap.mutator(), local);
      for (int i = 0; i < 3; ++i) heap.Minor();
      EXPECT_EQ(local.get(), before);
    }
    EXPECT_EQ(heap.Minor().kept_bytes, 0u);
    EXPECT_NE(local.get(), before);
    EXPECT_TRUE(heap.Is(local, 1));
  });
}

TYPED_TEST(MinorCollectionTest, AnObjectPinnedTwiceIsKeptOnce) {
  this->Always([](auto& heap) {
    const auto local = heap.Root(heap.New(1));
    const PinScope<TypeParam> outer(heap.mutator(), local);
    {
      const PinScope<TypeParam> inner(heap.mutator(), local);
      EXPECT_EQ(heap.Minor().kept_bytes, heap.SizeOf());
    }
    EXPECT_EQ(heap.Minor().kept_bytes, heap.SizeOf());
    EXPECT_TRUE(heap.Is(local, 1));
  });
}

TYPED_TEST(MinorCollectionTest, NestedPinsEachKnowTheirObject) {
  TestHeap<TypeParam> heap;
  const auto first = heap.Root(heap.New(1));
  const auto second = heap.Root(heap.New(2));
  const PinScope<TypeParam> outer(heap.mutator(), first);
  const PinScope<TypeParam> inner(heap.mutator(), second);
  EXPECT_EQ(outer.object(), heap.AddressOf(first));
  EXPECT_EQ(inner.object(), heap.AddressOf(second));
}

TYPED_TEST(MinorCollectionTest, CardOfAnOldHolderOfAPinnedObjectStaysDirty) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    auto local = heap.Root(heap.New(2));
    heap.Set(holder, local.get());
    const PinScope<TypeParam> pin(heap.mutator(), local);
    heap.Major();  // Cleans every card, but for what is still young.
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);
    EXPECT_EQ(heap.Get(holder), local.get());
  });
}

TYPED_TEST(MinorCollectionTest, FullSurvivorSpacePromotes) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.tiny = true;
  TestHeap<TypeParam> heap(options);
  std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
  TestFixture::PinYoungSpace(heap, 1, pins);
  heap.Minor();
  const auto object = heap.Root(heap.New(1));
  ASSERT_TRUE(heap.IsYoung(object));
  const CollectionEvent& event = heap.Minor();
  EXPECT_EQ(event.survived_bytes, 0u);
  EXPECT_EQ(event.promoted_bytes, heap.SizeOf());
  EXPECT_FALSE(heap.IsYoung(object));
  EXPECT_TRUE(heap.Is(object, 1));
}

TYPED_TEST(MinorCollectionTest, PinsThatFillYoungSpaceDoNotEndAllocation) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.tiny = true;
  TestHeap<TypeParam> heap(options);
  std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
  TestFixture::PinYoungSpace(heap, 0, pins);
  const auto holder = heap.Root(heap.NewOld(0));
  for (int i = 0; i < 100; ++i) {
    const auto value =
        TryMakeObject(heap.mutator(), 2, 0, AllocationKind::kTraced);
    ASSERT_NE(value, ModelTraits<TypeParam>::NullValue()) << i;
    *heap.Slot(value, 0) = heap.Get(holder);
    *heap.Slot(value, 1) = ModelTraits<TypeParam>::Immediate(i);
    heap.Set(holder, value);
  }
  heap.Minor();
  auto object = heap.Root(heap.Get(holder));
  for (int i = 100; i-- > 0;) {
    ASSERT_TRUE(heap.Is(object, i)) << i;
    object.set(heap.Get(object));
  }
}

// Copies that fail.

TYPED_TEST(MinorCollectionTest, ACopyThatFailsKeepsTheObjectInPlace) {
  FakeOs os;
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.tenuring_threshold = 1;  // Survivors need no memory of the OS.
  options.os = &os;
  this->Quietly(
      [&](auto& heap) {
        const auto list = heap.Root(heap.New(0));
        auto last = heap.Root(list);
        for (int i = 1; i < 50; ++i) {
          heap.Set(last, heap.New(i));
          last.set(heap.Get(last));
        }
        const auto before = list.get();
        os.RefuseAll(FakeOs::Request::kCommit);
        const CollectionEvent& failed = heap.Minor();
        os.Grant(FakeOs::Request::kCommit);
        EXPECT_TRUE(failed.copy_failed);
        EXPECT_EQ(failed.kept_bytes, 50 * heap.SizeOf());
        EXPECT_EQ(failed.promoted_bytes, 0u);
        EXPECT_EQ(list.get(), before);
        // The next one is major, and finds memory.
        const CollectionEvent& next = heap.Minor();
        EXPECT_EQ(next.kind, CollectionKind::kMajor);
        EXPECT_EQ(next.promoted_bytes, 50 * heap.SizeOf());
        last.set(list.get());
        for (int i = 0; i < 50; ++i) {
          ASSERT_TRUE(heap.Is(last, i)) << i;
          last.set(heap.Get(last));
        }
      },
      options);
}

TYPED_TEST(MinorCollectionTest, NothingIsLostWhereverCopyingBeginsToFail) {
  // A commit step of old space is filled up to a little, so that the first of
  // the survivors are copied and the others are kept.
  constexpr std::size_t kCommit = allocator::BlockAllocator::kCommitBytes;
  for (const std::size_t room :
       {std::size_t{0}, kBlockBytes / 8, kBlockBytes}) {
    SCOPED_TRACE(room);
    FakeOs os;
    HeapOptions options = TestFixture::Heap::SmallHeap();
    options.tenuring_threshold = 1;
    options.os = &os;
    this->Quietly(
        [&](auto& heap) {
          const std::size_t filler = heap.SlotsFor(kBlockBytes / 16);
          const auto holder = heap.Root(heap.NewOld(0, 500));
          while (heap.heap().memory().committed().bytes < kCommit) {
            heap.New(0, filler, AllocationKind::kTracedOld);
          }
          os.RefuseAll(FakeOs::Request::kCommit);
          while (heap.heap().used_bytes() + room < kCommit) {
            const std::size_t used = heap.heap().used_bytes();
            heap.New(0, filler, AllocationKind::kTracedOld);
            if (heap.heap().used_bytes() < used) break;  // It collected.
          }
          for (std::size_t i = 0; i < 500; ++i) {
            heap.Set(holder, heap.New(static_cast<int>(i), 4), i);
          }
          heap.Minor();
          for (std::size_t i = 0; i < 500; ++i) {
            ASSERT_TRUE(heap.Is(heap.Get(holder, i), static_cast<int>(i)));
          }
          heap.Minor();
          os.Grant(FakeOs::Request::kCommit);
          heap.Minor();
          for (std::size_t i = 0; i < 500; ++i) {
            ASSERT_TRUE(heap.Is(heap.Get(holder, i), static_cast<int>(i)));
            ASSERT_FALSE(heap.IsYoung(heap.Get(holder, i)));
          }
        },
        options);
  }
}

TYPED_TEST(MinorCollectionTest, YoungSpaceHoldsNothingElseAfterwards) {
  this->Quietly([](auto& heap) {
    const auto survivor = heap.Root(heap.New(1));
    for (std::size_t i = 0; i < kBlockBytes / 4; i += heap.SizeOf()) {
      heap.New(0);
    }
    heap.Minor();
    EXPECT_EQ(heap.heap().young().used_blocks().size(), 1u);
    heap.Minor();
    EXPECT_TRUE(heap.heap().young().used_blocks().empty());
    EXPECT_EQ(heap.heap().used_bytes(), kBlockBytes);
    EXPECT_TRUE(heap.Is(survivor, 1));
  });
}

// What only one model has.

TEST(InteriorReferenceTest, LeadsIntoTheSameObjectAfterItMoved) {
  using Model = OcamlLikeModel;
  using Traits = ModelTraits<Model>;
  ForEachVariant<Model>(kAllVariants, [](TestHeap<Model>& heap) {
    const auto interior = [&](Address object) {
      return Traits::InteriorReferenceTo(heap.heap().model(), object);
    };
    // Both orders in which the two references may be met.
    const auto first = heap.Root(heap.New(1, 1, AllocationKind::kTraced, 16));
    const auto into_first = heap.Root(interior(heap.AddressOf(first)));
    const auto into_second = heap.Root(Traits::NullValue());
    const auto second = heap.Root(heap.New(2, 1, AllocationKind::kTraced, 16));
    gc::Local(into_second).set(interior(heap.AddressOf(second)));
    // And one that is the only reference, from an old object.
    const auto holder = heap.Root(heap.NewOld(3));
    heap.Set(
        holder,
        interior(heap.AddressOf(heap.New(4, 1, AllocationKind::kTraced, 16))));
    ASSERT_NE(into_first.get(), first.get());
    EXPECT_GE(heap.Minor().survived_bytes,
              Traits::SizeFor(2, 16));  // The last one at least.
    EXPECT_EQ(into_first.get(), interior(heap.AddressOf(first)));
    EXPECT_EQ(into_second.get(), interior(heap.AddressOf(second)));
    EXPECT_EQ(heap.Get(holder), interior(heap.AddressOf(heap.Get(holder))));
    EXPECT_TRUE(heap.Is(heap.Get(holder), 4));
  });
}

TEST(GrowingObjectTest, KeepsItsHashWhereverItMoves) {
  using Model = CompressedModel;
  using Traits = ModelTraits<Model>;
  ForEachVariant<Model>(kAllVariants, [](TestHeap<Model>& heap) {
    std::vector<Local<Model>> locals;
    std::vector<std::uint64_t> hashes;
    for (int i = 0; i < 200; ++i) {
      locals.push_back(heap.Root(heap.New(i, static_cast<std::size_t>(i % 9))));
      if (i % 3 == 0) continue;
      Traits::IdentityHash(heap.AddressOf(locals.back()));
    }
    for (const Local<Model>& local : locals) {
      hashes.push_back(Traits::IdentityHash(heap.AddressOf(local)));
    }
    for (int round = 0; round < 3; ++round) {
      round == 2 ? heap.Major() : heap.Minor();
      for (std::size_t i = 0; i < locals.size(); ++i) {
        ASSERT_EQ(Traits::IdentityHash(heap.AddressOf(locals[i])), hashes[i]);
        ASSERT_TRUE(heap.Is(locals[i], static_cast<int>(i)));
      }
    }
  });
}

TEST(GrowingObjectTest, GrowsOnceAndIsCountedWithItsNewSize) {
  using Model = CompressedModel;
  using Traits = ModelTraits<Model>;
  ForEachVariant<Model>(kQuietVariants, [](TestHeap<Model>& heap) {
    // The sizes for which the hash does not fit in what alignment left.
    const std::size_t slots = 5;
    const auto local = heap.Root(heap.New(1, slots));
    Traits::IdentityHash(heap.AddressOf(local));
    const std::size_t grown = heap.SizeOf(slots) + Model::kAlignment;
    EXPECT_EQ(heap.Minor().survived_bytes, grown);
    EXPECT_EQ(heap.Minor().promoted_bytes, grown);
    EXPECT_EQ(heap.heap().old_object_bytes(), grown);
  });
}

}  // namespace
}  // namespace fledge::gc
