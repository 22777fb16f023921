// Numbers between the heap and outside: what kind of number a value is, reading
// it, and making a value of a result.
//
// Read...() never collects. What it returns may read bignums where they lie, so
// it is used up before the next call that may collect. Make...() allocates,
// after it has nothing more to read but what lies outside the heap; so it takes
// no handles, and neither do the operations built on it: their operands are
// plain values that nobody looks at after the allocation ([la.num.read-first]).
//
// Design: docs/design/numbers.md. Errors: kTooLarge, kOutOfMemory. Threads: as
// in runtime/objects.h.
#pragma once

#include <cstdint>

#include "runtime/lambda/number.h"
#include "runtime/lambda/number_result.h"
#include "runtime/number_layout.h"

namespace fledge::lambda {

// In this order a kind has all that those before it have, but for kNone.
enum class NumberKind : std::uint8_t {
  kSmallInteger,
  kBignum,
  kRational,  // And no integer.
  kFloat,
  kComplex,  // And not real.
  kNone,     // No number.
};

NumberKind KindOf(Value value);

inline bool IsExactInteger(NumberKind kind) {
  return kind <= NumberKind::kBignum;
}
inline bool IsExactReal(NumberKind kind) {
  return kind <= NumberKind::kRational;
}
inline bool IsReal(NumberKind kind) { return kind <= NumberKind::kFloat; }

// REQUIRES of each: the value is one.
BigInteger ReadInteger(Value exact_integer);
Fraction ReadFraction(Value exact_real);
double ReadFloat(Value float_value);
Real ReadReal(Value real);
Number ReadNumber(Value number);

NumberResult MakeInteger(Mutator& mutator, const BigInteger& integer);
NumberResult MakeInteger(Mutator& mutator, std::int64_t integer);
NumberResult MakeInexact(Mutator& mutator, double number);
NumberResult MakeReal(Mutator& mutator, const Real& real);
// A real number if the imaginary part is an exact 0; otherwise both parts
// become inexact if one is.
NumberResult MakeNumber(Mutator& mutator, const Number& number);

}  // namespace fledge::lambda
