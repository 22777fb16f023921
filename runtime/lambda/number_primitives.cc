// The procedures of R7RS, section 6.2.6: each has the operation of the same
// name, and says which argument is wrong if one is.
#include <string>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/arithmetic-inl.h"
#include "runtime/lambda/complex_numbers.h"
#include "runtime/lambda/exactness.h"
#include "runtime/lambda/integers.h"
#include "runtime/lambda/number_errors.h"
#include "runtime/lambda/number_parser.h"
#include "runtime/lambda/number_predicates.h"
#include "runtime/lambda/number_printer.h"
#include "runtime/lambda/powers.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/transcendental.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

// What arguments have to be.
struct Kind {
  bool (*is)(Value);
  std::string_view name;
};

constexpr Kind kNumber{IsNumber, "a number"};
constexpr Kind kReal{IsReal, "a real number"};
constexpr Kind kRational{IsRational, "a rational number"};
constexpr Kind kInteger{IsInteger, "an integer"};
constexpr Kind kFinite{[](Value value) { return IsFinite(value) == true; },
                       "a finite number"};
constexpr Kind kSquare{
    [](Value value) { return IsExactInteger(value) && *SignOf(value) >= 0; },
    "an exact integer that is not negative"};

// For kWrongType: one of the arguments is not of the kind.
Value RaiseWrongKind(Vm& vm, const Arguments& arguments, const Kind& kind) {
  std::size_t i = 0;
  while (i + 1 < arguments.size() && kind.is(arguments[i])) ++i;
  return vm.RaiseWrongType(arguments, i, kind.name);
}

Value Raise(Vm& vm, const Arguments& arguments, NumberError error,
            const Kind& kind) {
  if (error == NumberError::kWrongType) {
    return RaiseWrongKind(vm, arguments, kind);
  }
  return RaiseNumberError(vm, error);
}

Value Return(Vm& vm, const Arguments& arguments, NumberResult result,
             const Kind& kind) {
  if (result.ok()) return result.value;
  return Raise(vm, arguments, result.error, kind);
}

// Of `error` and the two handles that an operation has set.
Value ReturnBoth(Vm& vm, const Arguments& arguments, NumberError error,
                 const Kind& kind, Local first, Local second) {
  if (error != NumberError::kNone) {
    return Raise(vm, arguments, error, kind);
  }
  const Address object =
      vm.mutator().Allocate(runtime::SizeOf(ObjectType::kValues, 2));
  const auto values = runtime::Values::Initialize(object, 2);
  *values.slot(0) = first.get().word();
  *values.slot(1) = second.get().word();
  return values.value();
}

// Procedures of one and of two arguments.

template <NumberResult (*kFunction)(Mutator&, Value), const Kind& kKind>
Value Unary(Vm& vm, Arguments arguments) {
  return Return(vm, arguments, kFunction(vm.mutator(), arguments[0]), kKind);
}

template <NumberResult (*kFunction)(Mutator&, Value, Value), const Kind& kKind>
Value Binary(Vm& vm, Arguments arguments) {
  return Return(vm, arguments,
                kFunction(vm.mutator(), arguments[0], arguments[1]), kKind);
}

template <NumberResult (*kFunction)(Mutator&, Value),
          NumberResult (*kOfTwo)(Mutator&, Value, Value), const Kind& kKind>
Value UnaryOrBinary(Vm& vm, Arguments arguments) {
  return arguments.size() == 1 ? Unary<kFunction, kNumber>(vm, arguments)
                               : Binary<kOfTwo, kKind>(vm, arguments);
}

// Of any number of arguments, from the left, beginning with `first`.
template <NumberResult (*kFunction)(Mutator&, Value, Value), const Kind& kKind>
Value Fold(Vm& vm, const Arguments& arguments, Value first, std::size_t begin) {
  if (!kKind.is(first)) return RaiseWrongKind(vm, arguments, kKind);
  Value result = first;
  for (std::size_t i = begin; i < arguments.size(); ++i) {
    // Between two calls nothing collects.
    const NumberResult next = kFunction(vm.mutator(), result, arguments[i]);
    if (!next.ok()) return Raise(vm, arguments, next.error, kKind);
    result = next.value;
  }
  return result;
}

