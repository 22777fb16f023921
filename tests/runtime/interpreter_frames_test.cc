#include "runtime/interpreter_frames.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

constexpr std::uint32_t kSlots = 3;

// Frames as an interpreter has them: on a stack of its own.
template <typename M>
class Interpreter {
 public:
  using Value = typename M::Value;

  explicit Interpreter(gc::HeapCore& heap) : frames_(heap) {
    // At instruction 0 nothing is live, at 10 all slots, at 20 slot 1 only.
    layout_.AddLiveness(0, {});
    layout_.AddLiveness(10, std::array<std::uint32_t, 3>{0, 1, 2});
    layout_.AddLiveness(20, std::array<std::uint32_t, 1>{1});
  }
  ~Interpreter() {
    while (!stack_.empty()) Leave();
  }

  // A call: a frame with these values, at instruction 10.
  void Enter(std::array<Value, kSlots> values) {
    Activation& one = stack_.emplace_back();
    one.slots = values;
    frames_.Enter(one.frame, layout_,
                  reinterpret_cast<Address>(one.slots.data()));
    one.frame.instruction = 10;
  }
  void Leave() {
    frames_.Leave();
    stack_.pop_back();
  }
  // The same, by who knows the caller. REQUIRES: there is one.
  void EnterFromNewest(std::array<Value, kSlots> values) {
    InterpreterFrame& caller = stack_.back().frame;
    Activation& one = stack_.emplace_back();
    one.slots = values;
    frames_.EnterFrom(caller, one.frame, layout_,
                      reinterpret_cast<Address>(one.slots.data()));
    one.frame.instruction = 10;
  }
  void LeaveToCaller() {
    frames_.LeaveTo(stack_[stack_.size() - 2].frame);
    stack_.pop_back();
  }
  // A call in tail position, with these values.
  void Replace(std::array<Value, kSlots> values) {
    frames_.Replace(stack_.back().frame, layout_);
    stack_.back().slots = values;
    stack_.back().frame.instruction = 10;
  }

  // Of the frame at a depth.
  Value& Slot(std::size_t depth, std::size_t i) {
    return stack_[depth].slots[i];
  }
  InterpreterFrame& FrameAt(std::size_t depth) { return stack_[depth].frame; }
  std::size_t depth() const { return stack_.size(); }
  InterpreterFrames& frames() { return frames_; }

 private:
  struct Activation {
    InterpreterFrame frame;
    std::array<Value, kSlots> slots;
  };

  FrameLayout layout_{kSlots};
  std::deque<Activation> stack_;
  InterpreterFrames frames_;
};

template <typename M>
class InterpreterFramesTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(InterpreterFramesTest, FakeModels, ModelNames);

TYPED_TEST(InterpreterFramesTest, LiveSlotsOfEveryFrameAreUpdated) {
  this->Everywhere([](auto& heap) {
    Interpreter<TypeParam> interpreter(heap.heap());
    for (int i = 0; i < 20; ++i) {
      interpreter.Enter({});
      const auto depth = static_cast<std::size_t>(i);
      for (int j = 0; j < 3; ++j) {
        const auto value = heap.New(3 * i + j);
        interpreter.Slot(depth, static_cast<std::size_t>(j)) = value;
      }
      if (i % 7 == 6) heap.Minor();
      if (i % 9 == 8) heap.Major();
    }
    for (int round = 0; round < 4; ++round) {
      for (int i = 0; i < 60; ++i) {
        const auto at = static_cast<std::size_t>(i);
        ASSERT_TRUE(heap.Is(interpreter.Slot(at / 3, at % 3), i)) << i;
      }
      round == 2 ? heap.Major() : heap.Minor();
    }
  });
}

TYPED_TEST(InterpreterFramesTest, DeadSlotsKeepNothingAndAreNotLookedAt) {
  this->Quietly([](auto& heap) {
    Interpreter<TypeParam> interpreter(heap.heap());
    interpreter.Enter({});
    for (int i = 0; i < 3; ++i) {
      const auto value = heap.New(i);
      interpreter.Slot(0, static_cast<std::size_t>(i)) = value;
    }
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    EXPECT_EQ(heap.LiveObjects(), 3u);
    interpreter.FrameAt(0).instruction = 25;
    EXPECT_EQ(heap.Minor().root_slots, 1u);
    EXPECT_EQ(heap.LiveObjects(), 1u);
    EXPECT_TRUE(heap.Is(interpreter.Slot(0, 1), 1));
    interpreter.FrameAt(0).instruction = 5;
    heap.Minor();
    EXPECT_EQ(heap.LiveObjects(), 0u);
  });
}

// Frames that rest.

