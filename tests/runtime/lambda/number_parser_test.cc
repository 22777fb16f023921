#include "runtime/lambda/number_parser.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/runtime/lambda/number_oracle.h"
#include "tests/runtime/lambda/number_test_heap.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

class NumberParserTest : public NumberTest {
 protected:
  std::string Read(std::string_view text, int radix = 10) {
    return heap_.Text(NumberFromText(heap_.mutator, text, radix));
  }
};

TEST_F(NumberParserTest, ExamplesOfTheReport) {
  EXPECT_EQ(Read("100"), "100");
  EXPECT_EQ(Read("100", 16), "256");
  EXPECT_EQ(Read("1e2"), "100.0");
  EXPECT_EQ(Read("15##"), "syntax");
  EXPECT_EQ(Read("#e1.2"), "6/5");
  EXPECT_EQ(Read("#x-ff"), "-255");
}

TEST_F(NumberParserTest, IntegersInEveryRadix) {
  EXPECT_EQ(Read("#b101"), "5");
  EXPECT_EQ(Read("#o777"), "511");
  EXPECT_EQ(Read("#d99"), "99");
  EXPECT_EQ(Read("#xDeadBeef"), "3735928559");
  EXPECT_EQ(Read("#X-ff/A"), "-51/2");
  EXPECT_EQ(Read("+1"), "1");
  EXPECT_EQ(Read("007"), "7");
  EXPECT_EQ(Read("-0"), "0");
  EXPECT_EQ(Read("#b102"), "syntax");
  EXPECT_EQ(Read("#o8"), "syntax");
}

