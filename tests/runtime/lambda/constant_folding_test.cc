#include "runtime/lambda/constant_folding.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/compiler.h"
#include "runtime/lambda/constant_calls.h"
#include "runtime/lambda/expression_text.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/top_level.h"
#include "tests/runtime/lambda/code_listing.h"
#include "tests/runtime/lambda/expansion.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class ConstantFoldingTest : public ::testing::Test {
 protected:
  // With the procedures of the library that the tests call; `f` is none of
  // them, and nobody knows what `x` is.
  ConstantFoldingTest() {
    Library& library = expansion_.libraries().Add({{"p"}});
    for (const std::string_view name :
         {"+", "-", "*", "/", "<", ">", "=", "not", "eq?", "eqv?", "list",
          "quotient", "expt", "string-length", "car", "zero?", "memv"}) {
      Global* const global = library.Provide(expansion_.names().Intern(name));
      global->is_constant = true;
      global->operation = InlinedIndex(name);
      global->folding = FoldingIndex(name);
    }
    library.is_complete = true;
    expansion_.Expand("(import (p)) (define f #f) (define x #f)");
  }

  Expression* ExpandForm(std::string_view text) {
    Reader reader(text, 0, expansion_.names());
    return ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                          *reader.Read(arena_), arena_);
  }

  // What the form comes to.
  std::string Fold(std::string_view text) {
    Lambda program(arena_, {});
    program.body = ExpandForm(text);
    FoldConstants(arena_, program, StackLimit());
    return TextOf(*program.body);
  }

  // The instructions of its code, and of procedures in it in parentheses.
  std::string Compiled(std::string_view text) {
    return Listing(*Compile(arena_, ExpandForm(text), LastCall::kTail));
  }

  Expansion expansion_;
  Arena arena_;
};

TEST_F(ConstantFoldingTest, CallsOfConstantsAreTheirValues) {
  EXPECT_EQ(Fold("(+ 1 2)"), "'3");
  EXPECT_EQ(Fold("(* 60 60 24)"), "'86400");
  EXPECT_EQ(Fold("(- 5)"), "'-5");
  EXPECT_EQ(Fold("(+)"), "'0");
  EXPECT_EQ(Fold("(* 1.5 2)"), "'3.0");
  EXPECT_EQ(Fold("(f (quotient -7 2) (< 1 2 3) (< 1 3 2))"), "(f '-3 '#t '#f)");
  EXPECT_EQ(Fold("(not '())"), "'#f");
  EXPECT_EQ(Fold("(eq? 'a 'a)"), "'#t");
  EXPECT_EQ(Fold("(string-length \"stra\u00dfe\")"), "'6");
  EXPECT_EQ(Fold("(+ (* 2 3) (- 4 x))"), "(+ '6 (- '4 x))");
}

TEST_F(ConstantFoldingTest, IntegersMayBecomeLargeButNotGigantic) {
  EXPECT_EQ(Fold("(* 4611686018427387903 4)"), "'18446744073709551612");
  EXPECT_EQ(Fold("(- -4611686018427387904 1)"), "'-4611686018427387905");
  EXPECT_EQ(Fold("(expt 2 100)"), "'1267650600228229401496703205376");
  EXPECT_EQ(Fold("(expt -2 127)"), "'-170141183460469231731687303715884105728");
  EXPECT_EQ(Fold("(expt 2 127)"), "(expt '2 '127)");
  EXPECT_EQ(Fold("(expt 10 1000)"), "(expt '10 '1000)");
  EXPECT_EQ(Fold("(quotient -4611686018427387904 -1)"), "'4611686018427387904");
}

TEST_F(ConstantFoldingTest, WhatRaisesIsLeftAlone) {
  for (const std::string_view same :
       {"(quotient '1 '0)", "(+ '1 'a)", "(< '1 'a)", "(< '2 '1 'a)",
        "(/ '1 '0)", "(not)", "(expt '0 '-1)", "(string-length 'a)",
        "(zero? 'a)"}) {
    EXPECT_EQ(Fold(same), same);
  }
  EXPECT_EQ(Fold("(not 1 2)"), "(not '1 '2)");
}

