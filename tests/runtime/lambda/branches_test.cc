// Branches: runtime/lambda/compile_branches.cc.
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "runtime/lambda/compiler.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/operation.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/top_level.h"
#include "tests/runtime/lambda/code_check.h"
#include "tests/runtime/lambda/code_listing.h"
#include "tests/runtime/lambda/expansion.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class BranchCodeTest : public ::testing::Test {
 protected:
  // With the procedures of the library that the tests call, and some others.
  BranchCodeTest() {
    Library& library = expansion_.libraries().Add({{"p"}});
    for (const std::string_view name :
         {"not", "eq?", "eqv?", "null?", "pair?", "<", "="}) {
      Global* const global = library.Provide(expansion_.names().Intern(name));
      global->is_constant = true;
      global->operation = InlinedIndex(name);
    }
    library.is_complete = true;
    expansion_.Expand("(import (p)) (define f #f)");
  }

  // The instructions of the procedure (lambda (a b) body).
  std::string Compiled(std::string_view body) {
    const std::string text = "(lambda (a b) " + std::string(body) + ")";
    Reader reader(text, 0, expansion_.names());
    const auto draft =
        Compile(arena_,
                ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                               *reader.Read(arena_), arena_),
                LastCall::kTail);
    EXPECT_EQ(FindCodeFault(*draft), std::nullopt);
    return Listing(*draft->constants.at(0).procedure);
  }

  Expansion expansion_;
  Arena arena_;
};

TEST_F(BranchCodeTest, WhatIsOnlyTestedIsNoValue) {
  const std::string one_or_two = "ReturnImmediate ReturnImmediate";
  EXPECT_EQ(Compiled("(if (not a) #t #f)"), "JumpIfTrue " + one_or_two);
  EXPECT_EQ(Compiled("(if (not (null? a)) #t #f)"), "JumpIfNil " + one_or_two);
  EXPECT_EQ(Compiled("(if (not (pair? a)) #t #f)"), "JumpIfPair " + one_or_two);
  EXPECT_EQ(Compiled("(if (not (eq? a b)) #t #f)"), "JumpIfEq " + one_or_two);
  EXPECT_EQ(Compiled("(if (and a (null? b)) #t #f)"),
            "JumpIfFalse JumpUnlessNil " + one_or_two);
  EXPECT_EQ(Compiled("(if (or (not a) (null? b)) #t #f)"),
            "JumpIfFalse JumpUnlessNil " + one_or_two);
  EXPECT_EQ(Compiled("(if (not (or a b)) #t #f)"),
            "JumpIfTrue JumpIfTrue " + one_or_two);
}

// What is not a number is neither less nor not less.
TEST_F(BranchCodeTest, ComparisonsOfNumbersAreNotTurnedRound) {
  EXPECT_EQ(Compiled("(if (not (< a b)) #t #f)"),
            "JumpUnlessLess Jump ReturnImmediate ReturnImmediate");
}

TEST_F(BranchCodeTest, EqvOfWhatHasNoCopiesIsEq) {
  EXPECT_EQ(Compiled("(if (eqv? a 'b) #t #f)"),
            "LoadConstant JumpUnlessEq ReturnImmediate ReturnImmediate");
  EXPECT_EQ(Compiled("(if (eqv? 1.5 a) #t #f)"),
            "LoadConstant Eqv JumpIfFalse ReturnImmediate ReturnImmediate");
}

// The value of `or` is used: it stays one.
TEST_F(BranchCodeTest, ValuesOfOrAreKept) {
  EXPECT_EQ(
      Compiled("(if (let ((x a)) (if x x (f x))) #t #f)"),
      "Move JumpIfFalse JumpIfFalse Jump LoadGlobal Move Call JumpIfFalse "
      "ReturnImmediate ReturnImmediate");
  EXPECT_EQ(Compiled("(or a b)"), "Move JumpIfFalse Return Return");
}

// A test, and the same with procedures that the compiler knows nothing of and
// with nothing in a test but calls of them.
struct Pair {
  std::string test;
  std::string slow;
};

class RandomTests {
 public:
  explicit RandomTests(std::uint32_t seed) : random_(seed) {}

  Pair Make(int depth) {
    if (depth == 0) return Leaf();
    const Pair a = Make(depth - 1);
    switch (Below(10)) {
      case 0:
        return {"(not " + a.test + ")", "(not* " + a.slow + ")"};
      case 1:
        return Two("and", a, Make(depth - 1));
      case 2:
        return Two("or", a, Make(depth - 1));
      case 3: {
        const Pair b = Make(depth - 1);
        const Pair c = Make(depth - 1);
        return {"(if " + a.test + " " + b.test + " " + c.test + ")",
                "(if* (lambda () " + a.slow + ") (lambda () " + b.slow +
                    ") (lambda () " + c.slow + "))"};
      }
      case 4: {
        const Pair b = Make(depth - 1);
        return {"(begin " + a.test + " " + b.test + ")",
                "(begin " + a.slow + " " + b.slow + ")"};
      }
      case 5: {
        // A variable that is used, once or twice, with another of its name.
        const Pair b = Make(depth - 1);
        return {"(let ((x " + a.test + ")) (if x x " + b.test + "))",
                "(or* (lambda () " + a.slow + ") (lambda () " + b.slow + "))"};
      }
      case 6: {
        const Pair b = Make(depth - 1);
        return {"(let ((x " + a.test + ")) (if " + b.test + " x (not x)))",
                "(let ((x " + a.slow + ")) (if* (lambda () " + b.slow +
                    ") (lambda () x) (lambda () (not* x))))"};
      }
      default:
        return Compare();
    }
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }

  static Pair Two(const std::string& name, const Pair& a, const Pair& b) {
    return {"(" + name + " " + a.test + " " + b.test + ")",
            "(" + name + "* (lambda () " + a.slow + ") (lambda () " + b.slow +
                "))"};
  }
  Pair Leaf() {
    const std::string_view leaves[] = {"#t", "#f", "a", "b", "c", "d"};
    const auto leaf = std::string(leaves[Below(std::size(leaves))]);
    // Notes that it was asked for.
    const std::string text =
        "(note " + std::to_string(Below(100)) + " " + leaf + ")";
    if (Below(4) == 0) return {leaf, leaf};
    return {text, text};
  }
  Pair Compare() {
    const std::string_view ones[] = {"null?", "pair?", "symbol?", "not"};
    const std::string_view twos[] = {"eq?", "eqv?", "equal?"};
    const std::string_view numbers[] = {"<", "<=", ">", ">=", "="};
    const std::string_view constants[] = {"'()", "'s", "1", "#\\x",
                                          "2.5", "#f", "a", "d"};
    const std::string_view reals[] = {"(n 1)",   "(n 2)", "(n +nan.0)",
                                      "(n 2.5)", "1",     "2"};
    const auto call = [](std::string_view name, const std::string& arguments) {
      return Pair{"(" + std::string(name) + arguments + ")",
                  "(" + std::string(name) + "*" + arguments + ")"};
    };
    switch (Below(3)) {
      case 0:
        return call(ones[Below(4)], " " + Leaf().test);
      case 1:
        return call(twos[Below(3)],
                    " " + Leaf().test + " " + std::string(constants[Below(8)]));
      default:
        return call(numbers[Below(5)], " " + std::string(reals[Below(4)]) +
                                           " " + std::string(reals[Below(6)]));
    }
  }

  std::mt19937 random_;
};

class BranchTest : public ProgramTest {};

TEST_P(BranchTest, TestsDoWhatValuesWould) {
  ASSERT_EQ(Run(R"(
      (import (scheme base))
      (define notes '())
      (define (note k v) (set! notes (cons k notes)) v)
      (define (n x) (note 'n x))
      (define (if* a b c) (if (a) (b) (c)))
      (define (and* a b) (let ((x (a))) (if x (b) #f)))
      (define (or* a b) (let ((x (a))) (if x x (b))))
      (define procedures
        (list not null? pair? symbol? eq? eqv? equal? < <= > >= =))
      (define-values (not* null?* pair?* symbol?* eq?* eqv?* equal?* <* <=* >*
                      >=* =*)
        (apply values procedures))
      ;; What thunk answers for these, and what it has noted.
      (define (try thunk)
        (map (lambda (arguments)
               (set! notes '())
               (let ((value (apply thunk arguments)))
                 (list value notes)))
             '((#t #f () s) (#f 1 (1) ()) (#\x 2.5 #f 1) (s s 1 #f))))
      )"),
            "#<undefined>");
  const int kTests = IsMoving() ? 40 : 400;
  RandomTests tests(20261122);
  for (int i = 0; i < kTests; ++i) {
    const Pair pair = tests.Make(1 + i % 4);
    const std::string parameters = "(lambda (a b c d) ";
    EXPECT_EQ(Run("(equal? (try " + parameters + "(if " + pair.test +
                  " 'yes 'no))) (try " + parameters + "(if* (lambda () " +
                  pair.slow + ") (lambda () 'yes) (lambda () 'no)))))"),
              "#t")
        << pair.test;
    EXPECT_EQ(Run("(equal? (try " + parameters + pair.test + ")) (try " +
                  parameters + pair.slow + ")))"),
              "#t")
        << pair.test;
  }
}

// Comparisons jump 32,767 instructions at most; what is longer jumps twice.
TEST_P(BranchTest, BranchesAreAsLongAsTheyLike) {
  std::string long_part;
  for (int i = 0; i < 17000; ++i) long_part += "(set! n (+ n 1))";
  EXPECT_EQ(Run("(import (scheme base)) (define n 0)"
                "(define (same x y) (if (and x (eq? x y)) (begin " +
                long_part +
                " n) 'no))"
                "(define (small x) (let ((f (lambda (y) (if (< y 3) (begin " +
                long_part +
                " n) 'large)))) (if (eqv? x 'a) (f 5) (f x))))"
                "(define answers (map same '(a a #f) '(a b #f)))"
                "(list answers (map small '(a 1 3)))"),
            "((17000 no no) (large 34000 large))");
}

// The frame is used again as it is, whatever name it was called by.
TEST_P(BranchTest, TailCallsOfAProcedureByItselfGiveItAllArguments) {
  EXPECT_EQ(Run(R"(
      (import (scheme base))
      (define (down n list left)
        (if (= left 0) list (down (+ n 1) (cons n list) (- left 1))))
      (define (choose a b) (if (eq? a 'less) (choose 'x) (list a b)))
      (list (down 0 '() 3)
            (guard (e (#t 'raised)) (choose 'less 2))
            (let ((old down))
              (set! down (lambda (n list left) (vector n list left)))
              (old 0 '() 3))))"),
            "((2 1 0) raised #(1 (0) 2))");
}

INSTANTIATE_TEST_SUITE_P(Policies, BranchTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
