// Global: a variable of a namespace or library, for all who refer to it.
//
// Its value is in a cell, an object of the heap that code refers to; the place
// of the cell is known here. One that is imported and that nobody may assign
// has an operation if the interpreter has an instruction for it.
//
// Design: docs/design/lambda.md. Threads: those of its namespace.
#pragma once

#include <cstdint>

#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct Global {
  const Name* name;
  // Of its cell among those of the machine; kNoCell until code needs it.
  std::uint32_t cell = kNoCell;
  // By set! or by a second definition, as far as the expander has come.
  bool is_assigned = false;
  // Of a library that is complete: never assigned again, so its value at that
  // time may be relied on.
  bool is_constant = false;
  // Calling it takes no frame for long, as it never calls what could call it
  // again: a call in tail position keeps its frame, which then says where the
  // call was. A primitive, or what raises.
  bool keeps_frames = false;
  // An Operation (runtime/lambda/operation.h); 0 is none.
  std::uint8_t operation = 0;
  // For runtime/lambda/constant_calls.h; 0 if calls of it are not known before
  // they are made.
  std::uint8_t folding = 0;

  static constexpr std::uint32_t kNoCell = ~std::uint32_t{0};
};

}  // namespace fledge::lambda
