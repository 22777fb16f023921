#include "runtime/compiled_frames.h"

#include <gtest/gtest.h>
#include <unwind.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/runtime/compiled_code.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/sanitizers.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

// What a native function that compiled code calls does.
struct NativeCall {
  CompiledFrames& frames;
  std::function<void()> body;
};

[[gnu::noinline]] void Native(void* argument) {
  auto& call = *static_cast<NativeCall*>(argument);
  const ExitFrame exit(call.frames.newest_address());
  call.body();
}

// The mistake: nothing says where compiled code was left.
[[gnu::noinline]] void NativeWithoutExitFrame(void* argument) {
  static_cast<NativeCall*>(argument)->body();
}

// The test's compiled code, registered, and a thread that runs it.
class Machine {
 public:
  explicit Machine(gc::HeapCore& heap, FrameWalk of_both = FrameWalk::kBoth,
                   FrameWalk of_table = FrameWalk::kUnwindTable)
      : registry_(heap) {
    Register(kWithBoth.Describe(of_both, heap.slot_bytes()));
    Register(kWithTable.Describe(of_table, heap.slot_bytes()));
  }

  void Register(Code code) {
    const auto error =
        registry_.RegisterCode(std::move(code), registrations_.emplace_back());
    EXPECT_FALSE(error) << error->message;
  }
  // Runs `body` in a native function that `function` calls with `values`.
  template <typename Value>
  void Run(const CompiledFunction& function, std::array<Value, 3>& values,
           std::function<void()> body) {
    NativeCall native{frames_, std::move(body)};
    CompiledCall call{{values[0], values[1], values[2]}, &Native, &native};
    function.function(&call);
    for (std::size_t i = 0; i < 3; ++i) {
      values[i] = static_cast<Value>(call.values[i]);
    }
  }

  CodeRegistry& registry() { return registry_; }
  CompiledFrames& frames() { return frames_; }

 private:
  CodeRegistry registry_;
  std::vector<CodeRegistry::Registration> registrations_;
  CompiledFrames frames_{registry_};
};

template <typename M>
class CompiledFramesTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  template <typename Body>
  static void Everywhere(Body&& body) {
    for (const gc::Policy policy :
         {gc::Policy::kSemispace, gc::Policy::kGenCopy,
          gc::Policy::kGenImmix}) {
      SCOPED_TRACE(NameOf(policy));
      gc::HeapOptions options = Heap::SmallHeap();
      options.policy = policy;
      CollectionTest<M>::Always(body, options);
    }
    SCOPED_TRACE("in steps");
    gc::HeapOptions options = Heap::SmallHeap();
    options.marking = gc::Marking::kInSteps;
    options.stress.cycles = true;
    CollectionTest<M>::Always(body, options);
  }
};

TYPED_TEST_SUITE(CompiledFramesTest, FakeModels, ModelNames);