// * gcd lcm: those that have an identity.
template <NumberResult (*kFunction)(Mutator&, Value, Value), const Kind& kKind,
          std::int64_t kIdentity>
Value FoldAll(Vm& vm, Arguments arguments) {
  return Fold<kFunction, kKind>(vm, arguments, Value::SmallInteger(kIdentity),
                                0);
}

// +, which begins with the first: an exact 0 before it would take the sign of
// a float's zero.
Value Total(Vm& vm, Arguments arguments) {
  if (arguments.size() == 0) return Value::SmallInteger(0);
  return Fold<Add, kNumber>(vm, arguments, arguments[0], 1);
}

// max and min.
template <NumberResult (*kFunction)(Mutator&, Value, Value)>
Value FoldSome(Vm& vm, Arguments arguments) {
  return Fold<kFunction, kReal>(vm, arguments, arguments[0], 1);
}

NumberResult Negate(Mutator& mutator, Value number) {
  return Multiply(mutator, Value::SmallInteger(-1), number);
}
NumberResult Invert(Mutator& mutator, Value number) {
  return Divide(mutator, Value::SmallInteger(1), number);
}

// - and /.
template <NumberResult (*kFunction)(Mutator&, Value, Value),
          NumberResult (*kOfOne)(Mutator&, Value)>
Value FoldOrInvert(Vm& vm, Arguments arguments) {
  if (arguments.size() == 1) return Unary<kOfOne, kNumber>(vm, arguments);
  return Fold<kFunction, kNumber>(vm, arguments, arguments[0], 1);
}

// Predicates.

template <bool (*kPredicate)(Value)>
Value Ask(Vm&, Arguments arguments) {
  return Value::Boolean(kPredicate(arguments[0]));
}

template <std::optional<bool> (*kPredicate)(Value), const Kind& kKind,
          bool kYes = true>
Value AskNumber(Vm& vm, Arguments arguments) {
  const std::optional<bool> answer = kPredicate(arguments[0]);
  if (!answer) return RaiseWrongKind(vm, arguments, kKind);
  return Value::Boolean(*answer == kYes);
}

template <int kSign>
Value AskSign(Vm& vm, Arguments arguments) {
  const std::optional<int> sign = SignOf(arguments[0]);
  if (!sign) return RaiseWrongKind(vm, arguments, kReal);
  return Value::Boolean(*sign == kSign);
}

// A relation holds between neighbours. All arguments are looked at, so that a
// wrong one is found wherever it stands.
template <std::optional<bool> (*kRelation)(Value, Value), const Kind& kKind>
Value Chain(Vm& vm, Arguments arguments) {
  bool holds = true;
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    const auto pair_holds = kRelation(arguments[i], arguments[i + 1]);
    if (!pair_holds) return RaiseWrongKind(vm, arguments, kKind);
    holds = holds && *pair_holds;
  }
  if (!kKind.is(arguments[0])) return RaiseWrongKind(vm, arguments, kKind);
  return Value::Boolean(holds);
}

template <bool (*kIs)(std::partial_ordering)>
std::optional<bool> Ordered(Value a, Value b) {
  const auto order = Compare(a, b);
  if (!order) return std::nullopt;
  return kIs(*order);
}

// Operations that take more than numbers.

NumberResult Absolute(Mutator& mutator, Value number) {
  if (!IsReal(number)) return NumberError::kWrongType;
  return Magnitude(mutator, number);
}
NumberResult Square(Mutator& mutator, Value number) {
  return Multiply(mutator, number, number);
}
NumberResult RealPartOf(Mutator&, Value number) { return RealPart(number); }
NumberResult ImaginaryPartOf(Mutator&, Value number) {
  return ImaginaryPart(number);
}

