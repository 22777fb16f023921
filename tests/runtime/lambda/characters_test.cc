#include "runtime/lambda/characters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/value.h"

namespace fledge::lambda {
namespace {

using namespace std::string_view_literals;

std::u32string All(const CaseMapping& mapping) {
  return {mapping.begin(), mapping.end()};
}

TEST(CharactersTest, LettersOfAllKindsAreAlphabetic) {
  for (const char32_t c : U"aZßλЖאあ漢ªⅧⓐ\u0345\u0903"sv) {
    EXPECT_TRUE(IsAlphabetic(c)) << std::hex << std::uint32_t{c};
  }
  for (const char32_t c : U"1 _-€\u0301\u200d😀"sv) {
    EXPECT_FALSE(IsAlphabetic(c)) << std::hex << std::uint32_t{c};
  }
}

TEST(CharactersTest, SpacesOfAllKindsAreWhitespace) {
  for (const char32_t c :
       U" \t\n\v\f\r\u0085\u00a0\u1680\u2003\u2028\u2029\u3000"sv) {
    EXPECT_TRUE(IsWhitespace(c)) << std::hex << std::uint32_t{c};
  }
  for (const char32_t c : {U'\0', U'a', U'\u001c', U'\u200b', U'\ufeff'}) {
    EXPECT_FALSE(IsWhitespace(c)) << std::hex << std::uint32_t{c};
  }
}

TEST(CharactersTest, CasesAreThoseOfUnicode) {
  for (const char32_t c : {U'A', U'Σ', U'Ⅷ', U'Ⓐ', U'\U0001f130', U'ẞ'}) {
    EXPECT_TRUE(IsUppercase(c) && !IsLowercase(c)) << std::uint32_t{c};
  }
  for (const char32_t c : {U'a', U'ς', U'ⅷ', U'ⓐ', U'ª', U'ʰ', U'ß'}) {
    EXPECT_TRUE(IsLowercase(c) && !IsUppercase(c)) << std::uint32_t{c};
  }
  // A title's: one letter that is both.
  for (const char32_t c : {U'1', U'漢', U'ǅ', U' '}) {
    EXPECT_FALSE(IsLowercase(c) || IsUppercase(c)) << std::uint32_t{c};
  }
}

TEST(CharactersTest, DigitsOfAllScriptsHaveTheirValues) {
  EXPECT_EQ(DigitValue(U'3'), 3);
  EXPECT_EQ(DigitValue(U'\u0664'), 4);  // R7RS's examples.
  EXPECT_EQ(DigitValue(U'\u0ae6'), 0);
  EXPECT_EQ(DigitValue(U'\u0ea6'), std::nullopt);
  EXPECT_EQ(DigitValue(U'\U0001d7ff'), 9);  // The fifth row in a row.
  EXPECT_EQ(DigitValue(U'\U0001d7d8'), 0);
  EXPECT_EQ(DigitValue(U'²'), std::nullopt);
  EXPECT_EQ(DigitValue(U'a'), std::nullopt);
  EXPECT_EQ(DigitValue(0), std::nullopt);
}

// Rows of digits are whole, so that counting from their beginning is right.
TEST(CharactersTest, EveryRowOfDigitsHasTen) {
  int in_row = 0;
  int rows = 0;
  for (char32_t c = 0; c <= runtime::Value::kLargestCodePoint; ++c) {
    if (DigitValue(c)) {
      EXPECT_EQ(DigitValue(c), in_row % 10);
      ++in_row;
    } else {
      EXPECT_EQ(in_row % 10, 0) << "before " << std::uint32_t{c};
      rows += in_row / 10;
      in_row = 0;
    }
  }
  EXPECT_GE(rows, 66);
}

TEST(CharactersTest, OneCharacterMapsToOne) {
  EXPECT_EQ(Upcase(U'i'), U'I');
  EXPECT_EQ(Downcase(U'Σ'), U'σ');
  EXPECT_EQ(Upcase(U'ς'), U'Σ');
  EXPECT_EQ(Upcase(U'ß'), U'ß');
  EXPECT_EQ(Foldcase(U'ß'), U'ß');
  EXPECT_EQ(Foldcase(U'ẞ'), U'ß');
  EXPECT_EQ(Foldcase(U'Σ'), U'σ');
  EXPECT_EQ(Foldcase(U'ς'), U'σ');
  EXPECT_EQ(Foldcase(U'İ'), U'İ');
  EXPECT_EQ(Foldcase(U'ᾈ'), U'ᾀ');
  EXPECT_EQ(Foldcase(U'Ꭰ'), U'Ꭰ');
  EXPECT_EQ(Foldcase(U'ꭰ'), U'Ꭰ');
}

TEST(CharactersTest, AFullMappingMayBeSeveralCharacters) {
  EXPECT_EQ(All(FullUpcase(U'ß')), U"SS");
  EXPECT_EQ(All(FullUpcase(U'ẞ')), U"ẞ");
  EXPECT_EQ(All(FullUpcase(U'ﬃ')), U"FFI");
  EXPECT_EQ(All(FullUpcase(U'ŉ')), U"ʼN");
  EXPECT_EQ(All(FullUpcase(U'ΐ')), U"\u0399\u0308\u0301");
  EXPECT_EQ(All(FullUpcase(U'ᾳ')), U"ΑΙ");
  EXPECT_EQ(All(FullUpcase(U'ᾈ')), U"ἈΙ");
  EXPECT_EQ(All(FullUpcase(U'İ')), U"İ");
  EXPECT_EQ(All(FullDowncase(U'İ')), U"i\u0307");
  EXPECT_EQ(All(FullFoldcase(U'ß')), U"ss");
  EXPECT_EQ(All(FullFoldcase(U'ﬃ')), U"ffi");
}

TEST(CharactersTest, FoldingTwiceIsFoldingOnce) {
  for (char32_t c = 0; c <= runtime::Value::kLargestCodePoint; ++c) {
    if (!runtime::Value::IsScalarValue(c)) continue;
    for (const char32_t part : FullFoldcase(c)) {
      ASSERT_EQ(All(FullFoldcase(part)), std::u32string(1, part));
    }
    ASSERT_EQ(Foldcase(Foldcase(c)), Foldcase(c)) << std::uint32_t{c};
    ASSERT_FALSE(IsUppercase(c) && IsLowercase(c)) << std::uint32_t{c};
  }
}

}  // namespace
}  // namespace fledge::lambda
