#include "runtime/interpreter_stacks.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

#include "tests/runtime/moving_heap.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"

namespace fledge::runtime {
namespace {

constexpr std::uint32_t kSlots = 2;

// A thread that interprets, with stacks to switch between.
struct Coroutines : MovingHeap {
  explicit Coroutines(const gc::HeapOptions& options = Quiet())
      : MovingHeap(options) {}
  ~Coroutines() { stacks.SwitchToOwn(frames); }

  Local Make(std::size_t first_bytes = InterpreterStacks::kFirstBytes) {
    const Local content(mutator, Value::Nil());
    return Local(mutator, stacks.TryMake(mutator, content, first_bytes));
  }
  void Switch(Local stack) { stacks.Switch(frames, Stack(stack.get())); }
  void SwitchToOwn() { stacks.SwitchToOwn(frames); }
  bool IsRunningOwn() { return &frames.running() == &frames.own(); }

  // A call on the stack that runs, with this in slot 0.
  void Push(Value value) {
    InterpreterFrame* const frame = frames.TryPush(layout);
    ASSERT_NE(frame, nullptr);
    SlotOf(*frame) = value.word();
  }
  void Push(std::int64_t number) {
    const HandleScope inner(mutator);
    Push(NewBox(number).get());
  }
  static Value::Word& SlotOf(const InterpreterFrame& frame) {
    return *reinterpret_cast<Value::Word*>(frame.slots);
  }
  // The numbers in slots 0 of the frames, from the newest.
  static std::vector<std::int64_t> Numbers(const InterpreterStack& stack) {
    std::vector<std::int64_t> numbers;
    for (const InterpreterFrame* frame = stack.newest(); frame != nullptr;
         frame = frame->caller) {
      numbers.push_back(NumberIn(Value::FromWord(SlotOf(*frame))));
    }
    return numbers;
  }
  static InterpreterStack& In(Value stack) {
    return static_cast<InterpreterStack&>(Stack(stack).frames());
  }
  // What a minor collection looks at of a stack that it asks.
  static std::size_t SlotsToSee(Value stack) {
    gc::RootSlots slots(sizeof(Value::Word));
    slots.Start(gc::RootScope::kNoted);
    In(stack).AddSlots(slots);
    return slots.slots().size();
  }

  FrameLayout layout{kSlots};
  InterpreterStacks stacks{heap};
  InterpreterFrames frames{heap, stacks.OwnMemory()};
};

class InterpreterStacksTest : public ::testing::Test {
 protected:
  template <typename Body>
  static void Everywhere(Body&& body) {
    MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
      Coroutines coroutines(options);
      body(coroutines);
      if (::testing::Test::HasFatalFailure()) return;
      coroutines.SwitchToOwn();
    });
  }
};

using Numbers = std::vector<std::int64_t>;

TEST_F(InterpreterStacksTest, AParkedStackKeepsWhatItsFramesReferTo) {
  Everywhere([](Coroutines& heap) {
    const Local stack = heap.Make();
    heap.Push(1);
    heap.Switch(stack);
    heap.Push(2);
    heap.Push(3);
    heap.SwitchToOwn();
    heap.Push(4);
    for (int round = 0; round < 5; ++round) {
      EXPECT_EQ(Coroutines::Numbers(Coroutines::In(stack.get())),
                (Numbers{3, 2}));
      EXPECT_EQ(Coroutines::Numbers(heap.frames.own()), (Numbers{4, 1}));
      round == 3 ? heap.Major() : heap.Minor();
    }
    heap.Switch(stack);
    for (int round = 0; round < 5; ++round) {
      EXPECT_EQ(Coroutines::Numbers(Coroutines::In(stack.get())),
                (Numbers{3, 2}));
      EXPECT_EQ(Coroutines::Numbers(heap.frames.own()), (Numbers{4, 1}));
      round == 3 ? heap.Major() : heap.Minor();
    }
    heap.frames.Pop();
    heap.frames.Pop();
    heap.SwitchToOwn();
    heap.frames.Pop();
    heap.frames.Pop();
  });
}

