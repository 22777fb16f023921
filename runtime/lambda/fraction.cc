#include "runtime/lambda/fraction.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "allocator/base/check.h"

namespace fledge::lambda {
namespace {

using Limits = std::numeric_limits<double>;

// Of the last bit of the smallest double.
constexpr std::int64_t kSmallestExponent =
    Limits::min_exponent - Limits::digits;

// REQUIRES: 0 < low <= high. Takes the partial quotients that the continued
// fractions of both share, and the next one as small as it can be; top / bottom
// is the convergent of those so far.
Fraction SimplestPositive(Fraction low, Fraction high) {
  BigInteger top = 1, last_top = 0;
  BigInteger bottom = 0, last_bottom = 1;
  while (true) {
    BigInteger whole = Floor(low);
    const bool is_last = low.IsInteger() || whole < Floor(high);
    const BigInteger quotient = is_last && !low.IsInteger() ? whole + 1 : whole;
    last_top = std::exchange(top, quotient * top + last_top);
    last_bottom = std::exchange(bottom, quotient * bottom + last_bottom);
    if (is_last) return {std::move(top), std::move(bottom)};
    low = std::exchange(high, Fraction(1) / (low - whole));
    low = Fraction(1) / (low - whole);
  }
}

}  // namespace

double RoundToDouble(std::uint64_t number, bool has_more,
                     std::int64_t exponent) {
  if (number == 0) return 0;
  const int length = std::bit_width(number);
  // Bits that the double lacks: beyond its precision, or below its range.
  const std::int64_t surplus = std::max<std::int64_t>(
      {length - Limits::digits, kSmallestExponent - exponent, 0});
  if (surplus > 64) return 0;
  if (surplus > 0) {
    // Shifts of 64 are done in two steps.
    const std::uint64_t half = std::uint64_t{1} << (surplus - 1);
    const std::uint64_t rest = number & (half | (half - 1));
    number = number >> (surplus - 1) >> 1;
    const bool is_odd = (number & 1) != 0;
    if (rest > half || (rest == half && (has_more || is_odd))) ++number;
    exponent += surplus;
  }
  // Exact, since what is left fits; or beyond the largest double.
  if (exponent > Limits::max_exponent) return Limits::infinity();
  return std::ldexp(static_cast<double>(number), static_cast<int>(exponent));
}

Fraction Fraction::Reduce(const BigInteger& top, const BigInteger& bottom) {
  FLEDGE_DCHECK(bottom.sign() != 0, "a fraction of denominator 0");
  BigInteger divisor = GreatestCommonDivisor(top, bottom);
  if (bottom.sign() < 0) divisor = -divisor;
  return {DivideExactly(top, divisor), DivideExactly(bottom, divisor)};
}

Fraction Fraction::FromDouble(double number) {
  int exponent = 0;
  const double mantissa = std::frexp(number, &exponent);
  const auto integer =
      static_cast<std::int64_t>(std::ldexp(mantissa, Limits::digits));
  exponent -= Limits::digits;
  if (exponent >= 0) return BigInteger(integer) << exponent;
  return Reduce(integer, BigInteger(1) << -exponent);
}

// Scales the quotient to 64 or 65 bits and divides: what the remainder says is
// whether there is more.
double Fraction::ToDouble() const {
  if (sign() == 0) return 0;
  const auto top_bits = static_cast<std::int64_t>(numerator.BitLength());
  const auto bottom_bits = static_cast<std::int64_t>(denominator.BitLength());
  const std::int64_t shift = 65 - (top_bits - bottom_bits);
  BigInteger top = Magnitude(numerator);
  BigInteger bottom = denominator;
  if (shift > 0) top = top << static_cast<std::size_t>(shift);
  if (shift < 0) bottom = bottom << static_cast<std::size_t>(-shift);
  const Division division = DivideTruncating(top, bottom);
  const auto limbs = division.quotient.limbs();
  // 65 or 66 bits.
  FLEDGE_DCHECK(limbs.size() == 2 && limbs[1] < 4);
  const int extra = std::bit_width(limbs[1]);
  const std::uint64_t number = limbs[1] << (64 - extra) | limbs[0] >> extra;
  const bool has_more =
      limbs[0] << (64 - extra) != 0 || division.remainder.sign() != 0;
  const double magnitude = RoundToDouble(number, has_more, extra - shift);
  return sign() < 0 ? -magnitude : magnitude;
}

std::strong_ordering Fraction::operator<=>(const Fraction& other) const {
  return numerator * other.denominator <=> other.numerator * denominator;
}

Fraction Fraction::operator-() const { return {-numerator, denominator}; }

Fraction Fraction::operator+(const Fraction& other) const {
  if (IsInteger() && other.IsInteger()) return numerator + other.numerator;
  return Reduce(numerator * other.denominator + other.numerator * denominator,
                denominator * other.denominator);
}

Fraction Fraction::operator-(const Fraction& other) const {
  if (IsInteger() && other.IsInteger()) return numerator - other.numerator;
  return Reduce(numerator * other.denominator - other.numerator * denominator,
                denominator * other.denominator);
}

Fraction Fraction::operator*(const Fraction& other) const {
  if (IsInteger() && other.IsInteger()) return numerator * other.numerator;
  return Reduce(numerator * other.numerator, denominator * other.denominator);
}

Fraction Fraction::operator/(const Fraction& other) const {
  return Reduce(numerator * other.denominator, denominator * other.numerator);
}

BigInteger Floor(const Fraction& number) {
  return DivideFlooring(number.numerator, number.denominator).quotient;
}

BigInteger Round(const Fraction& number) {
  if (number.IsInteger()) return number.numerator;
  const Fraction half(BigInteger(1), BigInteger(2));
  const Fraction shifted = number + half;
  const BigInteger above = Floor(shifted);
  return shifted.IsInteger() && above.IsOdd() ? above - 1 : above;
}

Fraction SimplestBetween(const Fraction& low, const Fraction& high) {
  FLEDGE_DCHECK(low <= high);
  if (low.sign() > 0) return SimplestPositive(low, high);
  if (high.sign() < 0) return -SimplestPositive(-high, -low);
  return 0;
}

}  // namespace fledge::lambda
