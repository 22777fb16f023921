// Integers: division, gcd and roots of R7RS 6.2.6.
//
// An integer may be a float that has no fraction: then the results are floats.
//
// Operands are values, read before anything is allocated; what takes a mutator
// may collect.
//
// Design: docs/design/numbers.md. Source: D. Knuth, The Art of Computer
// Programming 2, sections 4.3.1 and 4.5.2, by GMP. Errors: kWrongType,
// kDivisionByZero, those of number_memory.h. Threads: as in runtime/objects.h.
#pragma once

#include <cstdint>

#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

// Which way a quotient is rounded; the remainder has the sign of the divisor or
// of the dividend.
enum class DivisionKind : std::uint8_t { kFloor, kTruncate };

NumberResult Quotient(Mutator& mutator, Value dividend, Value divisor,
                      DivisionKind kind);
NumberResult Remainder(Mutator& mutator, Value dividend, Value divisor,
                       DivisionKind kind);
// floor/ and truncate/: sets both, or neither if there is an error.
NumberError DivideIntegers(Mutator& mutator, Value dividend, Value divisor,
                           DivisionKind kind, Local quotient, Local remainder);

// Not negative.
NumberResult GreatestCommonDivisor(Mutator& mutator, Value a, Value b);
NumberResult LeastCommonMultiple(Mutator& mutator, Value a, Value b);

// Sets `root` to the largest integer whose square is at most `number`, and
// `rest` to the difference. kWrongType unless it is exact and not negative.
NumberError ExactIntegerSqrt(Mutator& mutator, Value number, Local root,
                             Local rest);

}  // namespace fledge::lambda