TEST_F(InterpreterStacksTest, AStackWithoutReferencesToItIsCollected) {
  Everywhere([](Coroutines& heap) {
    const HandleScope outer(heap.mutator);
    for (int i = 0; i < 20; ++i) {
      const HandleScope inner(heap.mutator);
      // Each keeps the next in a frame, and the last in its content.
      const Local one = heap.Make();
      const Local other = heap.Make();
      SetContent(heap.mutator, Stack(other.get()), one.get());
      heap.Switch(one);
      heap.Push(other.get());
      heap.Push(one.get());
      heap.Switch(other);
      heap.Push(i);
      heap.SwitchToOwn();
    }
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), 0u);
    while (!heap.stacks.Settle()) continue;
    EXPECT_EQ(heap.stacks.used_bytes(), 0u);
  });
}

TEST_F(InterpreterStacksTest, AYoungStackDiesInAMinorCollection) {
  for (const gc::Policy policy :
       {gc::Policy::kGenCopy, gc::Policy::kGenImmix}) {
    Coroutines heap(MovingHeap::Quiet(policy));
    const Local kept = heap.Make();
    {
      const HandleScope inner(heap.mutator);
      heap.Switch(heap.Make());
      heap.Push(1);
      heap.SwitchToOwn();
    }
    EXPECT_EQ(heap.stacks.count(), 2u);
    heap.Minor();
    EXPECT_EQ(heap.stacks.count(), 1u);
    EXPECT_TRUE(Is(kept.get(), ObjectType::kStack));
  }
}

TEST_F(InterpreterStacksTest, AStackIsReachedByFramesOfOthers) {
  Everywhere([](Coroutines& heap) {
    constexpr int kChain = 30;
    Local first = heap.Make();
    {
      const HandleScope inner(heap.mutator);
      Local last(heap.mutator, first.get());
      for (int i = 0; i < kChain; ++i) {
        const HandleScope innermost(heap.mutator);
        const Local next = heap.Make();
        heap.Switch(last);
        heap.Push(next.get());
        heap.SwitchToOwn();
        last.set(next.get());
      }
    }
    for (int round = 0; round < 4; ++round) {
      Value stack = first.get();
      for (int i = 0; i < kChain; ++i) {
        stack = Value::FromWord(
            Coroutines::SlotOf(*Coroutines::In(stack).newest()));
        ASSERT_TRUE(Is(stack, ObjectType::kStack));
      }
      EXPECT_EQ(heap.stacks.count(), kChain + 1u);
      round == 1 ? heap.Major() : heap.Minor();
    }
    first.set(Value::Nil());
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), 0u);
  });
}

TEST_F(InterpreterStacksTest, AStackThatRunsIsKept) {
  Everywhere([](Coroutines& heap) {
    {
      const HandleScope inner(heap.mutator);
      heap.Switch(heap.Make());
    }
    heap.Push(1);
    heap.Minor();
    heap.Push(2);
    for (int round = 0; round < 3; ++round) {
      heap.Major();
      EXPECT_EQ(heap.stacks.count(), 1u);
      EXPECT_EQ(
          Coroutines::Numbers(Coroutines::In(heap.stacks.Running(heap.frames))),
          (Numbers{2, 1}));
    }
    heap.SwitchToOwn();
    EXPECT_FALSE(heap.stacks.Running(heap.frames).IsReference());
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), 0u);
  });
}

