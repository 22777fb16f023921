// The inline half of runtime/lambda/arithmetic.h: small integers, for the
// interpreter. Each takes any values and gives the result if both are small
// integers and so is the result, otherwise empty: then the general function
// does it.
//
// Works on the words as they are: that of n is 2n + 1, so a sum of two is one
// too large. Four or five instructions each.
//
// Design: docs/design/numbers.md. Errors: none. Threads: pure functions.
#pragma once

#include <cstdint>

#include "runtime/lambda/arithmetic.h"

namespace fledge::lambda {

// Whether both are small integers.
inline bool AreSmall(Value a, Value b) {
  return (a.word() & b.word() & Value::SmallInteger(0).word()) != 0;
}

// In the order of their integers. REQUIRES: AreSmall(a, b).
inline std::strong_ordering CompareSmall(Value a, Value b) {
  return static_cast<std::int64_t>(a.word()) <=>
         static_cast<std::int64_t>(b.word());
}

inline Value AddSmall(Value a, Value b) {
  std::int64_t sum;
  if (!AreSmall(a, b) ||
      __builtin_add_overflow(static_cast<std::int64_t>(a.word()),
                             static_cast<std::int64_t>(b.word() - 1), &sum))
      [[unlikely]] {
    return Value();
  }
  return Value::FromWord(static_cast<Value::Word>(sum));
}

inline Value SubtractSmall(Value a, Value b) {
  std::int64_t difference;
  if (!AreSmall(a, b) ||
      __builtin_sub_overflow(static_cast<std::int64_t>(a.word()),
                             static_cast<std::int64_t>(b.word() - 1),
                             &difference)) [[unlikely]] {
    return Value();
  }
  return Value::FromWord(static_cast<Value::Word>(difference));
}

inline Value MultiplySmall(Value a, Value b) {
  std::int64_t product;
  if (!AreSmall(a, b) ||
      __builtin_mul_overflow(static_cast<std::int64_t>(a.word() - 1),
                             b.integer(), &product)) [[unlikely]] {
    return Value();
  }
  return Value::FromWord(static_cast<Value::Word>(product) + 1);
}

}  // namespace fledge::lambda
