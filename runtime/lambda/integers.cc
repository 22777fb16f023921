#include "runtime/lambda/integers.h"

#include "runtime/lambda/number_memory.h"
#include "runtime/lambda/number_predicates.h"

namespace fledge::lambda {
namespace {

BigInteger ReadAnyInteger(Value integer) {
  return KindOf(integer) == NumberKind::kFloat
             ? BigInteger::FromDouble(ReadFloat(integer))
             : ReadInteger(integer);
}

// Makes integers of one exactness.
class Maker {
 public:
  Maker(Value a, Value b)
      : is_exact_(IsExactInteger(KindOf(a)) && IsExactInteger(KindOf(b))) {}

  NumberResult operator()(Mutator& mutator, const BigInteger& integer) const {
    if (is_exact_) return MakeInteger(mutator, integer);
    return MakeInexact(mutator, Fraction(integer).ToDouble());
  }

 private:
  bool is_exact_;
};

// kNone if they can be divided.
NumberError CheckDivision(Value dividend, Value divisor) {
  if (!IsInteger(dividend) || !IsInteger(divisor)) {
    return NumberError::kWrongType;
  }
  if (ReadAnyInteger(divisor).sign() == 0) return NumberError::kDivisionByZero;
  return NumberError::kNone;
}

Division Divide(Value dividend, Value divisor, DivisionKind kind) {
  const auto divide =
      kind == DivisionKind::kFloor ? DivideFlooring : DivideTruncating;
  return divide(ReadAnyInteger(dividend), ReadAnyInteger(divisor));
}

// Sets two handles to two integers, or none of them.
NumberError MakeBoth(Mutator& mutator, Maker make, const Division& division,
                     Local quotient, Local remainder) {
  const runtime::HandleScope scope(mutator);
  const NumberResult first = make(mutator, division.quotient);
  if (!first.ok()) return first.error;
  const Local kept(mutator, first.value);
  const NumberResult second = make(mutator, division.remainder);
  if (!second.ok()) return second.error;
  quotient.set(kept.get());
  remainder.set(second.value);
  return NumberError::kNone;
}

// Of small integers, which is most of them. The quotient of the smallest and -1
// is no small integer, but fits.
bool DivideSmall(Value dividend, Value divisor, DivisionKind kind,
                 std::int64_t& quotient, std::int64_t& remainder) {
  if (!dividend.IsSmallInteger() || !divisor.IsSmallInteger() ||
      divisor == Value::SmallInteger(0)) {
    return false;
  }
  quotient = dividend.integer() / divisor.integer();
  remainder = dividend.integer() % divisor.integer();
  if (kind == DivisionKind::kFloor && remainder != 0 &&
      (remainder < 0) != (divisor.integer() < 0)) {
    --quotient;
    remainder += divisor.integer();
  }
  return true;
}

}  // namespace

NumberResult Quotient(Mutator& mutator, Value dividend, Value divisor,
                      DivisionKind kind) {
  std::int64_t quotient, remainder;
  if (DivideSmall(dividend, divisor, kind, quotient, remainder)) {
    return MakeInteger(mutator, quotient);
  }
  const NumberError error = CheckDivision(dividend, divisor);
  if (error != NumberError::kNone) return error;
  const Maker make(dividend, divisor);
  return make(mutator, Divide(dividend, divisor, kind).quotient);
}

NumberResult Remainder(Mutator& mutator, Value dividend, Value divisor,
                       DivisionKind kind) {
  std::int64_t quotient, remainder;
  if (DivideSmall(dividend, divisor, kind, quotient, remainder)) {
    return Value::SmallInteger(remainder);
  }
  const NumberError error = CheckDivision(dividend, divisor);
  if (error != NumberError::kNone) return error;
  const Maker make(dividend, divisor);
  return make(mutator, Divide(dividend, divisor, kind).remainder);
}

NumberError DivideIntegers(Mutator& mutator, Value dividend, Value divisor,
                           DivisionKind kind, Local quotient, Local remainder) {
  const NumberError error = CheckDivision(dividend, divisor);
  if (error != NumberError::kNone) return error;
  return MakeBoth(mutator, Maker(dividend, divisor),
                  Divide(dividend, divisor, kind), quotient, remainder);
}

NumberResult GreatestCommonDivisor(Mutator& mutator, Value a, Value b) {
  if (!IsInteger(a) || !IsInteger(b)) return NumberError::kWrongType;
  const Maker make(a, b);
  return make(mutator,
              GreatestCommonDivisor(ReadAnyInteger(a), ReadAnyInteger(b)));
}

NumberResult LeastCommonMultiple(Mutator& mutator, Value a, Value b) {
  if (!IsInteger(a) || !IsInteger(b)) return NumberError::kWrongType;
  const Maker make(a, b);
  const BigInteger x = ReadAnyInteger(a);
  const BigInteger y = ReadAnyInteger(b);
  if (x.sign() == 0 || y.sign() == 0) return make(mutator, 0);
  return make(mutator,
              Magnitude(DivideExactly(x, GreatestCommonDivisor(x, y)) * y));
}

NumberError ExactIntegerSqrt(Mutator& mutator, Value number, Local root,
                             Local rest) {
  if (!IsExactInteger(KindOf(number))) return NumberError::kWrongType;
  const BigInteger square = ReadInteger(number);
  if (square.sign() < 0) return NumberError::kWrongType;
  return MakeBoth(mutator, Maker(number, number), SquareRoot(square), root,
                  rest);
}

}  // namespace fledge::lambda
