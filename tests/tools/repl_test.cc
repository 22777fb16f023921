#include "tools/fledge/repl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

namespace fledge::tools {
namespace {

using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr const char* kInterrupt = "^C";

// Lines as if they were typed.
class Typed final : public LineInput {
 public:
  explicit Typed(std::vector<std::string> lines) : lines_(std::move(lines)) {}

  LineOutcome Read(const std::string& prompt, std::string& line) override {
    prompts.push_back(prompt);
    if (next_ == lines_.size()) return LineOutcome::kEnd;
    line = lines_[next_++];
    return line == kInterrupt ? LineOutcome::kInterrupted : LineOutcome::kLine;
  }

  std::vector<std::string> prompts;

 private:
  const std::vector<std::string> lines_;
  std::size_t next_ = 0;
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
  std::vector<std::string> prompts;
};

Outcome Type(std::vector<std::string> lines, const ReplOptions& options = {}) {
  Typed typed(std::move(lines));
  Outcome outcome;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  outcome.status = Repl(options, typed).Run();
  outcome.out = ::testing::internal::GetCapturedStdout();
  outcome.err = ::testing::internal::GetCapturedStderr();
  outcome.prompts = typed.prompts;
  return outcome;
}

TEST(ReplTest, EachFormsValueIsALine) {
  const Outcome outcome = Type({"(+ 1 2) \"a\\n\"", "'(a . b)"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "3\n\"a\\n\"\n(a . b)\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(ReplTest, SeveralValuesAreALineEachAndUnspecifiedOnesNone) {
  EXPECT_EQ(Type({"(values 1 'b)"}).out, "1\nb\n");
  EXPECT_EQ(Type({"(values)", "(if #f #f)", "(define x 1)", "(set! x 2)",
                  "; nothing", "", "   "})
                .out,
            "");
}

TEST(ReplTest, AFormMayTakeSeveralLines) {
  const Outcome outcome = Type({"(+ 1", "2", "; more", ")", "5"});
  EXPECT_EQ(outcome.out, "3\n5\n");
  EXPECT_THAT(outcome.prompts,
              ElementsAre("1> ", " | ", " | ", " | ", "2> ", "3> "));
}

TEST(ReplTest, AnInterruptDropsWhatIsTyped) {
  const Outcome outcome = Type({"(car", "(", kInterrupt, "5"});
  EXPECT_EQ(outcome.out, "5\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.prompts, ElementsAre("1> ", " | ", " | ", "1> ", "2> "));
}

TEST(ReplTest, ErrorsSayWhereAndThePromptGoesOn) {
  const Outcome outcome =
      Type({"(define (f x)", "  (car x))", "1 (+ 1 (f 5)) 2", "7"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "1\n7\n");
  EXPECT_EQ(outcome.err,
            "input 1:2:3: car: argument 1 is not a pair: 5\n"
            "  2 |   (car x))\n"
            "    |   ^\n"
            "  in f at input 1:2:3\n"
            "  in a form at input 2:1:8\n");
}

TEST(ReplTest, MistakesOfSyntaxToo) {
  const Outcome outcome = Type({"1 (if) 2", ")", "3"});
  EXPECT_EQ(outcome.out, "1\n3\n");
  EXPECT_THAT(outcome.err, StartsWith("input 1:1:3: "));
  EXPECT_THAT(outcome.err, HasSubstr("\ninput 2:1:1: "));
}

TEST(ReplTest, AFormThatNeverEndsIsReportedAtTheEnd) {
  const Outcome outcome = Type({"1", "(+ 1"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, StartsWith("input 2:1:1: this list has no end"));
}

TEST(ReplTest, ExitEndsItWithItsStatus) {
  const Outcome outcome = Type({"1 (exit 3) 2", "4"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "1\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(ReplTest, OutputThatDoesNotEndItsLineIsEndedForIt) {
  EXPECT_EQ(Type({"(display \"a\") 1", "(display \"b\\n\")", "2"}).out,
            "a\n1\nb\n2\n");
}

TEST(ReplTest, LongValuesAreCutOff) {
  const std::string out = Type({"(make-list 100000 'x)"}).out;
  EXPECT_LT(out.size(), Repl::kMostBytesOfValue + 10);
  EXPECT_TRUE(out.ends_with("...\n"));
}

TEST(ReplTest, RunningOutOfMemoryIsAnErrorLikeOthers) {
  ReplOptions options;
  options.heap.max_heap_bytes = 8 << 20;
  const Outcome outcome =
      Type({"(let loop ((l '())) (loop (cons (make-vector 100 1) l)))",
            "(+ 1 2)", "(length (make-list 1000 1))"},
           options);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "3\n1000\n");
  EXPECT_THAT(outcome.err, HasSubstr("memory"));
}

TEST(ReplTest, AnErrorLeavesNoParametersBehind) {
  EXPECT_EQ(Type({"(define p (make-parameter 1))",
                  "(parameterize ((p 2)) (car 5))", "(p)"})
                .out,
            "1\n");
}

// Commands.

TEST(ReplTest, ResetForgetsAll) {
  const Outcome outcome =
      Type({"(define mine 1)", ":reset", "mine", "(+ 1 1)"});
  EXPECT_EQ(outcome.out, "2\n");
  EXPECT_THAT(outcome.err, StartsWith("input 1:1:1: "));
  EXPECT_THAT(outcome.err, HasSubstr("mine"));
}

TEST(ReplTest, GcSaysWhatItFreed) {
  EXPECT_THAT(
      Type({"(define l (make-vector 1000000 0))", "(set! l 0)", ":gc"}).out,
      ContainsRegex("^freed 7.6. MiB in .*; .* are in use\n$"));
}

TEST(ReplTest, StatsCountCollections) {
  const std::string out = Type({":gc", ":stats"}).out;
  EXPECT_THAT(out, ContainsRegex("\n  heap +[0-9.]+ .?iB used, "));
  EXPECT_THAT(out, ContainsRegex("\n  minor +none\n  major +1 in "));
}

TEST(ReplTest, LoadRunsAFileInTheSession) {
  const std::string path =
      ::testing::TempDir() + "fledge_repl_" + std::to_string(getpid()) + ".scm";
  std::ofstream(path) << "(define from-file 5)\n6\n(car from-file)\n";
  const Outcome outcome =
      Type({":load " + path, "from-file", ":load /no/file", ":load"});
  std::filesystem::remove(path);
  EXPECT_EQ(outcome.out, "5\n");
  EXPECT_THAT(outcome.err, StartsWith(path + ":3:1: car: "));
  EXPECT_THAT(outcome.err, HasSubstr(":load: cannot read '/no/file': No such "
                                     "file or directory\n"
                                     ":load takes an argument: :load FILE\n"));
}

TEST(ReplTest, HelpHasEachCommandAndUnknownOnesNameThem) {
  const std::string help = Type({":help"}).out;
  for (const char* name : {":help", ":load FILE", ":stats", ":gc", ":reset"}) {
    EXPECT_THAT(help, HasSubstr("  " + std::string(name) + " "));
  }
  EXPECT_EQ(Type({":rest", "5"}).err,
            "unknown command ':rest' (did you mean ':reset'? known: :help, "
            ":load, :stats, :gc, :reset); a keyword is a value as ':rest\n");
}

TEST(ReplTest, AColonIsACommandOnlyWhereAFormBegins) {
  EXPECT_EQ(Type({"(list", ":help", ")", "':gc"}).out, "(:help)\n:gc\n");
}

// Completion.

TEST(ReplTest, NamesOfTheSessionAndCommandsAreCompleted) {
  Typed none({});
  const Repl repl({}, none);
  EXPECT_THAT(repl.Completions("(string-ap", "string-ap"),
              ElementsAre("string-append"));
  EXPECT_THAT(repl.Completions("(if", "if"), Contains("if"));
  EXPECT_THAT(repl.Completions("(%", "%"), IsEmpty());
  EXPECT_THAT(repl.Completions(":st", ":st"), ElementsAre(":stats"));
  EXPECT_THAT(repl.Completions("(f :st", ":st"), IsEmpty());
}

}  // namespace
}  // namespace fledge::tools
