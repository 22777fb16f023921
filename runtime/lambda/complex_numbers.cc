#include "runtime/lambda/complex_numbers.h"

#include <cmath>
#include <numbers>

#include "runtime/lambda/number_memory.h"
#include "runtime/lambda/powers.h"

namespace fledge::lambda {
namespace {

Real MagnitudeOf(const Number& number) {
  if (number.IsReal()) {
    return number.real.IsNegative() ? -number.real : number.real;
  }
  if (!number.IsExact()) return std::abs(number.ToComplex());
  return SquareRoot(number.real * number.real +
                    number.imaginary * number.imaginary)
      .real;
}

}  // namespace

Number FromPolar(const Real& magnitude, const Real& angle) {
  if (angle.IsExactZero()) return magnitude;
  if (magnitude.IsExactZero()) return magnitude;
  const double radius = magnitude.ToDouble();
  const double radians = angle.ToDouble();
  return {radius * std::cos(radians), radius * std::sin(radians)};
}

NumberResult MakeRectangular(Mutator& mutator, Value real, Value imaginary) {
  if (!IsReal(KindOf(real)) || !IsReal(KindOf(imaginary))) {
    return NumberError::kWrongType;
  }
  // Copies, since both parts are made one after the other.
  const Real x = ReadReal(real), y = ReadReal(imaginary);
  return MakeNumber(mutator, Number(x, y));
}

NumberResult MakePolar(Mutator& mutator, Value magnitude, Value angle) {
  if (!IsReal(KindOf(magnitude)) || !IsReal(KindOf(angle))) {
    return NumberError::kWrongType;
  }
  const Real radius = ReadReal(magnitude), radians = ReadReal(angle);
  return MakeNumber(mutator, FromPolar(radius, radians));
}

NumberResult RealPart(Value number) {
  const NumberKind kind = KindOf(number);
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  if (kind != NumberKind::kComplex) return number;
  return runtime::Complex(number).real();
}

NumberResult ImaginaryPart(Value number) {
  const NumberKind kind = KindOf(number);
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  if (kind != NumberKind::kComplex) return Value::SmallInteger(0);
  return runtime::Complex(number).imaginary();
}

NumberResult Magnitude(Mutator& mutator, Value number) {
  if (KindOf(number) == NumberKind::kNone) return NumberError::kWrongType;
  return MakeReal(mutator, MagnitudeOf(ReadNumber(number)));
}

NumberResult Angle(Mutator& mutator, Value number) {
  if (KindOf(number) == NumberKind::kNone) return NumberError::kWrongType;
  const Number read = ReadNumber(number);
  if (!read.IsReal()) return MakeInexact(mutator, std::arg(read.ToComplex()));
  if (read.real.IsNegative()) return MakeInexact(mutator, std::numbers::pi);
  if (read.IsExact()) return Value::SmallInteger(0);
  return MakeInexact(mutator, 0);
}

}  // namespace fledge::lambda
