#include "tools/fledge/completion.h"

#include <gtest/gtest.h>

namespace fledge::tools {
namespace {

TEST(CompletionTest, AWordEndsBeforeTheCursorAndBeginsBehindADelimiter) {
  EXPECT_EQ(WordAtEnd("(string-ap"), "string-ap");
  EXPECT_EQ(WordAtEnd("(f 'a->b"), "a->b");
  EXPECT_EQ(WordAtEnd("(map :key"), ":key");
  EXPECT_EQ(WordAtEnd("lone"), "lone");
  EXPECT_EQ(WordAtEnd("(f "), "");
  EXPECT_EQ(WordAtEnd(""), "");
}

TEST(CompletionTest, TheCommonBeginIsOfWholeCharacters) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(CommonBegin(Words{"string-ref", "string-set!"}), "string-");
  EXPECT_EQ(CommonBegin(Words{"car"}), "car");
  EXPECT_EQ(CommonBegin(Words{"car", "car!"}), "car");
  EXPECT_EQ(CommonBegin(Words{"car", "vector"}), "");
  // Both characters begin with the same byte.
  EXPECT_EQ(CommonBegin(Words{"a\u00e4", "a\u00f6"}), "a");
}

TEST(CompletionTest, WordsAreSortedDownColumnsThatFit) {
  const std::vector<std::string> words = {"dd", "a", "c", "bb", "e"};
  EXPECT_EQ(WordColumns(words, 10),
            "a   dd\n"
            "bb  e\n"
            "c\n");
  EXPECT_EQ(WordColumns(words, 1), "a\nbb\nc\ndd\ne\n");
}

TEST(CompletionTest, OfVeryManyWordsTheFirstAreShown) {
  const std::vector<std::string> words(kMostWordsShown + 7, "x");
  EXPECT_TRUE(WordColumns(words, 80).ends_with("\n... and 7 more\n"));
}

}  // namespace
}  // namespace fledge::tools
