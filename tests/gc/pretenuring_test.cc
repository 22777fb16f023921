#include "gc/pretenuring.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>

#include "allocator/block.h"
#include "gc/handles.h"
#include "gc/heap_options.h"
#include "gc/object_model.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/weak_entries.h"

namespace fledge {
namespace {

using gc::CollectionEvent;
using gc::HeapOptions;
using gc::kBlockBytes;
using gc::Pretenure;
using gc::Pretenuring;
using gc::PretenuringReason;

// The decision, with 160 MiB in old space: it begins after 80 MiB, and a spell
// is of 10 MiB.

constexpr std::size_t kOldBytes = 160 * kMiB;
constexpr std::size_t kGrowthBytes = 120 * kMiB;

// A minor collection of a nursery of 1 MiB, of which so much was promoted.
CollectionEvent Minor(std::size_t promoted_percent) {
  CollectionEvent event;
  event.young_before_bytes = kMiB;
  event.tenuring_threshold = 1;
  event.promoted_bytes = kMiB / 100 * promoted_percent;
  return event;
}
CollectionEvent BornOld(std::size_t bytes = kMiB) {
  CollectionEvent event;
  event.born_old_bytes = bytes;
  event.tenuring_threshold = 1;
  return event;
}
void ManyMinors(Pretenuring& pretenuring, std::size_t promoted_percent,
                int count) {
  for (int i = 0; i < count; ++i) {
    pretenuring.AfterCollection(Minor(promoted_percent), kOldBytes,
                                kGrowthBytes);
  }
}

TEST(PretenuringTest, AnOptionStays) {
  Pretenuring always(Pretenure::kOn);
  ManyMinors(always, 0, 20);
  EXPECT_TRUE(always.on());
  Pretenuring never(Pretenure::kOff);
  ManyMinors(never, 100, 20);
  EXPECT_FALSE(never.on());
  EXPECT_EQ(never.reason(), PretenuringReason::kFixed);
  EXPECT_EQ(always.Budget(kMiB), kMiB);
}

TEST(PretenuringTest, BeginsWhenNearlyAllWasPromotedForASpell) {
  Pretenuring pretenuring(Pretenure::kAuto);
  ManyMinors(pretenuring, 98, 79);
  EXPECT_FALSE(pretenuring.on());
  ManyMinors(pretenuring, 98, 1);
  EXPECT_TRUE(pretenuring.on());
  EXPECT_EQ(pretenuring.reason(), PretenuringReason::kNearlyAll);
}

TEST(PretenuringTest, OneNurseryOfWhichLessSurvivesBeginsAnew) {
  Pretenuring pretenuring(Pretenure::kAuto);
  ManyMinors(pretenuring, 98, 79);
  ManyMinors(pretenuring, 80, 1);
  EXPECT_EQ(pretenuring.reason(), PretenuringReason::kFewer);
  ManyMinors(pretenuring, 98, 79);
  EXPECT_FALSE(pretenuring.on());
}

TEST(PretenuringTest, WhatWasAgedSaysNothing) {
  Pretenuring pretenuring(Pretenure::kAuto);
  for (int i = 0; i < 200; ++i) {
    CollectionEvent event = Minor(98);
    event.tenuring_threshold = 2;
    pretenuring.AfterCollection(event, kOldBytes, kGrowthBytes);
  }
  EXPECT_FALSE(pretenuring.on());
}

TEST(PretenuringTest, ASmallHeapHasNone) {
  Pretenuring pretenuring(Pretenure::kAuto);
  for (int i = 0; i < 200; ++i) {
    pretenuring.AfterCollection(Minor(100), 60 * kMiB, kGrowthBytes);
  }
  EXPECT_FALSE(pretenuring.on());
}

TEST(PretenuringTest, AHeapNearItsLimitHasNone) {
  Pretenuring pretenuring(Pretenure::kAuto);
  for (int i = 0; i < 200; ++i) {
    pretenuring.AfterCollection(Minor(100), kOldBytes, 30 * kMiB);
  }
  EXPECT_FALSE(pretenuring.on());
}

TEST(PretenuringTest, ASpellEndsWithAProbeAndGoesOnIfThatSurvives) {
  Pretenuring pretenuring(Pretenure::kAuto);
  ManyMinors(pretenuring, 98, 80);
  for (int i = 0; i < 9; ++i) {
    pretenuring.AfterCollection(BornOld(), kOldBytes, kGrowthBytes);
    ASSERT_TRUE(pretenuring.on());
  }
  pretenuring.AfterCollection(BornOld(), kOldBytes, kGrowthBytes);
  EXPECT_FALSE(pretenuring.on());
  EXPECT_EQ(pretenuring.reason(), PretenuringReason::kProbe);
  pretenuring.AfterCollection(Minor(95), kOldBytes, kGrowthBytes);
  EXPECT_TRUE(pretenuring.on());
}

TEST(PretenuringTest, AProbeOfWhichLessSurvivesEndsIt) {
  Pretenuring pretenuring(Pretenure::kAuto);
  ManyMinors(pretenuring, 98, 80);
  pretenuring.AfterCollection(BornOld(10 * kMiB), kOldBytes, kGrowthBytes);
  pretenuring.AfterCollection(Minor(50), kOldBytes, kGrowthBytes);
  EXPECT_EQ(pretenuring.reason(), PretenuringReason::kFewer);
  pretenuring.AfterCollection(Minor(98), kOldBytes, kGrowthBytes);
  EXPECT_FALSE(pretenuring.on());
}

TEST(PretenuringTest, ANurseryEndsWithTheSpell) {
  Pretenuring pretenuring(Pretenure::kAuto);
  EXPECT_EQ(pretenuring.Budget(64 * kMiB), 64 * kMiB);
  ManyMinors(pretenuring, 98, 80);
  EXPECT_EQ(pretenuring.Budget(64 * kMiB), 10 * kMiB);
  EXPECT_EQ(pretenuring.Budget(kMiB), kMiB);
  pretenuring.AfterCollection(BornOld(10 * kMiB - 1), kOldBytes, kGrowthBytes);
  EXPECT_EQ(pretenuring.Budget(kMiB), kBlockBytes) << "no less than a buffer";
}

// Heaps in which everything is born old.

template <typename M>
class BornOldTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  static HeapOptions Options() {
    HeapOptions options = Heap::SmallHeap();
    options.pretenure = Pretenure::kOn;
    return options;
  }
  static std::size_t BlockOf(Address address) { return address / kBlockBytes; }

