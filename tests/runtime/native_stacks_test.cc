#include "runtime/native_stacks.h"

#include <gtest/gtest.h>
#include <unwind.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/entry_frame.h"
#include "runtime/exit_frame.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/moving_heap.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"

namespace fledge::runtime {
namespace {

// Sanitizers' frames are larger.
constexpr std::size_t kStackBytes = kSanitized ? 128 * kKiB : 32 * kKiB;

// A thread whose coroutines run compiled code.
struct Coroutines : MovingHeap {
  explicit Coroutines(const gc::HeapOptions& options = Quiet(),
                      Returns returns = Returns::kSilent)
      : MovingHeap(options),
        stacks(heap, registry, returns),
        frames(registry, returns) {
    if (returns == Returns::kPolled) {
      Register(kPolled);
    } else {
      Register(kWithBoth);
      Register(kWithTable);
    }
  }
  void Register(const CompiledFunction& function) {
    EXPECT_FALSE(
        registry.RegisterCode(function.Describe(function.keeps_frame_pointer
                                                    ? FrameWalk::kBoth
                                                    : FrameWalk::kUnwindTable),
                              registrations.emplace_back()));
  }

  // A stack that runs `body` when it is first switched to.
  Local Make(std::function<void()> body) {
    bodies.push_back({this, std::move(body)});
    const Local content(mutator, Value::Nil());
    return Local(mutator, stacks.TryMake(mutator, content, &Start,
                                         &bodies.back(), kStackBytes));
  }
  static void Start(void* argument) { static_cast<Body*>(argument)->body(); }
  void Switch(Local stack) {
    stacks.Switch(mutator, frames, Stack(stack.get()));
  }
  void SwitchToOwn() { stacks.SwitchToOwn(mutator, frames); }

  // Calls `function` with a box of this number in a slot, and an address
  // derived from it; it calls `body`. Both have to lead to the number
  // afterwards.
  void Call(const CompiledFunction& function, std::int64_t number,
            std::function<void()> body) {
    Body native{this, std::move(body)};
    CompiledCall call{{}, &Native, &native, &frames.fields()};
    {
      const HandleScope inner(mutator);
      const Value box = NewBox(number).get();
      call.values[0] = call.values[1] = box.word();
      call.values[2] = box.word() + 8;
    }
    function.function(&call);
    EXPECT_EQ(NumberIn(Value::FromWord(call.values[0])), number);
    EXPECT_EQ(call.values[1], call.values[0]);
    EXPECT_EQ(call.values[2], call.values[0] + 8);
  }

  struct Body {
    Coroutines* coroutines;
    std::function<void()> body;
  };
  [[gnu::noinline]] static void Native(void* argument) {
    auto& native = *static_cast<Body*>(argument);
    const ExitFrame exit(native.coroutines->frames.newest_address());
    native.body();
  }

  CodeRegistry registry{heap};
  std::vector<CodeRegistry::Registration> registrations;
  NativeStacks stacks;
  CompiledFrames frames;
  std::deque<Body> bodies;
};

class NativeStacksTest : public ::testing::Test {
 protected:
  template <typename Test>
  static void Everywhere(Test&& test, Returns returns = Returns::kSilent) {
    MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
      Coroutines coroutines(options, returns);
      test(coroutines);
    });
  }
};

TEST_F(NativeStacksTest, AStackRunsUntilItEnds) {
  Coroutines heap;
  std::string order;
  const Local stack = heap.Make([&] {
    order += 'b';
    heap.SwitchToOwn();
    order += 'd';
  });
  order += 'a';
  heap.Switch(stack);
  order += 'c';
  EXPECT_FALSE(NativeStacks::HasEnded(Stack(stack.get())));
  heap.Switch(stack);
  EXPECT_EQ(order, "abcd");
  EXPECT_TRUE(NativeStacks::HasEnded(Stack(stack.get())));
}

TEST_F(NativeStacksTest, AParkedStackKeepsWhatItsFramesReferTo) {
  Everywhere([](Coroutines& heap) {
    int ended = 0;
    std::vector<Local> stacks;
    for (int i = 0; i < 6; ++i) {
      stacks.push_back(heap.Make([&heap, &ended, i] {
        const CompiledFunction& outer = i % 2 == 0 ? kWithBoth : kWithTable;
        const CompiledFunction& inner = i % 3 == 0 ? kWithBoth : kWithTable;
        heap.Call(outer, i, [&] {
          heap.SwitchToOwn();
          heap.Call(inner, 100 + i, [&] {
            heap.Minor();
            heap.SwitchToOwn();
            heap.Major();
          });
          heap.SwitchToOwn();
        });
        ++ended;
      }));
    }
    heap.Call(kWithBoth, 1000, [&] {
      for (int round = 0; round < 4; ++round) {
        for (const Local stack : stacks) heap.Switch(stack);
        round == 2 ? heap.Major() : heap.Minor();
        heap.Minor();
      }
    });
    EXPECT_EQ(ended, 6);
  });
}

