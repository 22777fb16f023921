#include "gc/heap.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_os.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/shadow_graph.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class HeapTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  // Raw bytes of the smallest object of at least `size_bytes`.
  static std::size_t RawFor(std::size_t size_bytes) {
    const std::size_t empty = ModelTraits<M>::SizeFor(0, 0);
    return size_bytes > empty ? size_bytes - empty : 0;
  }
  // The sizes at which something changes, and their neighbours.
  static std::vector<std::size_t> TellingSizes() {
    std::vector<std::size_t> sizes;
    for (const std::size_t size :
         {std::size_t{8}, std::size_t{16}, OldSpace::kLeastHoleBytes,
          CardTable::kCardBytes, kPageBytes, kLargestYoungBytes, kBlockBytes,
          2 * kBlockBytes, 5 * kBlockBytes + kPageBytes}) {
      for (const std::size_t near : {size - 8, size, size + 8}) {
        if (near > 0) sizes.push_back(near);
      }
    }
    return sizes;
  }
};

template <typename M>
using HeapDeathTest = HeapTest<M>;

TYPED_TEST_SUITE(HeapTest, FakeModels, ModelNames);
TYPED_TEST_SUITE(HeapDeathTest, FakeModels, ModelNames);

TYPED_TEST(HeapTest, ObjectsOfEverySizeKeepTheirBytes) {
  this->Always([](auto& heap) {
    using Traits = ModelTraits<TypeParam>;
    std::vector<Local<TypeParam>> locals;
    std::vector<std::size_t> sizes;
    NodeId id = 0;
    for (const std::size_t size : TestFixture::TellingSizes()) {
      for (const auto kind : {AllocationKind::kLeaf, AllocationKind::kLeafOld,
                              AllocationKind::kLeafImmovable}) {
        const std::size_t raw_bytes = TestFixture::RawFor(size);
        const auto value = MakeObject(heap.mutator(), 0, raw_bytes, kind);
        const Address object = heap.AddressOf(value);
        EXPECT_TRUE(IsAligned(object, TypeParam::kAlignment));
        EXPECT_EQ(heap.IsYoung(value),
                  kind == AllocationKind::kLeaf &&
                      Traits::SizeFor(0, raw_bytes) <= kLargestYoungBytes);
        FillPayload(++id, Traits::Raw(object));
        locals.push_back(heap.Root(value));
      }
    }
    for (int round = 0; round < 4; ++round) {
      for (std::size_t i = 0; i < locals.size(); ++i) {
        ASSERT_EQ(FirstWrongByte(i + 1, Traits::Raw(heap.AddressOf(locals[i]))),
                  std::nullopt);
      }
      round % 2 == 0 ? heap.Minor() : heap.Major();
    }
  });
}

TYPED_TEST(HeapTest, BornOldMemoryIsZeroWhateverItHeldBefore) {
  this->Quietly([](auto& heap) {
    for (const std::size_t size : TestFixture::TellingSizes()) {
      for (int round = 0; round < 2; ++round) {
        const std::size_t bytes = AlignUp(size, TypeParam::kAlignment);
        const Address object = heap.mutator().Allocate(
            bytes, size > kLargestYoungBytes ? AllocationKind::kLeaf
                                             : AllocationKind::kLeafOld);
        auto* const memory = reinterpret_cast<char*>(object);
        ASSERT_TRUE(std::all_of(memory, memory + bytes, [](char byte) {
          return byte == 0;
        })) << size;
        ModelTraits<TypeParam>::InitializeAt(object, 0,
                                             TestFixture::RawFor(bytes));
        const auto raw = ModelTraits<TypeParam>::Raw(object);
        std::fill(raw.begin(), raw.end(), std::byte{0x5a});
        heap.Major();
      }
    }
  });
}

