#include "gc/major_collection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "gc/heap.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_os.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class MajorCollectionTest : public ::testing::Test {
 protected:
  using Heap = TestHeap<M>;
  using Objects = std::set<Address>;

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
  static HeapOptions EvacuatingAll() {
    HeapOptions options = Heap::SmallHeap();
    options.stress.evacuate_all = true;
    return options;
  }

  static Address BlockOf(Address object) {
    return AlignDown(object, kBlockBytes);
  }

  // An old array of `count` old objects, numbered, of which some may be
  // dropped.
  static Local<M> OldObjects(Heap& heap, std::size_t count,
                             std::size_t slots = 1) {
    const auto array = heap.Root(heap.NewOld(-1, count));
    for (std::size_t i = 0; i < count; ++i) {
      heap.Set(array, heap.NewOld(static_cast<int>(i), slots), i);
    }
    return array;
  }
  // Drops those for which `dies` is true, and says how many are left.
  template <typename Dies>
  static std::size_t Drop(Heap& heap, const Local<M>& array, std::size_t count,
                          Dies&& dies) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (dies(i)) {
        heap.Clear(array, i);
      } else {
        left += heap.AddressOf(heap.Get(array, i)) != kNullAddress;
      }
    }
    return left;
  }
  static void ExpectNumbered(Heap& heap, const Local<M>& array,
                             std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (heap.AddressOf(heap.Get(array, i)) == kNullAddress) continue;
      ASSERT_TRUE(heap.Is(heap.Get(array, i), static_cast<int>(i))) << i;
    }
  }

  // Every object that the given ones lead to.
  static Objects Reachable(Heap& heap, std::vector<Address> roots) {
    Objects seen;
    while (!roots.empty()) {
      const Address object = roots.back();
      roots.pop_back();
      if (!seen.insert(object).second) continue;
      heap.heap().model().VisitSlots(
          object, LoadHeader(object), [&](typename M::Value* slot) {
            const Address target = heap.AddressOf(*slot);
            if (heap.heap().object_range().Contains(target)) {
              roots.push_back(target);
            }
          });
    }
    return seen;
  }
  static Objects InBitmap(Heap& heap, const ObjectBitmap& bits) {
    Objects objects;
    const auto insert = [&](Address object) { objects.insert(object); };
    bits.VisitRange(heap.heap().young().range(), insert);
    bits.VisitRange(heap.heap().memory().committed(), insert);
    return objects;
  }
};

TYPED_TEST_SUITE(MajorCollectionTest, FakeModels, ModelNames);

TYPED_TEST(MajorCollectionTest, ReclaimsOldGarbage) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kCount = 1000;
    const auto array = TestFixture::OldObjects(heap, kCount);
    const std::size_t before = heap.heap().old_object_bytes();
    const std::size_t left = TestFixture::Drop(
        heap, array, kCount, [](std::size_t i) { return i % 3 != 0; });
    heap.Major();
    EXPECT_EQ(heap.heap().old_object_bytes(),
              before - (kCount - left) * heap.SizeOf());
    EXPECT_EQ(heap.LiveObjects(), left + 1);
    TestFixture::ExpectNumbered(heap, array, kCount);
  });
}

TYPED_TEST(MajorCollectionTest, ReclaimsACycleAcrossGenerationsAtOnce) {
  this->Quietly([](auto& heap) {
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      const auto old = heap.Root(heap.NewOld(1));
      const auto large = heap.Root(heap.New(2, heap.SlotsFor(2 * kBlockBytes)));
      const auto young = heap.Root(heap.New(3));
      heap.Set(old, young.get());
      heap.Set(young, large.get());
      heap.Set(large, old.get());
      heap.Minor();
      EXPECT_TRUE(heap.IsYoung(young));
    }
    const CollectionEvent& event = heap.Major();
    EXPECT_EQ(event.promoted_bytes, 0u);
    EXPECT_EQ(event.old_after_bytes, 0u);
    EXPECT_EQ(event.heap_after_bytes, 0u);
  });
}

TYPED_TEST(MajorCollectionTest, KeepsEveryKindOfLiveObject) {
  this->Always([](auto& heap) {
    const auto old = heap.Root(heap.NewOld(1));
    heap.Set(old, heap.New(2, heap.SlotsFor(2 * kBlockBytes)));
    const auto large = heap.Root(heap.Get(old));
    heap.Set(large, heap.NewImmovable(3));
    const auto immovable = heap.Root(heap.Get(large));
    heap.Set(immovable, heap.New(4));
    for (int i = 0; i < 3; ++i) {
      heap.Major();
      EXPECT_TRUE(heap.Is(heap.Get(old), 2));
      EXPECT_TRUE(heap.Is(heap.Get(large), 3));
      EXPECT_TRUE(heap.Is(heap.Get(immovable), 4));
    }
  });
}

