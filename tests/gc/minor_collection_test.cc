#include "gc/minor_collection.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_os.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class MinorCollectionTest : public CollectionTest<M> {};

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
