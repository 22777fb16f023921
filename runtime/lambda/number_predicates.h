// Number predicates: what kind of number a value is, in the terms of
// R7RS 6.2.6, and which numbers are the same.
//
// Nothing here collects. What asks about a number (IsExact and below) answers
// nothing if it was given none.
//
// Design: docs/design/numbers.md. Errors: none. Threads: reads only.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {

// number? and complex?.
inline bool IsNumber(Value value) { return KindOf(value) != NumberKind::kNone; }
inline bool IsReal(Value value) { return IsReal(KindOf(value)); }
// A float is rational if it is finite, and an integer if it has no fraction.
bool IsRational(Value value);
bool IsInteger(Value value);
inline bool IsExactInteger(Value value) {
  return IsExactInteger(KindOf(value));
}

std::optional<bool> IsExact(Value value);
// Of a complex number: both parts, one of them, one of them.
std::optional<bool> IsFinite(Value value);
std::optional<bool> IsInfinite(Value value);
std::optional<bool> IsNan(Value value);
// -1, 0 or 1; 0 for a NaN. Nothing if it is not real.
std::optional<int> SignOf(Value value);
// 0 or 0.0, of a complex number too.
std::optional<bool> IsZero(Value value);
// Nothing if it is no integer.
std::optional<bool> IsOdd(Value value);

// eqv? of numbers: of one exactness and equal, but 0.0 is not -0.0, and a NaN
// is eqv? to a NaN. False if one is no number.
bool NumberEqv(Value a, Value b);
// Numbers that are eqv? have the same; it depends on no address. Costs
// O(limbs). REQUIRES: IsNumber(value).
std::uint64_t NumberHash(Value value);

}  // namespace fledge::lambda