TEST_F(InterpreterStacksTest, OnlyStacksThatRanOrReferToYoungAreAsked) {
  Coroutines heap;
  std::vector<Local> made;
  for (int i = 0; i < 10; ++i) {
    made.push_back(heap.Make());
    heap.Switch(made.back());
    heap.Push(i);
    heap.SwitchToOwn();
  }
  const auto asked = [&] {
    std::vector<int> numbers;
    for (std::uint32_t i = 0; i < 10; ++i) {
      if (heap.stacks.IsNoted(i)) numbers.push_back(static_cast<int>(i));
    }
    return numbers;
  };
  EXPECT_EQ(asked().size(), 10u);
  heap.Major();
  heap.Minor();
  EXPECT_EQ(asked(), std::vector<int>{});
  heap.Switch(made[3]);
  heap.Push(33);
  heap.Switch(made[7]);
  heap.SwitchToOwn();
  EXPECT_EQ(asked(), (std::vector<int>{3, 7}));
  heap.Minor();
  EXPECT_EQ(asked(), std::vector<int>{3});
  heap.Major();
  heap.Minor();
  EXPECT_EQ(asked(), std::vector<int>{});
  EXPECT_EQ(Coroutines::Numbers(Coroutines::In(made[3].get())),
            (Numbers{33, 3}));
}

TEST_F(InterpreterStacksTest, FramesOfAParkedStackRest) {
  Coroutines heap;
  const Local stack = heap.Make();
  heap.Switch(stack);
  for (int i = 0; i < 100; ++i) heap.Push(i);
  heap.SwitchToOwn();
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 100u * kSlots);
  for (int i = 0; i < 4; ++i) heap.Minor();  // Until all are promoted.
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 0u);

  heap.Switch(stack);
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 1u * kSlots);  // The newest.
  heap.Push(100);
  heap.SwitchToOwn();
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 2u * kSlots);
  heap.Minor();
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 1u * kSlots);  // Is noted.
  heap.Minor();
  heap.Minor();
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 0u);

  heap.Switch(stack);
  for (int i = 0; i < 50; ++i) heap.frames.Pop();
  heap.SwitchToOwn();
  EXPECT_EQ(Coroutines::SlotsToSee(stack.get()), 1u * kSlots);
  EXPECT_EQ(Coroutines::Numbers(Coroutines::In(stack.get())).front(), 50);
}

TEST_F(InterpreterStacksTest, AStackMayGoOnInAnotherThread) {
  Coroutines heap;
  const Local stack = heap.Make();
  heap.Switch(stack);
  heap.Push(1);
  heap.SwitchToOwn();
  const Persistent shared(heap.mutator, stack.get().word());
  std::thread other([&] {
    Mutator mutator(heap.heap);
    InterpreterFrames frames(heap.heap, heap.stacks.OwnMemory());
    const HandleScope scope(mutator);
    heap.stacks.Switch(frames, Stack(Value::FromWord(shared.get())));
    InterpreterFrame* const frame = frames.TryPush(heap.layout);
    const Local content(mutator, Value::SmallInteger(2));
    const Value box = MakeBox(mutator, content);
    Coroutines::SlotOf(*frame) = box.word();
    mutator.Collect(gc::CollectionKind::kMinor);
    mutator.Collect(gc::CollectionKind::kMajor);
    heap.stacks.SwitchToOwn(frames);
  });
  {
    const gc::BlockingRegion blocking(heap.mutator);
    other.join();
  }
  heap.Minor();
  EXPECT_EQ(Coroutines::Numbers(Coroutines::In(stack.get())), (Numbers{2, 1}));
}

