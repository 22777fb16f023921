#include "runtime/lambda/real.h"

#include <cmath>
#include <functional>

namespace fledge::lambda {
namespace {

template <typename Operation>
Real Apply(const Real& a, const Real& b, Operation operation) {
  if (a.is_exact() && b.is_exact()) return operation(a.exact(), b.exact());
  return operation(a.ToDouble(), b.ToDouble());
}

}  // namespace

bool Real::IsFinite() const { return is_exact() || std::isfinite(inexact()); }

bool Real::IsInteger() const {
  if (is_exact()) return exact().IsInteger();
  return std::isfinite(inexact()) && std::trunc(inexact()) == inexact();
}

bool Real::IsNegative() const {
  return is_exact() ? exact().sign() < 0 : std::signbit(inexact());
}

Real Real::operator-() const {
  if (is_exact()) return -exact();
  return -inexact();
}
Real Real::operator+(const Real& other) const {
  return Apply(*this, other, std::plus<>());
}
Real Real::operator-(const Real& other) const {
  return Apply(*this, other, std::minus<>());
}
Real Real::operator*(const Real& other) const {
  return Apply(*this, other, std::multiplies<>());
}
Real Real::operator/(const Real& other) const {
  return Apply(*this, other, std::divides<>());
}

std::partial_ordering Compare(const Real& a, const Real& b) {
  if (!a.is_exact() && !b.is_exact()) return a.inexact() <=> b.inexact();
  // The other one is exact: an infinity is beyond it, and a NaN unordered.
  if (!a.IsFinite()) return a.inexact() <=> 0.0;
  if (!b.IsFinite()) return 0.0 <=> b.inexact();
  return a.ToFraction() <=> b.ToFraction();
}

}  // namespace fledge::lambda
