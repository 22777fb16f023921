#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_os.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

// Of each object with which a heap is filled.
constexpr std::size_t kItemBytes = 1000;

template <typename M>
class HeapLimitTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  static HeapOptions Limited(std::size_t bytes) {
    HeapOptions options = Heap::SmallHeap();
    options.max_heap_bytes = bytes;
    options.nursery_bytes = kBlockBytes;
    return options;
  }

  static std::size_t SizeOfItem(std::size_t raw_bytes) {
    return ModelTraits<M>::SizeFor(2, raw_bytes);
  }
  // Prepends objects with `raw_bytes` besides their two slots to `list` until
  // the heap is full; returns how many.
  static int FillUp(Heap& heap, Local<M>& list, std::size_t raw_bytes) {
    for (int i = 0;; ++i) {
      const auto value =
          TryMakeObject(heap.mutator(), 2, raw_bytes, AllocationKind::kTraced);
      if (value == ModelTraits<M>::NullValue()) return i;
      *heap.Slot(value, 0) = list.get();
      *heap.Slot(value, 1) = ModelTraits<M>::Immediate(i);
      list.set(value);
    }
  }
  static void ExpectList(Heap& heap, const Local<M>& list, int count) {
    const HandleScope<M> scope(heap.mutator());
    auto object = heap.Root(list);
    for (int i = count; i-- > 0;) {
      ASSERT_TRUE(heap.Is(object, i)) << i;
      object.set(heap.Get(object));
    }
    EXPECT_EQ(object.get(), ModelTraits<M>::NullValue());
  }
};

template <typename M>
using HeapLimitDeathTest = HeapLimitTest<M>;

TYPED_TEST_SUITE(HeapLimitTest, FakeModels, ModelNames);
TYPED_TEST_SUITE(HeapLimitDeathTest, FakeModels, ModelNames);

// Limits.

// Young space is full of what no copy has room for, and old space has some room
// between its objects: each of them is not worth a collection.
TYPED_TEST(HeapLimitTest, AFullHeapIsNotCollectedForEachObject) {
  for (const Policy policy :
       {Policy::kSemispace, Policy::kGenCopy, Policy::kGenImmix}) {
    SCOPED_TRACE(std::string(NameOf(policy)));
    HeapOptions options = TestFixture::Limited(2 * kMiB);
    options.nursery_bytes = options.max_heap_bytes / 4;
    options.policy = policy;
    typename TestFixture::Heap heap(options);
    const HandleScope<TypeParam> scope(heap.mutator());
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    TestFixture::FillUp(heap, list, kItemBytes);
    // Every other one dies, which leaves a hole between two that live.
    auto item = heap.Root(list.get());
    while (item.get() != ModelTraits<TypeParam>::NullValue()) {
      const HandleScope<TypeParam> step(heap.mutator());
      const auto next = heap.Root(heap.Get(item));
      if (next.get() == ModelTraits<TypeParam>::NullValue()) break;
      heap.Set(item, heap.Get(next));
      item.set(heap.Get(item));
    }
    const auto collections = [&] {
      return heap.heap().collections(CollectionKind::kMinor) +
             heap.heap().collections(CollectionKind::kMajor);
    };
    const std::uint64_t before = collections();
    auto small = heap.Root(ModelTraits<TypeParam>::NullValue());
    const int count = TestFixture::FillUp(heap, small, 0);
    EXPECT_LT(collections() - before, 50u) << collections() - before;
    TestFixture::ExpectList(heap, small, count);
  }
}

TYPED_TEST(HeapLimitTest, AYoungSpaceFullOfPinsIsNotCollectedForEachObject) {
  typename TestFixture::Heap heap(TestFixture::Limited(16 * kMiB));
  const HandleScope<TypeParam> scope(heap.mutator());
  std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
  TestFixture::PinYoungSpace(heap, 0, pins);
  const auto collections = [&] {
    return heap.heap().collections(CollectionKind::kMinor) +
           heap.heap().collections(CollectionKind::kMajor);
  };
  heap.Minor();
  const std::uint64_t before = collections();
  constexpr int kObjects = 10'000;
  for (int i = 0; i < kObjects; ++i) EXPECT_FALSE(heap.IsYoung(heap.New(i)));
  EXPECT_LT(collections() - before, 50u);
}

