// Exceptions that pass frames of compiled code, and what is known of the frames
// afterwards.

#include "runtime/entry_frame.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gc/heap.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/compiled_machine.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

struct Thrown : std::runtime_error {
  Thrown() : std::runtime_error("thrown") {}
};

// Calls `body`, which enters compiled code and throws.
template <typename Body>
void Catch(CompiledFrames& frames, Body&& body) {
  bool caught = false;
  try {
    const EntryFrame entry(frames.fields());
    body();
  } catch (const Thrown&) {
    caught = true;
  }
  EXPECT_TRUE(caught);
}

template <typename M>
class EntryFrameTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(EntryFrameTest, FakeModels, ModelNames);

TYPED_TEST(EntryFrameTest, ExceptionsPassCompiledFrames) {
  this->Everywhere([](auto& heap) {
    using V = typename TypeParam::Value;
    CompiledMachine machine(heap.heap());
    for (const CompiledFunction* function : {&kWithBoth, &kWithTable}) {
      const V first = heap.New(1);
      std::array<V, 3> outer{first, first, static_cast<V>(first + 8)};
      machine.Run(kWithBoth, outer, [&] {
        // compiled ── native ── compiled ── native, which throws.
        Catch(machine.frames(), [&] {
          std::array<V, 3> middle{heap.New(2), V{}, V{}};
          machine.Run(kWithTable, middle, [&] {
            std::array<V, 3> inner{heap.New(3), V{}, V{}};
            machine.Run(*function, inner, [&] {
              heap.Minor();
              EXPECT_EQ(machine.frames().Frames().size(), 3u);
              throw Thrown();
            });
          });
        });
        EXPECT_EQ(machine.frames().Frames().size(), 1u);
        heap.Minor();
        heap.New(4);
        heap.Major();
      });
      EXPECT_TRUE(heap.Is(outer[0], 1));
      EXPECT_EQ(outer[1], outer[0]);
      EXPECT_EQ(outer[2], static_cast<V>(outer[0] + 8));
    }
    EXPECT_TRUE(machine.frames().Frames().empty());
  });
}

TYPED_TEST(EntryFrameTest, FramesAboveWhereAnExceptionIsCaughtRest) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kDeep = 50;
    PolledMachine machine(heap.heap());
    const auto calls = machine.Run(NewObjects(heap, 0, kDeep), [&] {
      for (int i = 0; i < 3; ++i) heap.Minor();
      for (int i = 0; i < 3; ++i) {
        Catch(machine.frames(), [&] {
          machine.Run(NewObjects(heap, 100, kDeep), [&] {
            for (int j = 0; j < 3; ++j) heap.Minor();
            EXPECT_EQ(heap.Minor().root_slots, 2u);
            throw Thrown();
          });
        });
        // Of frames at the same addresses, other references.
        const auto inner = machine.Run(NewObjects(heap, 200, kDeep), [&] {
          EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep);
        });
        ExpectObjects(heap, inner, 200);
        EXPECT_EQ(heap.Minor().root_slots, 0u);
      }
    });
    ExpectObjects(heap, calls, 0);
  });
}

// What RandomExceptionsLoseNothing does with either machine: calls, exceptions
// and collections, at random. `run` calls a function through compiled frames,
// and looks at their references afterwards.
template <typename Heap>
void ThrowAtRandom(Heap& heap, CompiledFrames& frames,
                   const std::function<void(std::function<void()>)>& run) {
  Random random(TestSeed());
  int left = 300;
  std::function<void(int)> descend = [&](int depth) {
    while (left-- > 0) {
      const std::uint64_t choice = random.Below(10);
      if (choice < 4 && depth < 12) {
        const auto deeper = [&, depth] { descend(depth + 1); };
        if (random.OneIn(3)) {
          run(deeper);
          continue;
        }
        try {
          const EntryFrame entry(frames.fields());
          run(deeper);
        } catch (const Thrown&) {
          if (random.OneIn(2)) heap.Minor();
        }
      } else if (choice < 5 && depth > 0) {
        return;
      } else if (choice < 6 && depth > 0) {
        throw Thrown();
      } else {
        choice == 9 ? heap.Major() : heap.Minor();
      }
    }
  };
  try {
    const EntryFrame entry(frames.fields());
    descend(0);
  } catch (const Thrown&) {
  }
  EXPECT_TRUE(frames.Frames().empty());
}