TYPED_TEST(CompiledFramesTest, ReferencesInFramesAreUpdated) {
  this->Everywhere([](auto& heap) {
    using V = typename TypeParam::Value;
    Machine machine(heap.heap());
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
    Machine machine(heap.heap());
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

// Frames that rest.

// A thread whose code polls at return.
class PollingMachine {
 public:
  explicit PollingMachine(gc::HeapCore& heap) : registry_(heap) {
    EXPECT_FALSE(registry_.RegisterCode(
        kPolled.Describe(FrameWalk::kBoth, heap.slot_bytes()), registration_));
  }

  // Calls `body` through a frame for each of the values, which refers to it,
  // and returns what their slots hold then.
  template <typename Value>
  std::vector<CompiledCall> Run(const std::vector<Value>& values,
                                std::function<void()> body) {
    NativeCall native{frames_, std::move(body)};
    std::vector<CompiledCall> calls(values.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const bool last = i + 1 == calls.size();
      calls[i] = {{values[i], values[i], static_cast<Value>(values[i] + 8)},
                  last ? &Native : kPolled.function,
                  last ? static_cast<void*>(&native) : &calls[i + 1],
                  &frames_.fields()};
    }
    kPolled.function(calls.data());
    return calls;
  }
  CompiledFrames& frames() { return frames_; }
  CodeRegistry& registry() { return registry_; }

 private:
  CodeRegistry registry_;
  CodeRegistry::Registration registration_;
  CompiledFrames frames_{registry_, Returns::kPolled};
};

template <typename Heap>
auto NewObjects(Heap& heap, int first, std::size_t count) {
  using Value = decltype(heap.New(0));
  const gc::HandleScope scope(heap.mutator());
  std::vector<decltype(heap.Root(heap.New(0)))> roots;
  for (std::size_t i = 0; i < count; ++i) {
    roots.push_back(heap.Root(heap.New(first + static_cast<int>(i))));
  }
  std::vector<Value> values;
  for (const auto& root : roots) values.push_back(root.get());
  return values;
}

template <typename Heap>
void ExpectObjects(Heap& heap, const std::vector<CompiledCall>& calls,
                   int first) {
  using Value = decltype(heap.New(0));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto value = static_cast<Value>(calls[i].values[0]);
    EXPECT_TRUE(heap.Is(value, first + static_cast<int>(i)));
    EXPECT_EQ(calls[i].values[1], value);
    EXPECT_EQ(calls[i].values[2], static_cast<Value>(value + 8));
  }
}

TYPED_TEST(CompiledFramesTest, PolledFramesRest) {
  this->Quietly([](auto& heap) {
    constexpr std::size_t kDeep = 100;
    PollingMachine machine(heap.heap());
    const auto calls = machine.Run(NewObjects(heap, 0, kDeep), [&] {
      EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep);  // All ran.
      EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep);  // All are noted.
      EXPECT_EQ(heap.Minor().root_slots, 2u);         // The newest runs.
      const auto inner = machine.Run(NewObjects(heap, 1000, kDeep), [&] {
        // Those that are new, and the one that called what called them.
        EXPECT_EQ(heap.Minor().root_slots, 2 * kDeep + 2);
        heap.Minor();
        EXPECT_EQ(heap.Minor().root_slots, 2u);
        EXPECT_EQ(heap.Major().root_slots, 4 * kDeep);
        EXPECT_EQ(heap.Minor().root_slots, 2u);
      });
      EXPECT_EQ(heap.Minor().root_slots, 0u);  // It has not run since.
      EXPECT_EQ(heap.Minor().root_slots, 2u);
      ExpectObjects(heap, inner, 1000);
    });
    ExpectObjects(heap, calls, 0);
    EXPECT_EQ(heap.Minor().root_slots, 0u);
  });
}

TYPED_TEST(CompiledFramesTest, RandomPolledCallsLoseNothing) {
  this->Everywhere([](auto& heap) {
    PollingMachine machine(heap.heap());
    std::uint32_t random = 12345;
    const auto next = [&](std::uint32_t below) {
      random = random * 1664525 + 1013904223;
      return (random >> 8) % below;
    };
    int number = 0;
    int left = 300;
    std::function<void(int)> descend = [&](int depth) {
      while (left-- > 0) {
        const std::uint32_t choice = next(10);
        if (choice < 4 && depth < 12) {
          const int first = number;
          const std::size_t count = 1 + next(4);
          number += static_cast<int>(count);
          const auto calls = machine.Run(NewObjects(heap, first, count),
                                         [&] { descend(depth + 1); });
          ExpectObjects(heap, calls, first);
        } else if (choice < 6 && depth > 0) {
          return;
        } else {
          choice == 9 ? heap.Major() : heap.Minor();
        }
      }
    };
    descend(0);
  });
}

// One model is enough from here on.

gc::HeapOptions Verified() {
  gc::HeapOptions options = TestHeap<PlainModel>::SmallHeap();
  options.verify = gc::Verify::kOn;
  return options;
}

// For a walk, and nothing more: roots, but of nothing.
std::array<PlainModel::Value, 3> Nothing() { return {0, 0, 0}; }

