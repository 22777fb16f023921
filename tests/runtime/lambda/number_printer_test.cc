#include "runtime/lambda/number_printer.h"

#include <gtest/gtest.h>

#include <bit>
#include <utility>

#include "runtime/lambda/decimal.h"
#include "runtime/lambda/number_predicates.h"
#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

class NumberPrinterTest : public NumberTest {
 protected:
  std::string Write(std::string_view text, int radix) {
    return TextOf(heap_[text], radix);
  }
  // What is written is read as the same number.
  void ExpectRoundTrip(NumberHeap& heap, Value value, int radix) {
    const Local number(heap.mutator, value);
    const std::string text = TextOf(value, radix);
    const NumberResult read = NumberFromText(heap.mutator, text, radix);
    ASSERT_TRUE(read.ok()) << text;
    ASSERT_TRUE(NumberEqv(read.value, number.get())) << text;
  }
};

TEST_F(NumberPrinterTest, ExactNumbersInEveryRadix) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    const runtime::HandleScope scope(heap.mutator);
    const Oracle number = Oracle::Rational(random);
    const auto value = heap[number.Text()];
    for (int radix = 2; radix <= 36; ++radix) {
      ASSERT_EQ(TextOf(value, radix), number.Text(radix));
    }
  });
}

TEST_F(NumberPrinterTest, SmallIntegersToTheirEnds) {
  EXPECT_EQ(TextOf(Value::SmallInteger(0), 2), "0");
  EXPECT_EQ(TextOf(Value::SmallInteger(-35), 36), "-z");
  const std::pair<std::int64_t, std::string> ends[] = {
      {Value::kSmallestInteger, "-1" + std::string(62, '0')},
      {Value::kLargestInteger, std::string(62, '1')}};
  for (const auto& [number, text] : ends) {
    EXPECT_EQ(TextOf(Value::SmallInteger(number), 2), text);
  }
}

TEST_F(NumberPrinterTest, FloatsAreAsShortAsCanBe) {
  const std::pair<double, std::string> texts[] = {
      {0.1, "0.1"},
      {1, "1.0"},
      {-0.0, "-0.0"},
      {100, "100.0"},
      {123456.789, "123456.789"},
      {1e20, "100000000000000000000.0"},
      {1e21, "1e21"},
      {1.5e300, "1.5e300"},
      {1e-7, "0.0000001"},
      {1.25e-8, "1.25e-8"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e308"},
      {9007199254740993.0, "9007199254740992.0"}};
  for (const auto& [number, text] : texts) EXPECT_EQ(TextOf(number), text);
}

TEST_F(NumberPrinterTest, FloatsOfAnyBitsAreReadAgain) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    const double number = std::bit_cast<double>(random.Next());
    for (const int radix : {2, 8, 10, 16}) {
      const runtime::HandleScope scope(heap.mutator);
      const Value value = MakeInexact(heap.mutator, number).value;
      ExpectRoundTrip(heap, value, radix);
    }
  });
}

TEST_F(NumberPrinterTest, NumbersOfEachKindAreReadAgain) {
  for (const char* text :
       {"0", "-1", "100000000000000000000", "-1/3", "0.0", "-0.0", "1e100",
        "-inf.0", "+nan.0", "+i", "-i", "1-i", "1/2+3/4i", "1.5-0.0i",
        "-0.0+1.0i", "0.0+1.0i", "+inf.0-inf.0i", "0.0+nan.0i"}) {
    for (const int radix : {2, 8, 10, 16}) {
      SCOPED_TRACE(text);
      ExpectRoundTrip(heap_, heap_[text], radix);
    }
  }
}

TEST_F(NumberPrinterTest, FloatsInAnotherRadixAreInexactFractions) {
  EXPECT_EQ(Write("0.5", 2), "#i1/10");
  EXPECT_EQ(Write("255.0", 16), "#iff");
  EXPECT_EQ(Write("-0.0", 2), "#i-0");
  EXPECT_EQ(Write("1.5+2.0i", 2), "#i11/10+10i");
}

}  // namespace
}  // namespace fledge::lambda
