#include "runtime/lambda/number_predicates.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

class NumberPredicatesTest : public NumberTest {
 protected:
  // Calls a predicate on the number that the text is.
  template <typename Predicate>
  auto Ask(Predicate predicate, std::string_view text) {
    return predicate(static_cast<Value>(heap_[text]));
  }
  bool Eqv(std::string_view a, std::string_view b) {
    const auto x = heap_[a], y = heap_[b];
    return NumberEqv(x, y);
  }
};

const auto kIsReal = [](Value value) { return IsReal(value); };
const auto kIsExactInteger = [](Value value) { return IsExactInteger(value); };

TEST_F(NumberPredicatesTest, KindsAreAsInTheReport) {
  EXPECT_TRUE(Ask(IsNumber, "3+4i"));
  EXPECT_TRUE(Ask(kIsReal, "3"));
  EXPECT_TRUE(Ask(kIsReal, "-2.5+0i"));
  EXPECT_FALSE(Ask(kIsReal, "-2.5+0.0i"));
  EXPECT_TRUE(Ask(kIsReal, "#e1e10"));
  EXPECT_TRUE(Ask(kIsReal, "+inf.0"));
  EXPECT_FALSE(Ask(IsRational, "-inf.0"));
  EXPECT_FALSE(Ask(IsRational, "+nan.0"));
  EXPECT_TRUE(Ask(IsRational, "3.5"));
  EXPECT_TRUE(Ask(IsRational, "6/10"));
  EXPECT_TRUE(Ask(IsRational, "6/3"));
  EXPECT_TRUE(Ask(IsInteger, "3+0i"));
  EXPECT_TRUE(Ask(IsInteger, "3.0"));
  EXPECT_TRUE(Ask(IsInteger, "8/4"));
  EXPECT_FALSE(Ask(IsInteger, "7/4"));
  EXPECT_FALSE(Ask(IsInteger, "3.5"));
  EXPECT_FALSE(Ask(IsInteger, "+inf.0"));
  EXPECT_TRUE(Ask(kIsExactInteger, "32"));
  EXPECT_TRUE(Ask(kIsExactInteger, "100000000000000000000"));
  EXPECT_FALSE(Ask(kIsExactInteger, "32.0"));
  EXPECT_FALSE(Ask(kIsExactInteger, "32/5"));
}

TEST_F(NumberPredicatesTest, ExactnessAndFinitenessAreAsInTheReport) {
  EXPECT_EQ(Ask(IsExact, "3.0"), false);
  EXPECT_EQ(Ask(IsExact, "#e3.0"), true);
  EXPECT_EQ(Ask(IsExact, "3."), false);
  EXPECT_EQ(Ask(IsExact, "1/2+i"), true);
  EXPECT_EQ(Ask(IsFinite, "3"), true);
  EXPECT_EQ(Ask(IsFinite, "+inf.0"), false);
  EXPECT_EQ(Ask(IsFinite, "3.0+inf.0i"), false);
  EXPECT_EQ(Ask(IsInfinite, "3"), false);
  EXPECT_EQ(Ask(IsInfinite, "+inf.0"), true);
  EXPECT_EQ(Ask(IsInfinite, "+nan.0"), false);
  EXPECT_EQ(Ask(IsInfinite, "3.0+inf.0i"), true);
  EXPECT_EQ(Ask(IsNan, "+nan.0"), true);
  EXPECT_EQ(Ask(IsNan, "32"), false);
  EXPECT_EQ(Ask(IsNan, "+nan.0+5.0i"), true);
  EXPECT_EQ(Ask(IsNan, "1+2i"), false);
}

