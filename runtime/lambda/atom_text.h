// Atom text: how values are written that have no parts, and the beginning of
// those that have.
//
// What the reader cannot make is written as #<...>, with its name if it has
// one.
//
// Design: docs/design/lambda_ports.md. Threads: as runtime/object_layout.h.
// None of this collects.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/lambda/print_buffer.h"
#include "runtime/value.h"

namespace fledge::lambda {

enum class PrintStyle : std::uint8_t {
  kWritten,    // So that it can be read.
  kDisplayed,  // Texts and characters as they are.
};

// REQUIRES: PrintedParts(value) is empty.
void AddAtom(PrintBuffer& buffer, runtime::Value value, PrintStyle style);

// A symbol or string as far as it names something, not to be read again; "?"
// for what is neither.
void AddName(PrintBuffer& buffer, runtime::Value name);

}  // namespace fledge::lambda
