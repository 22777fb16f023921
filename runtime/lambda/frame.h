// Frame: the record of a procedure that runs, or waits for a call to return,
// on the machine's stack; its registers follow.
//
//   | caller, layout, slots, instruction, flags | pc | register 0 | ...
//     a runtime::InterpreterFrame                      the callee
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstdint>

#include "runtime/interpreter_stack.h"
#include "runtime/lambda/function.h"
#include "runtime/value.h"

namespace fledge::lambda {

struct Frame : runtime::InterpreterFrame {
  using Word = runtime::Value::Word;

  // The instruction of a frame that has raised: behind all code, where nothing
  // is live but the callee; see DeadPoint().
  static constexpr std::uint32_t kWillNotGoOn = ~std::uint32_t{0};

  // Where it goes on after a call, or was when it raised.
  const Instruction* pc;

  Word* registers() { return reinterpret_cast<Word*>(this + 1); }
  static Frame* Of(Word* registers) {
    return reinterpret_cast<Frame*>(registers) - 1;
  }
  // REQUIRES: it is a closure's, not a primitive's.
  const Function& function() const {
    return static_cast<const Function&>(*layout);
  }
};

// The words of a record: from the register that gets a call's result to the
// callee's first register.
inline constexpr std::uint32_t kFrameWords =
    sizeof(Frame) / sizeof(Frame::Word);
static_assert(kFrameWords * sizeof(Frame::Word) == sizeof(Frame));

}  // namespace fledge::lambda
