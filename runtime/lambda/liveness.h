// Liveness: which registers of a procedure are read later, at each instruction
// at which a collection may happen.
//
// Points are named by the index of the next instruction, which is what a frame
// that waits knows: 0 is the entry. A point behind the code has the callee
// only; it is where a frame is that will not go on.
//
// Design: docs/design/lambda.md. Source: A. Aho, M. Lam, R. Sethi, J. Ullman,
// "Compilers", section 9.2.5 (backward data flow, to a fixed point).
//
// Threads: none.
#pragma once

#include <cstdint>

#include "runtime/frame_layout.h"
#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

// Of the instruction of a frame that will not go on.
constexpr std::uint32_t DeadPoint(std::uint32_t instruction_count) {
  return instruction_count + 1;
}

// Adds the points of `draft` to `layout`. O(instructions * registers), times
// the depth of its loops.
void AddLiveness(const CodeDraft& draft, runtime::FrameLayout& layout);

}  // namespace fledge::lambda
