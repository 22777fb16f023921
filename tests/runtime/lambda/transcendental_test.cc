#include "runtime/lambda/transcendental.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "tests/runtime/lambda/number_test_heap.h"

namespace fledge::lambda {
namespace {

class TranscendentalTest : public NumberTest {
 protected:
  // Equal, but for the last digits of each part.
  void ExpectNear(const NumberResult& result, std::complex<double> wanted) {
    ASSERT_TRUE(result.ok());
    const std::complex<double> got = ReadNumber(result.value).ToComplex();
    EXPECT_NEAR(got.real(), wanted.real(), 1e-14 * (1 + std::abs(wanted)));
    EXPECT_NEAR(got.imag(), wanted.imag(), 1e-14 * (1 + std::abs(wanted)));
  }
  void ExpectNear(Function function, std::string_view number,
                  std::complex<double> wanted) {
    SCOPED_TRACE(number);
    const auto operand = heap_[number];
    ExpectNear(function(heap_.mutator, operand), wanted);
  }
};

constexpr double kPi = std::numbers::pi;

TEST_F(TranscendentalTest, ExactResultsOfExactArgumentsAreExact) {
  EXPECT_EQ(Apply(Exp, "0"), "1");
  EXPECT_EQ(Apply(Log, "1"), "0");
  EXPECT_EQ(Apply(Sin, "0"), "0");
  EXPECT_EQ(Apply(Cos, "0"), "1");
  EXPECT_EQ(Apply(Tan, "0"), "0");
  EXPECT_EQ(Apply(Asin, "0"), "0");
  EXPECT_EQ(Apply(Acos, "1"), "0");
  EXPECT_EQ(Apply(Atan, "0"), "0");
  EXPECT_EQ(Apply(Atan, "0", "1"), "0");
  EXPECT_EQ(Apply(Exp, "0.0"), "1.0");
  EXPECT_EQ(Apply(Cos, "0.0"), "1.0");
}

TEST_F(TranscendentalTest, RealFunctionsOfRealNumbers) {
  EXPECT_EQ(Apply(Exp, "1"), "2.718281828459045");
  EXPECT_EQ(Apply(Exp, "-1/2"), "0.6065306597126334");
  EXPECT_EQ(Apply(Log, "2"), "0.6931471805599453");
  EXPECT_EQ(Apply(Log, "0.0"), "-inf.0");
  EXPECT_EQ(Apply(Sin, "1"), "0.8414709848078965");
  EXPECT_EQ(Apply(Cos, "1"), "0.5403023058681398");
  EXPECT_EQ(Apply(Tan, "1"), "1.5574077246549023");
  EXPECT_EQ(Apply(Asin, "1"), "1.5707963267948966");
  EXPECT_EQ(Apply(Acos, "-1"), "3.141592653589793");
  EXPECT_EQ(Apply(Atan, "1"), "0.7853981633974483");
  EXPECT_EQ(Apply(Atan, "+inf.0"), "1.5707963267948966");
}

TEST_F(TranscendentalTest, TheAngleOfAPointIsInItsQuadrant) {
  EXPECT_EQ(Apply(Atan, "1", "1"), "0.7853981633974483");
  EXPECT_EQ(Apply(Atan, "1", "-1"), "2.356194490192345");
  EXPECT_EQ(Apply(Atan, "-1", "-1"), "-2.356194490192345");
  EXPECT_EQ(Apply(Atan, "0", "-1"), "3.141592653589793");
  EXPECT_EQ(Apply(Atan, "-0.0", "-1"), "-3.141592653589793");
  EXPECT_EQ(Apply(Atan, "1", "0"), "1.5707963267948966");
  EXPECT_EQ(Apply(Atan, "0", "0"), "division by zero");
  EXPECT_EQ(Apply(Atan, "0.0", "0"), "0.0");
}

TEST_F(TranscendentalTest, LogarithmsOfNumbersBeyondTheFloatsAreFinite) {
  ExpectNear(Log, "1" + std::string(1000, '0'), 1000 * std::numbers::ln10);
  ExpectNear(Log, "1/1" + std::string(1000, '0'), -1000 * std::numbers::ln10);
}

TEST_F(TranscendentalTest, LogarithmsOfAnyBase) {
  EXPECT_EQ(Apply(Log, "8", "2"), "3.0");
  EXPECT_EQ(Apply(Log, "1", "2"), "0");
  EXPECT_EQ(Apply(Log, "2", "1"), "division by zero");
  EXPECT_EQ(Apply(Log, "2", "0"), "division by zero");
  const auto number = heap_["-8"], base = heap_["2"];
  ExpectNear(Log(heap_.mutator, number, base), {3, kPi / std::numbers::ln2});
}

TEST_F(TranscendentalTest, LogarithmsOfNegativeNumbersAreComplex) {
  EXPECT_EQ(Apply(Log, "-1"), "0.0+3.141592653589793i");
  ExpectNear(Log, "-2.0", {std::log(2.0), kPi});
  ExpectNear(Log, "+i", {0, kPi / 2});
  EXPECT_EQ(Apply(Log, "0"), "division by zero");
}

// By the formulas of the report, section 6.2.6: asin z = -i log(iz + sqrt(1 -
// z^2)).
TEST_F(TranscendentalTest, ArcFunctionsBeyondOneAreOnTheBranchOfTheReport) {
  const double log = std::log(2 + std::sqrt(3.0));
  ExpectNear(Asin, "2", {kPi / 2, -log});
  ExpectNear(Asin, "-2", {-kPi / 2, log});
  ExpectNear(Acos, "2", {0, log});
  ExpectNear(Acos, "-2", {kPi, -log});
  ExpectNear(Asin, "2.0", {kPi / 2, -log});
}

TEST_F(TranscendentalTest, ComplexFunctionsInvertEachOther) {
  const std::pair<Function, Function> inverses[] = {
      {Exp, Log}, {Sin, Asin}, {Cos, Acos}, {Tan, Atan}};
  for (const auto& [function, inverse] : inverses) {
    for (const char* text : {"1+i", "1/2-2i", "-3.5+0.25i", "-1-i"}) {
      const runtime::HandleScope scope(heap_.mutator);
      const auto number = heap_[text];
      const Local angle(heap_.mutator, inverse(heap_.mutator, number).value);
      ExpectNear(function(heap_.mutator, angle.get()),
                 ReadNumber(number).ToComplex());
    }
  }
}

TEST_F(TranscendentalTest, AtanHasPoles) {
  EXPECT_EQ(Apply(Atan, "+i"), "division by zero");
  EXPECT_EQ(Apply(Atan, "-i"), "division by zero");
}

TEST_F(TranscendentalTest, WhatIsNoNumberIsAWrongType) {
  for (const Function function :
       {Function(Exp), Function(Log), Function(Sin), Function(Cos),
        Function(Tan), Function(Asin), Function(Acos), Function(Atan)}) {
    EXPECT_EQ(function(heap_.mutator, Value::Nil()).error,
              NumberError::kWrongType);
  }
  EXPECT_EQ(Apply(Atan, "+i", "1"), "wrong type");
}

}  // namespace
}  // namespace fledge::lambda