TYPED_TEST(HeapLimitTest, AtTheLimitTryAllocateIsNullAndTheHeapGoesOn) {
  this->Quietly(
      [](auto& heap) {
        auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
        int count = 0;
        for (int round = 0; round < 3; ++round) {
          list.set(ModelTraits<TypeParam>::NullValue());
          const int before = count;
          count = TestFixture::FillUp(heap, list, kItemBytes);
          // At least three quarters of the limit are objects.
          EXPECT_GT(static_cast<std::size_t>(count) *
                        TestFixture::SizeOfItem(kItemBytes),
                    heap.heap().account().limit_bytes() * 3 / 4);
          EXPECT_LE(heap.heap().peak_used_bytes(),
                    heap.heap().account().limit_bytes());
          TestFixture::ExpectList(heap, list, count);
          if (round > 0) {
            EXPECT_GT(count, before * 9 / 10);
          }
        }
      },
      TestFixture::Limited(3 * kMiB / 2));
}

TYPED_TEST(HeapLimitTest, AtTheLimitALargeObjectIsNullAndTheHeapGoesOn) {
  this->Quietly(
      [](auto& heap) {
        const auto large = [&](std::size_t bytes) {
          return TryMakeObject(heap.mutator(), 0, bytes, AllocationKind::kLeaf);
        };
        const auto null = ModelTraits<TypeParam>::NullValue();
        EXPECT_EQ(large(5 * kMiB), null);
        auto first = heap.Root(large(2 * kMiB));
        EXPECT_NE(first.get(), null);
        EXPECT_EQ(large(3 * kMiB), null);
        first.set(null);
        EXPECT_NE(large(3 * kMiB), null);
      },
      TestFixture::Limited(4 * kMiB));
}

TYPED_TEST(HeapLimitTest, ALargeObjectMayBeLargerThanTheGrowthThatIsDue) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = 8 * Pacer::kLeastGrowthBytes;
  TestHeap<TypeParam> heap(options);
  const auto value = TryMakeObject(
      heap.mutator(), 0, 2 * Pacer::kLeastGrowthBytes, AllocationKind::kLeaf);
  EXPECT_NE(value, ModelTraits<TypeParam>::NullValue());
}

TYPED_TEST(HeapLimitTest,
           OutOfMemoryHandlerIsCalledWithRightFiguresAndMayReturn) {
  this->Quietly(
      [](auto& heap) {
        auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
        const int count = TestFixture::FillUp(heap, list, kItemBytes);
        const std::size_t wanted = heap.SizeOf(heap.SlotsFor(kBlockBytes / 4));
        std::vector<OutOfMemory> calls;
        heap.heap().SetOutOfMemoryHandler([&](const OutOfMemory& failure) {
          calls.push_back(failure);
          list.set(ModelTraits<TypeParam>::NullValue());
        });
        const auto object = heap.New(1, heap.SlotsFor(kBlockBytes / 4));
        EXPECT_TRUE(heap.Is(object, 1));
        ASSERT_EQ(calls.size(), 1u);
        const OutOfMemory& failure = calls[0];
        EXPECT_EQ(failure.requested_bytes, wanted);
        EXPECT_EQ(failure.limit_bytes, heap.heap().account().limit_bytes());
        EXPECT_LE(failure.used_bytes, failure.limit_bytes);
        EXPECT_GT(failure.used_bytes, failure.limit_bytes / 2);
        EXPECT_EQ(failure.live.objects, static_cast<std::size_t>(count));
        EXPECT_EQ(failure.live.bytes, static_cast<std::size_t>(count) *
                                          TestFixture::SizeOfItem(kItemBytes));
        ASSERT_EQ(failure.live.rows.size(), 1u);
        EXPECT_EQ(failure.live.rows[0].objects, failure.live.objects);
        EXPECT_EQ(failure.live.rows[0].bytes, failure.live.bytes);
      },
      TestFixture::Limited(2 * kMiB));
}

TYPED_TEST(HeapLimitTest, OutOfMemoryHandlerIsCalledAgainUntilThereIsRoom) {
  TestHeap<TypeParam> heap(TestFixture::Limited(2 * kMiB));
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  TestFixture::FillUp(heap, list, kItemBytes);
  int calls = 0;
  heap.heap().SetOutOfMemoryHandler([&](const OutOfMemory&) {
    if (++calls == 3) list.set(ModelTraits<TypeParam>::NullValue());
  });
  EXPECT_TRUE(heap.Is(heap.New(1, heap.SlotsFor(kLargestYoungBytes)), 1));
  EXPECT_EQ(calls, 3);
}

