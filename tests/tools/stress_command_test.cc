#include "tools/fledge/stress_command.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fledge::tools {
namespace {

using Words = std::vector<std::string>;

TEST(ShellLineTest, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(ShellLine(Words{"fledge", "--gc", "nursery=1M,verify=on", "a/b.c"}),
            "fledge --gc nursery=1M,verify=on a/b.c");
}

TEST(ShellLineTest, WordsThatAShellWouldReadOtherwiseAreQuoted) {
  EXPECT_EQ(ShellLine(Words{"a b", "", "it's", "$x"}),
            "'a b' '' 'it'\\''s' '$x'");
}

TEST(DifferenceTest, NamesTheFirstLineThatDiffers) {
  EXPECT_EQ(Difference("a\nb\nc", "a\nB\nC"),
            "the results differ in line 2: unstressed 'b', stressed 'B'");
  EXPECT_EQ(Difference("1", "2"),
            "the results differ in line 1: unstressed '1', stressed '2'");
}

TEST(DifferenceTest, ATextThatGoesOnDiffersInItsNextLine) {
  EXPECT_EQ(Difference("a\nb", "a"),
            "the results differ in line 2: unstressed 'b', stressed ''");
  EXPECT_EQ(Difference("a", "a\n"),
            "the results differ in line 2: unstressed '', stressed ''");
}

}  // namespace
}  // namespace fledge::tools