TEST_F(NativeStacksTest, AStackWithoutReferencesToItIsCollected) {
  Everywhere([](Coroutines& heap) {
    for (int i = 0; i < 10; ++i) {
      const HandleScope inner(heap.mutator);
      const Local stack = heap.Make([&] {
        // Its frame refers to the stack itself.
        Coroutines::Body yield{&heap, [&] { heap.SwitchToOwn(); }};
        CompiledCall call{{}, &Coroutines::Native, &yield};
        call.values[0] = call.values[1] = call.values[2] =
            heap.stacks.Running(heap.frames).word();
        kWithBoth.function(&call);
      });
      heap.Switch(stack);
      heap.Minor();
      EXPECT_TRUE(Is(stack.get(), ObjectType::kStack));
    }
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), 0u);
    while (!heap.stacks.Settle()) continue;
    EXPECT_EQ(heap.heap.external().total_bytes(), 0u);
  });
}

TEST_F(NativeStacksTest, ParkedStacksOfOldReferencesAreNotAsked) {
  Coroutines heap;
  const Local stack =
      heap.Make([&] { heap.Call(kWithBoth, 1, [&] { heap.SwitchToOwn(); }); });
  heap.Switch(stack);
  EXPECT_TRUE(heap.stacks.IsNoted(0));
  for (int i = 0; i < 4; ++i) heap.Minor();
  EXPECT_FALSE(heap.stacks.IsNoted(0));
  heap.Switch(stack);
  EXPECT_TRUE(NativeStacks::HasEnded(Stack(stack.get())));
}

TEST_F(NativeStacksTest, ExceptionsStayOnTheirStack) {
  Coroutines heap;
  int caught = 0;
  const auto throws = [&](const char* what) {
    return [&heap, &caught, what] {
      try {
        heap.SwitchToOwn();
        throw std::runtime_error(what);
      } catch (const std::runtime_error& error) {
        ++caught;
        heap.SwitchToOwn();  // While it is handled.
        EXPECT_STREQ(error.what(), what);
        try {
          throw;
        } catch (const std::runtime_error& again) {
          EXPECT_STREQ(again.what(), what);
          ++caught;
        }
      }
    };
  };
  const Local one = heap.Make(throws("one"));
  const Local other = heap.Make(throws("other"));
  try {
    throw std::logic_error("outer");
  } catch (const std::logic_error& error) {
    for (int round = 0; round < 3; ++round) {
      heap.Switch(one);
      heap.Switch(other);
    }
    EXPECT_STREQ(error.what(), "outer");
    EXPECT_EQ(std::uncaught_exceptions(), 0);
  }
  EXPECT_EQ(caught, 4);
}

// Runs on a stack of its own: calls through compiled frames that are thrown
// through, after the stack was parked with them, and goes on.
void ThrowAndGoOn(Coroutines& heap, const CompiledFunction& outer,
                  const CompiledFunction& inner, int& caught) {
  heap.Call(outer, 1, [&] {
    for (int round = 0; round < 3; ++round) {
      try {
        const EntryFrame entry(heap.frames.fields());
        heap.Call(inner, 2, [&] {
          heap.Call(outer, 3, [&] {
            heap.Minor();
            heap.SwitchToOwn();
            if (round != 1) heap.Minor();
            throw std::runtime_error("thrown");
          });
        });
      } catch (const std::runtime_error&) {
        ++caught;
      }
      EXPECT_EQ(heap.frames.Frames().size(), 1u);
      round == 2 ? heap.Major() : heap.Minor();
      heap.SwitchToOwn();
      // Other references at the places of those that are gone.
      heap.Call(inner, 4, [&] { heap.Call(outer, 5, [&] { heap.Minor(); }); });
    }
  });
  EXPECT_TRUE(heap.frames.Frames().empty());
}

TEST_F(NativeStacksTest, ExceptionsPassCompiledFrames) {
  for (const Returns returns : {Returns::kSilent, Returns::kPolled}) {
    const bool polled = returns == Returns::kPolled;
    const CompiledFunction& one = polled ? kPolled : kWithBoth;
    const CompiledFunction& other = polled ? kPolled : kWithTable;
    Everywhere(
        [&](Coroutines& heap) {
          int caught = 0;
          const auto body = [&] { ThrowAndGoOn(heap, one, other, caught); };
          const std::array<Local, 2> stacks = {heap.Make(body),
                                               heap.Make(body)};
          heap.Call(one, 6, [&] {
            while (!NativeStacks::HasEnded(Stack(stacks[1].get()))) {
              for (const Local stack : stacks) heap.Switch(stack);
              heap.Minor();
            }
          });
          EXPECT_EQ(caught, 6);
        },
        returns);
  }
}