TYPED_TEST(HeapLimitTest, TryAllocateDoesNotCallTheHandler) {
  TestHeap<TypeParam> heap(TestFixture::Limited(kMiB));
  heap.heap().SetOutOfMemoryHandler([](const OutOfMemory&) { FAIL(); });
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  EXPECT_GT(TestFixture::FillUp(heap, list, kItemBytes), 0);
}

TYPED_TEST(HeapLimitDeathTest, TheDefaultHandlerSaysWhatIsLiveAndAborts) {
  TestHeap<TypeParam> heap(TestFixture::Limited(kMiB));
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  TestFixture::FillUp(heap, list, kItemBytes);
  EXPECT_DEATH(heap.New(1, heap.SlotsFor(kLargestYoungBytes)),
               "out of memory: the limit of 1.0 MB leaves no room for .* "
               "bytes; live are .* MB, most of it");
}

TYPED_TEST(HeapLimitTest, ALimitThatIsTooSmallIsRaisedToOneThatWorks) {
  for (const std::size_t limit : {std::size_t{1}, kPageBytes, kBlockBytes}) {
    HeapOptions options = TestFixture::Limited(limit);
    options.nursery_bytes = 1;
    this->Always(
        [](auto& heap) {
          const auto local = heap.Root(heap.New(1));
          for (int i = 0; i < 1000; ++i) heap.New(i, 50);
          heap.Major();
          EXPECT_TRUE(heap.Is(local, 1));
          EXPECT_LE(heap.heap().peak_used_bytes(),
                    heap.heap().account().limit_bytes());
        },
        options);
  }
}

TYPED_TEST(HeapLimitTest, AnOsThatGrantsLittleAddressSpaceLowersTheLimit) {
  FakeOs os;
  os.set_largest_reservation(32 * kMiB);
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = kGiB;
  options.os = &os;
  TestHeap<TypeParam> heap(options);
  EXPECT_LE(heap.heap().account().limit_bytes(), 32 * kMiB);
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  const int count = TestFixture::FillUp(heap, list, kItemBytes);
  TestFixture::ExpectList(heap, list, count);
}

TYPED_TEST(HeapLimitTest, AnyRefusedRequestLosesNothing) {
  for (std::uint64_t k = 1; k <= 12; ++k) {
    SCOPED_TRACE(k);
    HeapOptions options = TestFixture::Limited(4 * kMiB);
    options.stress.fail_page = k;
    TestHeap<TypeParam> heap(options);
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    int count = 0;
    // A refused request may look like the limit, once.
    for (int attempt = 0; attempt < 2; ++attempt) {
      list.set(ModelTraits<TypeParam>::NullValue());
      count = TestFixture::FillUp(heap, list, kItemBytes);
      TestFixture::ExpectList(heap, list, count);
    }
    EXPECT_GT(static_cast<std::size_t>(count), 2 * kMiB / kItemBytes);
  }
}

TYPED_TEST(HeapLimitTest, ReasonsAreTold) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = 4 * Pacer::kLeastGrowthBytes;
  TestHeap<TypeParam> heap(options);
  const auto has = [&](CollectionReason reason) {
    return std::any_of(
        heap.events().begin(), heap.events().end(),
        [&](const auto& event) { return event.reason == reason; });
  };
  heap.Minor();
  EXPECT_TRUE(has(CollectionReason::kRequested));
  while (!has(CollectionReason::kNurseryFull)) heap.New(0, 100);
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  const std::size_t large_bytes = Pacer::kLeastGrowthBytes / 4;
  for (int i = 0; !has(CollectionReason::kLargeObject); ++i) {
    ASSERT_LT(i, 10);
    heap.New(0, heap.SlotsFor(large_bytes));
  }
  TestFixture::FillUp(heap, list, kItemBytes);
  EXPECT_TRUE(has(CollectionReason::kHeapGrowth));
  EXPECT_TRUE(has(CollectionReason::kOutOfMemory));
}

TYPED_TEST(HeapLimitDeathTest, AnOsThatGrantsNoAddressSpaceIsNamed) {
  const auto make = [](FakeOs::Request refused) {
    FakeOs os;
    os.RefuseAll(refused);
    HeapOptions options = TestFixture::Heap::SmallHeap();
    options.os = &os;
    const Heap<TypeParam> heap(options);
  };
  EXPECT_DEATH(make(FakeOs::Request::kReserve), "refuses the address space");
  EXPECT_DEATH(make(FakeOs::Request::kCommit), "refuses the memory");
}

}  // namespace
}  // namespace fledge::gc