// A header of its own word for word, and nothing of the collector's: an object
// is as large as its model says.
TYPED_TEST(HeapTest, AnObjectTakesNoMoreThanItsModelSays) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kCount = 100;
    const std::size_t size = heap.SizeOf(3);
    std::vector<Address> objects;
    for (std::size_t i = 0; i < kCount; ++i) {
      objects.push_back(heap.AddressOf(heap.New(static_cast<int>(i), 3)));
    }
    std::sort(objects.begin(), objects.end());
    EXPECT_EQ(objects.back() - objects.front(), (kCount - 1) * size);
    const auto array = heap.Root(heap.New(0, kCount));
    for (std::size_t i = 0; i < kCount; ++i) {
      heap.Set(array, heap.New(static_cast<int>(i), 3), i);
    }
    EXPECT_EQ(heap.Minor().survived_bytes, heap.SizeOf(kCount) + kCount * size);
    EXPECT_EQ(heap.Minor().promoted_bytes, heap.SizeOf(kCount) + kCount * size);
    EXPECT_EQ(heap.heap().old_object_bytes(),
              heap.SizeOf(kCount) + kCount * size);
  });
}

TYPED_TEST(HeapTest, ACollectionLeavesAnObjectsHeaderAsItWas) {
  this->Always([](auto& heap) {
    const auto local = heap.Root(heap.New(1, 3));
    const Header header = LoadHeader(heap.AddressOf(local));
    for (int i = 0; i < 4; ++i) {
      i % 2 == 0 ? heap.Minor() : heap.Major();
      EXPECT_EQ(LoadHeader(heap.AddressOf(local)), header);
    }
  });
}

TYPED_TEST(HeapTest, AllocatedBytesAreExact) {
  this->Quietly([](auto& heap) {
    std::size_t bytes = 0;
    for (const std::size_t size : TestFixture::TellingSizes()) {
      for (const auto kind : {AllocationKind::kLeaf, AllocationKind::kLeafOld,
                              AllocationKind::kLeafImmovable}) {
        MakeObject(heap.mutator(), 0, TestFixture::RawFor(size), kind);
        bytes += ModelTraits<TypeParam>::SizeFor(0, TestFixture::RawFor(size));
        ASSERT_EQ(heap.mutator().allocated_bytes(), bytes);
      }
    }
    EXPECT_EQ(heap.Minor().allocated_bytes, bytes);
    EXPECT_EQ(heap.heap().allocated_bytes(), bytes);
  });
}

TYPED_TEST(HeapTest, AllocatedBytesOutliveTheirMutator) {
  Heap<TypeParam> heap(TestFixture::Heap::SmallHeap());
  std::size_t bytes = 0;
  for (int i = 0; i < 3; ++i) {
    Mutator<TypeParam> mutator(heap);
    MakeObject(mutator, 3);
    bytes += ModelTraits<TypeParam>::SizeFor(3, 0);
  }
  EXPECT_EQ(heap.allocated_bytes(), bytes);
}

TYPED_TEST(HeapTest, HeapsShareNothing) {
  constexpr int kHeaps = 4;
  std::vector<std::unique_ptr<TestHeap<TypeParam>>> heaps;
  std::vector<Local<TypeParam>> locals;
  for (int i = 0; i < kHeaps; ++i) {
    heaps.push_back(std::make_unique<TestHeap<TypeParam>>());
    locals.push_back(heaps.back()->Root(heaps.back()->New(i)));
  }
  for (int i = 0; i < kHeaps; ++i) {
    auto& heap = *heaps[static_cast<std::size_t>(i)];
    const auto& local = locals[static_cast<std::size_t>(i)];
    for (int j = 0; j <= i; ++j) heap.Minor();
    EXPECT_EQ(heap.heap().collections(CollectionKind::kMinor),
              static_cast<std::uint64_t>(i) + 1);
    EXPECT_TRUE(heap.Is(local, i));
  }
  heaps[1].reset();
  EXPECT_TRUE(heaps[0]->Is(locals[0], 0));
  EXPECT_TRUE(heaps[2]->Is(locals[2], 2));
  EXPECT_EQ(heaps[3]->events().size(), 4u);
}

TYPED_TEST(HeapTest, AHeapGivesEverythingBack) {
  FakeOs os;
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.os = &os;
  this->Always([](auto& heap) { heap.Root(heap.New(1)); }, options);
  EXPECT_EQ(os.reserved_ranges(), 0u);
}

