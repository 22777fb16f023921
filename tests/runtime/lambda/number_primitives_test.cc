#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "runtime/lambda/number_predicates.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/texts.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"
#include "tests/runtime/lambda/number_test_heap.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;
using runtime::ObjectType;
using runtime::String;

class NumberPrimitivesTest : public ::testing::Test {
 protected:
  // The text of what a procedure makes of arguments, each of which is written
  // as a number, or else is a string.
  std::string Call(std::string_view name,
                   std::initializer_list<std::string_view> arguments) {
    const HandleScope scope(heap_.mutator);
    const auto primitives = NumberPrimitives();
    const auto primitive =
        std::ranges::find(primitives, name, &Primitive::name);
    if (primitive == primitives.end()) return "no such primitive";
    if (!primitive->Takes(arguments.size())) return "wrong count";
    const Local procedure(heap_.mutator, vm_.MakePrimitive(*primitive));
    std::vector<Local> locals;
    for (const std::string_view argument : arguments) {
      const NumberResult number = NumberFromText(heap_.mutator, argument);
      locals.emplace_back(heap_.mutator,
                          number.ok()
                              ? number.value
                              : TryMakeTextOfUtf8(heap_.mutator, argument));
    }
    const Value result = vm_.Call(procedure, locals);
    return Text(result.IsEmpty() ? vm_.TakeRaised() : result);
  }

  static std::string Text(Value value) {
    if (IsNumber(value)) return TextOf(value);
    if (value.IsBoolean()) return value.boolean() ? "#t" : "#f";
    if (IsText(value)) return Utf8Of(lambda::Text(value));
    if (Is(value, ObjectType::kString)) {
      return std::string(String(value).text());
    }
    if (Is(value, ObjectType::kValues)) {
      const runtime::Values values(value);
      return Text(values.value_at(0)) + " " + Text(values.value_at(1));
    }
    if (Is(value, ObjectType::kCondition)) {
      return Text(runtime::Condition(value).message());
    }
    return "?";
  }

  NumberHeap heap_;
  Vm vm_{heap_.heap, heap_.mutator};
};

TEST_F(NumberPrimitivesTest, PredicatesOfAnyValue) {
  EXPECT_EQ(Call("number?", {"1"}), "#t");
  EXPECT_EQ(Call("number?", {"one"}), "#f");
  EXPECT_EQ(Call("complex?", {"3+4i"}), "#t");
  EXPECT_EQ(Call("real?", {"-2.5+0.0i"}), "#f");
  EXPECT_EQ(Call("rational?", {"6/10"}), "#t");
  EXPECT_EQ(Call("integer?", {"3.0"}), "#t");
  EXPECT_EQ(Call("exact-integer?", {"32.0"}), "#f");
}

TEST_F(NumberPrimitivesTest, PredicatesOfNumbers) {
  EXPECT_EQ(Call("exact?", {"3.0"}), "#f");
  EXPECT_EQ(Call("inexact?", {"3."}), "#t");
  EXPECT_EQ(Call("finite?", {"+inf.0"}), "#f");
  EXPECT_EQ(Call("infinite?", {"3.0+inf.0i"}), "#t");
  EXPECT_EQ(Call("nan?", {"+nan.0"}), "#t");
  EXPECT_EQ(Call("zero?", {"-0.0"}), "#t");
  EXPECT_EQ(Call("positive?", {"1/2"}), "#t");
  EXPECT_EQ(Call("positive?", {"0"}), "#f");
  EXPECT_EQ(Call("negative?", {"-1e-300"}), "#t");
  EXPECT_EQ(Call("odd?", {"3"}), "#t");
  EXPECT_EQ(Call("even?", {"100000000000000000000"}), "#t");
  EXPECT_EQ(Call("even?", {"1/2"}), "even?: argument 1 is not an integer");
  EXPECT_EQ(Call("nan?", {"one"}), "nan?: argument 1 is not a number");
  EXPECT_EQ(Call("positive?", {"+i"}),
            "positive?: argument 1 is not a real number");
}

