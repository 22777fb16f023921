#include "runtime/lambda/number.h"

namespace fledge::lambda {

// A real operand has no imaginary part at all, so that none of its 0 gets into
// the result: 2 * (1 + inf i) has the real part 2, and not a NaN.

Number Number::operator-() const {
  return {-real, IsReal() ? imaginary : -imaginary};
}

Number Number::operator+(const Number& other) const {
  if (IsReal()) return {real + other.real, other.imaginary};
  if (other.IsReal()) return {real + other.real, imaginary};
  return {real + other.real, imaginary + other.imaginary};
}

Number Number::operator-(const Number& other) const {
  if (other.IsReal()) return {real - other.real, imaginary};
  if (IsReal()) return {real - other.real, -other.imaginary};
  return {real - other.real, imaginary - other.imaginary};
}

Number Number::operator*(const Number& other) const {
  if (IsReal() && other.IsReal()) return real * other.real;
  if (other.IsReal()) return {real * other.real, imaginary * other.real};
  if (IsReal()) return {real * other.real, real * other.imaginary};
  return {real * other.real - imaginary * other.imaginary,
          real * other.imaginary + imaginary * other.real};
}

Number Number::operator/(const Number& other) const {
  if (other.IsReal()) {
    return {real / other.real, IsReal() ? imaginary : imaginary / other.real};
  }
  // The library's division does not overflow on the way.
  if (!IsExact() || !other.IsExact()) return ToComplex() / other.ToComplex();
  const Real norm = other.real * other.real + other.imaginary * other.imaginary;
  return *this * Number(other.real / norm, -other.imaginary / norm);
}

}  // namespace fledge::lambda
