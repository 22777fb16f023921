#include "runtime/lambda/complex_numbers.h"

#include <gtest/gtest.h>

#include "tests/runtime/lambda/number_test_heap.h"

namespace fledge::lambda {
namespace {

class ComplexNumbersTest : public NumberTest {
 protected:
  std::string Parts(std::string_view text) {
    const auto number = heap_[text];
    return heap_.Text(RealPart(number)) + " " +
           heap_.Text(ImaginaryPart(number));
  }
};

TEST_F(ComplexNumbersTest, PartsAreThoseItWasMadeOf) {
  EXPECT_EQ(Apply(MakeRectangular, "1", "2"), "1+2i");
  EXPECT_EQ(Apply(MakeRectangular, "1/2", "-100000000000000000000"),
            "1/2-100000000000000000000i");
  EXPECT_EQ(Parts("1/2-100000000000000000000i"), "1/2 -100000000000000000000");
  EXPECT_EQ(Parts("1.5"), "1.5 0");
  EXPECT_EQ(Parts("-2.5+0.0i"), "-2.5 0.0");
}

TEST_F(ComplexNumbersTest, AnExactZeroAsImaginaryPartMakesItReal) {
  EXPECT_EQ(Apply(MakeRectangular, "1", "0"), "1");
  EXPECT_EQ(Apply(MakeRectangular, "1.5", "0"), "1.5");
  EXPECT_EQ(Apply(MakeRectangular, "1.5", "0.0"), "1.5+0.0i");
}

TEST_F(ComplexNumbersTest, BothPartsHaveOneExactness) {
  EXPECT_EQ(Apply(MakeRectangular, "1", "2.0"), "1.0+2.0i");
  EXPECT_EQ(Apply(MakeRectangular, "1.0", "2"), "1.0+2.0i");
}

TEST_F(ComplexNumbersTest, PolarForm) {
  EXPECT_EQ(Apply(MakePolar, "2", "0"), "2");
  EXPECT_EQ(Apply(MakePolar, "0", "2.0"), "0");
  EXPECT_EQ(Apply(MakePolar, "1", "1"),
            "0.5403023058681398+0.8414709848078965i");
}

TEST_F(ComplexNumbersTest, MagnitudesAreExactIfTheyCanBe) {
  EXPECT_EQ(Apply(Magnitude, "3+4i"), "5");
  EXPECT_EQ(Apply(Magnitude, "-7"), "7");
  EXPECT_EQ(Apply(Magnitude, "-7/2"), "7/2");
  EXPECT_EQ(Apply(Magnitude, std::to_string(Value::kSmallestInteger)),
            "4611686018427387904");
  EXPECT_EQ(Apply(Magnitude, "-0.0"), "0.0");
  EXPECT_EQ(Apply(Magnitude, "1+i"), "1.4142135623730951");
  EXPECT_EQ(Apply(Magnitude, "3.0+4.0i"), "5.0");
  // Whose squares are beyond the floats.
  const auto large = heap_["3e200+4e200i"];
  EXPECT_DOUBLE_EQ(ReadFloat(Magnitude(heap_.mutator, large).value), 5e200);
}

TEST_F(ComplexNumbersTest, Angles) {
  EXPECT_EQ(Apply(Angle, "5"), "0");
  EXPECT_EQ(Apply(Angle, "-5"), "3.141592653589793");
  EXPECT_EQ(Apply(Angle, "5.0"), "0.0");
  EXPECT_EQ(Apply(Angle, "+i"), "1.5707963267948966");
  EXPECT_EQ(Apply(Angle, "-i"), "-1.5707963267948966");
}

TEST_F(ComplexNumbersTest, PartsThatAreNotRealAreAWrongType) {
  EXPECT_EQ(Apply(MakeRectangular, "+i", "1"), "wrong type");
  EXPECT_EQ(Apply(MakePolar, "1", "+i"), "wrong type");
  EXPECT_EQ(RealPart(Value::Nil()).error, NumberError::kWrongType);
  EXPECT_EQ(ImaginaryPart(Value::Nil()).error, NumberError::kWrongType);
}

}  // namespace
}  // namespace fledge::lambda