TEST_F(ConstantFoldingTest, WhatHasAnIdentityIsLeftAlone) {
  for (const std::string_view same :
       {"(car '(1 2))", "(eq? '(1) '(1))", "(eqv? '\"a\" '\"a\")",
        "(eqv? '1.5 '1.5)", "(list '1 '2)"}) {
    EXPECT_EQ(Fold(same), same);
  }
  EXPECT_EQ(Fold("(eq? '(1) 1)"), "'#f");
}

TEST_F(ConstantFoldingTest, ProceduresThatAProgramDefinesAreCalled) {
  EXPECT_EQ(Fold("(f 1 2)"), "(f '1 '2)");
  EXPECT_EQ(Fold("(let ((+ -)) (+ 1 2))"), "(let ((+.0 -)) (+.0 '1 '2))");
  EXPECT_EQ(Fold("(define (+ a b) 0)").substr(0, 7), "(define");
  EXPECT_EQ(Fold("(+ 1 2)"), "(+ '1 '2)");
}

TEST_F(ConstantFoldingTest, OfABranchThatIsKnownTheOtherIsDropped) {
  EXPECT_EQ(Fold("(if (< 1 2) (f) x)"), "(f)");
  EXPECT_EQ(Fold("(if (zero? 1) (f) x)"), "x");
  EXPECT_EQ(Fold("(if '() 1 2)"), "'1");
  EXPECT_EQ(Fold("(cond ((eq? 'a 'b) (f)) ((not #f) x) (else 3))"), "x");
  EXPECT_EQ(Fold("(and 1 #t x)"), "x");
  EXPECT_EQ(Fold("(or #f x)"), "x");
  EXPECT_EQ(Fold("(or 1 x)"), "'1");
  EXPECT_EQ(Fold("(if #t (if #f x (+ 1 1)) x)"), "'2");
  // The last value counts.
  EXPECT_EQ(Fold("(if (begin (f) #t) 1 2)"), "(if (begin (f) '#t) '1 '2)");
}

TEST_F(ConstantFoldingTest, ConstantsBeforeTheLastExpressionAreDropped) {
  EXPECT_EQ(Fold("(begin 1 (f) \"s\" x)"), "(begin (f) x)");
  EXPECT_EQ(Fold("(begin 1 2 3)"), "'3");
  EXPECT_EQ(Fold("(+ (begin 1 2) 3)"), "'5");
}

TEST_F(ConstantFoldingTest, VariablesThatAreConstantsAreReplaced) {
  EXPECT_EQ(Fold("(let ((a 2) (b 3)) (* a b))"), "'6");
  EXPECT_EQ(Fold("(let ((a 2) (b (f))) (* a b a))"),
            Fold("(let ((b (f))) (* 2 b 2))"));
  EXPECT_EQ(Fold("(let ((a 2)) (lambda () a))"), Fold("(lambda () 2)"));
  EXPECT_EQ(Fold("(let* ((a 2) (b (+ a 1))) (f a b))"), "(f '2 '3)");
  EXPECT_EQ(Fold("(let () (define a 4) (define b (* a a)) (f b))"), "(f '16)");
  EXPECT_EQ(Fold("(let ((a 'x)) (f a a))"), "(f 'x 'x)");
}

TEST_F(ConstantFoldingTest, OtherVariablesAreKept) {
  for (const std::string_view text :
       {"(let ((a 2)) (set! a 3) (f a))", "(let ((a '(1))) (f a a))",
        "(letrec ((g (f (lambda () a))) (a 1)) (g))",
        "(let () (define b (f)) (define a 1) (f a))"}) {
    EXPECT_NE(Fold(text).find("a."), std::string::npos) << Fold(text);
  }
  // A procedure that is made runs nothing.
  EXPECT_EQ(Fold("(let () (define (g) a) (define a 1) (g))"),
            Fold("(let () (define (g) 1) (g))"));
}

TEST_F(ConstantFoldingTest, ALoopIsALoopWhereTheUseThatMadeItNoneIsDropped) {
  const std::string code = Compiled(
      "(let loop ((i 0))"
      "  (if #f (f loop) (if (< i 10) (loop (+ i 1)) i)))");
  EXPECT_EQ(code,
            "LoadInteger Loop JumpUnlessLessInteger AddInteger Loop "
            "Return");
}

