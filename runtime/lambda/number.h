// Number: any number, outside the heap, in rectangular form.
//
// Its imaginary part is an exact 0 if it is real. Otherwise both parts are of
// one exactness once the number is in the heap, and may differ before.
//
// Design: docs/design/numbers.md. Errors: none. Threads: plain data.
#pragma once

#include <complex>
#include <concepts>
#include <utility>

#include "runtime/lambda/real.h"

namespace fledge::lambda {

struct Number {
  Real real;
  Real imaginary;

  Number() = default;
  template <typename T>
  requires std::convertible_to<T, Real> Number(
      T&& number)  // NOLINT: it is one.
      : real(std::forward<T>(number)) {}
  Number(Real x, Real y) : real(std::move(x)), imaginary(std::move(y)) {}
  Number(std::complex<double> number)  // NOLINT
      : real(number.real()), imaginary(number.imag()) {}

  bool IsReal() const { return imaginary.IsExactZero(); }
  bool IsExact() const { return real.is_exact() && imaginary.is_exact(); }
  bool IsExactZero() const { return real.IsExactZero() && IsReal(); }
  std::complex<double> ToComplex() const {
    return {real.ToDouble(), imaginary.ToDouble()};
  }

  Number operator-() const;
  Number operator+(const Number& other) const;
  Number operator-(const Number& other) const;
  Number operator*(const Number& other) const;
  // REQUIRES: !other.IsExactZero().
  Number operator/(const Number& other) const;
};

}  // namespace fledge::lambda
