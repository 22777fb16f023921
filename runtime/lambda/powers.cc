#include "runtime/lambda/powers.h"

#include <algorithm>
#include <cmath>

#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {
namespace {

// The nearest double: the root of an integer of 126 to 128 bits, the fraction
// times a power of 4, has 63 or 64, and what remains says whether there is
// more.
double InexactRoot(const Fraction& square) {
  const auto top_bits = static_cast<std::int64_t>(square.numerator.BitLength());
  const auto bottom_bits =
      static_cast<std::int64_t>(square.denominator.BitLength());
  const std::int64_t shift = (127 - (top_bits - bottom_bits)) & ~1;
  const Division scaled = DivideTruncating(
      shift > 0 ? square.numerator << static_cast<std::size_t>(shift)
                : square.numerator,
      shift < 0 ? square.denominator << static_cast<std::size_t>(-shift)
                : square.denominator);
  const Division root = SquareRoot(scaled.quotient);
  const bool has_more =
      root.remainder.sign() != 0 || scaled.remainder.sign() != 0;
  return RoundToDouble(root.quotient.limbs()[0], has_more, -shift / 2);
}

Real RootOfPositive(const Real& square) {
  if (!square.is_exact()) return std::sqrt(square.inexact());
  if (const auto root = ExactRoot(square.exact())) return *root;
  return InexactRoot(square.exact());
}

// (x + yi)^2 = z has the solution x^2 = (|z| + Re z) / 2, y^2 = (|z| - Re z)
// / 2.
std::optional<Number> ExactComplexRoot(const Number& number) {
  const Fraction& real = number.real.exact();
  const Fraction& imaginary = number.imaginary.exact();
  const auto magnitude = ExactRoot(real * real + imaginary * imaginary);
  if (!magnitude) return std::nullopt;
  const auto x = ExactRoot((*magnitude + real) / 2);
  const auto y = ExactRoot((*magnitude - real) / 2);
  if (!x || !y) return std::nullopt;
  return Number(*x, imaginary.sign() < 0 ? -*y : *y);
}

// Of an exact number: about how many bits each further factor adds; 0 only if
// its powers do not grow.
std::size_t GrowthOf(const Number& number) {
  const Fraction& real = number.real.exact();
  if (number.IsReal()) {
    return std::max(real.numerator.BitLength(), real.denominator.BitLength()) -
           1;
  }
  const Fraction& imaginary = number.imaginary.exact();
  const Fraction norm = real * real + imaginary * imaginary;
  return (norm.numerator.BitLength() + norm.denominator.BitLength() - 1) / 2 +
         (real.denominator.BitLength() - 1) +
         (imaginary.denominator.BitLength() - 1);
}

// REQUIRES: base is not an exact 0 if the exponent is negative.
Number PowerBySquaring(Number base, std::uint64_t exponent) {
  Number power = 1;
  while (true) {
    if ((exponent & 1) != 0) power = power * base;
    exponent >>= 1;
    if (exponent == 0) return power;
    base = base * base;
  }
}

// Powers of what is in lowest terms are in lowest terms.
Fraction PowerOf(const Fraction& base, std::uint64_t exponent) {
  return {Power(base.numerator, exponent), Power(base.denominator, exponent)};
}

// The sign apart, since large exponents are even once they are doubles.
double PowerOf(double base, const BigInteger& exponent) {
  const double magnitude =
      std::pow(std::abs(base), Fraction(exponent).ToDouble());
  return std::signbit(base) && exponent.IsOdd() ? -magnitude : magnitude;
}

// REQUIRES: the base is exact, and so not infinite.
NumberResult ExactPower(Mutator& mutator, const Number& base,
                        const BigInteger& exponent) {
  const bool is_inverse = exponent.sign() < 0;
  if (base.IsExactZero()) {
    if (is_inverse) return NumberError::kDivisionByZero;
    return Value::SmallInteger(0);
  }
  BigInteger count = Magnitude(exponent);
  const std::size_t growth = GrowthOf(base);
  if (growth == 0) {
    // 1, -1, i and -i.
    count = DivideTruncating(count, 4).remainder;
  } else if (count > BigInteger(BigInteger::kLargestBits / growth)) {
    return NumberError::kTooLarge;
  }
  const auto factors = static_cast<std::uint64_t>(count.ToInt64());
  const Number power = base.IsReal()
                           ? Number(PowerOf(base.real.exact(), factors))
                           : PowerBySquaring(base, factors);
  return MakeNumber(mutator, is_inverse ? Number(1) / power : power);
}

NumberResult IntegerPower(Mutator& mutator, const Number& base,
                          const BigInteger& exponent) {
  if (exponent.sign() == 0) return Value::SmallInteger(1);
  if (base.IsExact()) return ExactPower(mutator, base, exponent);
  if (base.IsReal()) {
    return MakeInexact(mutator, PowerOf(base.real.inexact(), exponent));
  }
  if (!exponent.FitsInt64()) {
    return MakeNumber(
        mutator, std::pow(base.ToComplex(), Fraction(exponent).ToDouble()));
  }
  const auto factors =
      static_cast<std::uint64_t>(Magnitude(exponent).limbs()[0]);
  const Number power = PowerBySquaring(base, factors);
  return MakeNumber(mutator, exponent.sign() < 0 ? Number(1) / power : power);
}

NumberResult PowerOfZero(Mutator& mutator, const Number& base,
                         const Number& exponent) {
  // An exact 0 is no exponent that comes here.
  if (exponent.ToComplex() == 0.0) return MakeInexact(mutator, 1);
  const auto order = Compare(exponent.real, 0);
  if (order == std::partial_ordering::unordered) {
    return MakeInexact(mutator, exponent.real.ToDouble());
  }
  if (order <= 0) return NumberError::kDivisionByZero;
  if (base.IsExact() && exponent.IsExact()) return Value::SmallInteger(0);
  return MakeInexact(mutator, 0);
}

}  // namespace

