#include "runtime/lambda/number_predicates.h"

#include <bit>
#include <cmath>
#include <limits>

#include "runtime/hash.h"

namespace fledge::lambda {
namespace {

// Asks `predicate` about each part of a number, until it says yes.
template <typename Predicate>
std::optional<bool> AnyPart(Value value, Predicate predicate) {
  if (!IsNumber(value)) return std::nullopt;
  const Number number = ReadNumber(value);
  return predicate(number.real) || predicate(number.imaginary);
}

// The bits that tell floats apart: all NaNs are one.
std::uint64_t BitsOf(double number) {
  if (std::isnan(number)) number = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<std::uint64_t>(number);
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t word) {
  return runtime::HashWord(hash ^
                           runtime::HashWord(word + 0x9e37'79b9'7f4a'7c15));
}

std::uint64_t HashInteger(const BigInteger& integer) {
  std::uint64_t hash = integer.sign() < 0 ? 1 : 0;
  for (const BigInteger::Limb limb : integer.limbs()) hash = Mix(hash, limb);
  return hash;
}

std::uint64_t HashReal(const Real& real) {
  if (!real.is_exact()) return Mix(2, BitsOf(real.inexact()));
  const std::uint64_t hash = HashInteger(real.exact().numerator);
  if (real.exact().IsInteger()) return hash;
  return Mix(hash, HashInteger(real.exact().denominator));
}

bool Eqv(const Real& a, const Real& b) {
  if (a.is_exact() != b.is_exact()) return false;
  if (a.is_exact()) return a.exact() == b.exact();
  return BitsOf(a.inexact()) == BitsOf(b.inexact());
}

}  // namespace

bool IsRational(Value value) {
  const NumberKind kind = KindOf(value);
  return IsExactReal(kind) ||
         (kind == NumberKind::kFloat && std::isfinite(ReadFloat(value)));
}

bool IsInteger(Value value) {
  const NumberKind kind = KindOf(value);
  return IsExactInteger(kind) ||
         (kind == NumberKind::kFloat && Real(ReadFloat(value)).IsInteger());
}

std::optional<bool> IsExact(Value value) {
  if (!IsNumber(value)) return std::nullopt;
  return ReadNumber(value).IsExact();
}

std::optional<bool> IsFinite(Value value) {
  const auto is_not_finite =
      AnyPart(value, [](const Real& part) { return !part.IsFinite(); });
  if (!is_not_finite) return std::nullopt;
  return !*is_not_finite;
}

std::optional<bool> IsInfinite(Value value) {
  return AnyPart(value, [](const Real& part) {
    return !part.is_exact() && std::isinf(part.inexact());
  });
}

std::optional<bool> IsNan(Value value) {
  return AnyPart(value, [](const Real& part) {
    return !part.is_exact() && std::isnan(part.inexact());
  });
}

std::optional<int> SignOf(Value value) {
  if (value.IsSmallInteger()) {
    return (value.integer() > 0) - (value.integer() < 0);
  }
  if (!IsReal(value)) return std::nullopt;
  if (KindOf(value) == NumberKind::kFloat) {
    const double number = ReadFloat(value);
    return (number > 0) - (number < 0);
  }
  return ReadFraction(value).sign();
}

std::optional<bool> IsZero(Value value) {
  switch (KindOf(value)) {
    case NumberKind::kNone:
      return std::nullopt;
    case NumberKind::kFloat:
      return ReadFloat(value) == 0;
    case NumberKind::kComplex:
      // An exact one is never 0: it would be real.
      return !*IsExact(value) && ReadNumber(value).ToComplex() == 0.0;
    default:
      return value == Value::SmallInteger(0);
  }
}

std::optional<bool> IsOdd(Value value) {
  if (value.IsSmallInteger()) return (value.integer() & 1) != 0;
  if (!IsInteger(value)) return std::nullopt;
  return ReadReal(value).ToFraction().numerator.IsOdd();
}

bool NumberEqv(Value a, Value b) {
  if (a == b) return IsNumber(a);
  if (KindOf(a) != KindOf(b) || !IsNumber(a)) return false;
  const Number x = ReadNumber(a);
  const Number y = ReadNumber(b);
  return Eqv(x.real, y.real) && Eqv(x.imaginary, y.imaginary);
}

std::uint64_t NumberHash(Value value) {
  const Number number = ReadNumber(value);
  const std::uint64_t hash = HashReal(number.real);
  if (number.IsReal()) return runtime::HashWord(hash);
  return runtime::HashWord(Mix(hash, HashReal(number.imaginary)));
}

}  // namespace fledge::lambda