TEST_F(NumberPrimitivesTest, ComparisonsHoldBetweenAllNeighbours) {
  EXPECT_EQ(Call("=", {"1", "1.0", "2/2"}), "#t");
  EXPECT_EQ(Call("=", {"1", "1", "2"}), "#f");
  EXPECT_EQ(Call("=", {"+i", "+i"}), "#t");
  EXPECT_EQ(Call("<", {"1", "2", "3"}), "#t");
  EXPECT_EQ(Call("<", {"1", "3", "2"}), "#f");
  EXPECT_EQ(Call("<", {"1"}), "#t");
  EXPECT_EQ(Call(">", {"3", "5/2", "2.0"}), "#t");
  EXPECT_EQ(Call("<=", {"1", "1", "2"}), "#t");
  EXPECT_EQ(Call(">=", {"1", "1", "2"}), "#f");
  EXPECT_EQ(Call("<=", {"+nan.0", "+nan.0"}), "#f");
}

TEST_F(NumberPrimitivesTest, EveryArgumentOfAComparisonIsLookedAt) {
  EXPECT_EQ(Call("<", {"2", "1", "one"}), "<: argument 3 is not a real number");
  EXPECT_EQ(Call("=", {"one"}), "=: argument 1 is not a number");
  EXPECT_EQ(Call("<", {"+i"}), "<: argument 1 is not a real number");
}

TEST_F(NumberPrimitivesTest, ArithmeticTakesAnyNumberOfArguments) {
  EXPECT_EQ(Call("+", {}), "0");
  EXPECT_EQ(Call("+", {"3"}), "3");
  EXPECT_EQ(Call("+", {"3", "4", "1/2"}), "15/2");
  EXPECT_EQ(Call("*", {}), "1");
  EXPECT_EQ(Call("*", {"100000000000000000000", "3", "2"}),
            "600000000000000000000");
  EXPECT_EQ(Call("-", {"3"}), "-3");
  EXPECT_EQ(Call("-", {"3", "4", "5"}), "-6");
  EXPECT_EQ(Call("/", {"3"}), "1/3");
  EXPECT_EQ(Call("/", {"3", "4", "5"}), "3/20");
  EXPECT_EQ(Call("/", {"2", "0"}), "division by zero");
  EXPECT_EQ(Call("+", {"-0.0"}), "-0.0");
  EXPECT_EQ(Call("+", {"-0.0", "-0.0"}), "-0.0");
  EXPECT_EQ(Call("-", {"0.0"}), "-0.0");
  EXPECT_EQ(Call("-", {"0"}), "0");
  EXPECT_EQ(Call("-", {"-4611686018427387904"}), "4611686018427387904");
  EXPECT_EQ(Call("-", {"1.5-2i"}), "-1.5+2.0i");
  EXPECT_EQ(Call("+", {"1", "2", "one"}), "+: argument 3 is not a number");
  EXPECT_EQ(Call("-", {"one", "2"}), "-: argument 1 is not a number");
  EXPECT_EQ(Call("+", {"one"}), "+: argument 1 is not a number");
  EXPECT_EQ(Call("max", {"3.9", "4", "1"}), "4.0");
  EXPECT_EQ(Call("min", {"3", "4"}), "3");
  EXPECT_EQ(Call("max", {"+i"}), "max: argument 1 is not a real number");
  EXPECT_EQ(Call("abs", {"-7"}), "7");
  EXPECT_EQ(Call("abs", {"+i"}), "abs: argument 1 is not a real number");
  EXPECT_EQ(Call("square", {"42"}), "1764");
  EXPECT_EQ(Call("square", {"2.0"}), "4.0");
}

TEST_F(NumberPrimitivesTest, DivisionOfIntegers) {
  EXPECT_EQ(Call("floor/", {"-5", "2"}), "-3 1");
  EXPECT_EQ(Call("truncate/", {"-5", "2"}), "-2 -1");
  EXPECT_EQ(Call("floor-quotient", {"-5", "2"}), "-3");
  EXPECT_EQ(Call("floor-remainder", {"-5", "2"}), "1");
  EXPECT_EQ(Call("truncate-quotient", {"-5", "2"}), "-2");
  EXPECT_EQ(Call("truncate-remainder", {"-5", "2"}), "-1");
  EXPECT_EQ(Call("quotient", {"-5", "2"}), "-2");
  EXPECT_EQ(Call("remainder", {"-13", "4"}), "-1");
  EXPECT_EQ(Call("modulo", {"-13", "4"}), "3");
  EXPECT_EQ(Call("modulo", {"13", "-4"}), "-3");
  EXPECT_EQ(Call("gcd", {}), "0");
  EXPECT_EQ(Call("gcd", {"32", "-36"}), "4");
  EXPECT_EQ(Call("lcm", {}), "1");
  EXPECT_EQ(Call("lcm", {"32.0", "-36"}), "288.0");
  EXPECT_EQ(Call("gcd", {"1/2"}), "gcd: argument 1 is not an integer");
  EXPECT_EQ(Call("exact-integer-sqrt", {"17"}), "4 1");
  EXPECT_EQ(
      Call("exact-integer-sqrt", {"-1"}),
      "exact-integer-sqrt: argument 1 is not an exact integer that is not "
      "negative");
  EXPECT_EQ(Call("modulo", {"1", "0"}), "division by zero");
  EXPECT_EQ(Call("floor/", {"1", "1/2"}),
            "floor/: argument 2 is not an integer");
}

