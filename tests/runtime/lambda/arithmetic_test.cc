#include "runtime/lambda/arithmetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/lambda/arithmetic-inl.h"
#include "runtime/lambda/number_predicates.h"
#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

__extension__ using Wide = __int128;

class ArithmeticTest : public NumberTest {
 protected:
  // Agrees with GMP on exact numbers, while everything moves.
  void AgreesWithGmp(Operation ours,
                     void (*theirs)(mpq_ptr, mpq_srcptr, mpq_srcptr),
                     Oracle (*make)(Random&)) {
    SCOPED_TRACE(TestSeed());
    Random random(TestSeed());
    InManyRounds([&](NumberHeap& heap) {
      const Oracle a = make(random), b = make(random);
      if (theirs == mpq_div && b.sign() == 0) return;
      ASSERT_EQ(heap.Apply(ours, a.Text(), b.Text()),
                Oracle::Of(theirs, a, b).Text())
          << a.Text() << " and " << b.Text();
    });
  }
};

TEST_F(ArithmeticTest, SumsOfIntegersAreThoseOfGmp) {
  AgreesWithGmp(Add, mpq_add, Oracle::Integer);
}
TEST_F(ArithmeticTest, SumsOfRationalsAreThoseOfGmp) {
  AgreesWithGmp(Add, mpq_add, Oracle::Rational);
}
TEST_F(ArithmeticTest, DifferencesOfIntegersAreThoseOfGmp) {
  AgreesWithGmp(Subtract, mpq_sub, Oracle::Integer);
}
TEST_F(ArithmeticTest, DifferencesOfRationalsAreThoseOfGmp) {
  AgreesWithGmp(Subtract, mpq_sub, Oracle::Rational);
}
TEST_F(ArithmeticTest, ProductsOfIntegersAreThoseOfGmp) {
  AgreesWithGmp(Multiply, mpq_mul, Oracle::Integer);
}
TEST_F(ArithmeticTest, ProductsOfRationalsAreThoseOfGmp) {
  AgreesWithGmp(Multiply, mpq_mul, Oracle::Rational);
}
TEST_F(ArithmeticTest, QuotientsOfIntegersAreThoseOfGmp) {
  AgreesWithGmp(Divide, mpq_div, Oracle::Integer);
}
TEST_F(ArithmeticTest, QuotientsOfRationalsAreThoseOfGmp) {
  AgreesWithGmp(Divide, mpq_div, Oracle::Rational);
}

TEST_F(ArithmeticTest, ResultsAreSmallIntegersWhereverTheyFit) {
  constexpr std::int64_t kLargest = Value::kLargestInteger;
  const Value largest = Value::SmallInteger(kLargest);
  const Value smallest = Value::SmallInteger(Value::kSmallestInteger);
  const Value one = Value::SmallInteger(1);
  const auto beyond = Add(heap_.mutator, largest, one).value;
  EXPECT_EQ(KindOf(beyond), NumberKind::kBignum);
  EXPECT_EQ(Subtract(heap_.mutator, beyond, one).value, largest);
  const auto below = Subtract(heap_.mutator, smallest, one).value;
  EXPECT_EQ(KindOf(below), NumberKind::kBignum);
  EXPECT_EQ(Add(heap_.mutator, below, one).value, smallest);
  const auto negated =
      Subtract(heap_.mutator, Value::SmallInteger(0), smallest);
  EXPECT_EQ(KindOf(negated.value), NumberKind::kBignum);
  EXPECT_EQ(Apply(Divide, "4/3", "2/3"), "2");
  EXPECT_EQ(Apply(Multiply, "1/3", "3"), "1");
}

TEST_F(ArithmeticTest, ExamplesOfTheReport) {
  EXPECT_EQ(Apply(Add, "3", "4"), "7");
  EXPECT_EQ(Apply(Multiply, "4", "4"), "16");
  EXPECT_EQ(Apply(Subtract, "3", "4"), "-1");
  EXPECT_EQ(Apply(Divide, "3", "20"), "3/20");
  EXPECT_EQ(Apply(Divide, "1", "3"), "1/3");
}

TEST_F(ArithmeticTest, AFloatMakesTheResultInexact) {
  EXPECT_EQ(Apply(Add, "1", "2.5"), "3.5");
  EXPECT_EQ(Apply(Add, "1/2", "0.5"), "1.0");
  EXPECT_EQ(Apply(Multiply, "0", "1.5"), "0.0");
  EXPECT_EQ(Apply(Multiply, "100000000000000000000", "1e-20"), "1.0");
  EXPECT_EQ(Apply(Divide, "0.0", "5"), "0.0");
  EXPECT_EQ(Apply(Divide, "1", "0.0"), "+inf.0");
  EXPECT_EQ(Apply(Divide, "-1", "0.0"), "-inf.0");
  EXPECT_EQ(Apply(Subtract, "+inf.0", "+inf.0"), "+nan.0");
}

