// The example programs print what they should: compiled ahead of time and just
// in time, at every level of optimization, and with a collection of everything
// at every allocation and every poll, from-space being protected, each frame
// walked in two ways, and the heap verified before and after.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/sanitizers.h"

namespace nest {
namespace {

using ::testing::Combine;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Values;

struct Result {
  int status = -1;  // As wait() has it: 256 times what the program returned.
  std::string output;
};

// What a command of the shell's prints.
Result RunShell(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  Result result;
  for (int c; (c = std::fgetc(pipe)) != EOF;) {
    result.output += static_cast<char>(c);
  }
  result.status = pclose(pipe);
  return result;
}

std::string PathOf(const std::string& program) {
  return "docs/tutorial-llvm/programs/" + program + ".nest";
}

enum class Way { kAhead, kJustInTime };

struct Example {
  const char* name;
  const char* argument;
  const char* output;
};

constexpr Example kExamples[] = {
    {"binary_trees", "4",
     "stretch tree of depth 5\t check: 63\n"
     "16\t trees of depth 4\t check: 496\n"
     "long lived tree of depth 4\t check: 31\n"},
    {"nqueens", "4", "4 queens: 2 solutions\n"},
    {"differentiate", "4",
     "derivative 0: 22 at 2, size 11\n"
     "derivative 1: 35 at 2, size 19\n"
     "derivative 2: 48 at 2, size 33\n"
     "derivative 3: 48 at 2, size 39\n"
     "derivative 4: 24 at 2, size 1\n"},
};

void PrintTo(const Example& example, std::ostream* out) {
  *out << example.name;
}

class ProgramTest
    : public testing::TestWithParam<std::tuple<Example, Way, int>> {
 protected:
  std::string Command(const std::string& options) const {
    const auto& [example, way, level] = GetParam();
    const std::string number = std::to_string(level);
    return way == Way::kAhead
               ? FLEDGE_NEST_PROGRAMS "/" + std::string(example.name) + "_O" +
                     number + " " + options + " " + example.argument
               : FLEDGE_NEST " -O" + number + " " + options + " run " +
                     PathOf(example.name) + " " + example.argument;
  }
  std::string Expected() const { return std::get<0>(GetParam()).output; }
};

TEST_P(ProgramTest, PrintsWhatItShould) {
  const Result result = RunShell(Command(""));
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, Expected());
}

TEST_P(ProgramTest, SurvivesCollectionsEverywhere) {
  const Result result =
      RunShell(Command("--gc verify=on --stress "
                       "every=1,evacuate=all,protect=on,major=7 "
                       "--collect-at-polls --time 2>&1"));
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr(Expected()));
  EXPECT_THAT(result.output,
              MatchesRegex("(.|\n)*s, [1-9][0-9]{2,} collections\n"));
}

TEST_P(ProgramTest, SurvivesStepsOfMarking) {
  const Result result = RunShell(
      Command("--gc verify=on --stress random=3,cycles=on,tiny=on,seed=5"));
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, Expected());
}

std::string NameOf(const testing::TestParamInfo<ProgramTest::ParamType>& info) {
  const auto& [example, way, level] = info.param;
  return std::string(example.name) +
         (way == Way::kAhead ? "_ahead_O" : "_jit_O") + std::to_string(level);
}

// Of programs that are compiled ahead of time, CMakeLists.txt makes these.
std::vector<int> Levels() {
  return fledge::kSanitized ? std::vector{0, 2} : std::vector{0, 1, 2, 3};
}

INSTANTIATE_TEST_SUITE_P(Levels, ProgramTest,
                         Combine(testing::ValuesIn(kExamples),
                                 Values(Way::kAhead, Way::kJustInTime),
                                 testing::ValuesIn(Levels())),
                         NameOf);

// The command line.

TEST(NestTest, SaysWhereATextIsWrong) {
  const Result result = RunShell(
      "printf 'fn main(n: int) {\\n  let x = n + ;\\n}\\n' "
      "> " FLEDGE_NEST_PROGRAMS "/wrong.nest; " FLEDGE_NEST
      " run " FLEDGE_NEST_PROGRAMS "/wrong.nest 2>&1");
  EXPECT_EQ(result.status, 2 * 256);
  EXPECT_EQ(result.output, FLEDGE_NEST_PROGRAMS
            "/wrong.nest:2:15: expected an expression, found ';'\n");
}

TEST(NestTest, MisuseIsALineOrItsUsage) {
  const std::string tree = PathOf("binary_trees");
  for (const auto& [arguments, says] :
       {std::pair<std::string, std::string>{"", "usage: nest "},
        {"walk " + tree, "usage: nest "},
        {"-O4 run " + tree, "usage: nest "},
        {"run no.nest", "nest: no.nest: cannot be read\n"},
        {"run " + tree + " four", "nest: 'four' is not a number\n"},
        {"--gc nursery=abc run " + tree, "nest: --gc: nursery: 'abc' is not"},
        {"--stress", "nest: --stress: expected KEY=VALUE"}}) {
    const Result result = RunShell(FLEDGE_NEST " " + arguments + " 2>&1");
    EXPECT_EQ(result.status, 2 * 256) << arguments;
    EXPECT_THAT(result.output, HasSubstr(says)) << arguments;
  }
}

TEST(NestTest, AFailingProgramSaysWhere) {
  for (const auto& [body, says] :
       {std::pair<std::string, std::string>{"let e: [int] = []; print(e.head);",
                                            "1:46: nil has no head\n"},
        {"print(7 / (n - n));", "1:27: division by zero\n"}}) {
    const Result result =
        RunShell("printf 'fn main(n: int) { " + body +
                 " }' > " FLEDGE_NEST_PROGRAMS "/fails.nest; " FLEDGE_NEST
                 " run " FLEDGE_NEST_PROGRAMS "/fails.nest 3 2>&1");
    EXPECT_EQ(result.status, 1 * 256);
    EXPECT_EQ(result.output, FLEDGE_NEST_PROGRAMS "/fails.nest:" + says);
  }
}

}  // namespace
}  // namespace nest
