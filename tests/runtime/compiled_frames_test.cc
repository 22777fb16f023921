#include "runtime/compiled_frames.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/compiled_machine.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/sanitizers.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

template <typename M>
class CompiledFramesTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(CompiledFramesTest, FakeModels, ModelNames);

TYPED_TEST(CompiledFramesTest, ReferencesInFramesAreUpdated) {
  this->Everywhere([](auto& heap) {
    using V = typename TypeParam::Value;
    CompiledMachine machine(heap.heap());
    for (const CompiledFunction* function : {&kWithBoth, &kWithTable}) {
      SCOPED_TRACE(function->name);
      std::array<V, 3> values{};
      values[0] = heap.New(1, 4);
      {
        const auto local = heap.Root(values[0]);
        values[1] = heap.NewOld(2);
        values[0] = local.get();
      }
      values[2] = values[0] + 8;
      const gc::HandleScope<TypeParam> scope(heap.mutator());
      machine.Run(*function, values, [&] {
        heap.Minor();
        heap.New(3);
        heap.Major();
        heap.Minor();
      });
      EXPECT_TRUE(heap.Is(values[0], 1));
      EXPECT_TRUE(heap.Is(values[1], 2));
      EXPECT_EQ(values[2], static_cast<V>(values[0] + 8));
    }
  });
}

// compiled ── native ── compiled ── compiled ── native, to some depth.
TYPED_TEST(CompiledFramesTest, FramesBelowNativeOnesAreUpdatedToo) {
  this->Everywhere([](auto& heap) {
    using V = typename TypeParam::Value;
    constexpr int kDepth = 6;
    CompiledMachine machine(heap.heap());
    std::function<void(int)> descend = [&](int depth) {
      if (depth == kDepth) {
        heap.Minor();
        // Two compiled frames for each native one above.
        EXPECT_EQ(machine.frames().Frames().size(), 2u * kDepth);
        heap.New(99);
        heap.Major();
        return;
      }
      const gc::HandleScope<TypeParam> scope(heap.mutator());
      const auto local = heap.Root(heap.New(depth));
      const auto other = heap.Root(heap.New(1000 + depth));
      const V a = local.get();
      const V b = other.get();
      const bool odd = depth % 2 != 0;
      NativeCall native{machine.frames(), [&] { descend(depth + 1); }};
      CompiledCall inner{{b, a, static_cast<V>(b + 8)}, &Native, &native};
      const CompiledFunction& callee = odd ? kWithBoth : kWithTable;
      const CompiledFunction& caller = odd ? kWithTable : kWithBoth;
      CompiledCall outer{
          {a, b, static_cast<V>(a + 8)}, callee.function, &inner};
      caller.function(&outer);
      for (const CompiledCall* call : {&outer, &inner}) {
        const auto& reference = call == &outer ? local : other;
        EXPECT_EQ(call->values[0], reference.get());
        EXPECT_EQ(call->values[2], static_cast<V>(reference.get() + 8));
        EXPECT_TRUE(heap.Is(static_cast<V>(call->values[1]),
                            call == &outer ? 1000 + depth : depth));
      }
    };
    descend(0);
    EXPECT_TRUE(machine.frames().Frames().empty());
  });
}

