// Interpreter: runs instructions, on a stack of its own.
//
// The stack is reserved once, and committed as it grows; it does not move, so
// registers are addressed directly. What runs lies on it as
// runtime/lambda/frame.h says; what was captured by a continuation lies in the
// heap, a continuation object for each frame, and comes back frame by frame as
// the frames above it return.
//
//   reserved: | frame | frame | ... | newest, registers |  free   |
//             stack_                                    limit_ (committed)
//
// Design: docs/design/lambda.md. Sources: R. Hieb, R. K. Dybvig, C. Bruggeman,
// "Representing Control in the Presence of First-Class Continuations", PLDI
// 1990; M. A. Ertl, D. Gregg, "The Structure and Performance of Efficient
// Interpreters", JILP 2003 (an indirect jump at the end of each instruction).
//
// Threads: the machine's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "allocator/base/address.h"
#include "runtime/frame_layout.h"
#include "runtime/interpreter_frames.h"
#include "runtime/lambda/frame.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

class Interpreter {
 public:
  // With a stack of at most `stack_bytes`.
  Interpreter(Vm& vm, std::size_t stack_bytes);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // As Vm::Call().
  Value Run(Local procedure, std::span<const Local> arguments);

  // Instructions whose common cases are not all of `primitive` call it for the
  // others. It must live as long as the machine.
  void NotePrimitive(const Primitive& primitive);

  // Where it is: a vector of templates and instructions, by turns, for each
  // frame that is a procedure's, the newest first; of many the newest ones. May
  // collect.
  Value Backtrace();

  // As Vm::VisitFrames().
  void VisitFrames(const std::function<bool(const FrameView&)>& visit) const;

 private:
  using Word = Value::Word;

  // What a call goes on with: the registers of who runs next, or null if the
  // machine is at its end, with result_.
  struct Control {
    Word* registers;
    const Instruction* pc;
  };

  Value Execute(Control start);

  // Calls the value in callee[0] with the `count` that follow, for a frame
  // whose record is before `callee` already, or is to be pushed there.
  Control CallSlow(Word* callee, std::uint32_t count);
  // Whether the frame of a closure may be entered without further ado, if it
  // has the right arguments.
  bool IsReadyFor(const Word* callee, const Function& function) const {
    return callee + function.register_count() + kSpareWords <= limit_ &&
           !vm_.is_interrupted();
  }
  // The value of primitive callee[0] for what follows, empty if it has raised.
  // Enters a frame, which is not left.
  Value RunPrimitive(Word* callee, std::uint32_t count);
  // The same for the operands of an instruction that is no call, in the frame
  // of `registers`; leaves the frame unless it has raised.
  Value RunInstruction(Word* registers, Instruction instruction);
  Control EnterClosure(Word* callee, std::uint32_t count);
  // Above a frame's registers: the frame of a primitive or of a handler, with a
  // few arguments.
  static constexpr std::size_t kSpareWords = 64;

  Control TailCall(Word* registers, Word* callee, std::uint32_t count);
  // A frame for `count` arguments that are values, all of them, until another
  // layout says otherwise.
  void EnterArguments(Word* callee, std::uint32_t count);
  const runtime::FrameLayout& LayoutOfArguments(std::uint32_t count) {
    if (count >= argument_layouts_.size()) [[unlikely]]
      MakeLayoutsSlow(count);
    return *argument_layouts_[count];
  }
  void MakeLayoutsSlow(std::uint32_t count);
  // Whether it is such a frame, and not a procedure's.
  bool HasArguments(const Frame& frame) const;

  // Gives `value` to whoever waits for the frame of `registers`.
  Control Return(Word* registers, Value value);
  // The same where no frame is left on the stack.
  Control ReturnToContinuation(Value value);

  // The continuation of the newest frame: its callers move to the heap.
  Value Capture();
  Control Throw(Value continuation, Value value);

  // Goes on in the handler of what was raised.
  Control HandleRaised();

  bool HasRoom(const Word* end) { return end <= limit_ || Grow(end); }
  bool Grow(const Word* end);
  Control RaiseTooDeep();
  void CloseReserve();

  Control Apply(Word* registers, std::uint32_t procedure, std::uint32_t list);
  bool Receive(Word* registers, Instruction instruction);

  // Where Execute() does each operation. Here, so that a jump needs no register
  // but that of `this`.
  std::array<const void*, kOperationCount> labels_ = {};
  // By operation, of those that have one.
  std::array<const Primitive*, kOperationCount> primitives_ = {};
  Vm& vm_;
  runtime::Mutator& mutator_;
  AddressRange stack_;
  Word* limit_;
  runtime::InterpreterFrames frames_;
  // By number of arguments.
  std::vector<std::unique_ptr<runtime::FrameLayout>> argument_layouts_;
  // The continuation of the oldest frame; nil if it is the end.
  runtime::Persistent below_;
  Value result_;  // Read before anything may collect.
  bool is_running_ = false;
  bool is_reserve_open_ = false;
};

}  // namespace fledge::lambda
