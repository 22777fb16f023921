// CodeDraft: a procedure that was compiled, before it is in the heap.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/lambda/instruction.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct Global;

struct CodeDraft {
  // What becomes a value when the code gets into the heap: one of these.
  struct Constant {
    const Syntax* datum = nullptr;
    Global* global = nullptr;              // Its cell.
    std::unique_ptr<CodeDraft> procedure;  // Its template.
  };

  std::string name;
  Position at;           // Where it is written.
  bool is_form = false;  // No procedure of the program's, but a form of it.
  std::uint32_t parameter_count = 0;
  bool has_rest = false;
  std::uint32_t capture_count = 0;
  std::uint32_t register_count = 1;
  std::vector<Instruction> instructions;
  std::vector<Constant> constants;
  // Ascending by instruction; each place holds until the next.
  std::vector<std::pair<std::uint32_t, Position>> positions;
};

}  // namespace fledge::lambda
