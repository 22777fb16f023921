#include "runtime/text_contents.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace fledge::runtime {
namespace {

class TextContentsTest : public ::testing::Test {
 protected:
  // In the `i`-th place.
  Text Make(std::size_t i, std::u32string_view characters, TextWidth width) {
    const Text text = Text::Initialize(
        reinterpret_cast<Address>(memory_[i].data()), characters.size(), width);
    for (std::size_t at = 0; at < characters.size(); ++at) {
      text.SetCharacter(at, characters[at]);
    }
    return text;
  }

  std::array<std::array<Value::Word, 32>, 2> memory_;
};

TEST_F(TextContentsTest, WidthMakesNoDifference) {
  for (const std::u32string_view characters :
       {U"", U"a", U"é", U"abcdefg", U"abcdefgh", U"abcdefghi",
        U"a text that is longer than a word or two"}) {
    const Text narrow = Make(0, characters, TextWidth::kNarrow);
    const Text wide = Make(1, characters, TextWidth::kWide);
    EXPECT_TRUE(HaveSameCharacters(narrow, wide));
    EXPECT_TRUE(HaveSameCharacters(wide, narrow));
    EXPECT_EQ(HashOf(narrow), HashOf(wide));
  }
}

TEST_F(TextContentsTest, EveryCharacterCounts) {
  constexpr std::u32string_view kCharacters = U"abcdefghijklmnopq";
  const Text text = Make(0, kCharacters, TextWidth::kWide);
  for (std::size_t i = 0; i < kCharacters.size(); ++i) {
    for (const char32_t other : {U'A', U'\x161', U'\x10061'}) {
      std::u32string changed(kCharacters);
      changed[i] = other;
      const Text unlike = Make(1, changed, TextWidth::kWide);
      EXPECT_FALSE(HaveSameCharacters(text, unlike));
      EXPECT_NE(HashOf(text), HashOf(unlike));
    }
  }
  EXPECT_FALSE(HaveSameCharacters(
      text, Make(1, kCharacters.substr(1), TextWidth::kNarrow)));
}

}  // namespace
}  // namespace fledge::runtime
