// Powers and roots: expt, sqrt and exact roots, of R7RS 6.2.6.
//
// Operands are values, read before anything is allocated; what takes a mutator
// may collect.
//
// Design: docs/design/numbers.md. Source: D. Knuth, The Art of Computer
// Programming 2, section 4.6.3 (powers by squaring). Errors: kWrongType,
// kDivisionByZero, kTooLarge, which is found before a power is computed, and
// kOutOfMemory. Threads: as in runtime/objects.h.
#pragma once

#include <optional>

#include "runtime/lambda/number.h"
#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

// An exact integer as exponent gives a result that is as exact as `base`; the
// exponent 0 gives an exact 1. kDivisionByZero for a negative power of 0.
NumberResult Expt(Mutator& mutator, Value base, Value exponent);

// Exact if the number is the square of an exact one; imaginary of a negative
// number. The root whose real part is not negative.
NumberResult Sqrt(Mutator& mutator, Value number);

// The same outside the heap.
Number SquareRoot(const Number& number);
// Nothing if no fraction is the root. REQUIRES: square >= 0.
std::optional<Fraction> ExactRoot(const Fraction& square);

}  // namespace fledge::lambda
