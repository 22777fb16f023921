#include "runtime/lambda/powers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using PowersTest = NumberTest;

TEST_F(PowersTest, ExactPowersAreThoseOfGmp) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    Oracle base = Oracle::Rational(random);
    if (base.sign() == 0) return;
    const std::uint64_t exponent = random.Below(12);
    Oracle power;
    mpz_pow_ui(power.top(), base.top(), exponent);
    mpz_pow_ui(power.bottom(), base.bottom(), exponent);
    const std::string count = std::to_string(exponent);
    ASSERT_EQ(heap.Apply(Expt, base.Text(), count), power.Text());
    mpq_inv(power.get(), power.get());
    ASSERT_EQ(heap.Apply(Expt, base.Text(), "-" + count), power.Text());
  });
}

TEST_F(PowersTest, ExamplesOfTheReport) {
  EXPECT_EQ(Apply(Sqrt, "9"), "3");
  EXPECT_EQ(Apply(Sqrt, "-1"), "+i");
  EXPECT_EQ(Apply(Expt, "0", "0"), "1");
  EXPECT_EQ(Apply(Expt, "0.0", "0"), "1");
  EXPECT_EQ(Apply(Expt, "0", "5"), "0");
  EXPECT_EQ(Apply(Expt, "0", "2.5"), "0.0");
  EXPECT_EQ(Apply(Expt, "0", "1+i"), "0");
  EXPECT_EQ(Apply(Expt, "0.0", "1+i"), "0.0");
  EXPECT_EQ(Apply(Expt, "0", "0.0"), "1.0");
  EXPECT_EQ(Apply(Expt, "0.0", "0.0+0.0i"), "1.0");
  EXPECT_EQ(Apply(Expt, "2", "10"), "1024");
  EXPECT_EQ(Apply(Expt, "2/3", "-3"), "27/8");
  EXPECT_EQ(Apply(Expt, "-2", "-3"), "-1/8");
}

TEST_F(PowersTest, ZeroHasNoNegativePowers) {
  EXPECT_EQ(Apply(Expt, "0", "-1"), "division by zero");
  EXPECT_EQ(Apply(Expt, "0", "-1.5"), "division by zero");
  EXPECT_EQ(Apply(Expt, "0", "-1+i"), "division by zero");
  EXPECT_EQ(Apply(Expt, "0.0", "-1"), "+inf.0");
  EXPECT_EQ(Apply(Expt, "-0.0", "-3"), "-inf.0");
}

TEST_F(PowersTest, NobodyKnowsZeroToThePowerOfNan) {
  EXPECT_EQ(Apply(Expt, "0", "+nan.0"), "+nan.0");
  EXPECT_EQ(Apply(Expt, "0", "+nan.0+i"), "+nan.0");
  EXPECT_EQ(Apply(Expt, "0", "+inf.0"), "0.0");
}

TEST_F(PowersTest, PowersOfFloatsAreFloats) {
  EXPECT_EQ(Apply(Expt, "2.0", "3"), "8.0");
  EXPECT_EQ(Apply(Expt, "2", "0.5"), "1.4142135623730951");
  EXPECT_EQ(Apply(Expt, "2.0", "1/2"), "1.4142135623730951");
  EXPECT_EQ(Apply(Expt, "-8.0", "3.0"), "-512.0");
  EXPECT_EQ(Apply(Expt, "0.0", "+nan.0"), "+nan.0");
  // Even and odd exponents that are one double.
  EXPECT_EQ(Apply(Expt, "-1.0", "100000000000000000000"), "1.0");
  EXPECT_EQ(Apply(Expt, "-1.0", "100000000000000000001"), "-1.0");
}

TEST_F(PowersTest, NegativeNumbersHaveComplexRoots) {
  EXPECT_EQ(Apply(Expt, "-1", "1/2"), "+i");
  EXPECT_EQ(Apply(Expt, "-1.0", "0.5"), "6.123233995736766e-17+1.0i");
}

TEST_F(PowersTest, PowersOfComplexNumbers) {
  EXPECT_EQ(Apply(Expt, "+i", "2"), "-1");
  EXPECT_EQ(Apply(Expt, "1+i", "8"), "16");
  EXPECT_EQ(Apply(Expt, "1+i", "-2"), "-1/2i");
  EXPECT_EQ(Apply(Expt, "+i", "1000000000000000000000000000003"), "-i");
  EXPECT_EQ(Apply(Expt, "+1.0i", "2"), "-1.0+0.0i");
}

