// Reader and expander get programs with some of their words changed. A short
// form of tests/fuzz/lambda_program_fuzzer.cc.

#include "tests/runtime/lambda/program_inputs.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/expression_maker.h"
#include "tests/runtime/lambda/code_check.h"
#include "tests/runtime/lambda/expression_check.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

// Parentheses, words, and the space between them.
std::vector<std::string> WordsOf(const std::string& program) {
  std::vector<std::string> words(1);
  for (const char c : program) {
    const bool is_mark = std::string("()' ,`@#").find(c) != std::string::npos;
    if (is_mark && !words.back().empty()) words.emplace_back();
    words.back() += c;
    if (is_mark) words.emplace_back();
  }
  return words;
}

TEST(ProgramInputsTest, GoodProgramsAreExpanded) {
  for (const std::string& program : GoodPrograms()) {
    EXPECT_EQ(RunProgramInput(program), std::nullopt) << program;
  }
}

TEST(ProgramInputsTest, ChangedProgramsAreProgramsOrErrors) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return random() % n; };
  std::vector<std::string> pool;
  for (const std::string& program : GoodPrograms()) {
    for (std::string& word : WordsOf(program)) pool.push_back(std::move(word));
  }
  const int runs = kSanitized ? 1'000 : 5'000;
  for (int run = 0; run < runs; ++run) {
    std::vector<std::string> words =
        WordsOf(GoodPrograms()[below(GoodPrograms().size())]);
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) {
      const std::size_t at = below(words.size());
      switch (below(4)) {
        case 0:
          words[at] = pool[below(pool.size())];
          break;
        case 1:
          words.insert(words.begin() + static_cast<std::ptrdiff_t>(at),
                       pool[below(pool.size())]);
          break;
        case 2:
          words[at].clear();
          break;
        default:
          std::swap(words[at], words[below(words.size())]);
      }
    }
    std::string program;
    for (const std::string& word : words) program += word;
    ASSERT_EQ(RunProgramInput(program), std::nullopt) << program;
  }
}

// The check finds what it is there to find.
TEST(ExpressionCheckTest, FaultsAreFound) {
  Arena arena;
  ExpressionMaker make(arena);
  const Position at{0, 1, 1};
  Variable* const x = make.MakeVariable("x");
  Expression* const one = make.Integer(1, at);
  EXPECT_EQ(FindFault(*make.Let(x, one, make.Local(x, at), at)), std::nullopt);
  EXPECT_EQ(FindFault(*make.Let(x, one, one, at)), "references of x");
  EXPECT_EQ(FindFault(*make.Local(x, at)), "a variable is not bound");
  Variable* const y = make.MakeVariable("y");
  EXPECT_EQ(FindFault(*make.Let(y, one, make.Let(y, one, one, at), at)),
            "a variable is bound twice");
  y->is_assigned = true;
  EXPECT_EQ(FindFault(*make.Let(y, one, one, at)), "assignments of y");
  EXPECT_EQ(FindFault(*make.Make(Expression::Kind::kIf, at)),
            "the number of operands");
}

TEST(CodeCheckTest, FaultsAreFound) {
  CodeDraft good;
  good.name = "f";
  good.register_count = 3;
  good.instructions = {Instruction::MakeWide(Operation::kLoadInteger, 1, 7),
                       Instruction::Make(Operation::kMove, 2, 1),
                       Instruction::Make(Operation::kReturn, 2)};
  EXPECT_EQ(FindCodeFault(good), std::nullopt);
  const auto fault_with = [&](std::size_t i, Instruction changed) {
    CodeDraft draft;
    draft.name = good.name;
    draft.register_count = good.register_count;
    draft.instructions = good.instructions;
    draft.instructions[i] = changed;
    return FindCodeFault(draft).value_or("none");
  };
  EXPECT_EQ(fault_with(1, Instruction::Make(Operation::kMove, 3, 1)),
            "f, instruction 1: a register");
  EXPECT_EQ(fault_with(0, Instruction::Make(Operation::kMove, 2, 0)),
            "f, instruction 0: register 1 is read unset");
  EXPECT_EQ(fault_with(2, Instruction::Make(Operation::kMove, 1, 2)),
            "f, instruction 2: the code's end");
  EXPECT_EQ(fault_with(1, Instruction::MakeWide(Operation::kJumpIfTrue, 1, -3)),
            "f, instruction 1: a target");
  EXPECT_EQ(fault_with(0, Instruction::MakeWide(Operation::kLoadGlobal, 1, 0)),
            "f, instruction 0: a global");
  EXPECT_EQ(fault_with(1, Instruction::Make(Operation::kLoadCapture, 2, 0)),
            "f, instruction 1: a capture");
  EXPECT_EQ(fault_with(1, Instruction::Make(Operation::kCall, 1, 0)),
            "f, instruction 1: the frame of a call");
  EXPECT_EQ(fault_with(1, Instruction::Make(Operation::kReceive, 1, 3, 1)),
            "f, instruction 1: registers that receive");
}

}  // namespace
}  // namespace fledge::lambda
