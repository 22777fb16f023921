#include "runtime/lambda/exactness.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <utility>

#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using ExactnessTest = NumberTest;

// The distance of a fraction from a double.
Oracle Distance(const Oracle& exact, double number) {
  Oracle distance = Oracle::Of(mpq_sub, exact, Oracle(number));
  mpq_abs(distance.get(), distance.get());
  return distance;
}

bool IsEven(double number) {
  return (std::bit_cast<std::uint64_t>(number) & 1) == 0;
}

// `number` is the nearest double to `exact`, of two the even one.
void ExpectNearest(const Oracle& exact, double number) {
  ASSERT_TRUE(std::isfinite(number));
  Oracle distance = Distance(exact, number);
  for (const double to : {-HUGE_VAL, HUGE_VAL}) {
    const double other = std::nextafter(number, to);
    if (!std::isfinite(other)) continue;
    Oracle other_distance = Distance(exact, other);
    const int order = mpq_cmp(distance.get(), other_distance.get());
    ASSERT_LE(order, 0) << exact.Text() << " is nearer to " << other;
    if (order == 0) {
      ASSERT_TRUE(IsEven(number)) << exact.Text();
    }
  }
}

TEST_F(ExactnessTest, TheFloatOfAnExactNumberIsTheNearest) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 3000; ++i) {
    const Oracle exact = Oracle::Rational(random);
    const auto parsed = NumberFromText(exact.Text());
    ExpectNearest(exact, parsed.number.real.ToDouble());
    if (HasFatalFailure()) return;
  }
}

// Halfway between two doubles, and a little beside, in the whole range.
TEST_F(ExactnessTest, NumbersBetweenFloatsAreRoundedToTheNearest) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 3000; ++i) {
    const double below = std::bit_cast<double>(
        random.OneIn(4) ? random.Below(100) : random.Next() >> 1);
    const double above = std::nextafter(below, HUGE_VAL);
    if (!std::isfinite(below) || !std::isfinite(above)) continue;
    Oracle middle = Oracle::Of(mpq_add, Oracle(below), Oracle(above));
    mpq_div_2exp(middle.get(), middle.get(), 1);
    Oracle little(1.0);
    mpq_div_2exp(little.get(), little.get(), 1200);
    for (const auto& exact : {middle, Oracle::Of(mpq_add, middle, little),
                              Oracle::Of(mpq_sub, middle, little)}) {
      const auto parsed = NumberFromText(exact.Text());
      ExpectNearest(exact, parsed.number.real.ToDouble());
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(ExactnessTest, NumbersBeyondTheFloatsAreInfiniteOrZero) {
  const std::string large = "1" + std::string(400, '0');
  EXPECT_EQ(Apply(ToInexact, large), "+inf.0");
  EXPECT_EQ(Apply(ToInexact, "-" + large), "-inf.0");
  EXPECT_EQ(Apply(ToInexact, "1/" + large), "0.0");
  EXPECT_EQ(Apply(ToInexact, large + "/" + large.substr(0, 390) + "1"),
            Apply(ToInexact, "10000000000"));
}

TEST_F(ExactnessTest, AFloatIsExactlyTheFractionThatGmpSees) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 100; ++i) {
    const runtime::HandleScope scope(heap_.mutator);
    const double number = std::bit_cast<double>(random.Next());
    if (!std::isfinite(number)) continue;
    const Local value(heap_.mutator, MakeInexact(heap_.mutator, number).value);
    const Local exact(heap_.mutator, ToExact(heap_.mutator, value.get()).value);
    ASSERT_EQ(TextOf(exact.get()), Oracle(number).Text());
    const auto back = ToInexact(heap_.mutator, exact.get());
    ASSERT_EQ(ReadFloat(back.value), number);
  }
}

TEST_F(ExactnessTest, ExamplesOfTheReport) {
  EXPECT_EQ(Apply(ToExact, "2.0"), "2");
  EXPECT_EQ(Apply(ToExact, "0.5"), "1/2");
  EXPECT_EQ(Apply(ToExact, "-0.0"), "0");
  EXPECT_EQ(Apply(ToExact, "1.5+2.0i"), "3/2+2i");
  EXPECT_EQ(Apply(ToExact, "1.5+0.0i"), "3/2");
  EXPECT_EQ(Apply(ToInexact, "1/2+i"), "0.5+1.0i");
  EXPECT_EQ(Apply(Numerator, "6/4"), "3");
  EXPECT_EQ(Apply(Denominator, "6/4"), "2");
  EXPECT_EQ(Apply(Denominator, "3.0"), "1.0");
  EXPECT_EQ(Apply(Denominator, "0.5"), "2.0");
  EXPECT_EQ(Apply(Denominator, "0"), "1");
  EXPECT_EQ(Apply(Rationalize, "3/10", "1/10"), "1/3");
  EXPECT_EQ(Apply(Rationalize, "0.3", "1/10"), "0.3333333333333333");
}

