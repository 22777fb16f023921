#include "runtime/lambda/integers.h"

#include <gtest/gtest.h>

#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

NumberResult FloorQuotient(Mutator& mutator, Value a, Value b) {
  return Quotient(mutator, a, b, DivisionKind::kFloor);
}
NumberResult FloorRemainder(Mutator& mutator, Value a, Value b) {
  return Remainder(mutator, a, b, DivisionKind::kFloor);
}
NumberResult TruncateQuotient(Mutator& mutator, Value a, Value b) {
  return Quotient(mutator, a, b, DivisionKind::kTruncate);
}
NumberResult TruncateRemainder(Mutator& mutator, Value a, Value b) {
  return Remainder(mutator, a, b, DivisionKind::kTruncate);
}

class IntegersTest : public NumberTest {
 protected:
  void AgreesWithGmp(Operation ours,
                     void (*theirs)(mpz_ptr, mpz_srcptr, mpz_srcptr)) {
    SCOPED_TRACE(TestSeed());
    Random random(TestSeed());
    InManyRounds([&](NumberHeap& heap) {
      const Oracle a = Oracle::Integer(random), b = Oracle::Integer(random);
      if (b.sign() == 0) return;
      ASSERT_EQ(heap.Apply(ours, a.Text(), b.Text()),
                Oracle::Of(theirs, a, b).Text())
          << a.Text() << " and " << b.Text();
    });
  }
  // Quotient and remainder, as floor/ has them, or truncate/.
  std::string Both(DivisionKind kind, std::string_view a, std::string_view b) {
    const runtime::HandleScope scope(heap_.mutator);
    const auto x = heap_[a], y = heap_[b];
    const auto quotient = heap_["0"], rest = heap_["0"];
    const NumberError error =
        DivideIntegers(heap_.mutator, x, y, kind, quotient.local, rest.local);
    if (error != NumberError::kNone) return NumberHeap::Text(error);
    return TextOf(quotient) + " " + TextOf(rest);
  }
  std::string Root(std::string_view text) {
    const runtime::HandleScope scope(heap_.mutator);
    const auto number = heap_[text];
    const auto root = heap_["0"], rest = heap_["0"];
    const NumberError error =
        ExactIntegerSqrt(heap_.mutator, number, root.local, rest.local);
    if (error != NumberError::kNone) return NumberHeap::Text(error);
    return TextOf(root) + " " + TextOf(rest);
  }
};

TEST_F(IntegersTest, QuotientsAreThoseOfGmp) {
  AgreesWithGmp(TruncateQuotient, mpz_tdiv_q);
  AgreesWithGmp(FloorQuotient, mpz_fdiv_q);
}

TEST_F(IntegersTest, RemaindersAreThoseOfGmp) {
  AgreesWithGmp(TruncateRemainder, mpz_tdiv_r);
  AgreesWithGmp(FloorRemainder, mpz_fdiv_r);
}

TEST_F(IntegersTest, DivisorsAndMultiplesAreThoseOfGmp) {
  AgreesWithGmp(GreatestCommonDivisor, mpz_gcd);
  AgreesWithGmp(LeastCommonMultiple, mpz_lcm);
}

TEST_F(IntegersTest, ExamplesOfTheReport) {
  constexpr auto kFloor = DivisionKind::kFloor;
  constexpr auto kTruncate = DivisionKind::kTruncate;
  EXPECT_EQ(Both(kFloor, "5", "2"), "2 1");
  EXPECT_EQ(Both(kFloor, "-5", "2"), "-3 1");
  EXPECT_EQ(Both(kFloor, "5", "-2"), "-3 -1");
  EXPECT_EQ(Both(kFloor, "-5", "-2"), "2 -1");
  EXPECT_EQ(Both(kTruncate, "5", "2"), "2 1");
  EXPECT_EQ(Both(kTruncate, "-5", "2"), "-2 -1");
  EXPECT_EQ(Both(kTruncate, "5", "-2"), "-2 1");
  EXPECT_EQ(Both(kTruncate, "-5", "-2"), "2 -1");
  EXPECT_EQ(Both(kTruncate, "-5.0", "2"), "-2.0 -1.0");
  EXPECT_EQ(Apply(GreatestCommonDivisor, "32", "-36"), "4");
  EXPECT_EQ(Apply(GreatestCommonDivisor, "0", "0"), "0");
  EXPECT_EQ(Apply(LeastCommonMultiple, "32", "-36"), "288");
  EXPECT_EQ(Apply(LeastCommonMultiple, "32.0", "-36"), "288.0");
  EXPECT_EQ(Apply(LeastCommonMultiple, "0", "5"), "0");
  EXPECT_EQ(Root("4"), "2 0");
  EXPECT_EQ(Root("5"), "2 1");
}

TEST_F(IntegersTest, TheSmallestIntegerByMinusOneIsABignum) {
  const std::string smallest = std::to_string(Value::kSmallestInteger);
  EXPECT_EQ(Apply(TruncateQuotient, smallest, "-1"), smallest.substr(1));
  EXPECT_EQ(Apply(FloorQuotient, smallest, "-1"), smallest.substr(1));
  EXPECT_EQ(Apply(FloorRemainder, smallest, "-1"), "0");
}

TEST_F(IntegersTest, LargeFloatsAreDividedExactly) {
  EXPECT_EQ(Apply(FloorRemainder, "1e22", "7"), "4.0");
  EXPECT_EQ(Apply(FloorRemainder, "10000000000000000000000", "7"), "4");
  EXPECT_EQ(Apply(TruncateQuotient, "1e300", "1e299"), "10.0");
}

TEST_F(IntegersTest, WhatIsNoIntegerIsAWrongType) {
  for (const char* number : {"1/2", "0.5", "+inf.0", "+nan.0", "+i"}) {
    for (const Operation operation :
         {FloorQuotient, FloorRemainder, TruncateQuotient, TruncateRemainder,
          static_cast<Operation>(GreatestCommonDivisor),
          static_cast<Operation>(LeastCommonMultiple)}) {
      EXPECT_EQ(Apply(operation, number, "2"), "wrong type") << number;
      EXPECT_EQ(Apply(operation, "2", number), "wrong type") << number;
    }
    EXPECT_EQ(Root(number), "wrong type");
  }
  EXPECT_EQ(Root("4.0"), "wrong type");
  EXPECT_EQ(Root("-4"), "wrong type");
}

TEST_F(IntegersTest, NothingIsDividedByZero) {
  for (const char* zero : {"0", "0.0", "-0.0"}) {
    EXPECT_EQ(Apply(FloorQuotient, "1", zero), "division by zero");
    EXPECT_EQ(Apply(TruncateRemainder, "1", zero), "division by zero");
    EXPECT_EQ(Both(DivisionKind::kFloor, "1", zero), "division by zero");
  }
}

TEST_F(IntegersTest, ARootAndItsRestMakeTheNumber) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 100; ++i) {
    Oracle number = Oracle::Integer(random);
    mpz_abs(number.top(), number.top());
    Oracle root, rest;
    mpz_sqrtrem(root.top(), rest.top(), number.top());
    ASSERT_EQ(Root(number.Text()), root.Text() + " " + rest.Text());
  }
}

}  // namespace
}  // namespace fledge::lambda
