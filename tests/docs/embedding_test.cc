// docs/embedding.md shows the files that are compiled, and the programs that
// they make print what the page says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

#include "tests/docs/page.h"

namespace fledge {
namespace {

using ::testing::Contains;
using ::testing::MatchesRegex;

constexpr const char* kPrograms[] = {"docs/embedding/twenty_lines.cc",
                                     "docs/embedding/own_weak_table.cc"};

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

TEST(EmbeddingPageTest, ShowsTheProgramsAsTheyAreCompiled) {
  const auto blocks = CodeBlocks(ReadCheckoutFile("docs/embedding.md"), "cpp");
  for (const char* program : kPrograms) {
    EXPECT_THAT(blocks, Contains(ReadCheckoutFile(program))) << program;
  }
}

TEST(EmbeddingPageTest, ShowsPiecesOfTheModelAsItIsCompiled) {
  const std::string model =
      Flattened(ReadCheckoutFile("docs/embedding/cell_model.h"));
  int pieces = 0;
  for (const std::string& block :
       CodeBlocks(ReadCheckoutFile("docs/embedding.md"), "cpp")) {
    if (std::any_of(std::begin(kPrograms), std::end(kPrograms),
                    [&](const char* program) {
                      return block == ReadCheckoutFile(program);
                    })) {
      continue;
    }
    ++pieces;
    EXPECT_NE(model.find(Flattened(block)), std::string::npos)
        << "no such lines:\n"
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

TEST(EmbeddingProgramTest, ItsWeakTableHasTheCellsThatAreAlive) {
  EXPECT_THAT(OutputOf(FLEDGE_OWN_WEAK_TABLE),
              MatchesRegex("1000 entries, from line 1000000 down, 0 wrong, in "
                           "[1-9][0-9]{3,5} places\n"));
}

}  // namespace
}  // namespace fledge