TYPED_TEST(MajorCollectionTest, EmptiesYoungSpace) {
  this->Quietly([](auto& heap) {
    const auto young = heap.Root(heap.New(1));
    const auto survivor = heap.Root(heap.New(2));
    heap.Minor();
    gc::Local(young).set(heap.New(1));
    EXPECT_EQ(heap.Major().promoted_bytes, 2 * heap.SizeOf());
    EXPECT_TRUE(heap.heap().young().used_blocks().empty());
    EXPECT_FALSE(heap.IsYoung(young));
    EXPECT_TRUE(heap.Is(young, 1));
    EXPECT_TRUE(heap.Is(survivor, 2));
  });
}

TYPED_TEST(MajorCollectionTest, LeavesNoCardDirtyIfYoungSpaceIsEmpty) {
  this->Quietly([](auto& heap) {
    const auto old = heap.Root(heap.NewOld(1));
    heap.Set(old, heap.New(2));
    heap.Major();
    EXPECT_EQ(heap.Minor().dirty_cards, 0u);
  });
}

TYPED_TEST(MajorCollectionTest, VisitsEveryRootWhetherNotedOrNot) {
  this->Quietly([](auto& heap) {
    using Value = typename TypeParam::Value;
    std::vector<Value> slots(1000);
    const auto roots = heap.heap().RegisterRoots(slots);
    heap.mutator().WriteRoot(*roots, &slots[500], heap.NewOld(1));
    const Persistent<TypeParam> persistent(heap.mutator(), heap.NewOld(2));
    heap.Minor();
    heap.Minor();
    EXPECT_GE(heap.Major().root_slots, slots.size());
    EXPECT_TRUE(heap.Is(slots[500], 1));
    EXPECT_TRUE(heap.Is(persistent.get(), 2));
  });
}

// Evacuation.

TYPED_TEST(MajorCollectionTest, EvacuatesSparseBlocksAndGivesThemBack) {
  this->Quietly([](auto& heap) {
    const std::size_t count = 8 * kBlockBytes / heap.SizeOf(10);
    const auto array = TestFixture::OldObjects(heap, count, 10);
    heap.Major();
    const std::size_t before = heap.heap().used_bytes();
    const std::size_t left = TestFixture::Drop(
        heap, array, count, [](std::size_t i) { return i % 10 != 0; });
    // The first finds out how sparse the blocks are, the second evacuates.
    heap.Major();
    EXPECT_GT(heap.Major().evacuated_bytes, 0u);
    EXPECT_LT(heap.heap().used_bytes(), before / 3);
    EXPECT_EQ(heap.LiveObjects(), left + 1);
    TestFixture::ExpectNumbered(heap, array, count);
  });
}

// Of a hundred blocks five are sparse.
TYPED_TEST(MajorCollectionTest, LeavesAFewSparseBlocksUnlessMemoryIsShort) {
  for (const bool is_short : {false, true}) {
    HeapOptions options = TestFixture::Heap::SmallHeap();
    options.max_heap_bytes = (is_short ? 112 : 1000) * kBlockBytes;
    TestHeap<TypeParam> heap(options);
    const std::size_t in_block = kBlockBytes / heap.SizeOf(250);
    const std::size_t count = 100 * in_block;
    const auto array = TestFixture::OldObjects(heap, count, 250);
    heap.Major();
    const std::size_t left = TestFixture::Drop(
        heap, array, count,
        [&](std::size_t i) { return i < 5 * in_block && i % 10 != 0; });
    heap.Major();
    if (is_short) {
      EXPECT_GT(heap.Major().evacuated_bytes, 0u);
    } else {
      EXPECT_EQ(heap.Major().evacuated_bytes, 0u);
    }
    EXPECT_EQ(heap.LiveObjects(), left + 1);
    TestFixture::ExpectNumbered(heap, array, count);
  }
}

TYPED_TEST(MajorCollectionTest, EvacuatesAtOnceWhatAPeakLeftBehind) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = 256 * kMiB;
  TestHeap<TypeParam> heap(options);
  const std::size_t count = 48 * kMiB / heap.SizeOf(250);
  const auto array = TestFixture::OldObjects(heap, count, 250);
  const std::size_t left = TestFixture::Drop(
      heap, array, count, [](std::size_t i) { return i % 20 != 0; });
  const CollectionEvent& second = heap.Major();
  EXPECT_EQ(second.reason, CollectionReason::kSparse);
  EXPECT_GT(second.evacuated_bytes, 0u);
  EXPECT_LT(heap.heap().used_bytes(), 8 * kMiB);
  EXPECT_NE(heap.Major().reason, CollectionReason::kSparse);
  EXPECT_EQ(heap.LiveObjects(), left + 1);
  TestFixture::ExpectNumbered(heap, array, count);
}

