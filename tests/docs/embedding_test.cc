// docs/embedding.md shows the files that are compiled, and the program that
// they make prints what the page says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/docs/page.h"

namespace fledge {
namespace {

using ::testing::Contains;
using ::testing::MatchesRegex;

// What the program prints; its exit status is 0, or the test fails.
std::string OutputOf(const std::string& program) {
  std::FILE* const pipe = popen(("'" + program + "'").c_str(), "r");
  if (pipe == nullptr) {
    ADD_FAILURE() << program << " cannot be run";
    return "";
  }
  std::string output;
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  return output;
}

TEST(EmbeddingPageTest, ShowsTheProgramAsItIsCompiled) {
  const auto blocks = CodeBlocks(ReadCheckoutFile("docs/embedding.md"), "cpp");
  EXPECT_THAT(blocks,
              Contains(ReadCheckoutFile("docs/embedding/twenty_lines.cc")));
}

TEST(EmbeddingPageTest, ShowsPiecesOfTheModelAsItIsCompiled) {
  const std::string model =
      Flattened(ReadCheckoutFile("docs/embedding/cell_model.h"));
  const std::string program =
      Flattened(ReadCheckoutFile("docs/embedding/twenty_lines.cc"));
  int pieces = 0;
  for (const std::string& block :
       CodeBlocks(ReadCheckoutFile("docs/embedding.md"), "cpp")) {
    const std::string flat = Flattened(block);
    if (flat == program) continue;
    ++pieces;
    EXPECT_NE(model.find(flat), std::string::npos) << "no such lines:\n"
                                                   << block;
  }
  EXPECT_GT(pieces, 0);
}

TEST(EmbeddingProgramTest, ReadsBackItsListAfterCollectionsMovedIt) {
  EXPECT_THAT(OutputOf(FLEDGE_TWENTY_LINES),
              MatchesRegex("sum 2000001000000, the first cell has moved, "
                           "[1-9][0-9]* minor and [1-9][0-9]* major "
                           "collections\n"));
}

}  // namespace
}  // namespace fledge
