#include "runtime/lambda/exactness.h"

#include <cmath>
#include <limits>

#include "runtime/lambda/number_memory.h"
#include "runtime/lambda/number_predicates.h"

namespace fledge::lambda {
namespace {

// Of a number that is a float or an exact real: an integer made from its
// fraction, with the same exactness.
template <typename Function>
NumberResult OfFraction(Mutator& mutator, Value rational, Function function) {
  if (!IsRational(rational)) return NumberError::kWrongType;
  const Real real = ReadReal(rational);
  const BigInteger integer = function(real.ToFraction());
  if (real.is_exact()) return MakeInteger(mutator, integer);
  return MakeInexact(mutator, Fraction(integer).ToDouble());
}

double RoundDouble(double number, Rounding rounding) {
  switch (rounding) {
    case Rounding::kFloor:
      return std::floor(number);
    case Rounding::kCeiling:
      return std::ceil(number);
    case Rounding::kTruncate:
      return std::trunc(number);
    case Rounding::kRound:
      return std::nearbyint(number);
  }
  return number;
}

BigInteger RoundFraction(const Fraction& number, Rounding rounding) {
  switch (rounding) {
    case Rounding::kFloor:
      return Floor(number);
    case Rounding::kCeiling:
      return -Floor(-number);
    case Rounding::kTruncate:
      return number.sign() < 0 ? -Floor(-number) : Floor(number);
    case Rounding::kRound:
      return Round(number);
  }
  return 0;
}

// What (exact (floor x)) mostly meets.
bool FitsSmallInteger(double number) {
  // The largest one is no double; the one after it is.
  return number >= static_cast<double>(Value::kSmallestInteger) &&
         number < -static_cast<double>(Value::kSmallestInteger) &&
         std::trunc(number) == number;
}

// As the limit of what finite numbers give.
double RationalizeInfinite(double real, double difference) {
  if (std::isinf(difference) && std::isfinite(real)) return 0;
  if (std::isinf(real) && std::isfinite(difference)) return real;
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

NumberResult ToExact(Mutator& mutator, Value number) {
  const NumberKind kind = KindOf(number);
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  if (IsExactReal(kind)) return number;
  if (kind == NumberKind::kFloat && FitsSmallInteger(ReadFloat(number))) {
    return Value::SmallInteger(static_cast<std::int64_t>(ReadFloat(number)));
  }
  const Number whole = ReadNumber(number);
  if (whole.IsExact()) return number;
  if (!whole.real.IsFinite() || !whole.imaginary.IsFinite()) {
    return NumberError::kWrongType;
  }
  return MakeNumber(
      mutator, Number(whole.real.ToFraction(), whole.imaginary.ToFraction()));
}

NumberResult ToInexact(Mutator& mutator, Value number) {
  const NumberKind kind = KindOf(number);
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  if (kind == NumberKind::kFloat) return number;
  const Number whole = ReadNumber(number);
  if (whole.IsReal()) return MakeInexact(mutator, whole.real.ToDouble());
  return MakeNumber(mutator, whole.ToComplex());
}

NumberResult Numerator(Mutator& mutator, Value rational) {
  return OfFraction(mutator, rational, [](const Fraction& fraction) {
    return fraction.numerator;
  });
}

NumberResult Denominator(Mutator& mutator, Value rational) {
  return OfFraction(mutator, rational, [](const Fraction& fraction) {
    return fraction.denominator;
  });
}

NumberResult Rationalize(Mutator& mutator, Value real, Value difference) {
  if (!IsReal(real) || !IsReal(difference)) return NumberError::kWrongType;
  const Real x = ReadReal(real);
  const Real y = ReadReal(difference);
  if (!x.IsFinite() || !y.IsFinite()) {
    return MakeInexact(mutator,
                       RationalizeInfinite(x.ToDouble(), y.ToDouble()));
  }
  const Fraction middle = x.ToFraction();
  const Fraction width = y.IsNegative() ? -y.ToFraction() : y.ToFraction();
  const Fraction simplest = SimplestBetween(middle - width, middle + width);
  if (x.is_exact() && y.is_exact()) return MakeReal(mutator, simplest);
  return MakeInexact(mutator, simplest.ToDouble());
}

NumberResult RoundToInteger(Mutator& mutator, Value real, Rounding rounding) {
  const NumberKind kind = KindOf(real);
  if (IsExactInteger(kind)) return real;
  if (kind == NumberKind::kFloat) {
    return MakeInexact(mutator, RoundDouble(ReadFloat(real), rounding));
  }
  if (kind != NumberKind::kRational) return NumberError::kWrongType;
  return MakeInteger(mutator, RoundFraction(ReadFraction(real), rounding));
}

}  // namespace fledge::lambda