TYPED_TEST(EntryFrameTest, RandomExceptionsLoseNothing) {
  SCOPED_TRACE(TestSeed());
  this->Everywhere([](auto& heap) {
    CompiledMachine machine(heap.heap());
    int number = 0;
    ThrowAtRandom(heap, machine.frames(), [&](std::function<void()> body) {
      using V = typename TypeParam::Value;
      const int mine = ++number;
      const V value = heap.New(mine);
      std::array<V, 3> values{value, value, static_cast<V>(value + 8)};
      machine.Run(mine % 2 == 0 ? kWithBoth : kWithTable, values, body);
      EXPECT_TRUE(heap.Is(values[0], mine));
      EXPECT_EQ(values[2], static_cast<V>(values[0] + 8));
    });
  });
}

TYPED_TEST(EntryFrameTest, RandomExceptionsThroughPolledFramesLoseNothing) {
  SCOPED_TRACE(TestSeed());
  this->Everywhere([](auto& heap) {
    PolledMachine machine(heap.heap());
    int number = 0;
    ThrowAtRandom(heap, machine.frames(), [&](std::function<void()> body) {
      const int first = number;
      const std::size_t count = 1 + static_cast<std::size_t>(number) % 4;
      number += static_cast<int>(count);
      ExpectObjects(heap, machine.Run(NewObjects(heap, first, count), body),
                    first);
    });
  });
}

TYPED_TEST(EntryFrameTest, ThreadsThrowWhileOthersCollect) {
  gc::HeapOptions options = TestFixture::Heap::SmallHeap();
  if (kVerifies) options.verify = gc::Verify::kOn;
  TestHeap<TypeParam> heap(options);
  using V = typename TypeParam::Value;
  constexpr int kThreads = 3;
  std::atomic<int> ended{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      gc::Mutator<TypeParam> mutator(heap.heap());
      CompiledMachine machine(heap.heap());
      for (int i = 0; i < 20; ++i) {
        const V value = MakeObject(mutator, 4, 0, gc::AllocationKind::kTraced);
        *ModelTraits<TypeParam>::Slot(
            ModelTraits<TypeParam>::ObjectOf(heap.heap().model(), value), 3) =
            ModelTraits<TypeParam>::Immediate(t);
        std::array<V, 3> values{value, value, static_cast<V>(value + 8)};
        machine.Run(kWithBoth, values, [&] {
          Catch(machine.frames(), [&] {
            std::array<V, 3> none{};
            machine.Run(kWithTable, none, [&] {
              mutator.Safepoint();
              throw Thrown();
            });
          });
          mutator.Safepoint();
        });
        EXPECT_TRUE(heap.Is(values[0], t));
        EXPECT_EQ(values[2], static_cast<V>(values[0] + 8));
      }
      ++ended;
    });
  }
  while (ended < kThreads) heap.Minor();
  const gc::BlockingRegion blocking(heap.mutator());
  for (std::thread& thread : threads) thread.join();
}

// Records that compiled code wrote by itself, and nobody takes out again.
TEST(EntryFrameOfOneModelTest, TheNewestExitIsAgainWhatItWas) {
  TestHeap<PlainModel> heap(Verified());
  CompiledMachine machine(heap.heap());
  auto values = Nothing();
  machine.Run(kWithBoth, values, [&] {
    const ExitRecord* const before = machine.frames().fields().newest;
    Catch(machine.frames(), [&] {
      const ExitRecord written{before, kWithTable.returns, 0x1000, 0};
      machine.frames().fields().newest = &written;
      throw Thrown();
    });
    EXPECT_EQ(machine.frames().fields().newest, before);
    heap.Minor();
  });
}

void ThrowWithoutEntryFrame() {
  TestHeap<PlainModel> heap;
  PolledMachine machine(heap.heap());
  try {
    machine.Run(NewObjects(heap, 0, 5), [&] {
      heap.Minor();
      throw Thrown();
    });
  } catch (const Thrown&) {
  }
  // Frames at other addresses.
  machine.Run(NewObjects(heap, 0, 1), [&] {
    machine.Run(NewObjects(heap, 0, 3), [&] { heap.Minor(); });
  });
}

TEST(EntryFrameDeathTest, AnExceptionThatIsNotNoticedIsNamed) {
  EXPECT_DEATH(ThrowWithoutEntryFrame(),
               "stack walk: polled\\+0x[0-9a-f]+: it counts as resting, but .* "
               "an exception passed without an EntryFrame");
}

}  // namespace
}  // namespace fledge::runtime
