#include "runtime/lambda/number_syntax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace fledge::lambda {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void ExpectInteger(std::string_view text, std::int64_t integer) {
  const auto number = ReadNumberSyntax(text);
  ASSERT_TRUE(number.has_value()) << text;
  EXPECT_EQ(number->kind, Syntax::Kind::kInteger) << text;
  EXPECT_EQ(number->integer, integer) << text;
}

void ExpectFloat(std::string_view text, double value) {
  const auto number = ReadNumberSyntax(text);
  ASSERT_TRUE(number.has_value()) << text;
  EXPECT_EQ(number->kind, Syntax::Kind::kFloat) << text;
  EXPECT_EQ(number->number, value) << text;
  EXPECT_EQ(std::signbit(number->number), std::signbit(value)) << text;
}

TEST(NumberSyntaxTest, SmallIntegersHaveTheirValueInEveryRadix) {
  ExpectInteger("0", 0);
  ExpectInteger("-17", -17);
  ExpectInteger("+17", 17);
  ExpectInteger("#b-1010", -10);
  ExpectInteger("#o777", 511);
  ExpectInteger("#d10", 10);
  ExpectInteger("#xFf", 255);
  ExpectInteger("#XAB", 171);
  ExpectInteger("#e12", 12);
  ExpectInteger("#e#x10", 16);
  ExpectInteger("#x#e10", 16);
  ExpectInteger("#e1e3", 1000);
  EXPECT_EQ(ReadNumberSyntax("ff", 16)->integer, 255);
  EXPECT_EQ(ReadNumberSyntax("#d11", 16)->integer, 11);
}

TEST(NumberSyntaxTest, IntegersAreSmallUpToTheSmallIntegersOfValues) {
  ExpectInteger("4611686018427387903", Syntax::kLargestInteger);
  ExpectInteger("-4611686018427387904", Syntax::kSmallestInteger);
  for (const char* big :
       {"4611686018427387904", "-4611686018427387905",
        "123456789012345678901234567890", "#xFFFFFFFFFFFFFFFFFFFFFFFF"}) {
    const auto number = ReadNumberSyntax(big);
    ASSERT_TRUE(number.has_value()) << big;
    EXPECT_EQ(number->kind, Syntax::Kind::kNumber) << big;
  }
}

TEST(NumberSyntaxTest, DecimalsAreFloats) {
  ExpectFloat("1.5", 1.5);
  ExpectFloat("-1.5", -1.5);
  ExpectFloat("+.5", 0.5);
  ExpectFloat("1.", 1.0);
  ExpectFloat("-0.0", -0.0);
  ExpectFloat("1e3", 1000.0);
  ExpectFloat("1E+3", 1000.0);
  ExpectFloat("12.5e-1", 1.25);
  ExpectFloat("#i7", 7.0);
  ExpectFloat("#i-0", -0.0);
  ExpectFloat("#x#i10", 16.0);
  ExpectFloat("#d1.5", 1.5);
  ExpectFloat("5e-324", 5e-324);
  ExpectFloat("#i1/2", 0.5);
}

TEST(NumberSyntaxTest, WhatIsBeyondTheRangeOfFloatsIsInfiniteOrZero) {
  ExpectFloat("1e400", kInfinity);
  ExpectFloat("-1e400", -kInfinity);
  ExpectFloat("1e-400", 0.0);
  ExpectFloat("-1e-400", -0.0);
  ExpectFloat("1e99999999999999999999", kInfinity);
  ExpectFloat("1e-99999999999999999999", 0.0);
  ExpectFloat("0e99999999999999999999", 0.0);
  ExpectFloat("#i1" + std::string(400, '0'), kInfinity);
  ExpectFloat("0." + std::string(400, '0') + "1", 0.0);
  // Digits and exponent make up for each other.
  ExpectFloat("0." + std::string(400, '0') + "1e402", 10.0);
}

TEST(NumberSyntaxTest, InfinitiesAndNaNHaveASign) {
  ExpectFloat("+inf.0", kInfinity);
  ExpectFloat("-INF.0", -kInfinity);
  EXPECT_TRUE(std::isnan(ReadNumberSyntax("+nan.0")->number));
  EXPECT_TRUE(std::isnan(ReadNumberSyntax("-NaN.0")->number));
  EXPECT_FALSE(ReadNumberSyntax("inf.0").has_value());
}

TEST(NumberSyntaxTest, OtherNumbersAreKnownAsNumbers) {
  for (const char* text :
       {"1/2", "-3/4", "#xa/b", "#e1.5", "+i", "-i", "1+i", "1-2i", "+2.5i",
        "1.5e3-2e1i", "1/2+3/4i", "1@2", "-1@-2", "+inf.0i", "1+inf.0i",
        "+nan.0-nan.0i", "#x1+ai"}) {
    const auto number = ReadNumberSyntax(text);
    ASSERT_TRUE(number.has_value()) << text;
    EXPECT_EQ(number->kind, Syntax::Kind::kNumber) << text;
  }
}

TEST(NumberSyntaxTest, WhatOnlyLooksLikeANumberIsNone) {
  for (const char* text : {"",
                           "+",
                           "-",
                           ".",
                           "...",
                           "+.",
                           "1+",
                           "-1+",
                           "1/",
                           "/2",
                           "1/2/3",
                           "1.2.3",
                           "1e",
                           "1e+",
                           "e3",
                           ".e3",
                           "1/2.",
                           "1.5/2",
                           "#b2",
                           "#o8",
                           "#xg",
                           "#x1.5",
                           "#b1e1",
                           "#x",
                           "#",
                           "#e",
                           "#x#x1",
                           "#e#i1",
                           "#q1",
                           "1i",
                           "i",
                           "1+2",
                           "1@",
                           "1@2i",
                           "+5i+",
                           "+5i+3i",
                           "1+2i3",
                           "+inf",
                           "+inf.1",
                           "1 ",
                           "1/0",
                           "#e+inf.0",
                           "#e1e999999999"}) {
    EXPECT_FALSE(ReadNumberSyntax(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace fledge::lambda