TEST_F(ArithmeticTest, ComplexNumbersAddMultiplyAndDivide) {
  EXPECT_EQ(Apply(Add, "1+2i", "3-2i"), "4");
  EXPECT_EQ(Apply(Subtract, "1", "+i"), "1-i");
  EXPECT_EQ(Apply(Multiply, "+i", "+i"), "-1");
  EXPECT_EQ(Apply(Multiply, "1+2i", "3+4i"), "-5+10i");
  EXPECT_EQ(Apply(Divide, "-5+10i", "3+4i"), "1+2i");
  EXPECT_EQ(Apply(Divide, "1", "1+i"), "1/2-1/2i");
  EXPECT_EQ(Apply(Divide, "1+i", "2"), "1/2+1/2i");
  EXPECT_EQ(Apply(Add, "1+2i", "0.5"), "1.5+2.0i");
  EXPECT_EQ(Apply(Divide, "1.0+2.0i", "1.0+2.0i"), "1.0+0.0i");
  EXPECT_EQ(Apply(Multiply, "2.0", "1.0+inf.0i"), "2.0+inf.0i");
}

TEST_F(ArithmeticTest, OnlyAnExactZeroCannotBeDividedBy) {
  for (const char* dividend : {"0", "1", "1/2", "1.5", "+i", "+nan.0"}) {
    EXPECT_EQ(Apply(Divide, dividend, "0"), "division by zero");
  }
  EXPECT_EQ(Apply(Divide, "1", "0.0"), "+inf.0");
}

TEST_F(ArithmeticTest, WhatIsNoNumberIsAWrongType) {
  const auto one = heap_["1"];
  for (const Value value : {Value::Nil(), Value::True(), Value::Character('1'),
                            Value::Undefined()}) {
    for (const Operation operation : {Add, Subtract, Multiply, Divide}) {
      EXPECT_EQ(operation(heap_.mutator, value, one).error,
                NumberError::kWrongType);
      EXPECT_EQ(operation(heap_.mutator, one, value).error,
                NumberError::kWrongType);
    }
    EXPECT_FALSE(Compare(one, value).has_value());
    EXPECT_FALSE(NumberEquals(value, one).has_value());
  }
  const auto complex = heap_["+i"];
  EXPECT_FALSE(Compare(one, complex).has_value());
  EXPECT_EQ(NumberEquals(one, complex), false);
}

TEST_F(ArithmeticTest, ProductsBeyondTheLimitAreRefused) {
  NumberHeap heap(NumberHeap::Quiet());
  const BigInteger large = BigInteger(1) << (BigInteger::kLargestBits - 1);
  const Local number(heap.mutator, MakeInteger(heap.mutator, large).value);
  EXPECT_TRUE(Add(heap.mutator, number.get(), Value::SmallInteger(1)).ok());
  EXPECT_EQ(Add(heap.mutator, number.get(), number.get()).error,
            NumberError::kTooLarge);
  EXPECT_EQ(Multiply(heap.mutator, number.get(), number.get()).error,
            NumberError::kTooLarge);
}

TEST_F(ArithmeticTest, AResultThatTheHeapHasNoRoomForIsAnError) {
  gc::HeapOptions options;
  options.max_heap_bytes = 4 * kMiB;
  NumberHeap heap(options);
  const BigInteger large = BigInteger(1) << (BigInteger::kLargestBits - 1);
  EXPECT_EQ(MakeInteger(heap.mutator, large).error, NumberError::kOutOfMemory);
}

// The order of numbers as GMP has it, floats taken as what they are.
TEST_F(ArithmeticTest, ComparisonsAreExactAndTransitive) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    const runtime::HandleScope scope(heap.mutator);
    Oracle a = Oracle::Rational(random);
    // A float near it, or that float itself.
    const double near = mpq_get_d(a.get());
    if (!std::isfinite(near)) return;
    Oracle b(near);
    const auto x = heap[a.Text()];
    const Local y(heap.mutator, MakeInexact(heap.mutator, near).value);
    const int order = mpq_cmp(a.get(), b.get());
    ASSERT_TRUE(Compare(x, y.get()) == (order <=> 0)) << a.Text();
    ASSERT_TRUE(Compare(y.get(), x) == (0 <=> order)) << a.Text();
    ASSERT_EQ(NumberEquals(x, y.get()), order == 0);
    Oracle c = Oracle::Rational(random);
    const auto z = heap[c.Text()];
    ASSERT_TRUE(Compare(x, z) == (mpq_cmp(a.get(), c.get()) <=> 0));
  });
}