TYPED_TEST(CompiledFramesTest, FramesOfOtherThreadsAreUpdated) {
  gc::HeapOptions options = TestFixture::Heap::SmallHeap();
  if (kVerifies) options.verify = gc::Verify::kOn;
  TestHeap<TypeParam> heap(options);
  using V = typename TypeParam::Value;
  constexpr int kThreads = 3;
  std::atomic<int> inside{0};
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      gc::Mutator<TypeParam> mutator(heap.heap());
      // Each thread its own code registry would do as well; code is shared by
      // those of one heap.
      CodeRegistry registry(heap.heap());
      std::vector<CodeRegistry::Registration> registrations(2);
      EXPECT_FALSE(registry.RegisterCode(
          kWithBoth.Describe(FrameWalk::kBoth, sizeof(V)), registrations[0]));
      EXPECT_FALSE(registry.RegisterCode(
          kWithTable.Describe(FrameWalk::kUnwindTable, sizeof(V)),
          registrations[1]));
      CompiledFrames frames(registry);
      const V value = MakeObject(mutator, 4, 0, gc::AllocationKind::kTraced);
      *ModelTraits<TypeParam>::Slot(
          ModelTraits<TypeParam>::ObjectOf(heap.heap().model(), value), 3) =
          ModelTraits<TypeParam>::Immediate(t);
      NativeCall native{frames, [&] {
                          ++inside;
                          // Parked, or polling.
                          if (t == 0) {
                            const gc::BlockingRegion blocking(mutator);
                            while (!done) std::this_thread::yield();
                          } else {
                            while (!done) mutator.Safepoint();
                          }
                        }};
      CompiledCall call{
          {value, value, static_cast<V>(value + 8)}, &Native, &native};
      (t % 2 == 0 ? kWithBoth : kWithTable).function(&call);
      EXPECT_TRUE(heap.Is(static_cast<V>(call.values[0]), t));
      EXPECT_EQ(call.values[0], call.values[1]);
      EXPECT_EQ(call.values[2], static_cast<V>(call.values[0] + 8));
    });
  }
  {
    const gc::BlockingRegion blocking(heap.mutator());
    while (inside < kThreads) std::this_thread::yield();
  }
  for (int i = 0; i < 4; ++i) heap.Minor();
  heap.Major();
  done = true;
  const gc::BlockingRegion blocking(heap.mutator());
  for (std::thread& thread : threads) thread.join();
}

// One model is enough from here on.

TEST(CompiledFramesOfOneModelTest, FramesBelowASignalHandlerAreUpdated) {
  static NativeCall* in_handler = nullptr;
  TestHeap<PlainModel> heap(Verified());
  CompiledMachine machine(heap.heap());
  std::array<PlainModel::Value, 3> values{heap.New(1), 0, 0};
  NativeCall collect{machine.frames(), [&] {
                       heap.Minor();
                       auto inner = Nothing();
                       inner[0] = heap.New(2);
                       machine.Run(kWithTable, inner, [&] { heap.Minor(); });
                       EXPECT_TRUE(heap.Is(inner[0], 2));
                     }};
  in_handler = &collect;
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = [](int) { in_handler->body(); };
  sigaction(SIGUSR1, &action, &before);
  const auto old = values[0];
  machine.Run(kWithBoth, values, [&] { raise(SIGUSR1); });
  sigaction(SIGUSR1, &before, nullptr);
  EXPECT_NE(values[0], old);
  EXPECT_TRUE(heap.Is(values[0], 1));
}

TEST(CompiledFramesOfOneModelTest, RemovedCodeIsNativeCode) {
  TestHeap<PlainModel> heap(Verified());
  CodeRegistry registry(heap.heap());
  CodeRegistry::Registration registration;
  ASSERT_FALSE(registry.RegisterCode(kWithBoth.Describe(FrameWalk::kBoth),
                                     registration));
  CompiledFrames frames(registry);
  registration.reset();
  heap.Minor();
  EXPECT_TRUE(frames.Frames().empty());
}

void LeaveAStaleSlot() {
  TestHeap<PlainModel> heap(Verified());
  CompiledMachine machine(heap.heap());
  heap.New(0);  // The first object's address is also that of young space.
  const auto local = heap.Root(heap.New(1));
  auto values = Nothing();
  values[1] = local.get();
  heap.Minor();
  machine.Run(kWithBoth, values, [&] { heap.Minor(); });
}

TEST(CompiledFramesDeathTest, AStaleSlotOfAFrameIsNamed) {
  EXPECT_DEATH(
      LeaveAStaleSlot(),
      "a stale reference(.|\n)*place   both\\+0x[0-9a-f]+ \\[fp-16\\]");
}

void LeaveAnExitFrame() {
  TestHeap<PlainModel> heap;
  CodeRegistry registry(heap.heap());
  const ExitRecord record;
  CompiledFrames frames(registry);
  *frames.newest_address() = &record;
}

TEST(CompiledFramesDeathTest, FramesEndBeforeTheirOwner) {
  EXPECT_DEATH(LeaveAnExitFrame(), "destroyed while one was on the stack");
}

}  // namespace
}  // namespace fledge::runtime