template <DivisionKind kKind>
NumberResult QuotientBy(Mutator& mutator, Value a, Value b) {
  return Quotient(mutator, a, b, kKind);
}
template <DivisionKind kKind>
NumberResult RemainderBy(Mutator& mutator, Value a, Value b) {
  return Remainder(mutator, a, b, kKind);
}
template <Rounding kRounding>
NumberResult RoundBy(Mutator& mutator, Value number) {
  return RoundToInteger(mutator, number, kRounding);
}

template <DivisionKind kDivision>
Value DivideInto(Vm& vm, Arguments arguments) {
  const HandleScope scope(vm.mutator());
  const Local quotient(vm.mutator(), Value::Nil());
  const Local remainder(vm.mutator(), Value::Nil());
  const NumberError error = DivideIntegers(
      vm.mutator(), arguments[0], arguments[1], kDivision, quotient, remainder);
  return ReturnBoth(vm, arguments, error, kInteger, quotient, remainder);
}

Value ExactIntegerSqrtOf(Vm& vm, Arguments arguments) {
  const HandleScope scope(vm.mutator());
  const Local root(vm.mutator(), Value::Nil());
  const Local rest(vm.mutator(), Value::Nil());
  const NumberError error =
      ExactIntegerSqrt(vm.mutator(), arguments[0], root, rest);
  return ReturnBoth(vm, arguments, error, kSquare, root, rest);
}

// The radix that argument 1 is, 10 without one, 0 if it is another.
int RadixOf(const Arguments& arguments) {
  if (arguments.size() < 2) return 10;
  for (const int radix : {2, 8, 10, 16}) {
    if (arguments[1] == Value::SmallInteger(radix)) return radix;
  }
  return 0;
}

Value NumberToString(Vm& vm, Arguments arguments) {
  if (!IsNumber(arguments[0])) return RaiseWrongKind(vm, arguments, kNumber);
  const int radix = RadixOf(arguments);
  if (radix == 0) return vm.RaiseOutOfRange(arguments, 1, "2, 8, 10 or 16");
  const std::string text = TextOf(arguments[0], radix);
  return OrOutOfMemory(vm, TryMakeTextOfUtf8(vm.mutator(), text));
}

Value StringToNumber(Vm& vm, Arguments arguments) {
  if (!CheckText(vm, arguments, 0)) return Value();
  const int radix = RadixOf(arguments);
  if (radix == 0) return vm.RaiseOutOfRange(arguments, 1, "2, 8, 10 or 16");
  const std::string text = Utf8Of(Text(arguments[0]));
  const NumberResult number = NumberFromText(vm.mutator(), text, radix);
  if (number.error == NumberError::kSyntax) return Value::False();
  return Return(vm, arguments, number, kNumber);
}

constexpr std::uint16_t kAny = Primitive::kAnyNumber;
constexpr auto kFloor = DivisionKind::kFloor;
constexpr auto kTruncate = DivisionKind::kTruncate;

