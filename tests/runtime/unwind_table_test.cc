// Most tables are laid out for functions at addresses where nothing is: walking
// by table reads the stack and the table, never the code.

#include "runtime/unwind_table.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

#include "runtime/entry_frame.h"
#include "runtime/frame.h"
#include "runtime/unwind_table_walker.h"
#include "tests/runtime/compiled_code.h"
#include "tests/runtime/compiled_machine.h"
#include "tests/runtime/eh_frame.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::runtime {
namespace {

constexpr std::size_t kFunctionBytes = 64;

class UnwindTableTest : public testing::Test {
 protected:
  std::string ErrorOf(AddressRange code, std::size_t bytes) {
    UnwindTable::Registration registration;
    const auto error = UnwindTable::Register(
        heap_.heap(), code, section_.bytes().first(bytes), registration);
    EXPECT_EQ(error.has_value(), registration == nullptr);
    return error ? error->message : "";
  }
  std::string ErrorOf(AddressRange code) {
    return ErrorOf(code, section_.bytes().size());
  }
  // Near the table, as addresses in it have four bytes.
  AddressRange NearBy(std::size_t functions) const {
    return {reinterpret_cast<Address>(memory_.data()) + (Address{1} << 28),
            functions * kFunctionBytes};
  }
  static AddressRange Function(AddressRange code, std::size_t i) {
    return {code.begin + i * kFunctionBytes, kFunctionBytes};
  }

  TestHeap<PlainModel> heap_;
  std::array<std::byte, 4096> memory_;
  EhFrame section_{memory_};
};

TEST_F(UnwindTableTest, FramesAreWalkedByItUntilItEnds) {
  const AddressRange code = NearBy(2);
  section_.AddCommon();
  section_.AddFunction(Function(code, 1), 2);  // In any order.
  section_.AddFunction(Function(code, 0), 4);
  section_.AddEnd();
  std::array<Address, 8> stack{};
  const auto base = reinterpret_cast<Address>(stack.data());
  const Address inner = code.begin + 16;
  const Address outer = code.begin + kFunctionBytes + 16;
  stack[3] = outer;  // Where the inner function returns to,
  stack[5] = 4711;   // and the outer one.

  UnwindTableWalker walker;
  {
    UnwindTable::Registration registration;
    ASSERT_FALSE(UnwindTable::Register(heap_.heap(), code, section_.bytes(),
                                       registration));
    EXPECT_TRUE(HasUnwindTable(inner));
    Frame frame{inner, base, 0};
    EXPECT_TRUE(walker.Step(frame));
    EXPECT_EQ(frame, (Frame{outer, base + 4 * sizeof(Address), 0}));
    EXPECT_TRUE(walker.Step(frame));
    EXPECT_EQ(frame, (Frame{4711, base + 6 * sizeof(Address), 0}));
    EXPECT_FALSE(walker.Step(frame));
  }
  EXPECT_FALSE(HasUnwindTable(inner));
}

TEST_F(UnwindTableTest, FunctionsOfOtherCodeAreLeftOut) {
  const AddressRange code = NearBy(2);
  section_.AddCommon();
  section_.AddFunction(Function(code, 0), 2);
  section_.AddEnd();
  EXPECT_EQ(ErrorOf(Function(code, 0)), "");
  EXPECT_EQ(ErrorOf(Function(code, 1)),
            ".eh_frame, byte 0: no function of the code is in it");
}

TEST_F(UnwindTableTest, AddressesInAnotherFormAreRefused) {
  const AddressRange code = NearBy(1);
  section_.AddCommon(0x00);  // Absolute.
  section_.AddFunction(code, 2);
  section_.AddEnd();
  EXPECT_EQ(ErrorOf(code),
            ".eh_frame, byte 0: addresses are not relative ones of 4 bytes");
}

TEST_F(UnwindTableTest, ACutTableIsAnError) {
  const AddressRange code = NearBy(1);
  section_.AddCommon();
  const std::size_t common = section_.bytes().size();
  section_.AddFunction(code, 2);
  const std::size_t all = section_.bytes().size();
  section_.AddEnd();
  for (std::size_t bytes = 0; bytes < section_.bytes().size(); ++bytes) {
    const bool between = bytes == 0 || bytes == common || bytes == all;
    EXPECT_NE(
        ErrorOf(code, bytes)
            .find(between ? "its end is not marked" : "an entry is cut off"),
        std::string::npos)
        << bytes;
  }
}

// Code that a JIT made: a copy of the test's.

class JitCodeTest : public testing::Test {
 protected:
  JitCodeTest() {
    memory_ = static_cast<std::byte*>(mmap(nullptr, 2 * kPageBytes,
                                           PROT_READ | PROT_WRITE | PROT_EXEC,
                                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    const std::size_t bytes = kWithBoth.end - kWithBoth.begin;
    std::memcpy(memory_, reinterpret_cast<const void*>(kWithBoth.begin), bytes);
    copy_.begin = reinterpret_cast<Address>(memory_);
    copy_.function = reinterpret_cast<void (*)(void*)>(copy_.begin);
    copy_.returns += copy_.begin - kWithBoth.begin;
    copy_.end = copy_.begin + bytes;
  }
  ~JitCodeTest() override { munmap(memory_, 2 * kPageBytes); }

  // Throws from a native function that the copy has called.
  void ThrowThroughIt(CompiledFrames& frames) {
    NativeCall native{frames, [] { throw std::runtime_error("thrown"); }};
    CompiledCall call{{}, &Native, &native};
    const EntryFrame entry(frames.fields());
    copy_.function(&call);
  }

  static constexpr std::size_t kPageBytes = 4096;
  std::byte* memory_;
  CompiledFunction copy_ = kWithBoth;
};

TEST_F(JitCodeTest, ExceptionsPassCodeThatHasATable) {
  TestHeap<PlainModel> heap(Verified());
  CompiledMachine machine(heap.heap());
  EhFrame section({memory_ + kPageBytes, kPageBytes});
  section.AddCommon();
  section.AddFunction({copy_.begin, copy_.end - copy_.begin}, 8,
                      EhFrame::FramePointer::kIsSaved);
  section.AddEnd();
  UnwindTable::Registration table;
  ASSERT_FALSE(UnwindTable::Register(heap.heap(),
                                     {copy_.begin, copy_.end - copy_.begin},
                                     section.bytes(), table));
  machine.Register(copy_.Describe(FrameWalk::kBoth));
  std::array<PlainModel::Value, 3> values{heap.New(1), 0, 0};
  machine.Run(kWithTable, values, [&] {
    EXPECT_THROW(ThrowThroughIt(machine.frames()), std::runtime_error);
    heap.Minor();
  });
  EXPECT_TRUE(heap.Is(values[0], 1));
}

TEST_F(JitCodeTest, AnExceptionEndsTheProcessWhereThereIsNoTable) {
  TestHeap<PlainModel> heap(Verified());
  CompiledMachine machine(heap.heap());
  machine.Register(copy_.Describe(FrameWalk::kFramePointer));
  EXPECT_DEATH(
      {
        try {
          ThrowThroughIt(machine.frames());
        } catch (const std::runtime_error&) {
        }
      },
      "terminate called after throwing an instance of 'std::runtime_error'");
}

}  // namespace
}  // namespace fledge::runtime
