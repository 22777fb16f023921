// NumberResult: what an operation on numbers returns, a value or the reason why
// there is none.
//
// An operation that fails has changed nothing that a program sees; it may have
// collected. Nothing throws: the caller raises what its language raises.
//
// Design: docs/design/numbers.md. Threads: plain data; two registers.
#pragma once

#include <cstdint>

#include "allocator/base/check.h"
#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::Local;
using runtime::Mutator;
using runtime::Value;

enum class NumberError : std::uint8_t {
  kNone,
  kWrongType,       // An operand is no number, or not of the kind it has to be.
  kDivisionByZero,  // By an exact 0, or a pole at an exact argument.
  kTooLarge,        // More bits than BigInteger::kLargestBits.
  kOutOfMemory,     // The heap has no room for the result.
  kSyntax,          // A text that is no number.
};

struct [[nodiscard]] NumberResult {
  Value value;  // Empty if there is an error.
  NumberError error = NumberError::kNone;

  NumberResult(Value result) : value(result) {  // NOLINT: the usual case.
    FLEDGE_DCHECK(!result.IsEmpty(), "an allocation failed");
  }
  NumberResult(NumberError reason) : error(reason) {  // NOLINT
    FLEDGE_DCHECK(reason != NumberError::kNone);
  }

  bool ok() const { return error == NumberError::kNone; }
};

}  // namespace fledge::lambda
