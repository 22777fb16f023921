#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class TablePrimitivesTest : public ProgramTest {};

TEST_P(TablePrimitivesTest, EntriesAreReadStoredAndDeleted) {
  EXPECT_EQ(Run("(define t (make-hash-table))"
                "(hash-table-set! t '(1 2) 'list) (hash-table-set! t \"s\" 1)"
                "(hash-table-set! t 1.5 2) (hash-table-set! t 'a 3)"
                "(hash-table-set! t 'a 4)"
                "(list (hash-table-ref t (list 1 2)) (hash-table-ref t \"s\")"
                " (hash-table-ref t 1.5) (hash-table-ref t 'a)"
                " (hash-table-count t) (hash-table-size t))"),
            "(list 1 2 4 4 4)");
  EXPECT_EQ(Run("(define n (hash-table-delete! t 'a 'b \"s\"))"
                "(list n (hash-table-contains? t 'a) (hash-table-exists? t 1.5)"
                " (hash-table->alist t) (hash-table-empty? t))"),
            "(2 #f #t (((1 2) . list) (1.5 . 2)) #f)");
  EXPECT_EQ(Run("(hash-table-clear! t) (list (hash-table-empty? t)"
                " (hash-table-ref/default t 1.5 'none) (hash-table? t)"
                " (hash-table? '()))"),
            "(#t none #t #f)");
  EXPECT_EQ(Run("(hash-table-set! t 1 2 3 4) (hash-table->alist t)"),
            "((1 . 2) (3 . 4))");
}

TEST_P(TablePrimitivesTest, WhatIsNotThereIsUpToTheProgram) {
  EXPECT_EQ(Run("(define t (make-hash-table eq?))"
                "(hash-table-set! t 'a 1)"
                "(list (hash-table-ref t 'b (lambda () 'none))"
                " (hash-table-ref t 'a (lambda () 'none) list)"
                " (hash-table-ref/default t 'b 2)"
                " (hash-table-intern! t 'c (lambda () 5))"
                " (hash-table-intern! t 'c (lambda () 6)))"),
            "(none (1) 2 5 5)");
  EXPECT_EQ(Run("(hash-table-ref t 'b)"),
            "raised out-of-range: hash-table-ref: argument 2 is not a key of "
            "the table (b)");
  EXPECT_EQ(Run("(hash-table-update! t 'b list)"),
            "raised out-of-range: hash-table-ref: argument 2 is not a key of "
            "the table (b)");
  EXPECT_EQ(Run("(hash-table-update! t 'a (lambda (x) (+ x 1)))"
                "(hash-table-update! t 'b list (lambda () 7))"
                "(hash-table-update!/default t 'd (lambda (x) (cons 1 x)) '())"
                "(hash-table->alist t)"),
            "((a . 2) (c . 5) (b 7) (d 1))");
}

TEST_P(TablePrimitivesTest, MistakesAreErrors) {
  EXPECT_EQ(Run("(hash-table-ref/default 5 1 2)"),
            "raised wrong-type: hash-table-ref/default: argument 1 is not a "
            "hash table (5)");
  EXPECT_EQ(Run("(hash-table-set! (make-hash-table string=?) 'a 1)"),
            "raised wrong-type: hash-table-set!: argument 2 is not a string, "
            "as keys of a table that has string=? (a)");
  EXPECT_EQ(Run("(hash-table-set! (make-hash-table) 1 2 3)"),
            "raised wrong-type: hash-table-set!: argument 4 is not followed by "
            "a value (3)");
  EXPECT_EQ(Run("(make-hash-table <)"),
            "raised wrong-type: make-hash-table: argument 1 is not eq?, eqv?, "
            "equal? or string=? (#<procedure <>)");
}

TEST_P(TablePrimitivesTest, EachKindComparesAsItSays) {
  EXPECT_EQ(
      Run("(define (finds? t) (hash-table-set! t \"k\" 1)"
          " (hash-table-contains? t (string #\\k)))"
          "(list (finds? (make-hash-table)) (finds? (make-hash-table eq?))"
          " (finds? (make-hash-table eqv?))"
          " (finds? (make-hash-table equal? equal-hash))"
          " (finds? (make-hash-table string=? string-hash))"
          " (finds? (make-eq-hash-table)) (finds? (make-eqv-hash-table))"
          " (finds? (make-equal-hash-table))"
          " (finds? (make-string-hash-table)))"),
      "(#t #f #f #t #t #f #f #t #t)");
}