  // The same where cycles start and end by stress.
  static HeapOptions InSteps() {
    HeapOptions options = Options();
    options.marking = gc::Marking::kInSteps;
    options.stress.cycles = true;
    return options;
  }
  template <typename Done>
  static void CollectUntil(Heap& heap, Done&& done) {
    for (int i = 0; i < 5000; ++i) {
      if (done()) return;
      heap.Minor();
    }
    FAIL() << "it was not done after many collections";
  }
};

TYPED_TEST_SUITE(BornOldTest, FakeModels, ModelNames);

TYPED_TEST(BornOldTest, ObjectsAreBornOldAndLive) {
  this->Always(
      [](auto& heap) {
        const auto list = heap.Root(heap.New(0, 2));
        EXPECT_FALSE(heap.IsYoung(list));
        for (int i = 1; i < 2000; ++i) {
          const auto next = heap.New(i, 2);
          EXPECT_FALSE(heap.IsYoung(next));
          *heap.Slot(next, 0) = heap.Get(list);
          heap.Set(list, next);
        }
        for (const bool major : {false, true}) {
          auto object = heap.Root(list);
          for (int i = 1999; i > 0; --i) {
            object.set(heap.Get(object));
            ASSERT_TRUE(heap.Is(object, i));
          }
          const auto& event = major ? heap.Major() : heap.Minor();
          EXPECT_EQ(event.young_before_bytes, 0u);
        }
        EXPECT_EQ(heap.LiveObjects(), 2000u);
      },
      TestFixture::Options());
}

TYPED_TEST(BornOldTest, ANurseryOfThemIsFollowedByACollection) {
  this->Quietly(
      [](auto& heap) {
        auto last = heap.Root(heap.New(0));
        while (heap.events().size() < 3) last.set(heap.New(1));
        EXPECT_GE(heap.events().back().born_old_bytes,
                  heap.heap().young().nursery_budget_bytes());
        EXPECT_EQ(heap.events().back().promoted_bytes, 0u);
        EXPECT_TRUE(heap.events().back().pretenures);
      },
      TestFixture::Options());
}

TYPED_TEST(BornOldTest, TheyFillHoles) {
  this->Quietly(
      [](auto& heap) {
        const std::size_t count = 8 * kBlockBytes / heap.SizeOf(10);
        const auto array = heap.Root(heap.NewOld(-1, count));
        const auto fill = [&](std::size_t i) {
          heap.Set(array, heap.New(static_cast<int>(i), 10), i);
        };
        for (std::size_t i = 0; i < count; ++i) fill(i);
        // Too few for evacuation, and enough to be filled.
        const auto is_hole = [](std::size_t i) { return i % 60 < 20; };
        for (std::size_t i = 0; i < count; ++i) {
          if (is_hole(i)) heap.Clear(array, i);
        }
        heap.Major();
        const std::size_t used = heap.heap().used_bytes();
        for (std::size_t i = 0; i < count; ++i) {
          if (is_hole(i)) fill(i);
          if (i % 100 == 0) heap.Minor();
        }
        EXPECT_LE(heap.heap().used_bytes(), used + 2 * kBlockBytes);
        heap.Major();
        for (std::size_t i = 0; i < count; ++i) {
          ASSERT_TRUE(heap.Is(heap.Get(array, i), static_cast<int>(i)));
        }
        EXPECT_EQ(heap.LiveObjects(), count + 1);
      },
      TestFixture::Options());
}

TYPED_TEST(BornOldTest, AMediumObjectDoesNotThrowHolesAway) {
  this->Quietly(
      [](auto& heap) {
        const std::size_t count = 2 * kBlockBytes / heap.SizeOf(10);
        const auto array = heap.Root(heap.NewOld(-1, count));
        for (std::size_t i = 0; i < count; ++i) {
          heap.Set(array, heap.New(static_cast<int>(i), 10), i);
        }
        for (std::size_t i = 0; i < count; ++i) {
          if (i % 60 < 20) heap.Clear(array, i);
        }
        heap.Major();
        const auto first = heap.Root(heap.New(1, 10));
        const auto medium = heap.Root(heap.New(2, heap.SlotsFor(8 * kKiB)));
        EXPECT_NE(TestFixture::BlockOf(heap.AddressOf(first)),
                  TestFixture::BlockOf(heap.AddressOf(medium)));
        // When the medium one's block is full, the holes are still there.
        const std::size_t blocks = heap.heap().old().used_block_count();
        for (std::size_t i = 0; i < kBlockBytes / heap.SizeOf(10); ++i) {
          heap.New(3, 10);
        }
        EXPECT_EQ(heap.heap().old().used_block_count(), blocks);
        EXPECT_TRUE(heap.Is(first, 1));
        EXPECT_TRUE(heap.Is(medium, 2));
      },
      TestFixture::Options());
}

// A cycle clears weak sets while the young one is made, and is given up then.
TYPED_TEST(BornOldTest, TheirFirstStoresIntoYoungSpaceAreFound) {
  this->Quietly(
      [](auto& heap) {
        WeakEntries<TypeParam> set(WeakKind::kReference);
        const auto registration = heap.heap().RegisterWeakSet(set);
        TestFixture::CollectUntil(
            heap, [&] { return heap.heap().weak_sets().is_clearing(); });
        auto young = heap.Root(heap.New(1));
        ASSERT_TRUE(heap.IsYoung(young));
        auto pin =
            std::make_unique<gc::PinScope<TypeParam>>(heap.mutator(), young);
        heap.Major();
        ASSERT_TRUE(heap.IsYoung(young));
        const auto before = heap.AddressOf(young);
        const auto holder = heap.Root(heap.New(2));
        ASSERT_FALSE(heap.IsYoung(holder));
        *heap.Slot(holder.get(), 0) = young.get();  // No barrier: it is new.
        young.set(ModelTraits<TypeParam>::NullValue());
        heap.mutator().Safepoint();
        // Now it may move, and only the holder knows it.
        pin.reset();
        heap.Minor();
        EXPECT_NE(heap.AddressOf(heap.Get(holder)), before);
        EXPECT_TRUE(heap.Is(heap.Get(holder), 1));
      },
      TestFixture::InSteps());
}

// What a cycle has not marked yet is hidden behind new objects, and new objects
// behind what it has not scanned: it marks each once.
TYPED_TEST(BornOldTest, TheirFirstStoresAreFoundByACycle) {
  this->Quietly(
      [](auto& heap) {
        constexpr std::size_t kCount = 1500;
        constexpr std::size_t kFew = 20;  // Of those that are scanned last.
        const auto before = heap.Root(heap.New(-1, kCount));
        for (std::size_t i = 0; i < kCount; ++i) {
          const gc::HandleScope<TypeParam> scope(heap.mutator());
          const auto item = heap.Root(heap.New(-2, 2));
          heap.Set(before, item.get(), i);
          heap.Set(item, heap.New(static_cast<int>(i)));
        }
        const auto cycles = heap.heap().cycles();
        TestFixture::CollectUntil(
            heap, [&] { return heap.heap().cycles() > cycles; });
        TestFixture::CollectUntil(heap,
                                  [&] { return heap.heap().is_marking(); });
        const auto after = heap.Root(heap.New(-1, kCount));
        ASSERT_FALSE(heap.IsYoung(after));
        for (std::size_t i = 0; i < kCount; ++i) {
          const gc::HandleScope<TypeParam> scope(heap.mutator());
          const auto holder = heap.New(static_cast<int>(i), 2);
          if (i < kFew) {
            const auto item = heap.Root(heap.Get(before, i));
            *heap.Slot(holder, 0) = heap.Get(item);  // No barrier: it is new.
            heap.Clear(item);
            if (i % 2 != 0) heap.Set(item, holder, 1);
          }
          heap.Set(after, holder, i);
        }
        const auto more = heap.heap().cycles() + 1;
        TestFixture::CollectUntil(heap,
                                  [&] { return heap.heap().cycles() >= more; });
        // All that lives, and nothing twice.
        const std::size_t bytes = heap.heap().old_object_bytes();
        heap.Major();
        EXPECT_EQ(heap.heap().old_object_bytes(), bytes);
        EXPECT_EQ(heap.LiveObjects(), 3 * kCount + 2);
        for (std::size_t i = 0; i < kCount; ++i) {
          const auto holder = heap.Root(heap.Get(after, i));
          ASSERT_TRUE(heap.Is(holder, static_cast<int>(i)));
          if (i < kFew) {
            ASSERT_TRUE(heap.Is(heap.Get(holder), static_cast<int>(i)));
          }
        }
      },
      TestFixture::InSteps());
}

TYPED_TEST(BornOldTest, TheirFirstStoresIntoCandidatesAreFound) {
  HeapOptions options = TestFixture::InSteps();
  options.stress.evacuate_all = true;
  this->Quietly(
      [](auto& heap) {
        const std::size_t count = 4 * kBlockBytes / heap.SizeOf();
        const auto before = heap.Root(heap.New(-1, count));
        for (std::size_t i = 0; i < count; ++i) {
          heap.Set(before, heap.New(static_cast<int>(i)), i);
        }
        // Several blocks wait to be evacuated, one in each pause.
        TestFixture::CollectUntil(heap, [&] {
          return !heap.heap().is_marking() && !heap.heap().candidates().empty();
        });
        const auto after = heap.Root(heap.New(-1, count));
        for (std::size_t i = 0; i < count; ++i) {
          const auto holder = heap.New(static_cast<int>(i), 2);
          ASSERT_FALSE(heap.IsYoung(holder));
          *heap.Slot(holder, 0) =
              heap.Get(before, i);  // No barrier: it is new.
          heap.Clear(before, i);
          heap.Set(after, holder, i);
        }
        TestFixture::CollectUntil(
            heap, [&] { return heap.heap().candidates().empty(); });
        for (std::size_t i = 0; i < count; ++i) {
          const auto holder = heap.Root(heap.Get(after, i));
          ASSERT_TRUE(heap.Is(heap.Get(holder), static_cast<int>(i)));
        }
      },
      options);
}

// While weak sets are cleared, what has no mark is dead.
TYPED_TEST(BornOldTest, ANewObjectIsNotTakenForDead) {
  this->Quietly(
      [](auto& heap) {
        WeakEntries<TypeParam> set(WeakKind::kReference);
        const auto registration = heap.heap().RegisterWeakSet(set);
        TestFixture::CollectUntil(
            heap, [&] { return heap.heap().weak_sets().is_clearing(); });
        const auto object = heap.Root(heap.New(1));
        const auto i = set.Add(heap.mutator(), object.get(),
                               ModelTraits<TypeParam>::NullValue());
        EXPECT_TRUE(set.IsThere(i));
        heap.Major();
        EXPECT_TRUE(set.IsThere(i));
      },
      TestFixture::InSteps());
}

TYPED_TEST(BornOldTest, OneMayBecomeSmallerBeforeItIsKnown) {
  this->Always(
      [](auto& heap) {
        const auto array = heap.Root(heap.New(-1, 300));
        for (int i = 0; i < 300; ++i) {
          const auto shrunk = heap.Root(heap.New(i, 8));
          const auto small = heap.Root(heap.New(i, 2));
          const auto header = gc::LoadHeader(heap.AddressOf(small));
          const auto number = *heap.Slot(shrunk.get(), 8);
          *heap.Slot(shrunk.get(), 2) = number;
          heap.mutator().ChangeLayout(heap.AddressOf(shrunk), header);
          heap.Set(array, shrunk.get(), static_cast<std::size_t>(i));
        }
        heap.Minor();
        heap.Major();
        for (int i = 0; i < 300; ++i) {
          ASSERT_TRUE(heap.Is(heap.Get(array, static_cast<std::size_t>(i)), i));
        }
        EXPECT_EQ(heap.LiveObjects(), 601u);
      },
      TestFixture::Options());
}

// Blocks are freed and evacuated: what a mutator took of one is no hole then.
TYPED_TEST(BornOldTest, HolesAreForgottenByAMajorCollection) {
  this->Quietly(
      [](auto& heap) {
        const std::size_t count = 2 * kBlockBytes / heap.SizeOf(10);
        const auto array = heap.Root(heap.NewOld(-1, count));
        for (std::size_t i = 0; i < count; ++i) {
          heap.Set(array, heap.New(static_cast<int>(i), 10), i);
        }
        for (std::size_t i = 0; i < count; ++i) {
          if (i % 60 < 20) heap.Clear(array, i);
        }
        heap.Major();
        heap.New(1, 10);  // In the first of several holes.
        for (std::size_t i = 0; i < count; ++i) heap.Clear(array, i);
        heap.Major();
        for (std::size_t i = 0; i < count; ++i) {
          heap.Set(array, heap.New(static_cast<int>(i), 10), i);
        }
        heap.Minor();
        for (std::size_t i = 0; i < count; ++i) {
          const auto object = heap.Get(array, i);
          ASSERT_TRUE(heap.Is(object, static_cast<int>(i)));
          ASSERT_EQ(heap.heap().blocks().InfoOf(heap.AddressOf(object)).kind,
                    gc::BlockKind::kOld);
        }
      },
      TestFixture::Options());
}

// What is left of a medium object's block is for others of its kind, also after
// a collection.
TYPED_TEST(BornOldTest, MediumObjectsShareABlock) {
  this->Quietly(
      [](auto& heap) {
        const auto holder = heap.Root(heap.New(-1, 20));
        heap.Minor();
        const std::size_t blocks = heap.heap().old().used_block_count();
        for (int i = 0; i < 20; ++i) {
          heap.Set(holder, heap.New(i, heap.SlotsFor(kKiB)),
                   static_cast<std::size_t>(i));
          heap.Minor();
        }
        EXPECT_LE(heap.heap().old().used_block_count(), blocks + 1);
        for (int i = 0; i < 20; ++i) {
          EXPECT_TRUE(
              heap.Is(heap.Get(holder, static_cast<std::size_t>(i)), i));
        }
      },
      TestFixture::Options());
}

// Another thread makes objects smaller while their owner gives buffers up.
TYPED_TEST(BornOldTest, OneMayBecomeSmallerByAnotherThread) {
  using Traits = ModelTraits<TypeParam>;
  constexpr std::size_t kObjects = 20'000;
  HeapOptions options = TestFixture::Options();
  options.nursery_bytes = 8 * kMiB;
  TestHeap<TypeParam> heap(options);
  const auto array = heap.Root(heap.NewOld(-1, kObjects));
  const auto small = heap.Root(heap.New(0, 2));
  const gc::Header header = gc::LoadHeader(heap.AddressOf(small));
  auto* const slots = heap.Slot(array.get(), 0);  // Large: it does not move.
  std::atomic<std::size_t> made{0};
  std::thread other([&] {
    gc::Mutator<TypeParam> mutator(heap.heap());
    for (std::size_t i = 0; i < kObjects; ++i) {
      while (made.load(std::memory_order_acquire) <= i) mutator.Safepoint();
      const Address object = Traits::ObjectOf(heap.heap().model(), slots[i]);
      *Traits::Slot(object, 2) = Traits::Immediate(static_cast<int>(i));
      mutator.ChangeLayout(object, header);
      mutator.Safepoint();
    }
  });
  for (std::size_t i = 0; i < kObjects; ++i) {
    heap.Set(array, heap.New(static_cast<int>(i), 8), i);
    made.store(i + 1, std::memory_order_release);
  }
  {
    const gc::BlockingRegion region(heap.mutator());
    other.join();
  }
  for (const bool major : {false, true}) {
    major ? heap.Major() : heap.Minor();
    for (std::size_t i = 0; i < kObjects; ++i) {
      const auto object = heap.Get(array, i);
      ASSERT_TRUE(heap.Is(object, static_cast<int>(i)));
      ASSERT_TRUE(heap.heap().live().Test(heap.AddressOf(object)));
    }
  }
  EXPECT_EQ(heap.LiveObjects(), kObjects + 2);
}

TYPED_TEST(BornOldTest, CountsWhatIsBorn) {
  this->Quietly(
      [](auto& heap) {
        heap.Minor();
        const std::size_t before = heap.heap().old_object_bytes();
        for (int i = 0; i < 100; ++i) heap.New(i, 10);
        heap.Minor();
        EXPECT_EQ(heap.heap().old_object_bytes(),
                  before + 100 * heap.SizeOf(10));
      },
      TestFixture::Options());
}

}  // namespace
}  // namespace fledge
