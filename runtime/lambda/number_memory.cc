#include "runtime/lambda/number_memory.h"

#include "allocator/base/check.h"
#include "runtime/objects.h"

namespace fledge::lambda {

using runtime::Bignum;
using runtime::Complex;
using runtime::HandleScope;
using runtime::ObjectType;
using runtime::Rational;
using runtime::Sign;

namespace {

NumberResult MakeBignum(Mutator& mutator, const BigInteger& integer) {
  if (integer.BitLength() > BigInteger::kLargestBits) {
    return NumberError::kTooLarge;
  }
  const auto limbs = integer.limbs();
  FLEDGE_CHECK(!mutator.heap().reservation().Contains(
                   reinterpret_cast<Address>(limbs.data())),
               "a view of a bignum, which may move: copy the integer");
  const Sign sign = integer.sign() < 0 ? Sign::kNegative : Sign::kPositive;
  const Address object = runtime::internal::TryAllocate<ObjectType::kBignum>(
      mutator, Bignum::LengthOf(limbs.size(), sign));
  if (object == kNullAddress) return NumberError::kOutOfMemory;
  return Bignum::Initialize(object, limbs, sign).value();
}

// An object of `View` whose two slots are made by the functions, in turn.
template <typename View, ObjectType kType, typename First, typename Second>
NumberResult MakeOfTwo(Mutator& mutator, First make_first, Second make_second) {
  const HandleScope scope(mutator);
  const NumberResult first = make_first();
  if (!first.ok()) return first;
  const Local first_part(mutator, first.value);
  const NumberResult second = make_second();
  if (!second.ok()) return second;
  const Local second_part(mutator, second.value);
  const Address object = runtime::internal::TryAllocate<kType>(mutator);
  if (object == kNullAddress) return NumberError::kOutOfMemory;
  return View::Initialize(object, first_part.get(), second_part.get()).value();
}

}  // namespace

NumberKind KindOf(Value value) {
  if (value.IsSmallInteger()) return NumberKind::kSmallInteger;
  if (!value.IsReference()) return NumberKind::kNone;
  switch (runtime::TypeFrom(gc::LoadHeader(value.object()))) {
    case ObjectType::kFloat:
      return NumberKind::kFloat;
    case ObjectType::kBignum:
      return NumberKind::kBignum;
    case ObjectType::kRational:
      return NumberKind::kRational;
    case ObjectType::kComplex:
      return NumberKind::kComplex;
    default:
      return NumberKind::kNone;
  }
}

BigInteger ReadInteger(Value exact_integer) {
  if (exact_integer.IsSmallInteger()) return exact_integer.integer();
  const Bignum bignum(exact_integer);
  return BigInteger::View(bignum.limbs(), bignum.sign() == Sign::kNegative);
}

Fraction ReadFraction(Value exact_real) {
  if (KindOf(exact_real) != NumberKind::kRational) {
    return ReadInteger(exact_real);
  }
  const Rational rational(exact_real);
  return {ReadInteger(rational.numerator()),
          ReadInteger(rational.denominator())};
}

double ReadFloat(Value float_value) {
  return runtime::Float(float_value).number();
}

Real ReadReal(Value real) {
  if (KindOf(real) == NumberKind::kFloat) return ReadFloat(real);
  return ReadFraction(real);
}

Number ReadNumber(Value number) {
  if (KindOf(number) != NumberKind::kComplex) return ReadReal(number);
  const Complex complex(number);
  return {ReadReal(complex.real()), ReadReal(complex.imaginary())};
}

NumberResult MakeInteger(Mutator& mutator, const BigInteger& integer) {
  if (integer.FitsInt64() && Value::FitsSmallInteger(integer.ToInt64())) {
    return Value::SmallInteger(integer.ToInt64());
  }
  return MakeBignum(mutator, integer);
}

NumberResult MakeInteger(Mutator& mutator, std::int64_t integer) {
  if (Value::FitsSmallInteger(integer)) return Value::SmallInteger(integer);
  return MakeBignum(mutator, integer);
}

NumberResult MakeInexact(Mutator& mutator, double number) {
  const Value made = runtime::TryMakeFloat(mutator, number);
  if (made.IsEmpty()) return NumberError::kOutOfMemory;
  return made;
}

NumberResult MakeReal(Mutator& mutator, const Real& real) {
  if (!real.is_exact()) return MakeInexact(mutator, real.inexact());
  const Fraction& exact = real.exact();
  if (exact.IsInteger()) return MakeInteger(mutator, exact.numerator);
  return MakeOfTwo<Rational, ObjectType::kRational>(
      mutator, [&] { return MakeInteger(mutator, exact.numerator); },
      [&] { return MakeInteger(mutator, exact.denominator); });
}

NumberResult MakeNumber(Mutator& mutator, const Number& number) {
  if (number.IsReal()) return MakeReal(mutator, number.real);
  const auto make = [&](const Real& part) {
    return number.IsExact() ? MakeReal(mutator, part)
                            : MakeInexact(mutator, part.ToDouble());
  };
  return MakeOfTwo<Complex, ObjectType::kComplex>(
      mutator, [&] { return make(number.real); },
      [&] { return make(number.imaginary); });
}

}  // namespace fledge::lambda
