#include "runtime/lambda/session.h"

#include <gtest/gtest.h>

#include <string>

#include "gc/heap_options.h"
#include "runtime/heap.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

std::string TextOf(Value value) {
  if (value.IsEmpty()) return "<raised>";
  if (value.IsSmallInteger()) return std::to_string(value.integer());
  if (value.IsBoolean()) return value.IsTrue() ? "#t" : "#f";
  if (value.IsNil()) return "()";
  if (Is(value, ObjectType::kSymbol)) {
    return std::string(runtime::Symbol(value).name().text());
  }
  if (IsText(value)) return '"' + Utf8Of(runtime::Text(value)) + '"';
  if (Is(value, ObjectType::kCondition)) {
    const runtime::Condition condition(value);
    return "<" + TextOf(condition.message()) + " " +
           TextOf(condition.irritants()) + ">";
  }
  if (Is(value, ObjectType::kPair)) {
    std::string text = "(";
    for (; Is(value, ObjectType::kPair); value = runtime::Pair(value).cdr()) {
      if (text.size() > 1) text += " ";
      text += TextOf(runtime::Pair(value).car());
    }
    if (!value.IsNil()) text += " . " + TextOf(value);
    return text + ")";
  }
  return "<object>";
}

class SessionTest : public ::testing::TestWithParam<const char*> {
 protected:
  static gc::HeapOptions Options() {
    gc::HeapOptions options;
    options.max_heap_bytes = 64 * kMiB;
    EXPECT_FALSE(ParseHeapOptions(GetParam(), options));
    if (std::string_view(GetParam()).find("nogc") == std::string_view::npos &&
        std::string_view(GetParam()).find("verify") != std::string_view::npos) {
      EXPECT_FALSE(
          ParseStressOptions("every=7,evacuate=all,seed=1", options.stress));
    }
    return options;
  }

  // What the last form's value is written as.
  std::string Run(std::string_view text) {
    const Value value = session_.Run(text, "test");
    return value.IsEmpty() ? "raised " + TextOf(vm_.TakeRaised())
                           : TextOf(value);
  }

  runtime::Heap heap_{Options()};
  runtime::Mutator mutator_{heap_};
  // A stack that is soon full, and then soon looked through.
  static constexpr VmOptions kSmallStack = {.stack_bytes = 16 * kMiB};

  Vm vm_{heap_, mutator_, kSmallStack};
  Session session_{vm_};
};

TEST_P(SessionTest, CallsAndArithmetic) {
  EXPECT_EQ(Run("(+ 1 2)"), "3");
  EXPECT_EQ(Run("((lambda (a b . c) (cons b c)) 1 2 3 4)"), "(2 3 4)");
  EXPECT_EQ(
      Run("(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))"
          "(fib 15)"),
      "610");
  EXPECT_EQ(Run("(let loop ((i 0) (sum 0)) (if (= i 1000) sum"
                " (loop (+ i 1) (+ sum i))))"),
            "499500");
}

TEST_P(SessionTest, ClosuresShareWhatTheyAssign) {
  EXPECT_EQ(
      Run("(define (counter) (let ((n 0)) (lambda () (set! n (+ n 1)) n)))"
          "(define a (counter)) (define b (counter)) (a) (a) (b)"
          "(cons (a) (b))"),
      "(3 . 2)");
  EXPECT_EQ(Run("(define (f n) (define (even n) (if (= n 0) #t (odd (- n 1))))"
                " (define (odd n) (if (= n 0) #f (even (- n 1)))) (even n))"
                "(f 1000)"),
            "#t");
  EXPECT_EQ(Run("(let loop ((i 0) (all '())) (if (= i 3) (let walk ((l all))"
                " (if (null? l) '() (cons ((car l)) (walk (cdr l)))))"
                " (loop (+ i 1) (cons (lambda () i) all))))"),
            "(2 1 0)");
}

TEST_P(SessionTest, AnArgumentOfALoopSeesWhatWasBeforeTheOthers) {
  EXPECT_EQ(Run("(let loop ((i 0) (all '())) (if (= i 3) all"
                " (loop (+ i 1) (cons i all))))"),
            "(2 1 0)");
  // Through a loop that is an argument's.
  EXPECT_EQ(Run("(let loop ((i 0) (all '())) (if (= i 3) all"
                " (loop (+ i 1) (let inner ((k 1))"
                "  (if (= k 0) (cons i all) (inner (- k 1)))))))"),
            "(2 1 0)");
}

TEST_P(SessionTest, RecursionIsDeepOnAStackOfItsOwn) {
  EXPECT_EQ(Run("(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))"
                "(count 100000)"),
            "100000");
  EXPECT_EQ(Run("(define (for-ever n) (+ 1 (for-ever n))) (for-ever 1)"),
            "raised <\"the stack has reached its limit\" ()>");
  EXPECT_EQ(Run("(count 1000)"), "1000");
}

TEST_P(SessionTest, ContinuationsComeBackAnyNumberOfTimes) {
  EXPECT_EQ(Run("(+ 1 (call/cc (lambda (k) (+ 10 (k 1)))))"), "2");
  EXPECT_EQ(Run("(define k #f) (define n 0)"
                "(define (f) (cons 'a (cons (call/cc (lambda (c) (set! k c) "
                "1)) '())))"
                "(define r (f))"
                "(set! n (+ n 1))"
                "(if (< n 3) (k n))"
                "(cons n r)"),
            "(1 a 1)");
  // A generator by re-entry.
  EXPECT_EQ(Run("(define (tree-walk tree) (define return #f)"
                " (define (walk t) (if (pair? t) (begin (walk (car t)) (walk "
                "(cdr t)))"
                "   (if (not (null? t)) (call/cc (lambda (next)"
                "     (set! resume (lambda () (next #f))) (return t))))))"
                " (define resume (lambda () (walk tree) (return 'done)))"
                " (lambda () (call/cc (lambda (r) (set! return r) (resume)))))"
                "(define g (tree-walk '((1 2) (3 (4)))))"
                "(let loop ((l '())) (let ((x (g))) (if (eq? x 'done) l"
                " (loop (cons x l)))))"),
            "(4 3 2 1)");
}

TEST_P(SessionTest, DynamicWindSeesEveryWayInAndOut) {
  EXPECT_EQ(
      Run("(let ((path '()) (c #f))"
          " (let ((add (lambda (s) (set! path (cons s path)))))"
          "  (dynamic-wind (lambda () (add 'connect))"
          "   (lambda () (add (call/cc (lambda (c0) (set! c c0) 'talk1))))"
          "   (lambda () (add 'disconnect)))"
          "  (if (let count ((l path) (n 0)) (if (null? l) (< n 4)"
          "        (count (cdr l) (+ n 1))))"
          "   (c 'talk2) path)))"),
      "(disconnect talk2 connect disconnect talk1 connect)");
}

TEST_P(SessionTest, BeforeAndAfterRunInTheStateAroundDynamicWind) {
  EXPECT_EQ(Run("(define p (make-parameter 'around)) (define seen '())"
                "(define (see) (set! seen (cons (p) seen)))"
                "(let ((k #f) (n 0))"
                " (dynamic-wind see"
                "  (lambda () (parameterize ((p 'within))"
                "   (call/cc (lambda (c) (set! k c)))"
                "   (set! n (+ n 1)) (if (= n 2) (k #f))))"
                "  see)"
                " (if (< n 4) (parameterize ((p 'elsewhere)) (k #f))))"
                "seen"),
            "(around around around around around around)");
  EXPECT_EQ(Run("(guard (e (#t e)) (dynamic-wind (lambda () #f)"
                " (lambda () (raise 'first)) (lambda () (raise 'after))))"),
            "after");
}

TEST_P(SessionTest, HandlersRunWithoutThemselves) {
  EXPECT_EQ(Run("(with-exception-handler (lambda (e) 10)"
                " (lambda () (+ 1 (raise-continuable 'oops))))"),
            "11");
  EXPECT_EQ(Run("(call/cc (lambda (k) (with-exception-handler"
                " (lambda (e) (k (cons 'caught e)))"
                " (lambda () (+ 1 (raise 'oops))))))"),
            "(caught . oops)");
  EXPECT_EQ(Run("(car 5)"), "raised <\"car: argument 1 is not a pair\" (5)>");
  EXPECT_EQ(
      Run("(call/cc (lambda (k) (with-exception-handler"
          " (lambda (e) (k 'caught)) (lambda () (vector-ref '#(1) 1)))))"),
      "caught");
  EXPECT_EQ(Run("(undefined-thing 1)"),
            "raised <\"this variable is not defined\" (undefined-thing)>");
}

TEST_P(SessionTest, ProgramsNestAsDeeplyAsTheCompilerGoes) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "((lambda (x) (if x x ";
    text += "7";
    for (int i = 0; i < depth; ++i) text += ")) #f)";
    return text;
  };
  EXPECT_EQ(Run(nested(300)), "7");
  EXPECT_THROW(Run(nested(4'000)), SyntaxError);
}

TEST_P(SessionTest, AccessorsCheckTheRecordAndTheNumberOfArguments) {
  Run("(define-record-type point (make-point x y) point?"
      " (x point-x set-point-x!) (y point-y set-point-y!))"
      "(define p (make-point 1 2))");
  EXPECT_EQ(Run("(set-point-y! p (list 3 4))"
                "(let ((y (point-y p))) (list y (point-x p)))"),
            "((3 4) 1)");
  EXPECT_EQ(Run("(list (set-point-x! 'a 3))"),
            "raised <\"set-point-x!: argument 1 is not a point\" (a)>");
  EXPECT_EQ(Run("(list (point-x (list p)))").substr(0, 48),
            "raised <\"point-x: argument 1 is not a point\" ((<");
  EXPECT_EQ(Run("(list (point-x p p))").substr(0, 34),
            "raised <\"wrong number of arguments");
  EXPECT_EQ(Run("(define-record-type other (make-other x) other? (x other-x))"
                "(list (point-x (make-other 1)))")
                .substr(0, 44),
            "raised <\"point-x: argument 1 is not a point\"");
  // The variables are the program's: what calls see is their value.
  EXPECT_EQ(Run("(define old point-x) (set! point-x (lambda (p) 'mine))"
                "(list (point-x p) (old p))"),
            "(mine 1)");
  EXPECT_EQ(Run("(set! point 5) (list (old p))"), "(1)");
  EXPECT_EQ(Run("(define (f) (define-record-type q (make-q a) q? (a q-a a!))"
                " (let ((v (make-q 3))) (a! v (list 4)) (list (q-a v) (q? v))))"
                "(f)"),
            "((4) #t)");
}

TEST_P(SessionTest, InstructionsLeaveWhatIsUncommonToThePrimitives) {
  EXPECT_EQ(Run("(list (modulo -17 5) (modulo 17 -5) (quotient -17 5)"
                " (remainder -17 5) (modulo -15 5) (zero? 0) (zero? 0.0)"
                " (quotient (expt 10 20) (expt 10 19)))"),
            "(3 -3 -3 -2 0 #t #t 10)");
  EXPECT_EQ(Run("(list (eqv? 1.5 1.5) (eqv? 'a 'b) (eqv? (expt 9 30) (expt 9"
                " 30)) (eqv? \"a\" 'a) (eqv? 1 1.0) (eqv? (list 1) (list 1)))"),
            "(#t #f #t #f #f #f)");
  EXPECT_EQ(Run("(define x '((1 2) (3 4) 5))"
                "(list (cadr x) (cddr x) (caar x) (cdar x) (caddr x))"),
            "((3 4) (5) 1 (2) 5)");
  EXPECT_EQ(Run("(list 1 (modulo 5 0))").substr(0, 7), "raised ");
  EXPECT_EQ(Run("(list 1 (cadr '(1)))"),
            "raised <\"cadr: argument 1 is not a pair whose parts are pairs, "
            "as the name asks\" ((1))>");
  EXPECT_EQ(Run("(list (string-length \"ab\") (char=? #\\a (string-ref \"ab\" "
                "0)) (char? 1) (string? \"\") (symbol? 'a) (vector? 'a))"),
            "(2 #t #f #t #t #f)");
  EXPECT_EQ(Run("(list (string-ref \"ab\" 2))").substr(0, 31),
            "raised <\"string-ref: argument 2");
}

// Without the verifier, which takes long at so many collections: the memory
// finds it.
class RegisterLivenessTest : public SessionTest {};

// What raises in one branch has no liveness of its own, and that of the other
// branch names registers that have never been set. What lies there are
// references of calls that have returned, to memory that is not to be touched.
TEST_P(RegisterLivenessTest, WhatRaisesKeepsNoRegisterAlive) {
  gc::HeapOptions options = Options();
  EXPECT_FALSE(ParseStressOptions("every=2,protect=on,evacuate=all,seed=1",
                                  options.stress));
  runtime::Heap heap(options);
  runtime::Mutator mutator(heap);
  Vm vm(heap, mutator, kSmallStack);
  Session session(vm);
  const auto run = [&](std::string_view text) {
    return TextOf(session.Run(text, "test"));
  };
  run("(define (fill n) (if (= n 0) '() (let ((a (list n)) (b (list n))"
      " (c (list n))) (cons (list a b c) (fill (- n 1))))))"
      "(define (f x v) (if (pair? x) (let* ((a (list 1 x)) (b (list 2 a))"
      " (c (list 3 b)) (d (vector a b c))) (cons a (cons b (cons c d))))"
      " (if (eq? x 'car) (car v) (if (eq? x 'ref) (vector-ref v 0)"
      " (if (eq? x 'global) (no-such-variable v) (point-x v))))))"
      "(define-record-type point (make-point x) point? (x point-x))"
      "(define (try x) (guard (e (#t (error-object-kind e)))"
      " (fill 5) (list (f x 5))))");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run("(list (try 'car) (try 'ref) (try 'global) (try 'get))"),
              "(wrong-type wrong-type unbound-variable wrong-type)");
  }
}

TEST_P(SessionTest, RecordsPromisesAndParameters) {
  EXPECT_EQ(Run("(define-record-type point (make-point x y) point?"
                " (x point-x set-point-x!) (y point-y))"
                "(define p (make-point 1 2)) (set-point-x! p 5)"
                "(list (point-x p) (point-y p) (point? p) (point? 5))"),
            "(5 2 #t #f)");
  EXPECT_EQ(Run("(point-x 5)"),
            "raised <\"point-x: argument 1 is not a point\" (5)>");
  EXPECT_EQ(Run("(define n 0) (define d (delay (begin (set! n (+ n 1)) n)))"
                "(list (force d) (force d))"),
            "(1 1)");
  EXPECT_EQ(Run("(define (ints n) (delay-force (if (= n 0) (delay 'end)"
                " (ints (- n 1))))) (force (ints 1000))"),
            "end");
  EXPECT_EQ(Run("(define radix (make-parameter 10 (lambda (x) (* x 2))))"
                "(list (radix) (parameterize ((radix 3)) (radix)) (radix))"),
            "(20 6 20)");
  EXPECT_NE(
      Run("(make-parameter 10 car cdr)").find("wrong number of arguments"),
      std::string::npos)
      << Run("(make-parameter 10 car cdr)");
}

TEST_P(SessionTest, GuardLeavesBeforeItsClausesRun) {
  EXPECT_EQ(Run("(guard (e ((symbol? e) (list 'symbol e)))"
                " (dynamic-wind (lambda () #f) (lambda () (raise 'boom))"
                " (lambda () #f)))"),
            "(symbol boom)");
  EXPECT_EQ(Run("(guard (e ((string? e) 'outer) (else (list 'else e)))"
                " (guard (e2 ((number? e2) 'number)) (raise 'other)))"),
            "(else other)");
  EXPECT_EQ(Run("(guard (e (#f 'never)) (raise 'through))"), "raised through");
}

TEST_P(SessionTest, MacrosAreHygienic) {
  EXPECT_EQ(Run("(define-syntax swap! (syntax-rules () ((_ a b)"
                " (let ((tmp a)) (set! a b) (set! b tmp)))))"
                "(let ((tmp 1) (other 2)) (swap! tmp other) (list tmp other))"),
            "(2 1)");
  EXPECT_EQ(Run("(let ((if list)) (case-lambda ((a) a) ((a b) (if a b)))"
                " ((case-lambda ((a) a) ((a . b) (if a b))) 1 2 3))"),
            "(1 (2 3))");
  EXPECT_EQ(Run("`(1 ,(+ 1 1) ,@(list 3 4) . 5)"), "(1 2 3 4 . 5)");
}

TEST_P(SessionTest, ApplyAndValues) {
  EXPECT_EQ(Run("(apply + 1 '(2))"), "3");
  EXPECT_EQ(Run("(call-with-values (lambda () (values 1 2 3))"
                " (lambda all all))"),
            "(1 2 3)");
  EXPECT_EQ(Run("(let-values (((a . rest) (values 1 2 3)) ((b) (values 4)))"
                " (cons b (cons a rest)))"),
            "(4 1 2 3)");
}

INSTANTIATE_TEST_SUITE_P(Policies, SessionTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, RegisterLivenessTest,
                         ::testing::Values("policy=semispace", "policy=gencopy",
                                           "policy=genimmix",
                                           "policy=genimmix,marking=steps"));

}  // namespace
}  // namespace fledge::lambda