TYPED_TEST(HeapTest, SideTablesTakeAtMostFourPercent) {
  for (std::size_t heap_bytes = 64 * kMiB; heap_bytes <= 64 * kGiB;
       heap_bytes *= 2) {
    EXPECT_LE(Heap<TypeParam>::SideTableBytes(heap_bytes),
              heap_bytes / 100 * 4);
  }
  // As the OS sees it, with a work stack, handles and the nursery beside them.
  FakeOs os;
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.max_heap_bytes = 256 * kMiB;
  options.os = &os;
  TestHeap<TypeParam> heap(options);
  const std::size_t before = os.committed_bytes();
  const auto array = heap.Root(heap.NewOld(0, 100));
  for (std::size_t i = 0; i < 64; ++i) {
    heap.Set(array, heap.New(1, heap.SlotsFor(kMiB - kKiB)), i);
  }
  const std::size_t old = heap.heap().memory().committed().bytes;
  ASSERT_GE(old, 64 * kMiB);
  EXPECT_LE(os.committed_bytes() - before - old, old / 100 * 4);
}

// Events.

TYPED_TEST(HeapTest, EventsAddUp) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  this->Always([&](auto& heap) {
    Random random(seed);
    const auto array = heap.Root(heap.NewOld(-1, 500));
    for (int i = 0; i < 20'000 && heap.events().size() < 500; ++i) {
      heap.Set(array, heap.New(i, random.Below(30)), random.Below(500));
      if (random.OneIn(3000)) random.OneIn(3) ? heap.Major() : heap.Minor();
    }
    heap.Minor();
    std::uint64_t number = 0;
    std::size_t young_bytes = 0;  // Survivors of the last one.
    std::size_t allocated = 0;
    std::int64_t last_end_ns = 0;
    std::uint64_t majors = 0;
    for (const CollectionEvent& event : heap.events()) {
      EXPECT_EQ(event.number, ++number);
      EXPECT_GE(event.requested_ns, last_end_ns);
      EXPECT_GE(event.start_ns, event.requested_ns);
      EXPECT_GE(event.end_ns, event.start_ns);
      const std::int64_t phases = std::accumulate(
          event.phase_ns.begin(), event.phase_ns.end(), std::int64_t{0});
      EXPECT_GT(phases, 0);
      EXPECT_LE(phases, event.pause_ns());
      last_end_ns = event.end_ns;

      EXPECT_GE(event.allocated_bytes, allocated);
      // What was copied or kept was there before: allocated since, or a
      // survivor.
      EXPECT_LE(event.survived_bytes + event.promoted_bytes + event.kept_bytes,
                event.allocated_bytes - allocated + young_bytes);
      allocated = event.allocated_bytes;
      young_bytes = event.survived_bytes + event.kept_bytes;
      EXPECT_GT(event.processor_ns, 0);
      EXPECT_LE(event.old_after_bytes, event.heap_after_bytes);
      EXPECT_LE(event.heap_after_bytes, heap.heap().peak_used_bytes());
      EXPECT_LE(event.heap_before_bytes, heap.heap().peak_used_bytes());
      if (event.kind == CollectionKind::kMajor) {
        ++majors;
        EXPECT_EQ(event.survived_bytes, 0u);
      } else {
        EXPECT_EQ(event.evacuated_bytes, 0u);
      }
    }
    EXPECT_EQ(majors, heap.heap().collections(CollectionKind::kMajor));
    EXPECT_EQ(number - majors, heap.heap().collections(CollectionKind::kMinor));
  });
}

TYPED_TEST(HeapTest, OldBytesAreWhatWasPromotedAndBornOld) {
  this->Quietly([](auto& heap) {
    const auto array = heap.Root(heap.NewOld(0, 50));
    std::size_t old = heap.SizeOf(50);
    for (std::size_t i = 0; i < 50; ++i) {
      heap.Set(array, heap.New(static_cast<int>(i), i), i);
      if (i % 10 != 9) continue;
      const CollectionEvent& event = heap.Minor();
      old += event.promoted_bytes;
      EXPECT_EQ(event.old_after_bytes, old);
    }
    heap.Minor();
    heap.Minor();
    std::size_t live = heap.SizeOf(50);
    for (std::size_t i = 0; i < 50; ++i) live += heap.SizeOf(i);
    EXPECT_EQ(heap.Major().old_after_bytes, live);
  });
}

TYPED_TEST(HeapTest, ARemovedListenerHearsNothing) {
  TestHeap<TypeParam> heap;
  CollectionLog log;
  heap.heap().AddListener(&log);
  heap.Minor();
  heap.heap().RemoveListener(&log);
  heap.Minor();
  EXPECT_EQ(log.events().size(), 1u);
  EXPECT_EQ(heap.events().size(), 2u);
}