struct Backtrace {
  const CodeRegistry& registry;
  std::vector<std::pair<Address, Address>> frames;  // Return address, sp.
};

_Unwind_Reason_Code NoteFrame(_Unwind_Context* context, void* argument) {
  auto& trace = *static_cast<Backtrace*>(argument);
  const Address address = _Unwind_GetIP(context);
  if (trace.registry.CodeAt(address) != nullptr) {
    trace.frames.emplace_back(address, _Unwind_GetCFA(context));
  }
  return _URC_NO_REASON;
}

TEST(FrameWalkTest, LibgccFindsTheSameFrames) {
  for (const FrameWalk walk : {FrameWalk::kBoth, FrameWalk::kFramePointer}) {
    TestHeap<PlainModel> heap(Verified());
    Machine machine(heap.heap(), walk);
    int compared = 0;
    std::function<void(int)> descend = [&](int depth) {
      auto values = Nothing();
      if (depth < 5) {
        machine.Run(depth % 2 == 0 ? kWithBoth : kWithTable, values,
                    [&] { descend(depth + 1); });
        return;
      }
      Backtrace trace{machine.registry(), {}};
      _Unwind_Backtrace(&NoteFrame, &trace);
      std::vector<std::pair<Address, Address>> walked;
      for (const Frame& frame : machine.frames().Frames()) {
        walked.emplace_back(frame.return_address, frame.stack_pointer);
      }
      EXPECT_EQ(walked, trace.frames);
      EXPECT_EQ(walked.size(), 5u);
      ++compared;
    };
    descend(0);
    EXPECT_EQ(compared, 1);
  }
}

