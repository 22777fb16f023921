#include "runtime/frame_walker.h"

#include <gtest/gtest.h>
#include <unwind.h>

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/compiled_machine.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

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

TEST(FrameWalkerTest, LibgccFindsTheSameFrames) {
  for (const FrameWalk walk : {FrameWalk::kBoth, FrameWalk::kFramePointer}) {
    TestHeap<PlainModel> heap(Verified());
    CompiledMachine machine(heap.heap(), walk);
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

TEST(FrameWalkerTest, CodeWithoutUnwindTableIsNotTakenForOther) {
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

// The mistake: nothing says where compiled code was left.
[[gnu::noinline]] void NativeWithoutExitFrame(void* argument) {
  static_cast<NativeCall*>(argument)->body();
}

void WalkWith(const std::function<void(CompiledMachine&)>& body, Code more = {},
              gc::HeapOptions options = TestHeap<PlainModel>::SmallHeap()) {
  TestHeap<PlainModel> heap(options);
  CompiledMachine machine(heap.heap());
  if (!more.range.empty()) machine.Register(std::move(more));
  std::array<PlainModel::Value, 3> values{0, 0, 0};
  machine.Run(kWithBoth, values, [&] {
    body(machine);
    heap.Minor();
  });
}

TEST(FrameWalkerDeathTest, AReturnAddressWithoutAMapIsNamed) {
  Code code = kWithNeither.Describe(FrameWalk::kFramePointer);
  code.map = StackMap();
  code.map.AddFunction(kWithNeither.begin, 56, "neither");
  EXPECT_DEATH(
      WalkWith(
          [](CompiledMachine& machine) {
            NativeCall native{machine.frames(),
                              [&] { machine.frames().Frames(); }};
            CompiledCall call{{}, &Native, &native};
            kWithNeither.function(&call);
          },
          code),
      "stack walk: neither\\+0x[0-9a-f]+: a call returns there without a "
      "stack map");
}

TEST(FrameWalkerDeathTest, AnExitFrameThatCompiledCodeDidNotCallIsNamed) {
  EXPECT_DEATH(
      WalkWith([](CompiledMachine& machine) {
        NativeCall native{machine.frames(), [&] { machine.frames().Frames(); }};
        Native(&native);
      }),
      "stack walk: 0x[0-9a-f]+, in no registered code: an exit frame "
      "was made there");
}

TEST(FrameWalkerDeathTest, AFramePointerThatIsNoneIsNamed) {
  EXPECT_DEATH(WalkWith(
                   [](CompiledMachine& machine) {
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

TEST(FrameWalkerDeathTest, AMissingExitFrameIsNamedInAVerifiedHeap) {
  EXPECT_DEATH(WalkWith(
                   [](CompiledMachine& machine) {
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
  CompiledMachine machine(heap.heap(), FrameWalk::kBoth, walk_of_table);
  auto values = Nothing();
  machine.Run(kWithTable, values, [&] {
    ExitRecord record = **machine.frames().newest_address();
    tamper(record);
    *machine.frames().newest_address() = &record;
    machine.frames().Frames();
  });
}

TEST(FrameWalkerDeathTest, ACallerThatDoesNotFitTheFrameIsNamed) {
  EXPECT_DEATH(WalkFrom([](ExitRecord& record) {
                 record.return_address = kWithBoth.returns;
                 record.frame_pointer = record.stack_pointer + 64;
               }),
               "stack walk: both\\+0x[0-9a-f]+: its caller is .* does not fit "
               "a frame of 56 bytes");
}

TEST(FrameWalkerDeathTest, WalkersThatDisagreeAreNamed) {
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

}  // namespace
}  // namespace fledge::runtime
