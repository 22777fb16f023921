// The examples of R7RS small, sections 6.1 and 6.3 to 6.9, as programs.
#include <gtest/gtest.h>

#include <string>

#include "runtime/lambda/session.h"
#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

class ReportExamplesTest : public ::testing::TestWithParam<gc::Policy> {
 protected:
  static gc::HeapOptions Options() {
    gc::HeapOptions options = Machine::Quiet(GetParam());
    options.stress.every = 7;
    options.stress.seed = 1;
    return options;
  }

  // Each line is an expression that is true.
  void ExpectAllTrue(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      const std::string line(lines.substr(0, end));
      lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
      if (line.empty()) continue;
      const Value value = session_.Run(line, "example");
      if (value.IsEmpty()) machine_.vm.TakeRaised();
      EXPECT_TRUE(value.IsTrue()) << line;
    }
  }
  // Each line is an expression that raises.
  void ExpectAllRaise(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      const std::string line(lines.substr(0, end));
      lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
      if (line.empty()) continue;
      EXPECT_TRUE(session_.Run(line, "example").IsEmpty()) << line;
      machine_.vm.TakeRaised();
    }
  }

  Machine machine_{Options()};
  Session session_{machine_.vm};
};

TEST_P(ReportExamplesTest, OfEquivalence) {
  ExpectAllTrue(R"(
(eqv? 'a 'a)
(not (eqv? 'a 'b))
(eqv? 2 2)
(not (eqv? 2 2.0))
(eqv? '() '())
(eqv? 100000000000000000000 100000000000000000000)
(not (eqv? 0.0 +nan.0))
(not (eqv? 0.0 -0.0))
(eqv? +nan.0 +nan.0)
(not (eqv? (cons 1 2) (cons 1 2)))
(not (eqv? (lambda () 1) (lambda () 2)))
(let ((p (lambda (x) x))) (eqv? p p))
(not (eqv? #f 'nil))
(eq? car car)
(let ((x '(a))) (eq? x x))
(equal? 'a 'a)
(equal? '(a) '(a))
(equal? '(a (b) c) '(a (b) c))
(equal? "abc" "abc")
(equal? 2 2)
(equal? (make-vector 5 'a) (make-vector 5 'a))
)");
}

TEST_P(ReportExamplesTest, OfListsAndSymbols) {
  ExpectAllTrue(R"(
(boolean=? #f #f #f)
(not (boolean? '()))
(not (list? '(a . b)))
(let ((x (list 'a))) (set-cdr! x x) (not (list? x)))
(equal? (cons '(a) '(b c d)) '((a) b c d))
(equal? (cons "a" '(b c)) '("a" b c))
(equal? (car '((a) b c d)) '(a))
(equal? (cdr '((a) b c d)) '(b c d))
(equal? (make-list 2 3) '(3 3))
(equal? (list 'a (+ 3 4) 'c) '(a 7 c))
(= (length '(a (b) (c d e))) 3)
(equal? (append '(x) '(y)) '(x y))
(equal? (append '(a (b)) '((c))) '(a (b) (c)))
(equal? (append '(a b) '(c . d)) '(a b c . d))
(eq? (append '() 'a) 'a)
(equal? (reverse '(a (b c) d (e (f)))) '((e (f)) d (b c) a))
(eq? (list-ref '(a b c d) 2) 'c)
(let ((ls (list 'one 'two 'five!))) (list-set! ls 2 'three) (equal? ls '(one two three)))
(equal? (memq 'c '(a b c d e)) '(c d e))
(not (memq (list 'a) '(b (a) c)))
(equal? (memv 101 '(100 101 102)) '(101 102))
(equal? (assq 'b '((a 1) (b 2) (c 3))) '(b 2))
(not (assq (list 'a) '(((a)) ((b)) ((c)))))
(equal? (assv 5 '((2 3) (5 7) (11 13))) '(5 7))
(symbol? (car '(a b)))
(not (symbol? "bar"))
(symbol=? 'a 'a 'a)
(equal? (symbol->string 'flying-fish) "flying-fish")
(equal? (symbol->string 'Martin) "Martin")
(eq? 'mISSISSIppi (string->symbol "mISSISSIppi"))
(eqv? 'bitBlt (string->symbol "bitBlt"))
(eqv? 'LollyPop (string->symbol (symbol->string 'LollyPop)))
(string=? "K. Harper, M.D." (symbol->string (string->symbol "K. Harper, M.D.")))
)");
  ExpectAllRaise(R"(
(length '(a b . c))
(car '())
(set-car! 'a 3)
(list-ref '(a b) 2)
)");
}

TEST_P(ReportExamplesTest, OfCharactersAndStrings) {
  ExpectAllTrue(R"(
(eqv? (digit-value #\3) 3)
(eqv? (digit-value #\x0664) 4)
(eqv? (digit-value #\x0AE6) 0)
(not (digit-value #\x0EA6))
(char<? #\a #\b #\c)
(char-ci=? #\a #\A)
(eqv? (char-upcase #\i) #\I)
(= (string-length "λx") 2)
(string=? (string #\a #\λ) "aλ")
(let ((s (make-string 3 #\*))) (string-set! s 0 #\?) (string=? s "?**"))
(let ((s (make-string 3 #\*))) (string-set! s 0 #\λ) (string=? s "λ**"))
(string-ci=? "Straße" "STRASSE")
(string=? (string-upcase "Straße") "STRASSE")
(string=? (string-downcase "ΧΑΟΣ Σ") "χαος σ")
(string=? (substring "abcde" 1 3) "bc")
(string=? (string-append "ab" "" "cd") "abcd")
(equal? (string->list "abc" 1) '(#\b #\c))
(string=? (list->string '(#\a #\b)) "ab")
(let ((a "12345") (b (string-copy "abcde"))) (string-copy! b 1 a 0 2) (string=? b "a12de"))
(let ((s (make-string 3 #\a))) (string-fill! s #\b 1) (string=? s "abb"))
)");
  ExpectAllRaise(R"(
(let ((g (lambda () "***"))) (string-set! (g) 0 #\?))
(string-set! (symbol->string 'immutable) 0 #\?)
(string-ref "abc" 3)
(integer->char #xD800)
)");
}

TEST_P(ReportExamplesTest, OfVectorsAndBytevectors) {
  ExpectAllTrue(R"(
(equal? (vector 'a 'b 'c) #(a b c))
(= (vector-ref '#(1 1 2 3 5 8 13 21) 5) 8)
(let ((vec (vector 0 '(2 2 2 2) "Anna"))) (vector-set! vec 1 '("Sue" "Sue")) (equal? vec #(0 ("Sue" "Sue") "Anna")))
(equal? (vector->list '#(dah dah didah) 1) '(dah didah))
(equal? (vector->list '#(dah dah didah) 1 2) '(dah))
(equal? (list->vector '(dididit dah)) #(dididit dah))
(equal? (string->vector "ABC") #(#\A #\B #\C))
(equal? (vector->string #(#\1 #\2 #\3)) "123")
(let* ((a #(1 8 2 8)) (b (vector-copy a))) (vector-set! b 0 3) (equal? (list b (vector-copy b 1 3)) '(#(3 8 2 8) #(8 2))))
(let ((a (vector 1 2 3 4 5)) (b (vector 10 20 30 40 50))) (vector-copy! b 1 a 0 2) (equal? b #(10 1 2 40 50)))
(equal? (vector-append #(a b c) #(d e f)) #(a b c d e f))
(let ((a (vector 1 2 3 4 5))) (vector-fill! a 'smash 2 4) (equal? a #(1 2 smash smash 5)))
(equal? (make-bytevector 2 12) (bytevector 12 12))
(= (bytevector-u8-ref (bytevector 1 1 2 3 5 8 13 21) 5) 8)
(let ((bv (bytevector 1 2 3 4))) (bytevector-u8-set! bv 1 3) (equal? bv (bytevector 1 3 3 4)))
(equal? (bytevector-copy (bytevector 1 2 3 4 5) 2 4) (bytevector 3 4))
(let ((a (bytevector 1 2 3 4 5)) (b (bytevector 10 20 30 40 50))) (bytevector-copy! b 1 a 0 2) (equal? b (bytevector 10 1 2 40 50)))
(equal? (bytevector-append (bytevector 0 1 2) (bytevector 3 4 5)) (bytevector 0 1 2 3 4 5))
(string=? (utf8->string (bytevector #x41)) "A")
(equal? (string->utf8 "λ") (bytevector #xCE #xBB))
)");
}

INSTANTIATE_TEST_SUITE_P(Policies, ReportExamplesTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda
