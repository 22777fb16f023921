// eval, load, environments; what the process tells; and how programs end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class EvaluationTest : public ProgramTest {
 protected:
  // A file with this text, for as long as the test runs.
  std::string FileWith(std::string_view text) {
    std::string path = ::testing::TempDir() + "fledge_evaluation_" +
                       std::to_string(::getpid()) + "_" +
                       std::to_string(files_++) + ".scm";
    std::ofstream(path) << text;
    return path;
  }

 private:
  int files_ = 0;
};

TEST_P(EvaluationTest, EvaluatesInAnEnvironment) {
  EXPECT_EQ(Run("(eval '(* 7 3) (environment '(scheme base)))"), "21");
  EXPECT_EQ(Run("(let ((f (eval '(lambda (f x) (f x x))"
                " (environment '(scheme base))))) (f + 10))"),
            "20");
  EXPECT_EQ(Run("(eval '(begin (define answer 42) (+ answer 1))"
                " (interaction-environment))"),
            "43");
  EXPECT_EQ(Run("answer"), "42");
  EXPECT_EQ(Run("(eval '(s:square 4) (environment '(prefix (only"
                " (scheme base) square) s:)))"),
            "16");
  EXPECT_EQ(Run("(eval '(if #f #f 5) (null-environment 5))"), "5");
  EXPECT_EQ(Run("(eval '(exact->inexact 1/4) (scheme-report-environment 5))"),
            "0.25");
  EXPECT_EQ(Run("(environment '(no such))"),
            "raised syntax-error: there is no library (no such)");
}

TEST_P(EvaluationTest, ArgumentsAreCounted) {
  const auto refuses = [&](std::string_view call, std::string_view name) {
    EXPECT_THAT(Run(call),
                ::testing::HasSubstr("wrong number of arguments (#<procedure " +
                                     std::string(name) + ">)"));
  };
  refuses("(exit 1 2)", "exit");
  refuses("(emergency-exit 1 2)", "emergency-exit");
  refuses("(eval 1 (interaction-environment) 3)", "eval");
  refuses("(eval)", "eval");
  refuses("(load \"a\" (interaction-environment) 3)", "load");
  EXPECT_FALSE(vm_.exit_status().has_value());
}

TEST_P(EvaluationTest, FormsMayHaveAnyValue) {
  EXPECT_EQ(Run("(eval (list + 1 2))"), "3");
  EXPECT_EQ(Run("(let ((p (list 1 2))) (eq? p (eval (list 'quote (list p)))))"),
            "#f");
  EXPECT_EQ(Run("(eval '(list 1.5 1/2 123456789012345678901234567890 \"s\" #\\c"
                " #u8(1 2) '#(a b) #t '()))"),
            "(1.5 1/2 123456789012345678901234567890 \"s\" #\\c #u8(1 2) "
            "#(a b) #t ())");
  EXPECT_EQ(Run("(define loop (list 1)) (set-cdr! loop loop) (eval loop)"),
            "raised syntax-error: this is circular, or larger than any "
            "program");
  // So many objects take too long where each seventh moves all of them.
  if (IsMoving()) return;
  EXPECT_EQ(Run("(define (nest n x) (if (= n 0) x (nest (- n 1) (list x))))"
                "(eval (nest 1000000 '()))"),
            "raised syntax-error: this is nested too deeply");
}

TEST_P(EvaluationTest, MacrosAndLibrariesThatItDefinesStay) {
  EXPECT_EQ(Run("(eval '(define-syntax swap! (syntax-rules () ((_ a b)"
                " (let ((t a)) (set! a b) (set! b t))))))"
                "(define x 1) (define y 2) (swap! x y) (list x y)"),
            "(2 1)");
  EXPECT_EQ(Run("(eval '(define-library (my lib) (import (scheme base))"
                " (export twice) (begin (define (twice x) (* 2 x)))))"
                "(eval '(twice 21) (environment '(my lib)))"),
            "42");
}

TEST_P(EvaluationTest, ErrorsInsideAreConditions) {
  EXPECT_EQ(Run("(guard (e ((error-object? e) (error-object-message e)))"
                " (eval '(if)))")
                .substr(0, 12),
            "\"if is writt");
  EXPECT_EQ(Run("(guard (e (#t (error-object-kind e))) (eval '(car 5)))"),
            "wrong-type");
  EXPECT_EQ(Run("(guard (e ((symbol? e) e)) (eval '(raise 'boom)))"), "boom");
}