TYPED_TEST(MajorCollectionTest, DoesNotTryAgainWhereNothingCanMove) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = 256 * kMiB;
  TestHeap<TypeParam> heap(options);
  const std::size_t count = 48 * kMiB / heap.SizeOf(250);
  const auto array = heap.Root(heap.NewOld(-1, count));
  for (std::size_t i = 0; i < count; ++i) {
    heap.Set(array, heap.NewImmovable(static_cast<int>(i), 250), i);
  }
  TestFixture::Drop(heap, array, count,
                    [](std::size_t i) { return i % 20 != 0; });
  EXPECT_EQ(heap.Major().reason, CollectionReason::kSparse);
  EXPECT_EQ(heap.Major().reason, CollectionReason::kRequested);
}

TYPED_TEST(MajorCollectionTest, EvacuatesEverythingIfToldTo) {
  this->Quietly(
      [](auto& heap) {
        constexpr std::size_t kCount = 3000;
        const auto array = TestFixture::OldObjects(heap, kCount);
        for (int round = 0; round < 3; ++round) {
          std::vector<Address> before;
          for (std::size_t i = 0; i < kCount; ++i) {
            before.push_back(heap.AddressOf(heap.Get(array, i)));
          }
          const std::size_t bytes = heap.heap().old_object_bytes();
          EXPECT_EQ(heap.Major().evacuated_bytes, bytes);
          for (std::size_t i = 0; i < kCount; ++i) {
            ASSERT_NE(heap.AddressOf(heap.Get(array, i)), before[i]);
          }
          TestFixture::ExpectNumbered(heap, array, kCount);
        }
      },
      TestFixture::EvacuatingAll());
}

TYPED_TEST(MajorCollectionTest, DoesNotMovePinnedOldObjects) {
  this->Quietly(
      [](auto& heap) {
        constexpr std::size_t kCount = 5000;
        const auto array = TestFixture::OldObjects(heap, kCount);
        const auto object = heap.Root(heap.Get(array, 0));
        const auto before = object.get();
        const auto other = heap.Root(heap.Get(array, kCount - 1));
        const auto other_before = other.get();
        ASSERT_NE(TestFixture::BlockOf(heap.AddressOf(object)),
                  TestFixture::BlockOf(heap.AddressOf(other)));
        {
          const PinScope<TypeParam> pin(heap.mutator(), object);
          heap.Major();
          EXPECT_EQ(object.get(), before);
          EXPECT_NE(other.get(), other_before);
          heap.Major();
          EXPECT_EQ(object.get(), before);
        }
        heap.Major();
        EXPECT_NE(object.get(), before);
        TestFixture::ExpectNumbered(heap, array, kCount);
      },
      TestFixture::EvacuatingAll());
}

TYPED_TEST(MajorCollectionTest, NeverMovesImmovableAndLargeObjects) {
  this->Always(
      [](auto& heap) {
        const auto immovable = heap.Root(heap.NewImmovable(1));
        const auto before = immovable.get();
        const auto leaf =
            heap.Root(heap.New(2, 0, AllocationKind::kLeafImmovable));
        const auto leaf_before = leaf.get();
        const auto large =
            heap.Root(heap.New(3, heap.SlotsFor(kBlockBytes + 8)));
        const auto large_before = large.get();
        heap.Set(immovable, heap.New(4));
        for (int i = 0; i < 4; ++i) {
          i % 2 == 0 ? heap.Major() : heap.Minor();
          EXPECT_EQ(immovable.get(), before);
          EXPECT_EQ(leaf.get(), leaf_before);
          EXPECT_EQ(large.get(), large_before);
        }
        EXPECT_TRUE(heap.Is(heap.Get(immovable), 4));
      },
      TestFixture::EvacuatingAll());
}

TYPED_TEST(MajorCollectionTest, FreesDeadImmovableObjects) {
  this->Quietly([](auto& heap) {
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      heap.Root(heap.NewImmovable(1));
    }
    EXPECT_EQ(heap.Major().heap_after_bytes, 0u);
  });
}