TEST_F(ExactnessTest, FloatsAtTheBordersOfSmallIntegersAreExact) {
  EXPECT_EQ(Apply(ToExact, "4611686018427387904.0"), "4611686018427387904");
  EXPECT_EQ(Apply(ToExact, "4611686018427387392.0"), "4611686018427387392");
  EXPECT_EQ(Apply(ToExact, "-4611686018427387904.0"), "-4611686018427387904");
  EXPECT_EQ(Apply(ToExact, "-4611686018427388928.0"), "-4611686018427388928");
}

TEST_F(ExactnessTest, InfinitiesAndNansHaveNoExactValue) {
  for (const char* number : {"+inf.0", "-inf.0", "+nan.0", "+inf.0+1.0i"}) {
    EXPECT_EQ(Apply(ToExact, number), "wrong type");
    EXPECT_EQ(Apply(Numerator, number), "wrong type");
  }
}

std::string Rounded(NumberHeap& heap, std::string_view text) {
  const auto number = heap[text];
  std::string all;
  for (const Rounding rounding : {Rounding::kFloor, Rounding::kCeiling,
                                  Rounding::kTruncate, Rounding::kRound}) {
    all += heap.Text(RoundToInteger(heap.mutator, number, rounding)) + " ";
  }
  return all;
}

TEST_F(ExactnessTest, FloorCeilingTruncateAndRoundAsInTheReport) {
  EXPECT_EQ(Rounded(heap_, "-4.3"), "-5.0 -4.0 -4.0 -4.0 ");
  EXPECT_EQ(Rounded(heap_, "3.5"), "3.0 4.0 3.0 4.0 ");
  EXPECT_EQ(Rounded(heap_, "2.5"), "2.0 3.0 2.0 2.0 ");
  EXPECT_EQ(Rounded(heap_, "7/2"), "3 4 3 4 ");
  EXPECT_EQ(Rounded(heap_, "5/2"), "2 3 2 2 ");
  EXPECT_EQ(Rounded(heap_, "-7/2"), "-4 -3 -3 -4 ");
  EXPECT_EQ(Rounded(heap_, "-5/2"), "-3 -2 -2 -2 ");
  EXPECT_EQ(Rounded(heap_, "-1/3"), "-1 0 0 0 ");
  EXPECT_EQ(Rounded(heap_, "7"), "7 7 7 7 ");
  EXPECT_EQ(Rounded(heap_, "-0.0"), "-0.0 -0.0 -0.0 -0.0 ");
  EXPECT_EQ(Rounded(heap_, "+inf.0"), "+inf.0 +inf.0 +inf.0 +inf.0 ");
  EXPECT_EQ(Rounded(heap_, "+i"),
            "wrong type wrong type wrong type wrong type ");
}

TEST_F(ExactnessTest, TheSimplestRationalIsFoundBySearchingAllDenominators) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 500; ++i) {
    const auto part = [&] {
      return static_cast<std::int64_t>(random.Below(200)) - 100;
    };
    const auto bottom = [&] {
      return static_cast<std::int64_t>(random.Between(1, 60));
    };
    const Fraction a = Fraction::Reduce(part(), bottom());
    const Fraction b = Fraction::Reduce(part(), bottom());
    const Fraction& low = a < b ? a : b;
    const Fraction& high = a < b ? b : a;
    // The first denominator that has a numerator; of several, the least.
    std::int64_t q = 1;
    BigInteger p;
    for (;; ++q) {
      const BigInteger first = -Floor(-(low * q)), last = Floor(high * q);
      if (first > last) continue;
      p = first.sign() > 0 ? first : last.sign() < 0 ? last : BigInteger(0);
      break;
    }
    ASSERT_EQ(SimplestBetween(low, high), Fraction(p, q));
  }
}

TEST_F(ExactnessTest, TheSimplestRationalOfLongFractionsNeedsNoStack) {
  // Fibonacci numbers have the longest continued fractions for their size.
  BigInteger a = 1, b = 1;
  for (int i = 0; i < 3000; ++i) a = std::exchange(b, a + b);
  const Fraction ratio(a, b);
  EXPECT_EQ(SimplestBetween(ratio, ratio), ratio);
}

TEST_F(ExactnessTest, RationalizeOfInfinitiesIsTheLimit) {
  EXPECT_EQ(Apply(Rationalize, "+inf.0", "1"), "+inf.0");
  EXPECT_EQ(Apply(Rationalize, "1", "+inf.0"), "0.0");
  EXPECT_EQ(Apply(Rationalize, "+inf.0", "+inf.0"), "+nan.0");
}

}  // namespace
}  // namespace fledge::lambda