TEST_F(NumberParserTest, IntegersAtTheBordersOfTheirKinds) {
  for (const char* text :
       {"4611686018427387903", "4611686018427387904", "-4611686018427387904",
        "-4611686018427387905", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551616"}) {
    EXPECT_EQ(Read(text), text);
  }
}

TEST_F(NumberParserTest, PrefixesInAnyOrder) {
  EXPECT_EQ(Read("#e#x10"), "16");
  EXPECT_EQ(Read("#x#e10"), "16");
  EXPECT_EQ(Read("#i#b1/10"), "0.5");
  EXPECT_EQ(Read("#i1/3"), "0.3333333333333333");
  EXPECT_EQ(Read("#E1e3"), "1000");
  EXPECT_EQ(Read("#i-0"), "-0.0");
  for (const char* text :
       {"#x#x1", "#e#i1", "#", "#e", "#q1", "#x", "#e#e1", "1#e2"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
}

TEST_F(NumberParserTest, Decimals) {
  EXPECT_EQ(Read("1."), "1.0");
  EXPECT_EQ(Read(".5"), "0.5");
  EXPECT_EQ(Read("-.5e1"), "-5.0");
  EXPECT_EQ(Read("+1.5E-3"), "0.0015");
  EXPECT_EQ(Read("1e+3"), "1000.0");
  EXPECT_EQ(Read("0.0"), "0.0");
  EXPECT_EQ(Read("-0.0"), "-0.0");
  EXPECT_EQ(Read("#e.5"), "1/2");
  EXPECT_EQ(Read("#e1.5e-2"), "3/200");
  EXPECT_EQ(Read("#e0e99999999999"), "0");
  for (const char* text :
       {".", "+.", "e5", ".e5", "1e", "1e+", "1.2.3", "1/2.5", "1.5/2", "1e2e3",
        "#x1.5", "#b1e1.", "1/2e3"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
}

TEST_F(NumberParserTest, DecimalsBeyondTheFloatsAreInfiniteOrZero) {
  EXPECT_EQ(Read("1e400"), "+inf.0");
  EXPECT_EQ(Read("-1e400"), "-inf.0");
  EXPECT_EQ(Read("1e-400"), "0.0");
  EXPECT_EQ(Read("-1e-400"), "-0.0");
  EXPECT_EQ(Read("1e99999999999999999999"), "+inf.0");
  EXPECT_EQ(Read("1e-99999999999999999999"), "0.0");
  EXPECT_EQ(Read("0e99999999999999999999"), "0.0");
  EXPECT_EQ(Read("0." + std::string(400, '0') + "1"), "0.0");
  EXPECT_EQ(Read("0." + std::string(400, '0') + "1e401"), "1.0");
  EXPECT_EQ(Read("1" + std::string(400, '0') + ".0"), "+inf.0");
  EXPECT_EQ(Read("1" + std::string(400, '0') + "e-400"), "1.0");
  EXPECT_EQ(Read("4.9406564584124654e-324"), "5e-324");
}

TEST_F(NumberParserTest, InfinitiesAndNans) {
  EXPECT_EQ(Read("+inf.0"), "+inf.0");
  EXPECT_EQ(Read("-INF.0"), "-inf.0");
  EXPECT_EQ(Read("+nan.0"), "+nan.0");
  EXPECT_EQ(Read("-nan.0"), "+nan.0");
  EXPECT_EQ(Read("#x+inf.0"), "+inf.0");
  EXPECT_EQ(Read("#i+inf.0"), "+inf.0");
  for (const char* text :
       {"inf.0", "+inf", "+inf.", "+inf.00", "nan.0", "#e+inf.0", "#e+nan.0"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
}

TEST_F(NumberParserTest, ComplexNumbersInRectangularForm) {
  EXPECT_EQ(Read("+i"), "+i");
  EXPECT_EQ(Read("-I"), "-i");
  EXPECT_EQ(Read("1+i"), "1+i");
  EXPECT_EQ(Read("1-2i"), "1-2i");
  EXPECT_EQ(Read("+5i"), "+5i");
  EXPECT_EQ(Read("1/2-3/4i"), "1/2-3/4i");
  EXPECT_EQ(Read("1.5+2i"), "1.5+2.0i");
  EXPECT_EQ(Read("#x1F-eI"), "31-14i");
  EXPECT_EQ(Read("#e1.5+2.5i"), "3/2+5/2i");
  EXPECT_EQ(Read("#i1+i"), "1.0+1.0i");
  EXPECT_EQ(Read("1e2-1e-2i"), "100.0-0.01i");
  EXPECT_EQ(Read("+inf.0i"), "0.0+inf.0i");
  EXPECT_EQ(Read("+inf.0-nan.0i"), "+inf.0+nan.0i");
  EXPECT_EQ(Read("3+0i"), "3");
  EXPECT_EQ(Read("-2.5+0.0i"), "-2.5+0.0i");
  for (const char* text : {"i", "5i", "1+2", "1+2i3", "1+i+i", "1i+1", "++i",
                           "+i+1", "1+-2i", "1+ii", "-", "+", "1 +i"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
}

TEST_F(NumberParserTest, ComplexNumbersInPolarForm) {
  EXPECT_EQ(Read("2@0"), "2");
  EXPECT_EQ(Read("1@1"), "0.5403023058681398+0.8414709848078965i");
  EXPECT_EQ(Read("-1.5@-0"), "-1.5");
  for (const char* text : {"1@", "@1", "1@2@3", "1@2i", "1@+i", "1+i@2"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
}

TEST_F(NumberParserTest, WhatIsNoNumberIsRefused) {
  for (const char* text :
       {"",    "a",   "abc",   "...",      "+a", "-1a", "1/0", "0/0",
        "1/",  "/2",  "1//2",  "1/-2",     "1 ", " 1",  "1,5", "#t",
        "- 1", "--1", "1_000", "\xc3\xa9", "+e", "1/+2"}) {
    EXPECT_EQ(Read(text), "syntax") << text;
  }
  EXPECT_EQ(Read(std::string_view("1\0", 2)), "syntax");
}

TEST_F(NumberParserTest, ExactNumbersOfGiganticSizeAreRefusedAtOnce) {
  EXPECT_EQ(Read("#e1e1000000000"), "too large");
  EXPECT_EQ(Read("#e1e-1000000000"), "too large");
  EXPECT_EQ(Read("#e1e99999999999999999999"), "too large");
}

TEST_F(NumberParserTest, RandomNumbersAreReadAsGmpWritesThem) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  InManyRounds([&](NumberHeap& heap) {
    const Oracle number = Oracle::Rational(random);
    for (const int radix : {2, 8, 10, 16}) {
      const std::string text = number.Text(radix);
      ASSERT_EQ(heap.Text(NumberFromText(heap.mutator, text, radix)),
                number.Text());
    }
  });
}

TEST_F(NumberParserTest, RandomDecimalsAreReadAsTheLibraryReadsThem) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  for (int i = 0; i < 5000; ++i) {
    std::string text = std::to_string(random.Next() >> random.Below(64));
    text.insert(random.Below(text.size() + 1), ".");
    text += "e" + std::to_string(static_cast<int>(random.Below(680)) - 340);
    const ParsedNumber parsed = NumberFromText(text);
    ASSERT_EQ(parsed.error, NumberError::kNone);
    ASSERT_EQ(parsed.number.real.ToDouble(), std::strtod(text.c_str(), nullptr))
        << text;
  }
}

// Any text of characters that occur in numbers is read or refused.
TEST_F(NumberParserTest, RandomTextDoesNoHarm) {
  SCOPED_TRACE(TestSeed());
  Random random(TestSeed());
  constexpr std::string_view kCharacters = "0123456789+-./@#eixbodfan ";
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.Below(12); n > 0; --n) {
      text += random.Pick(kCharacters);
    }
    const ParsedNumber parsed = NumberFromText(text);
    if (parsed.error == NumberError::kNone) {
      ASSERT_FALSE(text.empty());
    }
  }
}

}  // namespace
}  // namespace fledge::lambda
