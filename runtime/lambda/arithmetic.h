// Arithmetic: + - * / and comparison over the whole tower, as R7RS 6.2.6 has
// them.
//
// Exact operands give exact results, a float among them an inexact one; an
// integer that fits a small one is one, a rational is in lowest terms, a
// complex number whose imaginary part is an exact 0 is real.
//
// Operands are values, not handles: they are read before the result is
// allocated
// ([la.num.read-first]). What takes a mutator may collect.
//
// Design: docs/design/numbers.md. Source: D. Knuth, The Art of Computer
// Programming 2, sections 4.3.1 and 4.5.1, by GMP. Errors: kWrongType if an
// operand is no number, kDivisionByZero, and those of number_memory.h. Threads:
// as in runtime/objects.h. Costs: small integers a few instructions if the
// caller begins with runtime/lambda/arithmetic-inl.h; others O(limbs), products
// and quotients less than O(limbs^2).
#pragma once

#include <compare>
#include <optional>

#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

NumberResult Add(Mutator& mutator, Value a, Value b);
NumberResult Subtract(Mutator& mutator, Value a, Value b);
NumberResult Multiply(Mutator& mutator, Value a, Value b);
// kDivisionByZero only for an exact 0.
NumberResult Divide(Mutator& mutator, Value a, Value b);

// max and min: inexact if one of the two is, and a NaN if one is.
NumberResult Larger(Mutator& mutator, Value a, Value b);
NumberResult Smaller(Mutator& mutator, Value a, Value b);

// Exact also between floats and exact numbers, and so transitive; unordered
// with a NaN. Empty if one is not real. Never collects.
std::optional<std::partial_ordering> Compare(Value a, Value b);
// Of complex numbers too. Empty if one is no number. Never collects.
std::optional<bool> NumberEquals(Value a, Value b);

}  // namespace fledge::lambda
