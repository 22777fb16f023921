// The programs of benchmarks/lambda at their small sizes: the results that
// every Scheme gives, under every policy and as objects move all the time.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

std::string TextOfFile(const std::string& path) {
  std::ifstream file(std::string(FLEDGE_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What sizes.txt says of a program's small size.
struct SmallSize {
  std::vector<std::string> arguments;
  std::string result;
};

SmallSize SmallSizeOf(std::string_view program) {
  SmallSize size;
  const std::string begin = std::string(program) + " small ";
  std::istringstream lines(TextOfFile("benchmarks/lambda/sizes.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(begin, 0) != 0) continue;
    const std::size_t arrow = line.find(" => ");
    std::istringstream words(line.substr(begin.size(), arrow - begin.size()));
    for (std::string word; words >> word;) size.arguments.push_back(word);
    size.result = line.substr(arrow + 4);
  }
  EXPECT_FALSE(size.arguments.empty()) << program;
  return size;
}

// A program without its last form, which runs it, and that form.
struct SplitProgram {
  std::string definitions;
  std::string last_form;
};

SplitProgram Split(const std::string& program) {
  const std::size_t last = program.rfind("\n(") + 1;
  return {program.substr(0, last), program.substr(last)};
}

class BenchmarkProgramsTest : public ProgramTest {
 protected:
  // What a program says of its run.
  std::string ResultOf(std::string_view program, const SmallSize& size) {
    const auto [definitions, last_form] =
        Split(TextOfFile("benchmarks/lambda/" + std::string(program) + ".scm"));
    std::string words = "\"" + std::string(program) + "\"";
    for (const std::string& argument : size.arguments) {
      // Files are named from the root of the checkout.
      const bool is_file = argument.find('/') != std::string::npos;
      words += " \"" + (is_file ? std::string(FLEDGE_SOURCE_DIR) + "/" : "") +
               argument + "\"";
    }
    Run(definitions);
    Run("(define (command-line) '(" + words + "))");
    return Run(
        "(let ((said (open-output-string)))"
        " (parameterize ((current-output-port said)) " +
        last_form + ") (get-output-string said))");
  }

  void ExpectResult(std::string_view program) {
    const SmallSize size = SmallSizeOf(program);
    EXPECT_EQ(ResultOf(program, size), "\"" + size.result + "\\n\"");
  }
};

TEST_P(BenchmarkProgramsTest, TheProverProvesWhatIsTrue) {
  ExpectResult("prover");
}

TEST_P(BenchmarkProgramsTest, EarleysParserFindsAllTrees) {
  ExpectResult("earley");
}

TEST_P(BenchmarkProgramsTest, GraphsAreCountedUpToRenaming) {
  ExpectResult("graphs");
}

TEST_P(BenchmarkProgramsTest, MapsOfLatticesAreCounted) {
  ExpectResult("lattices");
}

TEST_P(BenchmarkProgramsTest, OptimizedCodeDoesTheSame) {
  ExpectResult("peephole");
}

TEST_P(BenchmarkProgramsTest, BothSearchesForConformityAgree) {
  ExpectResult("conformity");
}

TEST_P(BenchmarkProgramsTest, InterpretersRunInInterpreters) {
  ExpectResult("interpreter");
}

TEST_P(BenchmarkProgramsTest, FormulasOfPiAgree) { ExpectResult("pi"); }

TEST_P(BenchmarkProgramsTest, SplayTreesStayInOrder) { ExpectResult("splay"); }

TEST_P(BenchmarkProgramsTest, JsonIsReadAsItIsWritten) { ExpectResult("json"); }

INSTANTIATE_TEST_SUITE_P(Policies, BenchmarkProgramsTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
