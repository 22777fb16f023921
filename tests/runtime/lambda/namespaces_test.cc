#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class NamespacesTest : public ProgramTest {};

TEST_P(NamespacesTest, ClearingFreesWhatOnlyVariablesKeep) {
  EXPECT_EQ(Run("(define ns (make-namespace))"
                "(eval '(define x (make-vector 1000 0)) ns)"
                "(eval '(define (get) x) ns)"
                "(define r (make-weak-reference (eval 'x ns)))"
                "(define before (vector? (weak-reference-value r)))"
                "(namespace-clear! ns) (gc)"
                "(list before (vector? (weak-reference-value r)))"),
            IsWithoutCollector() ? "(#t #t)" : "(#t #f)");
}

TEST_P(NamespacesTest, AClearedNamespaceIsAsItWasMade) {
  EXPECT_EQ(Run("(define ns (make-namespace))"
                "(eval '(define (f) (g)) ns) (eval '(define (g) 1) ns)"
                "(define f (eval 'f ns)) (define first-value (f))"
                "(namespace-clear! ns)"
                "(define (defined? name) (guard (e (#t #f)) (eval name ns) #t))"
                "(define after (list (defined? 'f) (defined? 'g)"
                "  (defined? 'car)))"
                "(eval '(define (g) 2) ns)"
                "(list first-value after (f) (eval '(car '(3)) ns)"
                " (eval '{:a (+ 1 2)} ns) (eval ''{:a (+ 1 2)} ns))"),
            "(1 (#f #f #t) 2 3 {:a 3} {:a (+ 1 2)})");
}

TEST_P(NamespacesTest, NamespacesDoNotSeeEachOther) {
  EXPECT_EQ(Run("(define a (make-namespace)) (define b (make-namespace))"
                "(eval '(define x 1) a) (eval '(define x 2) b)"
                "(namespace-clear! a)"
                "(define before (map-ref (memory-stats) :namespaces))"
                "(make-namespace)"
                "(list (eval 'x b) (- (map-ref (memory-stats) :namespaces)"
                "  before))"),
            "(2 1)");
  EXPECT_EQ(Run("(define y 1) (namespace-clear! (interaction-environment)) 5"),
            "5");
  EXPECT_EQ(Run("(guard (e (#t 'undefined)) y)"), "undefined");
}

INSTANTIATE_TEST_SUITE_P(Policies, NamespacesTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
