// Decimal: a number as digits with a point and an exponent, between text and
// number.
//
// Design: docs/design/numbers.md. Sources: W. Clinger, "How to Read Floating
// Point Numbers Accurately", PLDI 1990, by std::from_chars; G. Steele, J.
// White, "How to Print Floating-Point Numbers Accurately", PLDI 1990, by
// std::to_chars. Errors: none. Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/lambda/fraction.h"

namespace fledge::lambda {

// An unsigned decimal, in parts of its text.
struct Decimal {
  std::string_view text;  // All of it.
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;

  // Beyond this, exponents are no different from it: no text is long enough to
  // make up for them.
  static constexpr std::int64_t kLargestExponent = std::int64_t{1} << 40;

  void SetExponent(std::string_view digits, bool is_negative);

  // The nearest double, of two the even one; infinite or 0 beyond their range.
  double ToDouble() const;
  // Nothing if it has more bits than an integer may have.
  std::optional<Fraction> ToFraction() const;
};

// The shortest decimal that is read as this double and no other, with a point
// or an exponent in it, so that it reads as inexact: 0.1, 1e21, -0.0, +inf.0.
std::string TextOf(double number);

}  // namespace fledge::lambda
