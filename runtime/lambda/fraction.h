// Fraction: an exact rational number, outside the heap.
//
// In lowest terms, with a positive denominator; of an integer it is 1.
//
// Design: docs/design/numbers.md. Sources: D. Knuth, The Art of Computer
// Programming 2, section 4.5.1; W. Clinger, "How to Read Floating Point Numbers
// Accurately", PLDI 1990 (rounding a quotient); M. Stern's and A. Brocot's tree
// (the simplest fraction). Errors: none. Threads: plain data.
#pragma once

#include <compare>
#include <cstdint>

#include "runtime/lambda/big_integer.h"

namespace fledge::lambda {

struct Fraction {
  BigInteger numerator;
  BigInteger denominator = 1;

  Fraction() = default;
  Fraction(std::int64_t integer)  // NOLINT: a number is a number.
      : numerator(integer) {}
  Fraction(BigInteger integer)  // NOLINT
      : numerator(std::move(integer)) {}
  // In lowest terms already, as the heap has it. REQUIRES: bottom > 0.
  Fraction(BigInteger top, BigInteger bottom)
      : numerator(std::move(top)), denominator(std::move(bottom)) {}
  // What is equal to top / bottom. REQUIRES: bottom is not 0.
  static Fraction Reduce(const BigInteger& top, const BigInteger& bottom);
  // Exactly. REQUIRES: `number` is finite.
  static Fraction FromDouble(double number);

  int sign() const { return numerator.sign(); }
  bool IsInteger() const { return denominator == BigInteger(1); }

  // The nearest double, the even one of two; infinite or 0 if it is out of
  // their range.
  double ToDouble() const;

  bool operator==(const Fraction&) const = default;
  std::strong_ordering operator<=>(const Fraction& other) const;

  Fraction operator-() const;
  Fraction operator+(const Fraction& other) const;
  Fraction operator-(const Fraction& other) const;
  Fraction operator*(const Fraction& other) const;
  // REQUIRES: other is not 0.
  Fraction operator/(const Fraction& other) const;
};

// The integer that is next to it, downwards; and the nearest, of two the even.
BigInteger Floor(const Fraction& number);
BigInteger Round(const Fraction& number);

// The one of smallest denominator, then of smallest numerator, from `low` to
// `high`, both included. REQUIRES: low <= high.
Fraction SimplestBetween(const Fraction& low, const Fraction& high);

// number * 2^exponent, rounded once to a double; `has_more` says that the exact
// number is a little further from 0. REQUIRES: `number` has more bits than a
// double, or there is no more.
double RoundToDouble(std::uint64_t number, bool has_more,
                     std::int64_t exponent);

}  // namespace fledge::lambda
