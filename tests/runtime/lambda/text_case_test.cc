#include "runtime/lambda/text_case.h"

#include <gtest/gtest.h>

#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

class TextCaseTest : public ::testing::Test {
 protected:
  using Map = Value (*)(Mutator&, Local);

  std::u32string Mapped(Map map, std::u32string_view characters) {
    return Machine::TextOf(map(machine_.mutator, machine_.String(characters)));
  }

  Machine machine_;
};

TEST_F(TextCaseTest, CapitalsMayBeMoreThanTheSmallLettersWere) {
  EXPECT_EQ(Mapped(TryUpcaseText, U""), U"");
  EXPECT_EQ(Mapped(TryUpcaseText, U"Straße 1"), U"STRASSE 1");
  EXPECT_EQ(Mapped(TryUpcaseText, U"ÿ"), U"Ÿ");
  EXPECT_EQ(Mapped(TryUpcaseText, U"χαος"), U"ΧΑΟΣ");
}

TEST_F(TextCaseTest, ASigmaThatEndsAWordIsAFinalOne) {
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΧΑΟΣ"), U"χαος");
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΧΑΟΣΣ"), U"χαοσς");
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΧΑΟΣ Σ"), U"χαος σ");
  EXPECT_EQ(Mapped(TryDowncaseText, U"Σ"), U"σ");
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΑΣ\u0301 Β"), U"ας\u0301 β");
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΑΣ\u0301Β"), U"ασ\u0301β");
  EXPECT_EQ(Mapped(TryDowncaseText, U"ΑΣ'Β.ΑΣ."), U"ασ'β.ας.");
}

TEST_F(TextCaseTest, FoldingKnowsOneSigma) {
  EXPECT_EQ(Mapped(TryFoldText, U"ΧΑΟΣΣ"), U"χαοσσ");
  EXPECT_EQ(Mapped(TryFoldText, U"χαος"), U"χαοσ");
  EXPECT_EQ(Mapped(TryFoldText, U"Straße"), U"strasse");
}

}  // namespace
}  // namespace fledge::lambda