TEST_P(TablePrimitivesTest, OrderIsThatOfAddition) {
  EXPECT_EQ(Run("(define t (make-hash-table eq?))"
                "(define keys (list (list 1) 'b \"c\" #\\d 5 (vector)))"
                "(let loop ((k keys) (i 0)) (if (pair? k)"
                "  (begin (hash-table-set! t (car k) i)"
                "         (loop (cdr k) (+ i 1)))))"
                "(hash-table-delete! t 'b) (hash-table-set! t 'b 9)"
                "(list (hash-table-keys t) (hash-table-values t))"),
            "(((1) \"c\" #\\d 5 #() b) (0 2 3 4 5 9))");
}

TEST_P(TablePrimitivesTest, WalksMeetWhatWasThereWhenTheyBegan) {
  EXPECT_EQ(Run("(define t (alist->hash-table '((a . 1) (b . 2) (a . 3)) eq?))"
                "(define met '())"
                "(hash-table-walk t (lambda (k v) (set! met (cons k met))"
                "  (hash-table-delete! t 'b) (hash-table-set! t (list k) v)))"
                "(list met (hash-table->alist t))"),
            "((b a) ((a . 1) ((a) . 1) ((b) . 2)))");
  EXPECT_EQ(Run("(list (hash-table-fold (lambda (k v sum) (+ v sum)) 0 t)"
                " (hash-table-fold t (lambda (k v sum) (+ v sum)) 0))"),
            "(4 4)");
  EXPECT_EQ(Run("(define copy (hash-table-copy t)) (hash-table-set! copy 'a 9)"
                "(hash-table-prune! (lambda (k v) (pair? k)) t)"
                "(list (hash-table->alist t) (hash-table-count copy)"
                " (hash-table->alist (hash-table-union! t copy)))"),
            "(((a . 1)) 3 ((a . 1) ((a) . 1) ((b) . 2)))");
}

TEST_P(TablePrimitivesTest, ManyEntriesAreFoundWhateverMoves) {
  EXPECT_EQ(
      Run("(define t (make-hash-table eq?)) (define keys '())"
          "(let loop ((i 0)) (if (< i 300) (let ((key (list i)))"
          "  (set! keys (cons key keys)) (hash-table-set! t key i)"
          "  (loop (+ i 1)))))"
          "(let loop ((k keys) (right 0)) (if (null? k) right"
          "  (loop (cdr k) (if (eq? (hash-table-ref t (car k)) (car (car k)))"
          "    (+ right 1) right))))"),
      "300");
}

TEST_P(TablePrimitivesTest, WithoutMemoryATableIsAsItWas) {
  // One will do, as it takes seconds.
  if (std::string_view(GetParam()) != "policy=genimmix") return;
  EXPECT_EQ(Run("(define t (make-hash-table eqv?))"
                "(define caught (guard (e ((error-object? e)"
                "    (error-object-message e)))"
                "  (let loop ((i 0)) (hash-table-set! t i i) (loop (+ i 1)))))"
                "(define count (hash-table-count t))"
                "(list caught (= (hash-table-ref t (- count 1)) (- count 1))"
                "  (hash-table-ref/default t count 'none) (> count 1000))"),
            "(\"there is no memory for this\" #t none #t)");
}

TEST_P(TablePrimitivesTest, HashesAreThoseOfWhatIsEquivalent) {
  EXPECT_EQ(Run("(define x (list 1 \"a\" #(2.5)))"
                "(list (= (equal-hash x) (equal-hash (list 1 \"a\" #(2.5))))"
                " (= (eq-hash x) (eq-hash x)) (= (eqv-hash 2.5) (eqv-hash 2.5))"
                " (< -1 (equal-hash x 10) 10)"
                " (= (string-hash \"a\") (string-hash (string #\\a))))"),
            "(#t #t #t #t #t)");
  EXPECT_EQ(Run("(eq-hash 1 0)"),
            "raised wrong-type: eq-hash: argument 2 is not a bound, an integer "
            "above 0 (0)");
}

TEST_P(TablePrimitivesTest, Srfi69HasItsNames) {
  EXPECT_EQ(Run("(import (srfi 69))"
                "(define t (make-hash-table string=?))"
                "(list (eq? (hash-table-equivalence-function t) string=?)"
                " ((hash-table-hash-function t) \"a\" 1)"
                " (= (string-ci-hash \"Ab\") (string-ci-hash \"aB\"))"
                " (string-hash \"a\" 1) (hash 1 1) (hash-by-identity 'a 1)"
                " (eq? t (hash-table-merge! t (make-hash-table))))"),
            "(#t 0 #t 0 0 0 #t)");
}

INSTANTIATE_TEST_SUITE_P(Policies, TablePrimitivesTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
