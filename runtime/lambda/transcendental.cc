#include "runtime/lambda/transcendental.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {
namespace {

using ComplexDouble = std::complex<double>;

// A function that is defined for every real number.
template <typename Function>
NumberResult Apply(Mutator& mutator, Value number, Function function) {
  if (KindOf(number) == NumberKind::kNone) return NumberError::kWrongType;
  const Number read = ReadNumber(number);
  if (read.IsReal()) {
    return MakeInexact(mutator, function(read.real.ToDouble()));
  }
  return MakeNumber(mutator, function(read.ToComplex()));
}

// One that is real from -1 to 1 only. Beyond, the argument lies on a branch
// cut: on its lower side if it is positive, on its upper one if it is negative.
template <typename Function>
NumberResult ApplyFromMinusOneToOne(Mutator& mutator, Value number,
                                    Function function) {
  if (IsReal(KindOf(number))) {
    const double real = ReadReal(number).ToDouble();
    if (std::abs(real) > 1) {
      const ComplexDouble on_cut(real, real > 0 ? -0.0 : 0.0);
      return MakeNumber(mutator, function(on_cut));
    }
  }
  return Apply(mutator, number, function);
}

// Also where the fraction is beyond the range of doubles, or near its end.
double LogOfPositive(const Fraction& number) {
  const auto bits = static_cast<std::int64_t>(number.numerator.BitLength()) -
                    static_cast<std::int64_t>(number.denominator.BitLength());
  if (std::abs(bits) < 1000) return std::log(number.ToDouble());
  const auto shift = static_cast<std::size_t>(std::abs(bits));
  const Fraction scaled =
      bits > 0
          ? Fraction::Reduce(number.numerator, number.denominator << shift)
          : Fraction::Reduce(number.numerator << shift, number.denominator);
  return std::log(scaled.ToDouble()) +
         static_cast<double>(bits) * std::numbers::ln2;
}

// REQUIRES: it is not an exact 0.
Number LogOf(const Number& number) {
  if (!number.IsReal()) return std::log(number.ToComplex());
  const Real& real = number.real;
  const bool is_negative = Compare(real, 0) < 0;
  const Real magnitude = is_negative ? -real : real;
  const double log = magnitude.is_exact() ? LogOfPositive(magnitude.exact())
                                          : std::log(magnitude.inexact());
  if (is_negative) return {log, std::numbers::pi};
  return Real(log);
}

NumberError CheckLog(Value number) {
  if (KindOf(number) == NumberKind::kNone) return NumberError::kWrongType;
  if (number == Value::SmallInteger(0)) return NumberError::kDivisionByZero;
  return NumberError::kNone;
}

constexpr Value kZero = Value::SmallInteger(0);
constexpr Value kOne = Value::SmallInteger(1);

}  // namespace

NumberResult Exp(Mutator& mutator, Value number) {
  if (number == kZero) return kOne;
  return Apply(mutator, number, [](auto z) { return std::exp(z); });
}

NumberResult Log(Mutator& mutator, Value number) {
  if (number == kOne) return kZero;
  const NumberError error = CheckLog(number);
  if (error != NumberError::kNone) return error;
  return MakeNumber(mutator, LogOf(ReadNumber(number)));
}

NumberResult Log(Mutator& mutator, Value number, Value base) {
  NumberError error = CheckLog(number);
  if (error == NumberError::kNone) error = CheckLog(base);
  if (error != NumberError::kNone) return error;
  if (base == kOne) return NumberError::kDivisionByZero;
  if (number == kOne) return kZero;
  return MakeNumber(mutator,
                    LogOf(ReadNumber(number)) / LogOf(ReadNumber(base)));
}

NumberResult Sin(Mutator& mutator, Value number) {
  if (number == kZero) return kZero;
  return Apply(mutator, number, [](auto z) { return std::sin(z); });
}

NumberResult Cos(Mutator& mutator, Value number) {
  if (number == kZero) return kOne;
  return Apply(mutator, number, [](auto z) { return std::cos(z); });
}

NumberResult Tan(Mutator& mutator, Value number) {
  if (number == kZero) return kZero;
  return Apply(mutator, number, [](auto z) { return std::tan(z); });
}

NumberResult Asin(Mutator& mutator, Value number) {
  if (number == kZero) return kZero;
  return ApplyFromMinusOneToOne(mutator, number,
                                [](auto z) { return std::asin(z); });
}

NumberResult Acos(Mutator& mutator, Value number) {
  if (number == kOne) return kZero;
  return ApplyFromMinusOneToOne(mutator, number,
                                [](auto z) { return std::acos(z); });
}

NumberResult Atan(Mutator& mutator, Value number) {
  if (number == kZero) return kZero;
  if (KindOf(number) == NumberKind::kComplex) {
    const Number read = ReadNumber(number);
    // The poles, i and -i.
    if (read.IsExact() && read.ToComplex() == ComplexDouble(0, 1)) {
      return NumberError::kDivisionByZero;
    }
    if (read.IsExact() && read.ToComplex() == ComplexDouble(0, -1)) {
      return NumberError::kDivisionByZero;
    }
  }
  return Apply(mutator, number, [](auto z) { return std::atan(z); });
}

NumberResult Atan(Mutator& mutator, Value y, Value x) {
  if (!IsReal(KindOf(y)) || !IsReal(KindOf(x))) return NumberError::kWrongType;
  const Real vertical = ReadReal(y);
  const Real horizontal = ReadReal(x);
  if (vertical.IsExactZero() && horizontal.is_exact()) {
    if (horizontal.IsExactZero()) return NumberError::kDivisionByZero;
    if (!horizontal.IsNegative()) return kZero;
  }
  return MakeInexact(mutator,
                     std::atan2(vertical.ToDouble(), horizontal.ToDouble()));
}

}  // namespace fledge::lambda
