// Datum values: the values that data stand for, which programs quote or read.
//
// Containers are made before what is in them, so that a label may be referred
// to within what it labels. Nesting takes memory, and no stack.
//
// Design: docs/design/lambda_ports.md. Threads: the machine's.
#pragma once

#include <cstdint>

#include "runtime/lambda/syntax.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// Whether strings may be changed.
enum class Literals : std::uint8_t { kConstant, kMutable };

// A literal that the heap has no room for.
class NoMemoryError : public SyntaxError {
 public:
  explicit NoMemoryError(Position at)
      : SyntaxError(at, "there is no memory for this literal") {}
};

// Aliases are taken back to symbols. Throws SyntaxError for keys of maps that
// are none, and for a reference whose label is not within `datum`;
// NoMemoryError. May collect.
// O(parts).
Value MakeDatum(Vm& vm, const Syntax& datum, Literals literals);

}  // namespace fledge::lambda