TEST_P(EvaluationTest, LoadRunsAFileFormByForm) {
  const std::string path =
      FileWith("(define loaded 1)\n(set! loaded (+ loaded 1))\n");
  EXPECT_EQ(Run("(load \"" + path + "\") loaded"), "2");
  EXPECT_EQ(Run("(load \"/nowhere/at/all.scm\")"),
            "raised file-error: load: cannot read this file: No such file or "
            "directory (\"/nowhere/at/all.scm\")");
  const std::string bad = FileWith("(define before 1)\n  (car");
  EXPECT_EQ(
      Run("(guard (e (#t (error-object-kind e))) (load \"" + bad + "\")) "),
      "syntax-error");
  EXPECT_EQ(Run("before"), "1");
  // A file that loads another.
  const std::string outer = FileWith("(load \"" + path +
                                     "\")\n"
                                     "(set! loaded (* loaded 10))\n");
  EXPECT_EQ(Run("(load \"" + outer + "\") loaded"), "20");
  std::remove(path.c_str());
  std::remove(bad.c_str());
  std::remove(outer.c_str());
}

TEST_P(EvaluationTest, AContinuationIntoALoadThatHasEndedEndsThere) {
  const std::string path = FileWith(
      "(define visits 0)\n(define again (call/cc (lambda (k) k)))\n"
      "(set! visits (+ visits 1))\n");
  const std::string empty = FileWith("");
  EXPECT_EQ(Run("(load \"" + path + "\") (define k again) (procedure? k)"),
            "#t");
  // What is before it among the files that were opened has another number.
  EXPECT_EQ(Run("(load \"" + empty + "\") (k 1)"), "#<undefined>");
  EXPECT_EQ(Run("(list again visits)"), "(1 1)");
  std::remove(path.c_str());
  std::remove(empty.c_str());
}

TEST_P(EvaluationTest, IncludeReadsBesideTheFile) {
  const std::string included = FileWith("(define from-include 7)\n");
  EXPECT_EQ(Run("(include \"" + included + "\") from-include"), "7");
  const std::string name = included.substr(included.rfind('/') + 1);
  const std::string program =
      FileWith("(include \"" + name + "\")\n(define twice (* 2 from-include))");
  EXPECT_EQ(Run("(load \"" + program + "\") twice"), "14");
  std::remove(included.c_str());
  std::remove(program.c_str());
}

TEST_P(EvaluationTest, TheProcess) {
  vm_.command_line() = {"program", "one", "tw\xc3\xb6"};
  EXPECT_EQ(Run("(command-line)"), "(\"program\" \"one\" \"tw\xc3\xb6\")");
  EXPECT_EQ(Run("(string? (get-environment-variable \"PATH\"))"), "#t");
  EXPECT_EQ(Run("(get-environment-variable \"NO_SUCH_VARIABLE\")"), "#f");
  EXPECT_EQ(Run("(equal? (cdr (assoc \"PATH\" (get-environment-variables)))"
                " (get-environment-variable \"PATH\"))"),
            "#t");
  EXPECT_EQ(Run("(let ((a (current-jiffy))) (<= a (current-jiffy)))"), "#t");
  EXPECT_EQ(Run("(< 1.6e9 (current-second) 1e11)"), "#t");
  EXPECT_EQ(Run("(exact? (jiffies-per-second))"), "#t");
  EXPECT_EQ(Run("(and (memq 'r7rs (features)) #t)"), "#t");
}

TEST_P(EvaluationTest, ExitRunsWhatIsToBeDoneWhenControlLeaves) {
  Run("(define left 0)"
      "(dynamic-wind (lambda () #f)"
      " (lambda () (dynamic-wind (lambda () #f) (lambda () (exit 7))"
      "  (lambda () (set! left (+ left 1)))))"
      " (lambda () (set! left (* 10 left))))"
      "(set! left 0)");
  EXPECT_EQ(vm_.exit_status(), 7);
  EXPECT_EQ(Run("left"), "10");
  Run("(exit)");
  EXPECT_EQ(vm_.exit_status(), 0);
  Run("(exit #f)");
  EXPECT_EQ(vm_.exit_status(), 1);
  Run("(dynamic-wind (lambda () #f) (lambda () (emergency-exit 3))"
      " (lambda () (set! left 'ran)))");
  EXPECT_EQ(vm_.exit_status(), 3);
  EXPECT_EQ(Run("left"), "10");
}

INSTANTIATE_TEST_SUITE_P(Policies, EvaluationTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