TYPED_TEST(MajorCollectionTest, KeepsAPinnedYoungObjectAndItsReferences) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    const auto young = heap.Root(heap.New(2));
    heap.Set(young, heap.New(3));
    heap.Set(holder, young.get());
    const auto before = young.get();
    {
      const PinScope<TypeParam> pin(heap.mutator(), young);
      EXPECT_EQ(heap.Major().kept_bytes, heap.SizeOf());
      EXPECT_EQ(young.get(), before);
      EXPECT_EQ(heap.Get(holder), before);
      heap.Major();
      EXPECT_EQ(young.get(), before);
    }
    heap.Minor();
    EXPECT_NE(young.get(), before);
    EXPECT_EQ(heap.Get(holder), young.get());
    EXPECT_TRUE(heap.Is(heap.Get(young), 3));
  });
}

// Old space afterwards.

TYPED_TEST(MajorCollectionTest, LaterPromotionRefillsHoles) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.tenuring_threshold = 1;
  this->Quietly(
      [](auto& heap) {
        const std::size_t count = 8 * kBlockBytes / heap.SizeOf(10);
        const auto array = TestFixture::OldObjects(heap, count, 10);
        // A third dies, in stretches that are worth filling: too little for
        // evacuation, enough to be used again.
        const auto is_hole = [&](std::size_t i) { return i % 60 < 20; };
        TestFixture::Drop(heap, array, count, is_hole);
        heap.Major();
        const std::size_t used = heap.heap().used_bytes();
        std::set<Address> blocks;
        for (const BlockIndex block : heap.heap().old().used_blocks()) {
          blocks.insert(heap.heap().blocks().AddressOf(block));
        }
        std::size_t in_old_blocks = 0;
        for (std::size_t i = 0; i < count; ++i) {
          if (!is_hole(i)) continue;
          heap.Set(array, heap.New(static_cast<int>(i), 10), i);
          if (i % 500 == 0) heap.Minor();
        }
        heap.Minor();
        std::size_t refilled = 0;
        for (std::size_t i = 0; i < count; ++i) {
          if (!is_hole(i)) continue;
          ++refilled;
          in_old_blocks += blocks.contains(
              TestFixture::BlockOf(heap.AddressOf(heap.Get(array, i))));
        }
        EXPECT_GT(in_old_blocks, refilled * 3 / 4);
        EXPECT_LE(heap.heap().used_bytes(), used + 2 * kBlockBytes);
        heap.Major();
        TestFixture::ExpectNumbered(heap, array, count);
      },
      options);
}

TYPED_TEST(MajorCollectionTest, GivesEmptyBlocksBack) {
  this->Quietly([](auto& heap) {
    const std::size_t count = 20 * kBlockBytes / heap.SizeOf(20);
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      TestFixture::OldObjects(heap, count, 20);
      EXPECT_GE(heap.heap().used_bytes(), 20 * kBlockBytes);
    }
    EXPECT_EQ(heap.Major().heap_after_bytes, 0u);
    EXPECT_TRUE(heap.heap().old().used_blocks().empty());
  });
}

TYPED_TEST(MajorCollectionTest, FreesLargeObjectsAndOnlyDeadOnes) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kCount = 10;
    const std::size_t slots = heap.SlotsFor(3 * kBlockBytes);
    const auto array = heap.Root(heap.NewOld(-1, kCount));
    for (std::size_t i = 0; i < kCount; ++i) {
      heap.Set(array, heap.New(static_cast<int>(i), slots), i);
    }
    TestFixture::Drop(heap, array, kCount,
                      [](std::size_t i) { return i % 2 == 0; });
    heap.Major();
    EXPECT_EQ(heap.heap().large().runs().size(), kCount / 2);
    EXPECT_EQ(heap.heap().large().object_bytes(),
              kCount / 2 * AlignUp(heap.SizeOf(slots), kPageBytes));
    TestFixture::ExpectNumbered(heap, array, kCount);
    // A new one takes the place of a dead one, and none of a live one.
    TestFixture::Drop(heap, array, kCount, [](std::size_t) { return false; });
    for (std::size_t i = 0; i < kCount; i += 2) {
      heap.Set(array, heap.New(static_cast<int>(i), slots), i);
    }
    TestFixture::ExpectNumbered(heap, array, kCount);
  });
}