TEST_F(ConstantFoldingTest, WhatIsKnownTakesOneInstruction) {
  EXPECT_EQ(Compiled("(* 60 60 24)"), "LoadInteger Return");
  EXPECT_EQ(Compiled("(if (< 1 2) 'yes (f))"), "LoadConstant Return");
  EXPECT_EQ(Compiled("(let ((n 3)) (lambda (x) (+ x n)))"),
            "MakeClosure Return (AddInteger Return)");
}

TEST_F(ConstantFoldingTest, AProgramNestedTooDeeplyIsAnError) {
  std::string text = "1";
  for (int i = 0; i < 9'000; ++i) text = "(if x " + text + " 2)";
  Expression* program = nullptr;
  try {
    program = ExpandForm(text);
  } catch (const SyntaxError&) {
    return;
  }
  Lambda lambda(arena_, {});
  lambda.body = program;
  try {
    FoldConstants(arena_, lambda, StackLimit());
  } catch (const SyntaxError& error) {
    EXPECT_STREQ(error.what(), "this is nested too deeply");
  }
}

// Each call is what it is where nothing is known before it runs.
class FoldedProgramsTest : public ProgramTest {};

TEST_P(FoldedProgramsTest, FoldedCallsAreWhatTheProcedureReturns) {
  const std::vector<std::string> operands = {"0",
                                             "1",
                                             "-1",
                                             "2",
                                             "-7",
                                             "4611686018427387903",
                                             "-4611686018427387904",
                                             "9007199254740993",
                                             "0.0",
                                             "-0.0",
                                             "1.0",
                                             "-2.5",
                                             "1e300",
                                             "+inf.0",
                                             "-inf.0",
                                             "+nan.0",
                                             "1/2",
                                             "12345678901234567890",
                                             "1+2i",
                                             "#t",
                                             "#f",
                                             "()",
                                             "a",
                                             "b",
                                             "#\\a",
                                             "#\\b",
                                             "\"\"",
                                             "\"a\u00df\"",
                                             "(1)",
                                             "#(1)",
                                             "#u8(1)"};
  const auto check = [&](const std::string& name,
                         const std::vector<std::string>& arguments) {
    std::string folded = "(" + name;
    std::string called = "(apply " + name + " (list";
    for (const std::string& argument : arguments) {
      folded += " '" + argument;
      called += " '" + argument;
    }
    EXPECT_EQ(Run(folded + ")"), Run(called + "))")) << folded;
  };
  for (const std::string name : {"+",
                                 "-",
                                 "*",
                                 "/",
                                 "quotient",
                                 "truncate-quotient",
                                 "floor-quotient",
                                 "remainder",
                                 "truncate-remainder",
                                 "modulo",
                                 "floor-remainder",
                                 "square",
                                 "abs",
                                 "expt",
                                 "max",
                                 "min",
                                 "inexact",
                                 "=",
                                 "<",
                                 "<=",
                                 ">",
                                 ">=",
                                 "zero?",
                                 "positive?",
                                 "negative?",
                                 "odd?",
                                 "even?",
                                 "eq?",
                                 "eqv?",
                                 "equal?",
                                 "not",
                                 "null?",
                                 "pair?",
                                 "boolean?",
                                 "char?",
                                 "string?",
                                 "symbol?",
                                 "vector?",
                                 "bytevector?",
                                 "number?",
                                 "complex?",
                                 "real?",
                                 "rational?",
                                 "integer?",
                                 "exact-integer?",
                                 "exact?",
                                 "inexact?",
                                 "char=?",
                                 "char<?",
                                 "char<=?",
                                 "char>?",
                                 "char>=?",
                                 "char->integer",
                                 "integer->char",
                                 "string-length"}) {
    ASSERT_NE(FoldingIndex(name), 0) << name;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      check(name, {operands[i]});
      // Powers of what is large take their time.
      if (name == "expt" && i > 4) continue;
      for (std::size_t j = 0; j < operands.size(); ++j) {
        if (name == "expt" && j > 4 && j < 8) continue;
        check(name, {operands[i], operands[j]});
        check(name, {operands[i], operands[j], operands[(i * 7 + j) % 31]});
      }
    }
    check(name, {});
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, FoldedProgramsTest,
                         ::testing::Values("policy=genimmix"));

}  // namespace
}  // namespace fledge::lambda