TEST_F(PowersTest, PowersOfGiganticSizeAreRefusedAtOnce) {
  EXPECT_EQ(Apply(Expt, "7", "1000000000"), "too large");
  EXPECT_EQ(Apply(Expt, "7", "-1000000000"), "too large");
  EXPECT_EQ(Apply(Expt, "1/2", "1" + std::string(30, '0')), "too large");
  EXPECT_EQ(Apply(Expt, "1+i", "1" + std::string(30, '0')), "too large");
  EXPECT_EQ(Apply(Expt, "3/5+4/5i", "1000000000"), "too large");
  EXPECT_EQ(Apply(Expt, "1", "1" + std::string(30, '0')), "1");
  EXPECT_EQ(Apply(Expt, "-1", "1" + std::string(30, '0') + "1"), "-1");
  EXPECT_EQ(Apply(Expt, "0", "1" + std::string(30, '0')), "0");
}

TEST_F(PowersTest, RootsOfExactSquaresAreExact) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    Oracle root = Oracle::Rational(random);
    mpq_abs(root.get(), root.get());
    const Oracle square = Oracle::Of(mpq_mul, root, root);
    ASSERT_EQ(heap.Apply(Sqrt, square.Text()), root.Text());
    if (root.sign() != 0) {
      ASSERT_EQ(heap.Apply(Sqrt, "-" + square.Text()),
                root.Text() == "1" ? "+i" : "+" + root.Text() + "i");
    }
  });
}

TEST_F(PowersTest, OtherRootsAreInexact) {
  EXPECT_EQ(Apply(Sqrt, "2"), "1.4142135623730951");
  EXPECT_EQ(Apply(Sqrt, "1/2"), "0.7071067811865476");
  EXPECT_EQ(Apply(Sqrt, "-2"), "0.0+1.4142135623730951i");
  EXPECT_EQ(Apply(Sqrt, "2.25"), "1.5");
  EXPECT_EQ(Apply(Sqrt, "-4.0"), "0.0+2.0i");
  EXPECT_EQ(Apply(Sqrt, "-0.0"), "-0.0");
  EXPECT_EQ(Apply(Sqrt, "+inf.0"), "+inf.0");
}

TEST_F(PowersTest, InexactRootsAreTheNearest) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 1000; ++i) {
    Oracle square = Oracle::Rational(random);
    mpq_abs(square.get(), square.get());
    const Number root = SquareRoot(NumberFromText(square.Text()).number);
    if (root.IsExact()) continue;
    const double number = root.real.inexact();
    // The square lies between those of the points halfway to the neighbours.
    for (const double to : {0.0, HUGE_VAL}) {
      Oracle half = Oracle::Of(mpq_add, Oracle(number),
                               Oracle(std::nextafter(number, to)));
      mpq_div_2exp(half.get(), half.get(), 1);
      Oracle border = Oracle::Of(mpq_mul, half, half);
      const int order = mpq_cmp(border.get(), square.get());
      ASSERT_TRUE(to == 0 ? order < 0 : order > 0) << square.Text();
    }
  }
}

TEST_F(PowersTest, RootsOfNumbersBeyondTheFloatsAreFinite) {
  EXPECT_EQ(Apply(Sqrt, "2" + std::string(400, '0')), "1.414213562373095e200");
  EXPECT_EQ(Apply(Sqrt, "1/5" + std::string(399, '0')),
            "1.414213562373095e-200");
  EXPECT_EQ(Apply(Sqrt, "2" + std::string(800, '0')), "+inf.0");
}

TEST_F(PowersTest, RootsOfComplexNumbers) {
  EXPECT_EQ(Apply(Sqrt, "-3+4i"), "1+2i");
  EXPECT_EQ(Apply(Sqrt, "-3-4i"), "1-2i");
  EXPECT_EQ(Apply(Sqrt, "+2i"), "1+i");
  EXPECT_EQ(Apply(Sqrt, "-3.0+4.0i"), "1.0+2.0i");
  EXPECT_EQ(Apply(Sqrt, "+i"), "0.7071067811865476+0.7071067811865476i");
}

}  // namespace
}  // namespace fledge::lambda