TEST_F(NumberPredicatesTest, SignsZerosAndOddNumbers) {
  const std::string tiny = "1/1" + std::string(400, '0');
  EXPECT_EQ(Ask(SignOf, "-5"), -1);
  EXPECT_EQ(Ask(SignOf, "-0.0"), 0);
  EXPECT_EQ(Ask(SignOf, tiny), 1);
  EXPECT_EQ(Ask(SignOf, "-inf.0"), -1);
  EXPECT_EQ(Ask(SignOf, "+nan.0"), 0);
  EXPECT_EQ(Ask(SignOf, "+i"), std::nullopt);
  EXPECT_EQ(Ask(IsZero, "-0.0"), true);
  EXPECT_EQ(Ask(IsZero, "0.0+0.0i"), true);
  EXPECT_EQ(Ask(IsZero, "+i"), false);
  EXPECT_EQ(Ask(IsZero, tiny), false) << "it is only near 0";
  EXPECT_EQ(Ask(IsOdd, "-3"), true);
  EXPECT_EQ(Ask(IsOdd, "100000000000000000000"), false);
  EXPECT_EQ(Ask(IsOdd, "3.0"), true);
  EXPECT_EQ(Ask(IsOdd, "3.5"), std::nullopt);
}

TEST_F(NumberPredicatesTest, OthersAreNoNumbers) {
  const Local string(heap_.mutator, runtime::MakeString(heap_.mutator, "12"));
  for (const Value value :
       {Value::Nil(), Value::True(), Value::Character('1'), string.get()}) {
    EXPECT_FALSE(IsNumber(value));
    EXPECT_FALSE(IsReal(value));
    EXPECT_FALSE(IsRational(value));
    EXPECT_FALSE(IsInteger(value));
    EXPECT_EQ(IsExact(value), std::nullopt);
    EXPECT_EQ(IsFinite(value), std::nullopt);
    EXPECT_EQ(IsZero(value), std::nullopt);
    EXPECT_FALSE(NumberEqv(value, value));
  }
}

TEST_F(NumberPredicatesTest, EqvTellsExactnessAndZerosApart) {
  EXPECT_TRUE(Eqv("2", "2"));
  EXPECT_TRUE(Eqv("100000000000000000000", "100000000000000000000"));
  EXPECT_FALSE(Eqv("100000000000000000000", "-100000000000000000000"));
  EXPECT_FALSE(Eqv("100000000000000000000", "100000000000000000001"));
  EXPECT_TRUE(Eqv("1/3", "2/6"));
  EXPECT_FALSE(Eqv("1/3", "1/4"));
  EXPECT_FALSE(Eqv("2", "2.0"));
  EXPECT_TRUE(Eqv("0.0", "0.0"));
  EXPECT_FALSE(Eqv("0.0", "-0.0"));
  EXPECT_TRUE(Eqv("+nan.0", "+nan.0"));
  EXPECT_TRUE(Eqv("1+2i", "1+2i"));
  EXPECT_FALSE(Eqv("1+2i", "1.0+2.0i"));
  EXPECT_FALSE(Eqv("1.0+0.0i", "1.0-0.0i"));
  EXPECT_TRUE(Eqv("0.0+nan.0i", "0.0+nan.0i"));
}

TEST_F(NumberPredicatesTest, NumbersThatAreEqvHaveOneHash) {
  const char* const texts[] = {"0",
                               "1",
                               "-1",
                               "0.0",
                               "-0.0",
                               "1.0",
                               "+nan.0",
                               "1/2",
                               "-1/2",
                               "0.5",
                               "100000000000000000000",
                               "-100000000000000000000",
                               "+i",
                               "-i",
                               "1+i",
                               "1.0+1.0i",
                               "1/100000000000000000000"};
  for (const char* a : texts) {
    for (const char* b : texts) {
      const auto x = heap_[a], y = heap_[b];
      EXPECT_EQ(NumberHash(x) == NumberHash(y), NumberEqv(x, y))
          << a << " and " << b;
    }
  }
}

TEST_F(NumberPredicatesTest, ANumbersHashDoesNotChangeWhenItMoves) {
  const auto number = heap_["123456789012345678901234567890/7"];
  const std::uint64_t hash = NumberHash(number);
  const Value before = number;
  heap_.mutator.Collect(gc::CollectionKind::kMinor);
  ASSERT_NE(static_cast<Value>(number), before);
  EXPECT_EQ(NumberHash(number), hash);
}

}  // namespace
}  // namespace fledge::lambda
