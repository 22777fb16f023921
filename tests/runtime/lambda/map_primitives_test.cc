#include "tests/runtime/lambda/program_test.h"

namespace fledge::lambda {
namespace {

class MapPrimitivesTest : public ProgramTest {};

TEST_P(MapPrimitivesTest, LiteralsAreMadeEachTimeAndWhenQuotedOnce) {
  EXPECT_EQ(Run("(define n 3) (define m {:a (+ n 1) \"b\" 2 'c 3 #\\d 4 5 6})"
                "(list (map-ref m :a) (map-ref m \"b\") (map-ref m 'c)"
                " (map-ref m #\\d) (map-ref m 5) (map-count m) (map? m))"),
            "(4 2 3 4 6 5 #t)");
  EXPECT_EQ(Run("(define (make) {:a 1}) (eq? (make) (make))"), "#f");
  EXPECT_EQ(Run("(define (make) '{:a (1 x) b {:c :d}})"
                "(list (eq? (make) (make)) (map-ref (make) :a)"
                " (map-ref (map-ref (make) 'b) :c))"),
            "(#t (1 x) :d)");
  EXPECT_EQ(Run("(map-count {})"), "0");
  EXPECT_EQ(Run("(map-ref `{:a ,(+ 1 2)} :a)"), "3");
  EXPECT_THROW(Run("'{(1) 2}"), SyntaxError);
}

TEST_P(MapPrimitivesTest, EntriesAreReadStoredAndDeleted) {
  EXPECT_EQ(Run("(define m {}) (map-set! m :a 1) (map-set! m :a 2)"
                "(map-set! m :b 3)"
                "(define both (map-count m)) (map-delete! m :a)"
                "(map-delete! m :none)"
                "(list both (map-contains? m :a) (map-contains? m :b)"
                " (map-ref m :a 'none) (map->alist m))"),
            "(2 #f #t none ((:b . 3)))");
  EXPECT_EQ(
      Run("(map-ref {:a 1} :b)"),
      "raised out-of-range: map-ref: argument 2 is not a key of the map (:b)");
  EXPECT_EQ(Run("(map-set! {} '(1) 2)"),
            "raised wrong-type: map-set!: argument 2 is not a key of a map: a "
            "keyword, symbol, string, character, boolean, () or a small "
            "integer ((1))");
  EXPECT_EQ(Run("(map-ref 5 :a)"),
            "raised wrong-type: map-ref: argument 1 is not a map (5)");
  EXPECT_EQ(Run("(map? '())"), "#f");
}

TEST_P(MapPrimitivesTest, KeysAreFoundByTheirContents) {
  EXPECT_EQ(Run("(define key (string #\\a #\\b)) (define m {key 1 :ab 2 'ab 3})"
                // The map has a copy of its own.
                "(string-set! key 0 #\\z)"
                "(list (map-ref m \"ab\") (map-ref m :ab) (map-ref m 'ab)"
                " (map-ref m key 'none))"),
            "(1 2 3 none)");
  // Once wide, always wide.
  EXPECT_EQ(Run("(define wide (string #\\λ #\\b)) (string-set! wide 0 #\\a)"
                "(map-ref m wide)"),
            "1");
}

TEST_P(MapPrimitivesTest, KeysValuesAndEntriesAreLists) {
  EXPECT_EQ(Run("(define m {})"
                "(let loop ((i 0)) (if (< i 100)"
                "  (begin (map-set! m i (* i i)) (loop (+ i 1)))))"
                "(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))"
                "(list (sum (map-keys m)) (sum (map-values m))"
                " (let loop ((l (map->alist m)) (all #t)) (if (null? l) all"
                "   (loop (cdr l) (and all (= (cdr (car l))"
                "     (* (car (car l)) (car (car l)))))))))"),
            "(4950 328350 #t)");
  EXPECT_EQ(Run("(define copy (map-copy m)) (map-set! copy 0 'changed)"
                "(list (map-count copy) (map-ref m 0) (map-ref copy 0)"
                " (map-ref copy 99))"),
            "(100 0 changed 9801)");
}

TEST_P(MapPrimitivesTest, MapsAreMadeUpdatedAndWalked) {
  EXPECT_EQ(Run("(define m (make-map :a 1 :b 2))"
                "(map-update! m :a (lambda (x) (+ x 10)))"
                "(map-update! m :c (lambda (x) (cons 1 x)) '())"
                "(list (map-ref m :a) (map-ref m :b) (map-ref m :c))"),
            "(11 2 (1))");
  EXPECT_EQ(
      Run("(map-update! m :d (lambda (x) x))"),
      "raised out-of-range: map-ref: argument 2 is not a key of the map (:d)");
  EXPECT_EQ(Run("(map-ref (alist->map '((a . 1) (b . 2) (a . 3))) 'a)"), "1");
  EXPECT_EQ(Run("(define seen 0) (map-for-each (lambda (k v)"
                " (map-delete! m k) (set! seen (+ seen 1))) m)"
                "(list seen (map-count m))"),
            "(3 0)");
  EXPECT_EQ(
      Run("(make-map 1)"),
      "raised wrong-type: %map: argument 1 is not followed by a value (1)");
}

TEST_P(MapPrimitivesTest, KeywordsStandForThemselves) {
  EXPECT_EQ(Run("(list :key (eq? :key ':key) (keyword? :key) (keyword? 'key)"
                " (symbol? :key) (keyword->symbol :key)"
                " (symbol->keyword 'other) (keyword->string :key)"
                " (string->keyword \"made\"))"),
            "(:key #t #t #f #f key :other \"key\" :made)");
  EXPECT_EQ(Run("(eq? :a (symbol->keyword (string->symbol \"a\")))"), "#t");
  EXPECT_EQ(Run("(case :b ((:a) 1) ((:b) 2))"), "2");
  EXPECT_EQ(
      Run("(keyword->symbol 'a)"),
      "raised wrong-type: keyword->symbol: argument 1 is not a keyword (a)");
}

TEST_P(MapPrimitivesTest, MapsAreWrittenAsTheyAreRead) {
  EXPECT_EQ(Run("(list :a {:a 'b})"), "(:a {:a b})");
}

TEST_P(MapPrimitivesTest, ListsHaveOtherNames) {
  EXPECT_EQ(Run("(list nil (first '(1 2)) (rest '(1 2)))"), "(() 1 (2))");
}

INSTANTIATE_TEST_SUITE_P(Policies, MapPrimitivesTest, EveryProgramHeap());

}  // namespace
}  // namespace fledge::lambda
