#include "tools/fledge/form_end.h"

#include <gtest/gtest.h>

namespace fledge::tools {
namespace {

TEST(FormEndTest, OpenListsTextsAndCommentsAskForMore) {
  for (const char* text : {"(car", "(car (b)", "\"abc", "#(1 2", "#|", "'",
                           "|a b", "{:a 1", "1 2 (", "#;", "#u8(1"}) {
    EXPECT_TRUE(EndsWithinForm(text)) << text;
  }
}

TEST(FormEndTest, WhatIsWholeOrWrongDoesNot) {
  for (const char* text : {"", "\n", "; comment (", "a", "(car 5)", "1 (b)",
                           ")", "(]", "#\\(", "(a . )", "#<"}) {
    EXPECT_FALSE(EndsWithinForm(text)) << text;
  }
}

TEST(FormEndTest, DepthDoesNotMatter) {
  const std::string deep(1'000'000, '(');
  // The reader refuses so deep a form at once, whatever follows.
  EXPECT_FALSE(EndsWithinForm(deep));
}

}  // namespace
}  // namespace fledge::tools