constexpr Primitive kPrimitives[] = {
    {"number?", Ask<IsNumber>, 1, 1},
    {"complex?", Ask<IsNumber>, 1, 1},
    {"real?", Ask<IsReal>, 1, 1},
    {"rational?", Ask<IsRational>, 1, 1},
    {"integer?", Ask<IsInteger>, 1, 1},
    {"exact-integer?", Ask<IsExactInteger>, 1, 1},
    {"exact?", AskNumber<IsExact, kNumber>, 1, 1},
    {"inexact?", AskNumber<IsExact, kNumber, false>, 1, 1},
    {"finite?", AskNumber<IsFinite, kNumber>, 1, 1},
    {"infinite?", AskNumber<IsInfinite, kNumber>, 1, 1},
    {"nan?", AskNumber<IsNan, kNumber>, 1, 1},
    {"zero?", AskNumber<IsZero, kNumber>, 1, 1},
    {"positive?", AskSign<1>, 1, 1},
    {"negative?", AskSign<-1>, 1, 1},
    {"odd?", AskNumber<IsOdd, kInteger>, 1, 1},
    {"even?", AskNumber<IsOdd, kInteger, false>, 1, 1},

    {"=", Chain<NumberEquals, kNumber>, 1, kAny},
    {"<", Chain<Ordered<std::is_lt>, kReal>, 1, kAny},
    {">", Chain<Ordered<std::is_gt>, kReal>, 1, kAny},
    {"<=", Chain<Ordered<std::is_lteq>, kReal>, 1, kAny},
    {">=", Chain<Ordered<std::is_gteq>, kReal>, 1, kAny},
    {"max", FoldSome<Larger>, 1, kAny},
    {"min", FoldSome<Smaller>, 1, kAny},

    {"+", Total, 0, kAny},
    {"*", FoldAll<Multiply, kNumber, 1>, 0, kAny},
    {"-", FoldOrInvert<Subtract, Negate>, 1, kAny},
    {"/", FoldOrInvert<Divide, Invert>, 1, kAny},
    {"abs", Unary<Absolute, kReal>, 1, 1},
    {"square", Unary<Square, kNumber>, 1, 1},

    {"floor/", DivideInto<kFloor>, 2, 2},
    {"floor-quotient", Binary<QuotientBy<kFloor>, kInteger>, 2, 2},
    {"floor-remainder", Binary<RemainderBy<kFloor>, kInteger>, 2, 2},
    {"truncate/", DivideInto<kTruncate>, 2, 2},
    {"truncate-quotient", Binary<QuotientBy<kTruncate>, kInteger>, 2, 2},
    {"truncate-remainder", Binary<RemainderBy<kTruncate>, kInteger>, 2, 2},
    {"quotient", Binary<QuotientBy<kTruncate>, kInteger>, 2, 2},
    {"remainder", Binary<RemainderBy<kTruncate>, kInteger>, 2, 2},
    {"modulo", Binary<RemainderBy<kFloor>, kInteger>, 2, 2},
    {"gcd", FoldAll<GreatestCommonDivisor, kInteger, 0>, 0, kAny},
    {"lcm", FoldAll<LeastCommonMultiple, kInteger, 1>, 0, kAny},
    {"exact-integer-sqrt", ExactIntegerSqrtOf, 1, 1},

    {"exact", Unary<ToExact, kFinite>, 1, 1},
    {"inexact", Unary<ToInexact, kNumber>, 1, 1},
    {"numerator", Unary<Numerator, kRational>, 1, 1},
    {"denominator", Unary<Denominator, kRational>, 1, 1},
    {"rationalize", Binary<Rationalize, kReal>, 2, 2},
    {"floor", Unary<RoundBy<Rounding::kFloor>, kReal>, 1, 1},
    {"ceiling", Unary<RoundBy<Rounding::kCeiling>, kReal>, 1, 1},
    {"truncate", Unary<RoundBy<Rounding::kTruncate>, kReal>, 1, 1},
    {"round", Unary<RoundBy<Rounding::kRound>, kReal>, 1, 1},

    {"exp", Unary<Exp, kNumber>, 1, 1},
    {"log", UnaryOrBinary<Log, Log, kNumber>, 1, 2},
    {"sin", Unary<Sin, kNumber>, 1, 1},
    {"cos", Unary<Cos, kNumber>, 1, 1},
    {"tan", Unary<Tan, kNumber>, 1, 1},
    {"asin", Unary<Asin, kNumber>, 1, 1},
    {"acos", Unary<Acos, kNumber>, 1, 1},
    {"atan", UnaryOrBinary<Atan, Atan, kReal>, 1, 2},
    {"sqrt", Unary<Sqrt, kNumber>, 1, 1},
    {"expt", Binary<Expt, kNumber>, 2, 2},

    {"make-rectangular", Binary<MakeRectangular, kReal>, 2, 2},
    {"make-polar", Binary<MakePolar, kReal>, 2, 2},
    {"real-part", Unary<RealPartOf, kNumber>, 1, 1},
    {"imag-part", Unary<ImaginaryPartOf, kNumber>, 1, 1},
    {"magnitude", Unary<Magnitude, kNumber>, 1, 1},
    {"angle", Unary<Angle, kNumber>, 1, 1},

    {"number->string", NumberToString, 1, 2},
    {"string->number", StringToNumber, 1, 2},
};

}  // namespace

std::span<const Primitive> NumberPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