TEST_F(NumberPrimitivesTest, Exactness) {
  EXPECT_EQ(Call("exact", {"2.5"}), "5/2");
  EXPECT_EQ(Call("inexact", {"5/2"}), "2.5");
  EXPECT_EQ(Call("exact", {"+inf.0"}),
            "exact: argument 1 is not a finite number");
  EXPECT_EQ(Call("numerator", {"6/4"}), "3");
  EXPECT_EQ(Call("denominator", {"0.5"}), "2.0");
  EXPECT_EQ(Call("rationalize", {"3/10", "1/10"}), "1/3");
  EXPECT_EQ(Call("floor", {"-4.3"}), "-5.0");
  EXPECT_EQ(Call("ceiling", {"-4.3"}), "-4.0");
  EXPECT_EQ(Call("truncate", {"-4.3"}), "-4.0");
  EXPECT_EQ(Call("round", {"7/2"}), "4");
  EXPECT_EQ(Call("numerator", {"+nan.0"}),
            "numerator: argument 1 is not a rational number");
}

TEST_F(NumberPrimitivesTest, TranscendentalFunctions) {
  for (const char* name :
       {"exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sqrt"}) {
    EXPECT_NE(Call(name, {"0.5"}), "0.5") << name;
    EXPECT_EQ(Call(name, {"one"}),
              std::string(name) + ": argument 1 is not a number");
  }
  EXPECT_EQ(Call("log", {"8", "2"}), "3.0");
  EXPECT_EQ(Call("log", {"0"}), "division by zero");
  EXPECT_EQ(Call("atan", {"1", "-1"}), "2.356194490192345");
  EXPECT_EQ(Call("atan", {"1", "+i"}), "atan: argument 2 is not a real number");
  EXPECT_EQ(Call("sqrt", {"-4"}), "+2i");
  EXPECT_EQ(Call("expt", {"2", "100"}), "1267650600228229401496703205376");
  EXPECT_EQ(Call("expt", {"7", "1000000000"}),
            "the number has too many digits");
}

TEST_F(NumberPrimitivesTest, ComplexNumbers) {
  EXPECT_EQ(Call("make-rectangular", {"1", "2"}), "1+2i");
  EXPECT_EQ(Call("make-polar", {"2", "0"}), "2");
  EXPECT_EQ(Call("real-part", {"1+2i"}), "1");
  EXPECT_EQ(Call("imag-part", {"1+2i"}), "2");
  EXPECT_EQ(Call("magnitude", {"3+4i"}), "5");
  EXPECT_EQ(Call("angle", {"-1.0"}), "3.141592653589793");
  EXPECT_EQ(Call("make-polar", {"1", "+i"}),
            "make-polar: argument 2 is not a real number");
}

TEST_F(NumberPrimitivesTest, NumbersAndTheirText) {
  EXPECT_EQ(Call("number->string", {"255"}), "255");
  EXPECT_EQ(Call("number->string", {"255", "16"}), "ff");
  EXPECT_EQ(Call("number->string", {"0.5", "10"}), "0.5");
  EXPECT_EQ(Call("number->string", {"1", "7"}),
            "number->string: argument 2 is not 2, 8, 10 or 16");
  EXPECT_EQ(Call("string->number", {"one"}), "#f");
  EXPECT_EQ(Call("string->number", {"ff", "16"}), "255");
  EXPECT_EQ(Call("string->number", {"#d1-", "16"}), "#f");
  EXPECT_EQ(Call("string->number", {"1"}),
            "string->number: argument 1 is not a string");
}

}  // namespace
}  // namespace fledge::lambda