TEST_F(NativeStacksTest, UnwindingEndsAtTheBaseOfAStack) {
  Coroutines heap;
  int frames = 0;
  _Unwind_Reason_Code end = _URC_NO_REASON;
  const Local stack = heap.Make([&] {
    end = _Unwind_Backtrace(
        [](_Unwind_Context*, void* count) {
          ++*static_cast<int*>(count);
          return _URC_NO_REASON;
        },
        &frames);
  });
  heap.Switch(stack);
  EXPECT_EQ(end, _URC_END_OF_STACK);
  EXPECT_GT(frames, 3);
  EXPECT_LT(frames, 20);
}

TEST_F(NativeStacksTest, RandomSwitchesLoseNothing) {
  Everywhere([](Coroutines& heap) {
    constexpr std::size_t kStacks = 8;
    Random random(3);
    std::vector<Local> stacks;
    std::function<void(int)> descend = [&](int depth) {
      while (true) {
        const std::uint64_t choice = random.Below(10);
        if (choice < 4 && depth < 5) {
          heap.Call(random.OneIn(2) ? kWithBoth : kWithTable,
                    static_cast<std::int64_t>(random.Below(1000)),
                    [&] { descend(depth + 1); });
        } else if (choice < 6 && depth > 0) {
          return;
        } else if (choice == 6) {
          random.OneIn(4) ? heap.Major() : heap.Minor();
        } else {
          heap.SwitchToOwn();
        }
      }
    };
    for (std::size_t i = 0; i < kStacks; ++i) {
      stacks.push_back(heap.Make([&] { descend(0); }));
    }
    for (int i = 0; i < 400; ++i) {
      heap.Switch(random.Pick(stacks));
      if (random.OneIn(40)) {
        const HandleScope inner(heap.mutator);
        random.Pick(stacks).set(heap.Make([&] { descend(0); }).get());
      }
    }
    heap.Major();
    heap.Major();
    EXPECT_EQ(heap.stacks.count(), kStacks);
  });
}

std::size_t MappingCount() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

TEST_F(NativeStacksTest, FiftyThousandAreParkedWithoutAMappingForEach) {
  // ThreadSanitizer has few fibers.
  constexpr std::size_t kStacks = kThreadSanitized ? 200
                                  : kSanitized     ? 2000
                                                   : 50'000;
  gc::HeapOptions options = MovingHeap::Quiet();
  options.max_heap_bytes = 2 * kGiB;
  options.nursery_bytes = 4 * kMiB;
  options.verify = gc::Verify::kOff;
  Coroutines heap(options);
  const Local nil(heap.mutator, Value::Nil());
  Local all(heap.mutator, MakeVector(heap.mutator, kStacks, nil));
  const std::size_t before = MappingCount();
  const auto body = [&] {
    heap.Call(kWithBoth, 7, [&] { heap.SwitchToOwn(); });
  };
  for (std::size_t i = 0; i < kStacks; ++i) {
    const HandleScope inner(heap.mutator);
    const Local stack = heap.Make(body);
    heap.Switch(stack);
    SetItem(heap.mutator, Vector(all.get()), i, stack.get());
  }
  heap.Major();
  heap.Minor();
  EXPECT_EQ(heap.stacks.count(), kStacks);
  // Sanitizers have mappings of their own, ThreadSanitizer one for each stack.
  if (!kSanitized) {
    EXPECT_LT(MappingCount(), before + 20 + kStacks / 250);
  }
  // To their ends: what their frames refer to is there.
  for (std::size_t i = 0; i < kStacks; i += 97) {
    heap.stacks.Switch(heap.mutator, heap.frames,
                       Stack(Vector(all.get()).item(i)));
    EXPECT_TRUE(NativeStacks::HasEnded(Stack(Vector(all.get()).item(i))));
  }
  all.set(Value::Nil());
  heap.Major();
  EXPECT_EQ(heap.stacks.count(), 0u);
  while (!heap.stacks.Settle()) continue;
  if (!kSanitized) {
    EXPECT_LT(MappingCount(), before + 20);
  }
}

TEST(NativeStacksDeathTest, AStackThatHasEndedDoesNotGoOn) {
  Coroutines heap;
  const Local stack = heap.Make([] {});
  heap.Switch(stack);
  EXPECT_DEATH(heap.Switch(stack), "a stack that has ended cannot go on");
}

TEST(NativeStacksDeathTest, AnExceptionDoesNotLeaveAStack) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Coroutines heap;
  const Local stack = heap.Make([&] {
    heap.Call(kWithTable, 1, [] { throw std::runtime_error("thrown"); });
  });
  EXPECT_DEATH(
      {
        try {
          heap.Switch(stack);
        } catch (const std::runtime_error&) {
        }
      },
      "terminate called after throwing an instance of 'std::runtime_error'");
}

TEST(NativeStacksDeathTest, HandlesOfACoroutineAreClosedWhenItSwitches) {
  // To ThreadSanitizer no switch after a fork is in any order.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Coroutines heap;
  const Local stack = heap.Make([&] {
    const HandleScope open(heap.mutator);
    heap.NewBox(1);
    heap.SwitchToOwn();
  });
  EXPECT_DEATH(heap.Switch(stack), "left with a HandleScope open on it");
}

}  // namespace
}  // namespace fledge::runtime