TYPED_TEST(MajorCollectionTest, LiveBitmapIsWhatWasReached) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  this->Quietly([&](auto& heap) {
    constexpr std::size_t kCount = 2000;
    Random random(seed);
    const auto array = TestFixture::OldObjects(heap, kCount, 2);
    for (int round = 0; round < 5; ++round) {
      for (std::size_t i = 0; i < kCount; ++i) {
        const HandleScope<TypeParam> scope(heap.mutator());
        if (random.OneIn(4)) {
          heap.Set(array, heap.New(static_cast<int>(i), 2), i);
        } else if (random.OneIn(4)) {
          heap.Clear(array, i);
        } else if (heap.AddressOf(heap.Get(array, i)) != kNullAddress) {
          heap.Set(heap.Root(heap.Get(array, i)),
                   heap.Get(array, random.Below(kCount)), random.Below(2));
        }
      }
      heap.Major();
      EXPECT_EQ(TestFixture::InBitmap(heap, heap.heap().live()),
                TestFixture::Reachable(heap, {heap.AddressOf(array)}));
      EXPECT_EQ(TestFixture::InBitmap(heap, heap.heap().marks()),
                typename TestFixture::Objects{});
      TestFixture::ExpectNumbered(heap, array, kCount);
    }
  });
}

// Blocks that are now sparse, now full, now empty, with promotion in between.
TYPED_TEST(MajorCollectionTest, HolesStaySoundOverManyCollections) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  this->Quietly([&](auto& heap) {
    constexpr std::size_t kCount = 6000;
    Random random(seed);
    const auto array = heap.Root(heap.NewOld(-1, kCount));
    for (int round = 0; round < 12; ++round) {
      // Stretches of neighbours live and die together.
      const std::size_t stretch = random.Between(1, 200);
      const std::size_t live_of_four = random.Below(5);
      bool live = false;
      for (std::size_t i = 0; i < kCount; ++i) {
        if (i % stretch == 0) live = random.Below(4) < live_of_four;
        if (!live) {
          heap.Clear(array, i);
        } else if (heap.AddressOf(heap.Get(array, i)) == kNullAddress) {
          const auto kind = random.OneIn(3) ? AllocationKind::kTracedOld
                                            : AllocationKind::kTraced;
          heap.Set(array, heap.New(static_cast<int>(i), random.Below(12), kind),
                   i);
        }
        if (random.OneIn(3000)) heap.Minor();
      }
      heap.Major();
      TestFixture::ExpectNumbered(heap, array, kCount);
    }
  });
}

TYPED_TEST(MajorCollectionTest, ACopyThatFailsIsMarkedInPlace) {
  FakeOs os;
  HeapOptions options = TestFixture::EvacuatingAll();
  options.os = &os;
  this->Quietly(
      [&](auto& heap) {
        const auto list = heap.Root(heap.New(0));
        heap.Set(list, heap.New(1));
        const auto before = list.get();
        os.RefuseAll(FakeOs::Request::kCommit);
        const CollectionEvent& failed = heap.Major();
        os.Grant(FakeOs::Request::kCommit);
        EXPECT_TRUE(failed.copy_failed);
        EXPECT_EQ(failed.kept_bytes, 2 * heap.SizeOf());
        EXPECT_EQ(list.get(), before);
        EXPECT_EQ(heap.Major().promoted_bytes, 2 * heap.SizeOf());
        EXPECT_FALSE(heap.IsYoung(list));
        EXPECT_TRUE(heap.Is(list, 0));
        EXPECT_TRUE(heap.Is(heap.Get(list), 1));
      },
      options);
}

// At a limit that leaves room for some of the copies.
TYPED_TEST(MajorCollectionTest, EvacuationAtTheLimitLosesNothing) {
  HeapOptions options = TestFixture::EvacuatingAll();
  options.max_heap_bytes = 2 * kMiB;
  options.nursery_bytes = kBlockBytes;
  this->Quietly(
      [](auto& heap) {
        constexpr std::size_t kMost = 3000;
        const std::size_t slots = heap.SlotsFor(kKiB);
        const auto array = heap.Root(heap.NewOld(-1, kMost));
        std::size_t count = 0;
        for (; count < kMost; ++count) {
          const auto value = TryMakeObject(heap.mutator(), slots + 1, 0,
                                           AllocationKind::kTraced);
          if (value == ModelTraits<TypeParam>::NullValue()) break;
          *heap.Slot(value, slots) =
              ModelTraits<TypeParam>::Immediate(static_cast<int>(count));
          heap.Set(array, value, count);
        }
        ASSERT_LT(count, kMost);
        EXPECT_GT(count * kKiB, kMiB);
        heap.Major();
        heap.Minor();
        heap.Major();
        TestFixture::ExpectNumbered(heap, array, count);
        EXPECT_EQ(heap.LiveObjects(), count + 1);
      },
      options);
}

}  // namespace
}  // namespace fledge::gc