TYPED_TEST(HeapTest, AStressedHeapCollectsAtEachAllocation) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.every = 1;
  options.stress.major = 3;
  TestHeap<TypeParam> heap(options);
  for (int i = 0; i < 9; ++i) heap.New(i);
  EXPECT_EQ(heap.heap().collections(CollectionKind::kMinor), 6u);
  EXPECT_EQ(heap.heap().collections(CollectionKind::kMajor), 3u);
  EXPECT_EQ(heap.events()[0].reason, CollectionReason::kStress);
}

TYPED_TEST(HeapTest, SummaryCountsByType) {
  this->Always([](auto& heap) {
    const auto array = heap.Root(heap.New(0, 10));
    for (std::size_t i = 0; i < 10; ++i) {
      heap.Set(array, MakeObject(heap.mutator(), 0, 100), i);
    }
    heap.New(1);
    const LiveSummary summary = heap.heap().Summarize(heap.mutator());
    EXPECT_EQ(summary.objects, 11u);
    ASSERT_EQ(summary.rows.size(), 2u);
    EXPECT_GE(summary.rows[0].bytes, summary.rows[1].bytes);
    EXPECT_EQ(summary.rows[0].objects, 10u);
    EXPECT_EQ(summary.rows[0].bytes,
              10 * ModelTraits<TypeParam>::SizeFor(0, 100));
    EXPECT_EQ(summary.rows[1].bytes, heap.SizeOf(10));
    EXPECT_EQ(summary.bytes, summary.rows[0].bytes + summary.rows[1].bytes);
  });
}

// Threads.

