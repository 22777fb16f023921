#include "gc/option_text.h"

#include <gtest/gtest.h>

#include <array>

#include "allocator/base/address.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"on", "major", "max-heap"};

TEST(OptionTextTest, QuoteMakesAnyBytesPrintable) {
  EXPECT_EQ(Quote(""), "''");
  EXPECT_EQ(Quote("16M"), "'16M'");
  EXPECT_EQ(Quote("a\nb"), "'a\\x0ab'");
  EXPECT_EQ(Quote("it's \\ \xff"), "'it\\x27s \\x5c \\xff'");
}

TEST(OptionTextTest, QuoteShortensWhatIsTooLong) {
  const std::string fits(kLongestQuote, 'a');
  EXPECT_EQ(Quote(fits), "'" + fits + "'");
  EXPECT_EQ(Quote(fits + "b"), "'" + fits + "...'");
}

TEST(OptionTextTest, NearNamesAreSuggestedWhateverTheirCase) {
  EXPECT_EQ(KnownNames("mayor", kNames),
            "(did you mean 'major'? known: on, major, max-heap)");
  EXPECT_EQ(KnownNames("MAX_HEAP", kNames),
            "(did you mean 'max-heap'? known: on, major, max-heap)");
}

TEST(OptionTextTest, FarNamesAreNotSuggested) {
  for (const std::string_view text : {"", "of", "minors", "heap"}) {
    EXPECT_EQ(KnownNames(text, kNames), "(known: on, major, max-heap)") << text;
  }
}

TEST(OptionTextTest, NumbersAreDigitsUpToTheLargest) {
  std::uint64_t number = 7;
  EXPECT_EQ(ParseNumber("18446744073709551615", number), NumberFault::kNone);
  EXPECT_EQ(number, ~std::uint64_t{0});
  EXPECT_EQ(ParseNumber("18446744073709551616", number),
            NumberFault::kTooLarge);
  for (const std::string_view text : {"", "-1", "+1", " 1", "1 ", "1x", "x"}) {
    EXPECT_EQ(ParseNumber(text, number), NumberFault::kNotANumber) << text;
  }
  EXPECT_EQ(number, ~std::uint64_t{0});
}

TEST(OptionTextTest, ATooLargeNumberWithRubbishBehindItIsNotANumber) {
  std::uint64_t number = 0;
  EXPECT_EQ(ParseNumber("99999999999999999999x", number),
            NumberFault::kNotANumber);
}

TEST(OptionTextTest, DurationsHaveAUnit) {
  std::int64_t ns = 7;
  EXPECT_EQ(ParseDuration("500us", ns), NumberFault::kNone);
  EXPECT_EQ(ns, 500'000);
  EXPECT_EQ(ParseDuration("2ms", ns), NumberFault::kNone);
  EXPECT_EQ(ns, 2'000'000);
  EXPECT_EQ(ParseDuration("9223372036s", ns), NumberFault::kNone);
  EXPECT_EQ(ns, 9'223'372'036'000'000'000);
  EXPECT_EQ(ParseDuration("9223372037s", ns), NumberFault::kTooLarge);
  for (const std::string_view text : {"", "2", "ms", "2 ms", "-2ms", "2.5ms"}) {
    EXPECT_EQ(ParseDuration(text, ns), NumberFault::kNotANumber) << text;
  }
}

TEST(OptionTextTest, SizeTextIsReadBackAsTheSameSize) {
  EXPECT_EQ(SizeText(0), "0");
  EXPECT_EQ(SizeText(1023), "1023");
  EXPECT_EQ(SizeText(3 * kMiB), "3M");
  EXPECT_EQ(SizeText(kGiB + kKiB), "1048577K");
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int i = 0; i < 1000; ++i) {
    const std::size_t size_bytes = (random.Next() >> random.Next() % 64)
                                   << (random.Next() % 4 * 10);
    std::size_t parsed = 0;
    ASSERT_EQ(ParseSizeOrFault(SizeText(size_bytes), parsed),
              NumberFault::kNone);
    ASSERT_EQ(parsed, size_bytes);
  }
}

TEST(OptionTextTest, SuggestedSizeKeepsWhatWasMeant) {
  EXPECT_EQ(SuggestedSize("32m", "16M"), "32M");
  EXPECT_EQ(SuggestedSize("8GiB", "16M"), "8G");
  for (const std::string_view text :
       {"abc", "", "m", "0k", "10%", "1.5G", "12", "99999999999999999999g"}) {
    EXPECT_EQ(SuggestedSize(text, "16M"), "16M") << text;
  }
}

}  // namespace
}  // namespace fledge::gc
