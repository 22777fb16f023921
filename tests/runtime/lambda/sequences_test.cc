// The library's sequences.scm: what calls a procedure for each item.
#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

using SequencesTest = ProgramTest;

TEST_P(SequencesTest, MapCallsWithTheItemsOfEachListInOrder) {
  EXPECT_EQ(Run("(map cadr '((a b) (d e) (g h)))"), "(b e h)");
  EXPECT_EQ(Run("(map + '(1 2 3) '(10 20))"), "(11 22)");
  EXPECT_EQ(Run("(map list '(1 2) '(3 4) '(5 6 7))"), "((1 3 5) (2 4 6))");
  EXPECT_EQ(Run("(map car '())"), "()");
  EXPECT_EQ(Run("(let ((n 0)) (map (lambda (x) (set! n (+ n 1)) (cons n x))"
                " '(a b)))"),
            "((1 . a) (2 . b))");
  const std::string many = IsMoving() ? "1000" : "100000";
  EXPECT_EQ(Run("(length (map (lambda (x) x) (make-list " + many + " 1)))"),
            many);
  EXPECT_EQ(Run("(map car '(1 . 2))"),
            "raised wrong-type: car: argument 1 is not a pair (1)");
  EXPECT_EQ(Run("(map (lambda (x) x) '(1 . 2))"),
            "raised wrong-type: map: the argument is not a list (2)");
}

TEST_P(SequencesTest, MapGivesEachReturnItsOwnList) {
  EXPECT_EQ(Run("(let* ((k #f) (n 0) (results '())"
                " (l (map (lambda (x) (call/cc (lambda (c)"
                " (if (= x 2) (set! k c)) x))) '(1 2 3))))"
                " (set! results (cons l results)) (set! n (+ n 1))"
                " (if (< n 3) (k (* n 100)) results))"),
            "((1 200 3) (1 100 3) (1 2 3))");
}

TEST_P(SequencesTest, ForEachGoesThroughLists) {
  EXPECT_EQ(Run("(let ((v (make-vector 5)))"
                " (for-each (lambda (i) (vector-set! v i (* i i)))"
                " '(0 1 2 3 4)) v)"),
            "#(0 1 4 9 16)");
  EXPECT_EQ(Run("(let ((all '())) (for-each (lambda (a b)"
                " (set! all (cons (+ a b) all))) '(1 2 3) '(10 20)) all)"),
            "(22 11)");
  EXPECT_EQ(Run("(let ((all '())) (for-each (lambda (a b c)"
                " (set! all (cons (+ a b c) all))) '(1 2) '(3 4) '(5 6)) all)"),
            "(12 9)");
  EXPECT_EQ(Run("(for-each car 5)"),
            "raised wrong-type: for-each: the argument is not a list (5)");
}

TEST_P(SequencesTest, FindsByAnEquivalenceOfTheProgram) {
  EXPECT_EQ(Run("(member 2.0 '(1 2 3) =)"), "(2 3)");
  EXPECT_EQ(Run("(member \"B\" '(\"a\" \"b\" \"c\") string-ci=?)"),
            "(\"b\" \"c\")");
  EXPECT_EQ(Run("(member 4 '(1 2 3) =)"), "#f");
  EXPECT_EQ(Run("(member '(a) '(b (a) c))"), "((a) c)");
  EXPECT_EQ(Run("(assoc 2.0 '((1 one) (2 two)) =)"), "(2 two)");
  EXPECT_EQ(Run("(assoc '(a) '(((a)) ((b))))"), "((a))");
  EXPECT_EQ(Run("(assoc 7 '((1 one)) =)"), "#f");
}

TEST_P(SequencesTest, VectorsAndStrings) {
  EXPECT_EQ(Run("(vector-map cadr '#((a b) (d e) (g h)))"), "#(b e h)");
  EXPECT_EQ(Run("(vector-map + #(1 2) #(10 20 30))"), "#(11 22)");
  EXPECT_EQ(Run("(let ((all '())) (vector-for-each (lambda (x)"
                " (set! all (cons x all))) #(1 2 3)) all)"),
            "(3 2 1)");
  EXPECT_EQ(Run("(let ((all '())) (vector-for-each (lambda (x y)"
                " (set! all (cons (* x y) all))) #(1 2 3) #(4 5)) all)"),
            "(10 4)");
  EXPECT_EQ(Run("(string-map char-foldcase \"AbdEgH\")"), "\"abdegh\"");
  EXPECT_EQ(Run("(string-map (lambda (c k) ((if (eqv? k #\\u) char-upcase"
                " char-downcase) c)) \"studlycaps xxx\" \"ululululul\")"),
            "\"StUdLyCaPs\"");
  EXPECT_EQ(Run("(let ((v '())) (string-for-each (lambda (c) (set! v"
                " (cons (char->integer c) v))) \"abcde\") v)"),
            "(101 100 99 98 97)");
  EXPECT_EQ(Run("(let ((v '())) (string-for-each (lambda (a b) (set! v"
                " (cons a (cons b v)))) \"ab\" \"xyz\") (list->string v))"),
            "\"byax\"");
  EXPECT_EQ(Run("(vector-map car 5)"),
            "raised wrong-type: vector-length: argument 1 is not a vector (5)");
}

INSTANTIATE_TEST_SUITE_P(Policies, SequencesTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