TEST_F(ArithmeticTest, EqualityOfFloatsAndLargeIntegersIsNotRounded) {
  const auto equals = [&](std::string_view a, std::string_view b) {
    const auto x = heap_[a], y = heap_[b];
    return *NumberEquals(x, y);
  };
  EXPECT_TRUE(equals("9007199254740992", "9007199254740992.0"));
  EXPECT_FALSE(equals("9007199254740993", "9007199254740992.0"));
  EXPECT_TRUE(equals("-9007199254740992", "-9007199254740992.0"));
  EXPECT_FALSE(equals("-9007199254740993", "-9007199254740992.0"));
  EXPECT_FALSE(equals("4611686018427387903", "4611686018427387904.0"));
  EXPECT_FALSE(equals("1/3", "0.3333333333333333"));
  EXPECT_TRUE(equals("1/2", "0.5"));
  EXPECT_TRUE(equals("0", "-0.0"));
  EXPECT_FALSE(equals("+nan.0", "+nan.0"));
  EXPECT_TRUE(equals("1+2i", "1.0+2.0i"));
  EXPECT_FALSE(equals("1+2i", "1"));
}

TEST_F(ArithmeticTest, TheLargerAndTheSmallerAreInexactIfOneIs) {
  EXPECT_EQ(Apply(Larger, "3", "4"), "4");
  EXPECT_EQ(Apply(Larger, "3.9", "4"), "4.0");
  EXPECT_EQ(Apply(Larger, "4", "3.9"), "4.0");
  EXPECT_EQ(Apply(Smaller, "1/2", "100000000000000000000"), "1/2");
  EXPECT_EQ(Apply(Smaller, "1/2", "1.0"), "0.5");
  EXPECT_EQ(Apply(Smaller, "-inf.0", "1"), "-inf.0");
  EXPECT_EQ(Apply(Larger, "+nan.0", "1"), "+nan.0");
  EXPECT_EQ(Apply(Larger, "1", "+nan.0"), "+nan.0");
  EXPECT_EQ(Apply(Smaller, "+i", "1"), "wrong type");
}

TEST_F(ArithmeticTest, InfinitiesAreBeyondAllAndANanIsUnordered) {
  const auto large = heap_["-1" + std::string(400, '0')];
  const auto infinity = heap_["+inf.0"], minus = heap_["-inf.0"];
  const auto nan = heap_["+nan.0"];
  EXPECT_TRUE(Compare(minus, large) == std::partial_ordering::less);
  EXPECT_TRUE(Compare(large, infinity) == std::partial_ordering::less);
  EXPECT_TRUE(Compare(infinity, large) == std::partial_ordering::greater);
  EXPECT_TRUE(Compare(nan, large) == std::partial_ordering::unordered);
  EXPECT_TRUE(Compare(large, nan) == std::partial_ordering::unordered);
}

TEST(SmallArithmeticTest, AgreesWith128BitsAndIsEmptyWhereItDoesNotFit) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  const auto any = [&] {
    const std::int64_t borders[] = {
        0,
        1,
        -1,
        Value::kLargestInteger,
        Value::kSmallestInteger,
        std::int64_t{1} << 31,
        -(std::int64_t{1} << 31),
        static_cast<std::int64_t>(random.Next()) >> (1 + random.Below(63))};
    const std::int64_t number =
        random.Pick(borders) + static_cast<std::int64_t>(random.Below(3)) - 1;
    return std::clamp(number, Value::kSmallestInteger, Value::kLargestInteger);
  };
  const auto expect = [](Value result, Wide wanted) {
    const bool fits =
        wanted >= Value::kSmallestInteger && wanted <= Value::kLargestInteger;
    ASSERT_EQ(!result.IsEmpty(), fits);
    if (fits) {
      ASSERT_EQ(result.integer(), static_cast<std::int64_t>(wanted));
    }
  };
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t a = any(), b = any();
    const Value x = Value::SmallInteger(a), y = Value::SmallInteger(b);
    expect(AddSmall(x, y), Wide{a} + b);
    expect(SubtractSmall(x, y), Wide{a} - b);
    expect(MultiplySmall(x, y), Wide{a} * b);
    ASSERT_TRUE(CompareSmall(x, y) == (a <=> b));
  }
}

TEST(SmallArithmeticTest, IsEmptyForOtherValues) {
  const Value one = Value::SmallInteger(1);
  for (const Value other : {Value(), Value::Nil(), Value::True(),
                            Value::Reference(0x1000), Value::Character('a')}) {
    EXPECT_TRUE(AddSmall(one, other).IsEmpty());
    EXPECT_TRUE(SubtractSmall(other, one).IsEmpty());
    EXPECT_TRUE(MultiplySmall(other, other).IsEmpty());
  }
}

}  // namespace
}  // namespace fledge::lambda