std::optional<Fraction> ExactRoot(const Fraction& square) {
  Division top = SquareRoot(square.numerator);
  if (top.remainder.sign() != 0) return std::nullopt;
  Division bottom = SquareRoot(square.denominator);
  if (bottom.remainder.sign() != 0) return std::nullopt;
  return Fraction(std::move(top.quotient), std::move(bottom.quotient));
}

Number SquareRoot(const Number& number) {
  if (!number.IsReal()) {
    if (number.IsExact()) {
      if (auto root = ExactComplexRoot(number)) return *std::move(root);
    }
    return std::sqrt(number.ToComplex());
  }
  if (Compare(number.real, 0) < 0) {
    return {0, RootOfPositive(-number.real)};
  }
  return RootOfPositive(number.real);
}

NumberResult Sqrt(Mutator& mutator, Value number) {
  if (KindOf(number) == NumberKind::kNone) return NumberError::kWrongType;
  return MakeNumber(mutator, SquareRoot(ReadNumber(number)));
}

NumberResult Expt(Mutator& mutator, Value base, Value exponent) {
  if (KindOf(base) == NumberKind::kNone ||
      KindOf(exponent) == NumberKind::kNone) {
    return NumberError::kWrongType;
  }
  const Number z = ReadNumber(base);
  const Number w = ReadNumber(exponent);
  if (IsExactInteger(KindOf(exponent))) {
    return IntegerPower(mutator, z, w.real.exact().numerator);
  }
  const std::complex<double> number = z.ToComplex();
  if (z.IsExactZero() || (number == 0.0 && !w.IsReal() && !z.IsExact())) {
    return PowerOfZero(mutator, z, w);
  }
  if (w.IsExact() && w.IsReal() &&
      w.real.exact().denominator == BigInteger(2) && z.IsExact()) {
    const Number root = SquareRoot(z);
    if (root.IsExact()) {
      return ExactPower(mutator, root, w.real.exact().numerator);
    }
  }
  if (!w.IsReal()) {
    return MakeNumber(mutator, std::pow(number, w.ToComplex()));
  }
  const double power = w.real.ToDouble();
  if (!z.IsReal()) return MakeNumber(mutator, std::pow(number, power));
  if (number.real() < 0 && !w.real.IsInteger() && std::isfinite(power)) {
    return MakeNumber(mutator, std::pow(number, power));
  }
  return MakeInexact(mutator, std::pow(number.real(), power));
}

}  // namespace fledge::lambda
