#include "runtime/lambda/memory_services.h"
#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class WeakPrimitivesTest : public ProgramTest {
 protected:
  // What `text` is written as where there are collections, else `kept`.
  std::string IfCollected(const std::string& collected,
                          const std::string& kept) {
    return IsWithoutCollector() ? kept : collected;
  }
};

TEST_P(WeakPrimitivesTest, AWeakMapHasEntriesOfKeysThatAreAlive) {
  EXPECT_EQ(
      Run("(define m (make-weak-map)) (define key (list 1))"
          "(weak-map-set! m key 'kept) (weak-map-set! m 5 'immediate)"
          "(define (forget) (weak-map-set! m (list 2) 'gone))"
          "(forget) (gc)"
          "(list (weak-map-count m) (weak-map-ref m key)"
          " (weak-map-ref m 5) (weak-map? m) (weak-map? {}))"),
      IfCollected("(2 kept immediate #t #f)", "(3 kept immediate #t #f)"));
  EXPECT_EQ(Run("(define removed (weak-map-delete! m key))"
                "(list removed (weak-map-delete! m key)"
                " (weak-map-contains? m key) (weak-map-contains? m 5)"
                " (weak-map-ref m key) (weak-map-ref m key 'none))"),
            "(#t #f #f #t #f none)");
  EXPECT_EQ(Run("(weak-map-update! m key (lambda (n) (+ n 1)) 0)"
                "(weak-map-update! m key (lambda (n) (+ n 1)) 0)"
                "(weak-map-ref m key)"),
            "2");
  EXPECT_EQ(Run("(weak-map-ref {} 1)"),
            "raised wrong-type: weak-map-ref: argument 1 is not a weak map "
            "({})");
}

TEST_P(WeakPrimitivesTest, AValueThatLeadsToItsKeyDoesNotKeepIt) {
  EXPECT_EQ(Run("(define m (make-weak-map))"
                "(define (add) (let ((key (list 1)))"
                "  (weak-map-set! m key (list key))))"
                "(add) (gc) (weak-map-count m)"),
            IfCollected("0", "1"));
}

TEST_P(WeakPrimitivesTest, AWeakReferenceLeadsToWhatIsAlive) {
  EXPECT_EQ(
      Run("(define target (list 1)) (define r (make-weak-reference target))"
          "(define gone (make-weak-reference (list 2))) (gc)"
          "(list (weak-reference-value r) (eq? (weak-reference-value r) target)"
          " (weak-reference-value gone) (weak-reference? r)"
          " (weak-reference? 1))"),
      IfCollected("((1) #t #f #t #f)", "((1) #t (2) #t #f)"));
  EXPECT_EQ(Run("(make-weak-reference 5)"),
            "raised wrong-type: make-weak-reference: argument 1 is not an "
            "object, which may die: small integers, characters, booleans and "
            "() never do (5)");
}

TEST_P(WeakPrimitivesTest, AGuardianReturnsWhatIsDeadOnce) {
  EXPECT_EQ(Run("(define g (make-guardian)) (define alive (list 1))"
                "(g alive) (define (drop) (g (list 2))) (drop)"
                "(gc)"
                "(define first-one (g)) (list first-one (g))"),
            IfCollected("((2) #f)", "(#f #f)"));
  EXPECT_EQ(Run("(set! alive #f) (gc) (g)"), IfCollected("(1)", "#f"));
  EXPECT_EQ(Run("(g 5)"),
            "raised wrong-type: %guardian-add!: argument 2 is not an object, "
            "which may die: small integers, characters, booleans and () never "
            "do (5)");
}

TEST_P(WeakPrimitivesTest, WhatOnlyADeadGuardianWaitsForIsGone) {
  EXPECT_EQ(Run("(define r #f)"
                "(define (drop) (let ((g (make-guardian)) (object (list 1)))"
                "  (g object) (g g) (set! r (make-weak-reference object))))"
                "(drop) (gc) (gc) (weak-reference-value r)"),
            IfCollected("#f", "(1)"));
}

TEST_P(WeakPrimitivesTest, AWeakReferenceIsEmptyBeforeAGuardianHasItsTarget) {
  EXPECT_EQ(Run("(define g (make-guardian)) (define r #f)"
                "(define (drop) (let ((object (list 3)))"
                "  (g object) (set! r (make-weak-reference object))))"
                "(drop) (gc) (list (g) (weak-reference-value r))"),
            IfCollected("((3) #f)", "(#f (3))"));
}

TEST_P(WeakPrimitivesTest, CleanupsRunWhenTheirObjectsAreDead) {
  EXPECT_EQ(Run("(define done '()) (define alive (list 1))"
                "(define (note x) (lambda () (set! done (cons x done))))"
                "(define (drop x) (add-cleanup! (list x) (note x)))"
                "(add-cleanup! alive (note 'alive))"
                "(drop 'a) (drop 'b) (gc) done"),
            IfCollected("(b a)", "()"));
  EXPECT_EQ(Run("(run-cleanups)"), "0");
  EXPECT_EQ(Run("(set! alive #f) (gc) done"), IfCollected("(alive b a)", "()"));
}

// Where something is found dead.
class CleanupsTest : public WeakPrimitivesTest {};

TEST_P(CleanupsTest, CleanupsRunBetweenForms) {
  EXPECT_EQ(Run("(define done #f)"
                "(define (drop) (add-cleanup! (list 1)"
                "  (lambda () (set! done 'between)))) (drop)"),
            "#<undefined>");
  while (vm_.memory().cleanups.dead_count() == 0) {
    mutator_.Collect(gc::CollectionKind::kMajor);
  }
  EXPECT_EQ(Run("1 done"), "between");
}

TEST_P(CleanupsTest, ACleanupThatRaisesLosesOnlyItself) {
  EXPECT_EQ(Run("(define done '())"
                "(define (drop x) (add-cleanup! (list x) (lambda ()"
                "  (set! done (cons x done)) (if (eq? x 'a) (raise 'oops)))))"
                "(define (drop-both) (drop 'a) (drop 'b))"
                "(define (try) (guard (e (#t (list 'caught e)))"
                "  (begin (gc) 'nothing)))"
                "(let* ((none (drop-both)) (first-try (try))"
                "  (second-try (try))) (list first-try second-try done))"),
            "((caught oops) nothing (b a))");
}

TEST_P(WeakPrimitivesTest, MistakesOfCleanupsAreErrors) {
  EXPECT_EQ(Run("(add-cleanup! (list 1) 2)"),
            "raised wrong-type: add-cleanup!: argument 2 is not a procedure "
            "(2)");
  EXPECT_EQ(Run("(define (f) 1) (guard (e (#t 'refused)) (add-cleanup! f f))"),
            "refused");
}

INSTANTIATE_TEST_SUITE_P(Policies, WeakPrimitivesTest, EveryProgramHeap());
INSTANTIATE_TEST_SUITE_P(Policies, CleanupsTest, EveryCollectingHeap());

}  // namespace
}  // namespace fledge::lambda