TYPED_TEST(InterpreterFramesTest, OnlyFramesThatRanOrReferToYoungAreVisited) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kDeep = 1000;
    Interpreter<TypeParam> interpreter(heap.heap());
    for (std::size_t i = 0; i < kDeep; ++i) {
      const auto value = heap.New(static_cast<int>(i));
      interpreter.Enter({value, value, value});
    }
    EXPECT_EQ(heap.Minor().root_slots, 3 * kDeep);  // All ran.
    EXPECT_EQ(heap.Minor().root_slots, 3 * kDeep);  // All are noted: survivors.
    EXPECT_EQ(heap.Minor().root_slots, 3u);         // Promoted: the newest ran.
    EXPECT_EQ(heap.Major().root_slots, 3 * kDeep);
    EXPECT_EQ(heap.Minor().root_slots, 3u);

    interpreter.Enter({});
    interpreter.Enter({});
    EXPECT_EQ(heap.Minor().root_slots, 9u);
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    interpreter.Leave();
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    interpreter.Leave();
    // The newest now, which was written.
    interpreter.Slot(kDeep - 1, 2) = heap.New(1);
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    interpreter.Enter({});
    EXPECT_EQ(heap.Minor().root_slots, 6u);  // Noted, and the new one.
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    for (std::size_t i = 0; i < kDeep; ++i) {
      EXPECT_TRUE(heap.Is(interpreter.Slot(i, 0), static_cast<int>(i)));
    }
    EXPECT_TRUE(heap.Is(interpreter.Slot(kDeep - 1, 2), 1));
  });
}

TYPED_TEST(InterpreterFramesTest, NotedFramesThatAreGoneAreNotRead) {
  this->Quietly([](auto& heap) {
    Interpreter<TypeParam> interpreter(heap.heap());
    for (int i = 0; i < 10; ++i) interpreter.Enter({heap.New(i), {}, {}});
    heap.Minor();  // Nine are noted.
    for (int i = 0; i < 8; ++i) interpreter.Leave();
    // Frames 0 and 1 are left; the latter runs.
    EXPECT_EQ(heap.Minor().root_slots, 6u);
    for (int i = 2; i < 6; ++i) interpreter.Enter({heap.New(i), {}, {}});
    heap.Minor();
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_TRUE(heap.Is(interpreter.Slot(i, 0), static_cast<int>(i)));
    }
  });
}

TYPED_TEST(InterpreterFramesTest, AWrittenFrameIsVisitedThoughItRests) {
  this->Quietly([](auto& heap) {
    Interpreter<TypeParam> interpreter(heap.heap());
    for (int i = 0; i < 10; ++i) interpreter.Enter({});
    heap.Minor();
    interpreter.Slot(4, 1) = heap.New(4);
    interpreter.frames().Wrote(interpreter.FrameAt(4));
    EXPECT_EQ(heap.Minor().root_slots, 6u);
    EXPECT_TRUE(heap.Is(interpreter.Slot(4, 1), 4));
    heap.Minor();
    EXPECT_EQ(heap.Minor().root_slots, 3u);
    EXPECT_TRUE(heap.Is(interpreter.Slot(4, 1), 4));
  });
}

TYPED_TEST(InterpreterFramesTest, RandomCallsLoseNothing) {
  this->Everywhere([](auto& heap) {
    Interpreter<TypeParam> interpreter(heap.heap());
    std::vector<int> numbers;  // Of slot 1 of each frame.
    std::uint32_t random = 12345;
    const auto next = [&](std::uint32_t below) {
      random = random * 1664525 + 1013904223;
      return (random >> 8) % below;
    };
    for (int i = 0; i < 1500; ++i) {
      const std::uint32_t choice = next(100);
      if (numbers.empty() || choice < 45) {
        const bool is_call = !numbers.empty() && choice % 2 == 0;
        is_call ? interpreter.EnterFromNewest({}) : interpreter.Enter({});
        const auto value = heap.New(i);
        interpreter.Slot(numbers.size(), 1) = value;
        numbers.push_back(i);
      } else if (choice < 80) {
        const bool is_return = numbers.size() > 1 && choice % 2 == 0;
        is_return ? interpreter.LeaveToCaller() : interpreter.Leave();
        numbers.pop_back();
      } else if (choice < 85) {
        interpreter.Replace({});
        const auto value = heap.New(i);
        interpreter.Slot(numbers.size() - 1, 1) = value;
        numbers.back() = i;
      } else if (choice < 93) {
        const auto value = heap.New(i);
        // The newest runs, and may write its slots as it likes.
        const std::size_t newest = numbers.size() - 1;
        const std::size_t at =
            choice < 90 ? newest : next(static_cast<std::uint32_t>(newest + 1));
        interpreter.Slot(at, 1) = value;
        if (at != newest) {
          interpreter.frames().Wrote(interpreter.FrameAt(at));
        }
        numbers[at] = i;
      } else {
        choice < 99 ? heap.Minor() : heap.Major();
      }
      if (i % 50 != 0) continue;
      for (std::size_t at = 0; at < numbers.size(); ++at) {
        ASSERT_TRUE(heap.Is(interpreter.Slot(at, 1), numbers[at])) << at;
      }
    }
  });
}

template <typename M>
void WriteAFrameThatRests() {
  gc::HeapOptions options = TestHeap<M>::SmallHeap();
  options.verify = gc::Verify::kOn;
  TestHeap<M> heap(options);
  Interpreter<M> interpreter(heap.heap());
  for (int i = 0; i < 10; ++i) interpreter.Enter({});
  heap.Minor();
  const auto value = heap.New(4);
  interpreter.Slot(4, 1) = value;  // Not followed by Wrote().
  heap.Minor();
}

TYPED_TEST(InterpreterFramesTest, AWriteToAFrameThatRestsIsNamed) {
  EXPECT_DEATH(WriteAFrameThatRests<TypeParam>(),
               "a frame that rests was written(.|\n)*place   interpreter frame "
               "at depth 4, instruction 10, slot 1");
}

}  // namespace
}  // namespace fledge::runtime