TEST_F(InterpreterStacksTest, RandomSwitchesLoseNothing) {
  Everywhere([](Coroutines& heap) {
    constexpr std::size_t kStacks = 12;
    Random random(7);
    std::vector<Local> stacks;
    std::vector<Numbers> expected(kStacks + 1);  // The last is the own stack's.
    for (std::size_t i = 0; i < kStacks; ++i) stacks.push_back(heap.Make(128));
    std::size_t running = kStacks;
    const auto check = [&](std::size_t i) {
      const InterpreterStack& stack =
          i == kStacks ? heap.frames.own() : Coroutines::In(stacks[i].get());
      ASSERT_EQ(Coroutines::Numbers(stack),
                Numbers(expected[i].rbegin(), expected[i].rend()));
    };
    for (int step = 0; step < 3000; ++step) {
      const std::uint64_t choice = random.Below(100);
      if (choice < 40) {
        heap.Push(step);
        expected[running].push_back(step);
      } else if (choice < 65) {
        if (expected[running].empty()) continue;
        heap.frames.Pop();
        expected[running].pop_back();
      } else if (choice < 70) {
        if (expected[running].empty()) continue;
        const HandleScope inner(heap.mutator);
        const Value box = heap.NewBox(-step).get();
        Coroutines::SlotOf(*heap.frames.newest()) = box.word();
        expected[running].back() = -step;
      } else if (choice < 92) {
        const std::size_t next = random.Below(kStacks + 1);
        if (next == running) continue;
        next == kStacks ? heap.SwitchToOwn() : heap.Switch(stacks[next]);
        running = next;
      } else if (choice < 95) {
        // Another in its place.
        const std::size_t i = random.Below(kStacks);
        if (i == running) continue;
        const HandleScope inner(heap.mutator);
        stacks[i].set(heap.Make(128).get());
        expected[i].clear();
      } else {
        choice < 99 ? heap.Minor() : heap.Major();
      }
      check(random.Below(kStacks + 1));
      if (::testing::Test::HasFatalFailure()) return;
    }
    for (std::size_t i = 0; i <= kStacks; ++i) check(i);
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), kStacks);
  });
}

TEST_F(InterpreterStacksTest, WorkWithoutCollections) {
  Coroutines heap(MovingHeap::Quiet(gc::Policy::kNoGc));
  const Local stack = heap.Make();
  heap.Switch(stack);
  heap.Push(1);
  heap.SwitchToOwn();
  EXPECT_EQ(Coroutines::Numbers(Coroutines::In(stack.get())), (Numbers{1}));
}

TEST_F(InterpreterStacksTest, AMillionAreParkedAndCollected) {
  constexpr std::size_t kStacks = kSanitized ? 20'000 : 1'000'000;
  gc::HeapOptions options = MovingHeap::Quiet();
  options.max_heap_bytes = 2 * kGiB;
  options.nursery_bytes = 4 * kMiB;
  options.verify = gc::Verify::kOff;
  Coroutines heap(options);
  const Local nil(heap.mutator, Value::Nil());
  Local all(heap.mutator, MakeVector(heap.mutator, kStacks, nil));
  for (std::size_t i = 0; i < kStacks; ++i) {
    const HandleScope inner(heap.mutator);
    const Local stack = heap.Make(128);
    heap.Switch(stack);
    heap.Push(static_cast<std::int64_t>(i));
    heap.SwitchToOwn();
    SetItem(heap.mutator, Vector(all.get()), i, stack.get());
  }
  heap.Major();
  heap.Minor();
  EXPECT_EQ(heap.stacks.count(), kStacks);
  for (std::size_t i = 0; i < kStacks; i += 1009) {
    EXPECT_EQ(Coroutines::Numbers(Coroutines::In(Vector(all.get()).item(i))),
              (Numbers{static_cast<std::int64_t>(i)}));
    EXPECT_FALSE(heap.stacks.IsNoted(static_cast<std::uint32_t>(i)));
  }
  all.set(Value::Nil());
  heap.Major();
  EXPECT_EQ(heap.stacks.count(), 0u);
  while (!heap.stacks.Settle()) continue;
  EXPECT_EQ(heap.stacks.used_bytes(), 0u);
}

TEST(InterpreterStacksDeathTest, AStackRunsInOneThread) {
  Coroutines heap;
  const Local stack = heap.Make();
  heap.Switch(stack);
  InterpreterFrames other(heap.heap);
  EXPECT_DEATH(heap.stacks.Switch(other, Stack(stack.get())),
               "a stack that a thread runs already");
  heap.SwitchToOwn();
}

}  // namespace
}  // namespace fledge::runtime
