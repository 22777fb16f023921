// Real: a real number outside the heap, exact or a double.
//
// An operation on exact numbers is exact; one with a double among its operands
// is done in doubles. Comparisons are exact always, so that they are
// transitive: a double is compared as the fraction that it is.
//
// Design: docs/design/numbers.md. Source: W. Clinger, "Exactness and the
// numeric tower" as in R7RS, section 6.2.2. Errors: none. Threads: plain data.
#pragma once

#include <compare>
#include <utility>
#include <variant>

#include "runtime/lambda/fraction.h"

namespace fledge::lambda {

class Real {
 public:
  Real() : number_(Fraction()) {}
  Real(double number) : number_(number) {}  // NOLINT: a number is a number.
  Real(std::int64_t number) : number_(Fraction(number)) {}           // NOLINT
  Real(int number) : Real(std::int64_t{number}) {}                   // NOLINT
  Real(Fraction number) : number_(std::move(number)) {}              // NOLINT
  Real(BigInteger number) : number_(Fraction(std::move(number))) {}  // NOLINT

  bool is_exact() const { return number_.index() == 0; }
  // REQUIRES: is_exact().
  const Fraction& exact() const { return std::get<Fraction>(number_); }
  // REQUIRES: !is_exact().
  double inexact() const { return std::get<double>(number_); }

  // The number itself, or the nearest there is of the other kind.
  double ToDouble() const {
    return is_exact() ? exact().ToDouble() : inexact();
  }
  // REQUIRES: it is finite.
  Fraction ToFraction() const {
    return is_exact() ? exact() : Fraction::FromDouble(inexact());
  }

  bool IsFinite() const;
  bool IsInteger() const;
  bool IsExactZero() const { return is_exact() && exact().sign() == 0; }
  // True of -0.0, and of a NaN whose sign bit is set.
  bool IsNegative() const;

  Real operator-() const;
  Real operator+(const Real& other) const;
  Real operator-(const Real& other) const;
  Real operator*(const Real& other) const;
  // REQUIRES: !other.IsExactZero().
  Real operator/(const Real& other) const;

 private:
  std::variant<Fraction, double> number_;
};

// Unordered only with a NaN. -0.0 and 0.0 are equal, and equal to 0.
std::partial_ordering Compare(const Real& a, const Real& b);

}  // namespace fledge::lambda