TEST(FrameWalkTest, FramesBelowASignalHandlerAreUpdated) {
  static NativeCall* in_handler = nullptr;
  TestHeap<PlainModel> heap(Verified());
  Machine machine(heap.heap());
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

TEST(FrameWalkTest, ExceptionsPassCompiledFrames) {
  TestHeap<PlainModel> heap(Verified());
  Machine machine(heap.heap());
  const auto local = heap.Root(heap.New(1));
  for (const CompiledFunction* function : {&kWithBoth, &kWithTable}) {
    std::array<PlainModel::Value, 3> outer{local.get(), 0, 0};
    machine.Run(kWithBoth, outer, [&] {
      auto inner = Nothing();
      EXPECT_THROW(machine.Run(*function, inner,
                               [&] { throw std::runtime_error("thrown"); }),
                   std::runtime_error);
      // What was thrown through has left no exit frame.
      EXPECT_EQ(machine.frames().Frames().size(), 1u);
      heap.Minor();
    });
    EXPECT_EQ(outer[0], local.get());
  }
}

TEST(FrameWalkTest, WhoGoesOnAfterAnExceptionSaysSo) {
  TestHeap<PlainModel> heap(Verified());
  PollingMachine machine(heap.heap());
  machine.Run(NewObjects(heap, 0, 3), [&] {
    for (int i = 0; i < 4; ++i) {
      EXPECT_THROW(machine.Run(NewObjects(heap, 10 * i, 5),
                               [&] {
                                 for (int j = 0; j < 4; ++j) heap.Minor();
                                 throw std::runtime_error("thrown");
                               }),
                   std::runtime_error);
      machine.frames().fields().watermark = CompiledFields::kNoneRests;
    }
  });
}

TEST(FrameWalkTest, RemovedCodeIsNativeCode) {
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

TEST(FrameWalkTest, CodeWithoutUnwindTableIsNotTakenForOther) {
  TestHeap<PlainModel> heap;
  CodeRegistry registry(heap.heap());
  CodeRegistry::Registration registration;
  for (const FrameWalk walk : {FrameWalk::kBoth, FrameWalk::kUnwindTable}) {
    const auto error =
        registry.RegisterCode(kWithNeither.Describe(walk), registration);
    ASSERT_TRUE(error);
    EXPECT_NE(error->message.find("code test neither: neither+0x"),
              std::string::npos)
        << error->message;
    EXPECT_NE(error->message.find("has no unwind table"), std::string::npos);
  }
}

// What would miss a frame ends the process, with function and offset.

void WalkWith(const std::function<void(Machine&)>& body, Code more = {},
              gc::HeapOptions options = TestHeap<PlainModel>::SmallHeap()) {
  TestHeap<PlainModel> heap(options);
  Machine machine(heap.heap());
  if (!more.range.empty()) machine.Register(std::move(more));
  std::array<PlainModel::Value, 3> values{0, 0, 0};
  machine.Run(kWithBoth, values, [&] {
    body(machine);
    heap.Minor();
  });
}

TEST(FrameWalkDeathTest, AReturnAddressWithoutAMapIsNamed) {
  Code code = kWithNeither.Describe(FrameWalk::kFramePointer);
  code.map = StackMap();
  code.map.AddFunction(kWithNeither.begin, 56, "neither");
  EXPECT_DEATH(
      WalkWith(
          [](Machine& machine) {
            NativeCall native{machine.frames(),
                              [&] { machine.frames().Frames(); }};
            CompiledCall call{{}, &Native, &native};
            kWithNeither.function(&call);
          },
          code),
      "stack walk: neither\\+0x[0-9a-f]+: a call returns there without a "
      "stack map");
}

TEST(FrameWalkDeathTest, AnExitFrameThatCompiledCodeDidNotCallIsNamed) {
  EXPECT_DEATH(
      WalkWith([](Machine& machine) {
        NativeCall native{machine.frames(), [&] { machine.frames().Frames(); }};
        Native(&native);
      }),
      "stack walk: 0x[0-9a-f]+, in no registered code: an exit frame "
      "was made there");
}

TEST(FrameWalkDeathTest, AFramePointerThatIsNoneIsNamed) {
  EXPECT_DEATH(WalkWith(
                   [](Machine& machine) {
                     NativeCall native{machine.frames(),
                                       [&] { machine.frames().Frames(); }};
                     CompiledCall inner{{}, &Native, &native};
                     // Its caller leaves 12345 in the register.
                     CompiledCall outer{{}, kWithNeither.function, &inner};
                     kWithTable.function(&outer);
                   },
                   kWithNeither.Describe(FrameWalk::kFramePointer)),
               "stack walk: neither\\+0x[0-9a-f]+: its frame pointer leads to "
               "no caller");
}

TEST(FrameWalkDeathTest, AMissingExitFrameIsNamedInAVerifiedHeap) {
  EXPECT_DEATH(WalkWith(
                   [](Machine& machine) {
                     NativeCall last{machine.frames(),
                                     [&] { machine.frames().Frames(); }};
                     CompiledCall inner{{}, &Native, &last};
                     NativeCall middle{machine.frames(),
                                       [&] { kWithTable.function(&inner); }};
                     CompiledCall outer{{}, &NativeWithoutExitFrame, &middle};
                     kWithTable.function(&outer);
                   },
                   {}, Verified()),
               "stack walk: table\\+0x[0-9a-f]+: native code was called there, "
               "and made no exit frame");
}

// Walks from a copy of the newest exit frame that was tampered with.
void WalkFrom(const std::function<void(ExitRecord&)>& tamper,
              FrameWalk walk_of_table = FrameWalk::kUnwindTable) {
  TestHeap<PlainModel> heap(Verified());
  Machine machine(heap.heap(), FrameWalk::kBoth, walk_of_table);
  auto values = Nothing();
  machine.Run(kWithTable, values, [&] {
    ExitRecord record = **machine.frames().newest_address();
    tamper(record);
    *machine.frames().newest_address() = &record;
    machine.frames().Frames();
  });
}

TEST(FrameWalkDeathTest, ACallerThatDoesNotFitTheFrameIsNamed) {
  EXPECT_DEATH(WalkFrom([](ExitRecord& record) {
                 record.return_address = kWithBoth.returns;
                 record.frame_pointer = record.stack_pointer + 64;
               }),
               "stack walk: both\\+0x[0-9a-f]+: its caller is .* does not fit "
               "a frame of 56 bytes");
}

TEST(FrameWalkDeathTest, WalkersThatDisagreeAreNamed) {
  // The unwind table of `table` goes by the stack pointer, so that what its
  // frame pointer leads to is another caller.
  EXPECT_DEATH(WalkFrom(
                   [](ExitRecord& record) {
                     record.frame_pointer = record.stack_pointer + 8;
                   },
                   FrameWalk::kBoth),
               "stack walk: table\\+0x[0-9a-f]+: its frame pointer leads to "
               "0x.*, its unwind table to 0x");
}

void LeaveAStaleSlot() {
  TestHeap<PlainModel> heap(Verified());
  Machine machine(heap.heap());
  heap.New(0);  // The first object's address is also that of young space.
  const auto local = heap.Root(heap.New(1));
  auto values = Nothing();
  values[1] = local.get();
  heap.Minor();
  machine.Run(kWithBoth, values, [&] { heap.Minor(); });
}

TEST(FrameWalkDeathTest, AStaleSlotOfAFrameIsNamed) {
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

void ReturnWithoutPoll() {
  TestHeap<PlainModel> heap;
  CodeRegistry registry(heap.heap());
  CodeRegistry::Registration registrations[2];
  EXPECT_FALSE(registry.RegisterCode(kWithBoth.Describe(FrameWalk::kBoth),
                                     registrations[0]));
  EXPECT_FALSE(registry.RegisterCode(
      kWithTable.Describe(FrameWalk::kUnwindTable), registrations[1]));
  CompiledFrames frames(registry, Returns::kPolled);
  NativeCall collect{frames, [&] { heap.Minor(); }};
  CompiledCall inner{{}, &Native, &collect, nullptr};
  for (const CompiledFunction* function : {&kWithBoth, &kWithTable}) {
    CompiledCall outer{{}, function->function, &inner, nullptr};
    function->function(&outer);
  }
}

TEST(FrameWalkDeathTest, AReturnThatIsNotPolledIsNamed) {
  EXPECT_DEATH(ReturnWithoutPoll(),
               "stack walk: table\\+0x[0-9a-f]+: it counts as resting, but was "
               "not there when it came to rest");
}

TEST(FrameWalkDeathTest, FramesEndBeforeTheirOwner) {
  EXPECT_DEATH(LeaveAnExitFrame(), "destroyed while one was on the stack");
}

// Frames that a test lays out by itself.

TEST(FrameTest, SlotsAreRelativeToTheirRegister) {
  const Frame frame{1, 0x1000, 0x2000};
  EXPECT_EQ(frame.AddressOf({FrameRegister::kStackPointer, 16}), 0x1010u);
  EXPECT_EQ(frame.AddressOf({FrameRegister::kStackPointer, -16}), 0x0ff0u);
  EXPECT_EQ(frame.AddressOf({FrameRegister::kFramePointer, -8}), 0x1ff8u);
}

TEST(FrameTest, AFramePointerLeadsToTheCaller) {
  std::array<Address, 8> stack{};
  const Address base = reinterpret_cast<Address>(stack.data());
  stack[3] = 0xf00d;    // The caller's frame pointer,
  stack[4] = 0x40102a;  // and where it is returned to.
  Frame frame{1, base, base + 3 * sizeof(Address)};
  EXPECT_TRUE(StepByFramePointer(frame));
  EXPECT_EQ(frame, (Frame{0x40102a, base + 5 * sizeof(Address), 0xf00d}));
  for (const Address wrong : {base - 8, base + 3, Address{0}}) {
    Frame lost{1, base, wrong};
    EXPECT_FALSE(StepByFramePointer(lost));
    EXPECT_EQ(lost, (Frame{1, base, wrong}));
  }
}

}  // namespace
}  // namespace fledge::runtime