// Each thread keeps lists of its own, and exchanges objects with the others
// through registered roots that everyone reads and writes. What is exchanged is
// not written any more.
TYPED_TEST(HeapTest, ThreadsShareObjectsThroughRegisteredRoots) {
  using Traits = ModelTraits<TypeParam>;
  using Value = typename TypeParam::Value;
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kShared = 16;
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  for (const HeapVariant& variant : kQuietVariants) {
    SCOPED_TRACE(variant.name);
    HeapOptions options = TestFixture::Heap::SmallHeap();
    variant.apply(options);
    Heap<TypeParam> heap(options);
    std::vector<Value> shared(kShared, Traits::NullValue());
    const auto roots = heap.RegisterRoots(shared);
    std::atomic<std::uint64_t> wrong{0};
    std::mutex exchange;
    std::vector<std::thread> threads;
    for (std::size_t id = 0; id < kThreads; ++id) {
      threads.emplace_back([&, id] {
        Random random(seed + id);
        Mutator<TypeParam> mutator(heap);
        const HandleScope<TypeParam> scope(mutator);
        Local<TypeParam> mine(mutator, Traits::NullValue());
        Local<TypeParam> taken(mutator, Traits::NullValue());
        // A pair of objects, of which the second repeats the first's number.
        const auto make = [&](int number) {
          const HandleScope<TypeParam> inner(mutator);
          const Local<TypeParam> pair(mutator, MakeObject(mutator, 2));
          *SlotOf(mutator, pair.get(), 1) = Traits::Immediate(number);
          const Value second = MakeObject(mutator, 1);
          *SlotOf(mutator, second, 0) = Traits::Immediate(number);
          mutator.Write(SlotOf(mutator, pair.get(), 0), second);
          return pair.get();
        };
        const auto is_sound = [&](Value pair) {
          if (pair == Traits::NullValue()) return true;
          const Value second = *SlotOf(mutator, pair, 0);
          return *SlotOf(mutator, second, 0) == *SlotOf(mutator, pair, 1);
        };
        for (int i = 0; i < 1000; ++i) {
          mine.set(make(i));
          Value* const slot = &shared[random.Below(kShared)];
          {
            // The program's own order: the collector gives none. No one comes
            // to a safepoint in here.
            const std::lock_guard lock(exchange);
            taken.set(*slot);
            mutator.WriteRoot(*roots, slot, mine.get());
          }
          mutator.Safepoint();
          if (!is_sound(mine.get()) || !is_sound(taken.get())) ++wrong;
          if (random.OneIn(100)) {
            mutator.Collect(random.OneIn(4) ? CollectionKind::kMajor
                                            : CollectionKind::kMinor);
          }
          if (random.OneIn(100)) {
            const BlockingRegion region(mutator);
            std::this_thread::yield();
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong.load(), 0u);
    EXPECT_EQ(
        heap.allocated_bytes(),
        kThreads * 1000 * (Traits::SizeFor(2, 0) + Traits::SizeFor(1, 0)));
  }
}

// A nursery of one buffer: whoever collects may find that another took it.
TYPED_TEST(HeapTest, ThreadsThatContendForATinyNurseryAllGetMemory) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.tiny = true;
  Heap<TypeParam> heap(options);
  heap.SetOutOfMemoryHandler(
      [](const OutOfMemory& failure) { ADD_FAILURE() << failure.Message(); });
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (int id = 0; id < 6; ++id) {
    threads.emplace_back([&] {
      Mutator<TypeParam> mutator(heap);
      for (int i = 0; i < 500 && !failed; ++i) {
        const auto value = TryMakeObject(mutator, 0, kLargestYoungBytes - kKiB,
                                         AllocationKind::kLeaf);
        if (value == ModelTraits<TypeParam>::NullValue()) failed = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(failed);
}

// A sweep hands on what an object gave up as soon as it reads the new header,
// and nothing but that header tells it that the owner is done there.
TYPED_TEST(HeapTest, WhatAnObjectGivesUpIsAnotherThreadsToUse) {
  using Traits = ModelTraits<TypeParam>;
  constexpr std::size_t kSlots = 100;
  typename TestFixture::Heap heap;
  const auto small = heap.Root(heap.New(0, 1));
  // Blocks with garbage, so that they are swept, and not enough of it for them
  // to be evacuated.
  auto objects = heap.Root(heap.New(0, kSlots, AllocationKind::kTracedOld));
  for (std::size_t i = 0; i < kSlots; ++i) {
    heap.Set(objects, heap.New(0, kSlots, AllocationKind::kTracedOld), i);
    heap.New(0, kSlots, AllocationKind::kTracedOld);
  }
  std::atomic<bool> ready{false};
  std::atomic<bool> go{false};
  std::thread other([&] {
    Mutator<TypeParam> mutator(heap.heap());
    const HandleScope<TypeParam> scope(mutator);
    ready = true;
    while (!go.load(std::memory_order_relaxed)) mutator.Safepoint();
    for (int i = 0; i < 10000; ++i) {
      MakeObject(mutator, 1, 0, AllocationKind::kTracedOld);
    }
  });
  while (!ready) heap.mutator().Safepoint();
  heap.Major();
  const Header header = LoadHeader(heap.AddressOf(small));
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Address object = heap.AddressOf(heap.Get(objects, i));
    *Traits::Slot(object, kSlots - 1) = Traits::Immediate(1);
    heap.mutator().ChangeLayout(object, header);
  }
  go.store(true, std::memory_order_relaxed);
  {
    const BlockingRegion region(heap.mutator());
    other.join();
  }
  heap.Major();
  for (std::size_t i = 0; i < kSlots; ++i) {
    EXPECT_EQ(LoadHeader(heap.AddressOf(heap.Get(objects, i))), header);
  }
}

TYPED_TEST(HeapDeathTest, AHeapThatEndsBeforeItsMutatorDies) {
  const auto end_too_early = [] {
    auto heap =
        std::make_unique<Heap<TypeParam>>(TestFixture::Heap::SmallHeap());
    const Mutator<TypeParam> mutator(*heap);
    heap.reset();
  };
  EXPECT_DEATH(end_too_early(), "destroyed before one of its mutators");
}

TYPED_TEST(HeapDeathTest, AnObjectOfNoSizeDies) {
  TestHeap<TypeParam> heap;
  EXPECT_DEATH(heap.mutator().Allocate(0, AllocationKind::kLeafOld),
               "multiple of its alignment");
  EXPECT_DEATH(heap.mutator().Allocate(12, AllocationKind::kLeafOld),
               "multiple of its alignment");
}

TYPED_TEST(HeapDeathTest, GrowingAnObjectInPlaceDies) {
  TestHeap<TypeParam> heap;
  const auto small = heap.Root(heap.New(1, 1));
  const auto large = heap.New(2, 20);
  EXPECT_DEATH(heap.mutator().ChangeLayout(heap.AddressOf(small),
                                           LoadHeader(heap.AddressOf(large))),
               "only shrink");
}

}  // namespace
}  // namespace fledge::gc
