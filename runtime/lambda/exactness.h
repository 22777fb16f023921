// Exactness: exact, inexact and what R7RS 6.2.6 does with numerators.
//
// Operands are values, read before anything is allocated; what takes a mutator
// may collect.
//
// Design: docs/design/numbers.md. Sources: W. Clinger, "How to Read Floating
// Point Numbers Accurately", PLDI 1990; fraction.h for the simplest rational.
// Errors: kWrongType, and those of number_memory.h. Threads: as in
// runtime/objects.h.
#pragma once

#include <cstdint>

#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

// The number that a float is, without rounding. kWrongType for what no exact
// number is: infinities and NaNs.
NumberResult ToExact(Mutator& mutator, Value number);
// The nearest float, of two the even one.
NumberResult ToInexact(Mutator& mutator, Value number);

// Of a rational number in lowest terms; floats for a float.
NumberResult Numerator(Mutator& mutator, Value rational);
NumberResult Denominator(Mutator& mutator, Value rational);

// The simplest rational number that differs from `real` by at most
// `difference`.
NumberResult Rationalize(Mutator& mutator, Value real, Value difference);

enum class Rounding : std::uint8_t { kFloor, kCeiling, kTruncate, kRound };

// To an integer, of the exactness of `real`; kRound to the nearest, of two the
// even one.
NumberResult RoundToInteger(Mutator& mutator, Value real, Rounding rounding);

}  // namespace fledge::lambda
