#include "runtime/lambda/arithmetic.h"

#include <cmath>
#include <functional>

#include "runtime/lambda/arithmetic-inl.h"
#include "runtime/lambda/exactness.h"
#include "runtime/lambda/number_memory.h"

namespace fledge::lambda {
namespace {

// A float or a small integer, as a double.
double ReadDouble(Value number) {
  return number.IsSmallInteger() ? static_cast<double>(number.integer())
                                 : ReadFloat(number);
}

bool IsSmallOrFloat(NumberKind kind) {
  return kind == NumberKind::kSmallInteger || kind == NumberKind::kFloat;
}

// A float, or a small integer that a double has without rounding.
std::optional<double> ReadExactDouble(Value number, NumberKind kind) {
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  if (kind == NumberKind::kFloat) return ReadFloat(number);
  if (kind != NumberKind::kSmallInteger || number.integer() > kLargest ||
      number.integer() < -kLargest) {
    return std::nullopt;
  }
  return static_cast<double>(number.integer());
}

// The kind of both together: the one that comes later.
NumberKind Join(NumberKind a, NumberKind b) { return a < b ? b : a; }

// An operation that integers are closed under, on the first part of the tower
// that has both operands; what is frequent comes first.
template <typename Operation>
NumberResult Apply(Mutator& mutator, Value a, Value b, Operation operation) {
  const NumberKind kind_a = KindOf(a);
  const NumberKind kind_b = KindOf(b);
  const NumberKind kind = Join(kind_a, kind_b);
  if (IsExactInteger(kind)) {
    return MakeInteger(mutator, operation(ReadInteger(a), ReadInteger(b)));
  }
  if (kind == NumberKind::kFloat && IsSmallOrFloat(kind_a) &&
      IsSmallOrFloat(kind_b)) {
    return MakeInexact(mutator, operation(ReadDouble(a), ReadDouble(b)));
  }
  if (IsReal(kind)) {
    return MakeReal(mutator, operation(ReadReal(a), ReadReal(b)));
  }
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  return MakeNumber(mutator, operation(ReadNumber(a), ReadNumber(b)));
}

// Of two real numbers, the one of them that a comparison chooses.
NumberResult Choose(Mutator& mutator, Value a, Value b, bool takes_a) {
  const Value chosen = takes_a ? a : b;
  const Value other = takes_a ? b : a;
  if (KindOf(other) != NumberKind::kFloat) return chosen;
  return std::isnan(ReadFloat(other)) ? other : ToInexact(mutator, chosen);
}

}  // namespace

NumberResult Add(Mutator& mutator, Value a, Value b) {
  const Value sum = AddSmall(a, b);
  if (!sum.IsEmpty()) return sum;
  return Apply(mutator, a, b, std::plus<>());
}

NumberResult Subtract(Mutator& mutator, Value a, Value b) {
  const Value difference = SubtractSmall(a, b);
  if (!difference.IsEmpty()) return difference;
  return Apply(mutator, a, b, std::minus<>());
}

NumberResult Multiply(Mutator& mutator, Value a, Value b) {
  const Value product = MultiplySmall(a, b);
  if (!product.IsEmpty()) return product;
  return Apply(mutator, a, b, std::multiplies<>());
}

NumberResult Divide(Mutator& mutator, Value a, Value b) {
  const NumberKind kind = Join(KindOf(a), KindOf(b));
  if (kind == NumberKind::kNone) return NumberError::kWrongType;
  if (b == Value::SmallInteger(0)) return NumberError::kDivisionByZero;
  if (IsReal(kind)) return MakeReal(mutator, ReadReal(a) / ReadReal(b));
  return MakeNumber(mutator, ReadNumber(a) / ReadNumber(b));
}

NumberResult Larger(Mutator& mutator, Value a, Value b) {
  const auto order = Compare(a, b);
  if (!order) return NumberError::kWrongType;
  return Choose(mutator, a, b, *order > 0);
}

NumberResult Smaller(Mutator& mutator, Value a, Value b) {
  const auto order = Compare(a, b);
  if (!order) return NumberError::kWrongType;
  return Choose(mutator, a, b, *order < 0);
}

std::optional<std::partial_ordering> Compare(Value a, Value b) {
  if (AreSmall(a, b)) return CompareSmall(a, b);
  const NumberKind kind_a = KindOf(a);
  const NumberKind kind_b = KindOf(b);
  const auto x = ReadExactDouble(a, kind_a);
  const auto y = ReadExactDouble(b, kind_b);
  if (x && y) return *x <=> *y;
  const NumberKind kind = Join(kind_a, kind_b);
  if (IsExactInteger(kind)) return ReadInteger(a) <=> ReadInteger(b);
  if (IsReal(kind)) return Compare(ReadReal(a), ReadReal(b));
  return std::nullopt;
}

std::optional<bool> NumberEquals(Value a, Value b) {
  const NumberKind kind = Join(KindOf(a), KindOf(b));
  if (kind == NumberKind::kNone) return std::nullopt;
  if (IsReal(kind)) return *Compare(a, b) == 0;
  const Number x = ReadNumber(a);
  const Number y = ReadNumber(b);
  return Compare(x.real, y.real) == 0 && Compare(x.imaginary, y.imaginary) == 0;
}

}  // namespace fledge::lambda
