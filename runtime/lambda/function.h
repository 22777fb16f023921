// Function: what the machine knows of a template that is no value: how frames
// of its closures are laid out, what they take, and where its code came from.
//
// It lies outside the heap, and is freed after its template has died. Code and
// constants are objects that do not move, so their addresses are kept here.
//
// Design: docs/design/lambda.md.
//
// Threads: none; it does not change after it was made.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/frame_layout.h"
#include "runtime/lambda/instruction.h"
#include "runtime/lambda/record_access.h"
#include "runtime/lambda/syntax_error.h"
#include "runtime/procedure_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

class Function : public runtime::FrameLayout {
 public:
  // Registers: the callee, parameters, then all others.
  explicit Function(std::uint32_t registers) : FrameLayout(registers) {}

  std::uint32_t register_count() const { return slot_count(); }
  // The place of the instruction, or none.
  Position PositionOf(std::uint32_t instruction) const {
    Position at;
    for (const auto& [first, position] : positions) {
      if (first > instruction) break;
      at = position;
    }
    return at;
  }

  // What a call looks at comes first: how many arguments it has if a frame is
  // all that it needs, as nothing is made a list and no field is accessed.
  static constexpr std::uint32_t kMoreThanAny = ~std::uint32_t{0};
  std::uint32_t simple_argument_count = kMoreThanAny;
  // Parameters, without the one that takes the rest.
  std::uint32_t parameter_count = 0;
  bool has_rest = false;
  bool Takes(std::uint32_t arguments) const {
    return has_rest ? arguments >= parameter_count
                    : arguments == parameter_count;
  }
  const Instruction* code = nullptr;
  std::uint32_t instruction_count = 0;
  const runtime::Value::Word* constants = nullptr;
  std::uint32_t capture_count = 0;
  RecordAccess access;
  std::string name;  // Empty if it has none.
  // Ascending; each holds until the next.
  std::vector<std::pair<std::uint32_t, Position>> positions;
  Position written_at;   // Or no place.
  bool is_form = false;  // A form that is run, no procedure of the program.
};

// REQUIRES: `closure` refers to a closure.
inline const Function& FunctionOf(runtime::Value closure) {
  const runtime::Template of(runtime::Closure(closure).closure_template());
  return *static_cast<const Function*>(of.function());
}

}  // namespace fledge::lambda
