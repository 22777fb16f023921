#include "runtime/lambda/expander.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/top_level.h"
#include "tests/runtime/lambda/expansion.h"

namespace fledge::lambda {
namespace {

class ExpanderTest : public ::testing::Test {
 protected:
  std::string Expand(std::string_view program) {
    return expansion_.Expand(program);
  }
  std::string ErrorOf(std::string_view program) {
    return expansion_.ErrorOf(program);
  }

  Expansion expansion_;
};

TEST_F(ExpanderTest, DataMeanThemselves) {
  EXPECT_EQ(Expand("1 1.5 1/2 \"a\" #\\a #t #(1 x) #u8(1) :key"),
            "'1 '1.5 '1/2 '\"a\" '#\\a '#t '#(1 x) '#u8(1) ':key");
  EXPECT_EQ(Expand("'(a . b) '() ''a"), "'(a . b) '() '(quote a)");
  EXPECT_EQ(Expand("'#0=(a . #0#)"), "'#0=(a . #0#)");
}

TEST_F(ExpanderTest, MapsEvaluateTheirKeysAndValues) {
  EXPECT_EQ(Expand("{:a (f x) y 2}"), "(%map ':a (f x) y '2)");
  EXPECT_EQ(Expand("'{:a (f x)}"), "'{:a (f x)}");
  EXPECT_EQ(Expand("{}"), "(%map)");
}

TEST_F(ExpanderTest, CallsHaveACalleeAndArguments) {
  EXPECT_EQ(Expand("(f) (f 1 (g 2)) ((f) 1)"), "(f) (f '1 (g '2)) ((f) '1)");
  EXPECT_EQ(ErrorOf("\n ()"),
            "2:2 () calls nothing; the empty list is written '()");
  EXPECT_EQ(ErrorOf(" (f . x)"),
            "1:2 a call is a list without a dot: (procedure argument ...)");
  EXPECT_EQ(ErrorOf("(f #0=(x))"), "1:4 labels are for data, which are quoted");
}

TEST_F(ExpanderTest, VariablesAreThoseOfTheInnermostBinding) {
  EXPECT_EQ(Expand("(lambda (x y) (lambda (x) (f x y z)))"),
            "(lambda (x.0 y.0) (lambda (x.1) (f x.1 y.0 z)))");
  EXPECT_EQ(Expand("(lambda args args)"), "(lambda (. args.0) args.0)");
  EXPECT_EQ(Expand("(lambda (a . b) b)"), "(lambda (a.0 . b.0) b.0)");
  EXPECT_EQ(Expand("(lambda (if) (if 1 2 3))"),
            "(lambda (if.0) (if.0 '1 '2 '3))");
}

TEST_F(ExpanderTest, ParametersAreDifferentNames) {
  const std::string shape =
      "lambda is written (lambda (parameter ...) body ...)";
  EXPECT_EQ(ErrorOf("(lambda (x y x) x)"), "1:14 x is bound twice here");
  EXPECT_EQ(ErrorOf("(lambda (x . x) x)"), "1:14 x is bound twice here");
  EXPECT_EQ(ErrorOf("(lambda (x 1) x)"),
            "1:12 a name is expected here, to bind a variable");
  EXPECT_EQ(ErrorOf("(lambda 1 x)"),
            "1:9 a name is expected here, to bind a variable");
  EXPECT_EQ(ErrorOf("(lambda)"), "1:1 " + shape);
  EXPECT_EQ(ErrorOf("(lambda (x))"), "1:1 " + shape);
  EXPECT_EQ(ErrorOf("(lambda (x) . 1)"), "1:1 " + shape);
}

TEST_F(ExpanderTest, AssignmentsAreOfVariables) {
  EXPECT_EQ(Expand("(lambda (x) (set! x 1) (set! y x))"),
            "(lambda (x.0) (begin (set! x.0 '1) (set! y x.0)))");
  EXPECT_EQ(ErrorOf("(set! x)"), "1:1 set! is written (set! name value)");
  EXPECT_EQ(ErrorOf("(set! 1 2)"), "1:1 set! is written (set! name value)");
  EXPECT_EQ(ErrorOf("(set! if 1)"), "1:7 if is syntax, and cannot be assigned");
}

TEST_F(ExpanderTest, ConditionalsHaveTwoOrThreeParts) {
  EXPECT_EQ(Expand("(if a b c) (if a b)"), "(if a b c) (if a b #!unspecified)");
  EXPECT_EQ(ErrorOf("(if a)"), "1:1 if is written (if test then [else])");
  EXPECT_EQ(ErrorOf("(if a b c d)"), "1:1 if is written (if test then [else])");
}

TEST_F(ExpanderTest, AndAndOrStopEarly) {
  EXPECT_EQ(Expand("(and) (and a) (and a b c)"),
            "'#t a (if a (if b c '#f) '#f)");
  EXPECT_EQ(Expand("(or) (or a) (or a b c)"),
            "'#f a (let ((.0 a)) (if .0 .0 (let ((.1 b)) (if .1 .1 c))))");
}

TEST_F(ExpanderTest, WhenAndUnlessHaveABody) {
  EXPECT_EQ(Expand("(when a b c) (unless a b)"),
            "(if a (begin b c) #!unspecified) (if a #!unspecified b)");
  EXPECT_EQ(ErrorOf("(when a)"),
            "1:1 when is written (when test expression ...)");
}

TEST_F(ExpanderTest, CondTriesItsClausesInTurn) {
  EXPECT_EQ(Expand("(cond (a b c) (d => e) (f) (else g))"),
            "(if a (begin b c) (let ((.0 d)) (if .0 (e .0) "
            "(let ((.1 f)) (if .1 .1 g)))))");
  EXPECT_EQ(Expand("(cond (a b))"), "(if a b #!unspecified)");
  // => and else are syntax only where they are not variables.
  EXPECT_EQ(Expand("(let ((=> #f)) (cond (#t => 'ok)))"),
            "(let ((=>.0 '#f)) (if '#t (begin =>.0 'ok) #!unspecified))");
  EXPECT_EQ(Expand("(let ((else #f)) (cond (else 1)))"),
            "(let ((else.0 '#f)) (if else.0 '1 #!unspecified))");
}

TEST_F(ExpanderTest, BadClausesAreErrors) {
  const std::string cond =
      " this is no clause of (cond); that is written (cond (test expression "
      "...) ... [(else expression ...)])";
  EXPECT_EQ(ErrorOf("(cond (a b) c)"), "1:13" + cond);
  EXPECT_EQ(ErrorOf("(cond (a b) ())"), "1:13" + cond);
  EXPECT_EQ(ErrorOf("(cond (else 1) (a b))"), "1:7" + cond);
  EXPECT_EQ(ErrorOf("(cond (else))"), "1:7" + cond);
  EXPECT_EQ(ErrorOf("(cond)"),
            "1:1 cond is written (cond (test expression ...) ... "
            "[(else expression ...)])");
  const std::string in_case =
      " this is no clause of (case); that is written (case key ((datum ...) "
      "expression ...) ... [(else expression ...)])";
  EXPECT_EQ(ErrorOf("(case x (a b))"), "1:9" + in_case);
  EXPECT_EQ(ErrorOf("(case x ((a)))"), "1:9" + in_case);
  EXPECT_EQ(ErrorOf("(case x (else 1) ((a) 2))"), "1:9" + in_case);
  EXPECT_EQ(ErrorOf("(case)"),
            "1:1 case is written (case key ((datum ...) expression ...) ... "
            "[(else expression ...)])");
}

TEST_F(ExpanderTest, CaseComparesWithEqv) {
  EXPECT_EQ(Expand("(case (f) ((a) 1) ((b 2) 3 4) (() 5) (else 6))"),
            "(let ((.0 (f))) (if (%eqv? .0 'a) '1 (if (%memv .0 '(b 2)) "
            "(begin '3 '4) (if '#f '5 '6))))");
  EXPECT_EQ(Expand("(case x ((a) => f) (else => g))"),
            "(let ((.0 x)) (if (%eqv? .0 'a) (f .0) (g .0)))");
}

TEST_F(ExpanderTest, LetBindsAtOnce) {
  EXPECT_EQ(Expand("(let ((x 1) (y x)) (f x y))"),
            "(let ((x.0 '1) (y.0 x)) (f x.0 y.0))");
  EXPECT_EQ(Expand("(let () 1)"), "'1");
  const std::string shape =
      "1:1 let is written (let [name] ((name value) ...) body ...)";
  EXPECT_EQ(ErrorOf("(let ((x 1)))"), shape);
  EXPECT_EQ(ErrorOf("(let 1 2)"), shape);
  EXPECT_EQ(ErrorOf("(let x ((y 1)))"), shape);
  EXPECT_EQ(ErrorOf("(let ((x 1 2)) x)"),
            "1:7 a binding is written (name value)");
  EXPECT_EQ(ErrorOf("(let (x) x)"), "1:7 a binding is written (name value)");
  EXPECT_EQ(ErrorOf("(let ((x 1) (x 2)) x)"), "1:14 x is bound twice here");
}

TEST_F(ExpanderTest, LetStarBindsInTurn) {
  EXPECT_EQ(Expand("(let* ((x 1) (x (f x))) x)"),
            "(let ((x.0 '1)) (let ((x.1 (f x.0))) x.1))");
  EXPECT_EQ(Expand("(let* () 1)"), "'1");
}

TEST_F(ExpanderTest, LetrecSeesItsVariables) {
  EXPECT_EQ(
      Expand("(letrec ((f (lambda () (g))) (g (lambda () (f)))) (f))"),
      "(letrec* ((f.0 (lambda () (g.0))) (g.0 (lambda () (f.0)))) (f.0))");
  EXPECT_EQ(Expand("(letrec* ((a (f)) (b (g a))) b)"),
            "(letrec* ((a.0 (f)) (b.0 (g a.0))) b.0)");
  EXPECT_EQ(Expand("(letrec ((a (f)) (b 1)) b)"),
            "(letrec* ((a.0 (f)) (b.0 '1)) b.0)");
}

TEST_F(ExpanderTest, LetrecAssignsWhenAllValuesAreThere) {
  EXPECT_EQ(Expand("(letrec ((a (f)) (b 1) (c (g))) a)"),
            "(letrec* ((a.0 #!unspecified) (b.0 '1) (c.0 #!unspecified)) "
            "(let ((.0 (f)) (.1 (g))) "
            "(begin (set! a.0 .0) (set! c.0 .1) a.0)))");
}

TEST_F(ExpanderTest, NamedLetIsAProcedure) {
  EXPECT_EQ(Expand("(let loop ((i loop)) (loop (f i)))"),
            "(letrec* ((loop.0 (lambda (i.0) (loop.0 (f i.0))))) "
            "(loop.0 loop))");
  // The name may be that of a variable.
  EXPECT_EQ(Expand("(let x ((x 1)) x)"),
            "(letrec* ((x.0 (lambda (x.1) x.1))) (x.0 '1))");
}

TEST_F(ExpanderTest, DoIsALoop) {
  EXPECT_EQ(Expand("(do ((i 0 (f i)) (j i)) ((g i) j) (h))"),
            "(letrec* ((do.0 (lambda (i.0 j.0) (if (g i.0) j.0 "
            "(begin (h) (do.0 (f i.0) j.0)))))) (do.0 '0 i))");
  EXPECT_EQ(Expand("(do () (#t))"),
            "(letrec* ((do.0 (lambda () (if '#t #!unspecified (do.0))))) "
            "(do.0))");
  EXPECT_EQ(ErrorOf("(do ((i)) (#t))"),
            "1:6 a variable of do is written (name init [step])");
  const std::string shape =
      "1:1 do is written (do ((name init [step]) ...) (test expression ...) "
      "command ...)";
  EXPECT_EQ(ErrorOf("(do ())"), shape);
  EXPECT_EQ(ErrorOf("(do () ())"), shape);
}

TEST_F(ExpanderTest, ValuesAreReceived) {
  EXPECT_EQ(Expand("(let-values (((a b) (f)) (c (g a))) (h a b c))"),
            "(receive (a.0 b.0) (f) (receive (. c.0) (g a) (h a.0 b.0 c.0)))");
  EXPECT_EQ(Expand("(let*-values (((a . b) (f)) ((c) (g a))) (h c))"),
            "(receive (a.0 . b.0) (f) (receive (c.0) (g a.0) (h c.0)))");
  EXPECT_EQ(ErrorOf("(let-values (((a) (f)) ((a) (g))) a)"),
            "1:26 a is bound twice here");
  EXPECT_EQ(ErrorOf("(let-values ((a)) a)"),
            "1:14 a binding is written ((name ...) expression)");
}

TEST_F(ExpanderTest, DefinitionsAtTheTopLevelAreOfGlobals) {
  EXPECT_EQ(Expand("(define x 1) (define (f y) y) (define (g . z) z)"),
            "(define x '1) (define f (lambda (y.0) y.0)) "
            "(define g (lambda (. z.0) z.0))");
  EXPECT_EQ(Expand("(begin (define a b) (define b a) (f))"),
            "(begin (define a b) (define b a) (f))");
  EXPECT_EQ(Expand("(define-values (c . d) (f))"),
            "(receive (.0 . .1) (f) (begin (define c .0) (define d .1)))");
  EXPECT_EQ(Expand("(begin)"), "");
  const std::string shape =
      "1:1 define is written (define name value) or (define (name parameter "
      "...) body ...)";
  EXPECT_EQ(ErrorOf("(define x)"), shape);
  EXPECT_EQ(ErrorOf("(define x 1 2)"), shape);
  EXPECT_EQ(ErrorOf("(define (f))"), shape);
  EXPECT_EQ(ErrorOf("(define 1 2)"), shape);
  EXPECT_EQ(ErrorOf("(define ((f a) b) c)"),
            "1:10 a name is expected here, to define");
}

TEST_F(ExpanderTest, InternalDefinitionsAreLetrec) {
  EXPECT_EQ(Expand("(lambda (x) (define a 1) (define (g) (h a)) "
                   "(define h x) (g))"),
            "(lambda (x.0) (letrec* ((a.0 '1) (g.0 (lambda () (h.0 a.0))) "
            "(h.0 x.0)) (g.0)))");
  EXPECT_EQ(Expand("(let () (begin (define a 1) (begin)) a (f))"),
            "(letrec* ((a.0 '1)) (begin a.0 (f)))");
  // They hide parameters, and keywords.
  EXPECT_EQ(Expand("(lambda (x) (define x 1) x)"),
            "(lambda (x.0) (letrec* ((x.1 '1)) x.1))");
  EXPECT_EQ(Expand("(let () (define (if a) a) (if 1))"),
            "(letrec* ((if.0 (lambda (a.0) a.0))) (if.0 '1))");
}

TEST_F(ExpanderTest, InternalDefinitionsOfValuesAssign) {
  EXPECT_EQ(Expand("(let () (define-values (a b) (f)) (define c a) (g b c))"),
            "(letrec* ((a.0 #!unspecified) (b.0 #!unspecified) "
            "(.0 (receive (.1 .2) (f) (begin (set! a.0 .1) (set! b.0 .2)))) "
            "(c.0 a.0)) (g b.0 c.0))");
}

TEST_F(ExpanderTest, DefinitionsComeFirst) {
  const std::string misplaced =
      " a definition comes at the top level, or before the expressions of a "
      "body";
  EXPECT_EQ(ErrorOf("(lambda () 1 (define x 2) x)"), "1:14" + misplaced);
  EXPECT_EQ(ErrorOf("(if (define x 1) 2)"), "1:5" + misplaced);
  EXPECT_EQ(ErrorOf("(let () (begin 1 (define x 2)) x)"), "1:18" + misplaced);
  EXPECT_EQ(ErrorOf("(f (define-values (x) 1))"), "1:4" + misplaced);
  EXPECT_EQ(ErrorOf("(f (define-syntax x (syntax-rules ())))"),
            "1:4" + misplaced);
  EXPECT_EQ(ErrorOf("(f (define-record-type a b c))"), "1:4" + misplaced);
  EXPECT_EQ(ErrorOf("(let () (define x 1))"),
            "1:1 a body ends in an expression, and this has none");
  EXPECT_EQ(ErrorOf("(let () (begin))"),
            "1:1 a body ends in an expression, and this has none");
  EXPECT_EQ(ErrorOf("(let () (define x 1) (define x 2) x)"),
            "1:30 x is bound twice here");
  EXPECT_EQ(ErrorOf("(f (import (lambda core)))"),
            "1:4 import comes at the top level only");
  EXPECT_EQ(ErrorOf("(f (define-library (a)))"),
            "1:4 define-library comes at the top level only");
}

TEST_F(ExpanderTest, BeginIsASequence) {
  EXPECT_EQ(Expand("(f (begin 1 2) (begin 3))"), "(f (begin '1 '2) '3)");
  EXPECT_EQ(ErrorOf("(f (begin))"),
            "1:4 begin is written (begin expression ...)");
}

TEST_F(ExpanderTest, ProceduresOfSeveralAritiesAreTriedInTurn) {
  EXPECT_EQ(Expand("(case-lambda ((a) a) ((a . b) b))"),
            "(%case-lambda (lambda (a.0) a.0) (lambda (a.1 . b.0) b.0))");
  EXPECT_EQ(ErrorOf("(case-lambda (a))"),
            "1:14 a clause of case-lambda is written ((parameter ...) body "
            "...)");
}

TEST_F(ExpanderTest, PromisesHaveAThunk) {
  EXPECT_EQ(Expand("(delay (f)) (delay-force (f))"),
            "(%delay (lambda () (f))) (%delay-force (lambda () (f)))");
  EXPECT_EQ(ErrorOf("(delay)"), "1:1 delay is written (delay expression)");
}

TEST_F(ExpanderTest, ParameterizeHasAThunk) {
  EXPECT_EQ(Expand("(parameterize ((p 1) (q 2)) (define x 3) x)"),
            "(%parameterize (lambda () (letrec* ((x.0 '3)) x.0)) p '1 q '2)");
  EXPECT_EQ(Expand("(parameterize () 1)"), "'1");
  EXPECT_EQ(ErrorOf("(parameterize ((p)) 1)"),
            "1:16 a binding is written (parameter value)");
}

TEST_F(ExpanderTest, GuardHasAThunkAndAHandler) {
  EXPECT_EQ(Expand("(guard (e ((f e) 1) (else 2)) (g))"),
            "(%guard (lambda () (g)) (lambda (e.0) (if (f e.0) '1 '2)))");
  EXPECT_EQ(Expand("(guard (e ((f e) => h)) (g))"),
            "(%guard-reraise (lambda () (g)) (lambda (e.0) "
            "(let ((.0 (f e.0))) (if .0 (lambda () (h .0)) '#f))))");
  EXPECT_EQ(Expand("(guard (e) 1)"),
            "(%guard-reraise (lambda () '1) (lambda (e.0) '#f))");
  EXPECT_EQ(Expand("(guard (e ((f e)) ((g e) 1)) 2)"),
            "(%guard-reraise (lambda () '2) (lambda (e.0) "
            "(let ((.0 (f e.0))) (if .0 (lambda () .0) "
            "(if (g e.0) (lambda () '1) '#f)))))");
  EXPECT_EQ(ErrorOf("(guard (1) 2)"),
            "1:9 a name is expected here, to bind a variable");
  EXPECT_EQ(ErrorOf("(guard () 2)"),
            "1:1 guard is written (guard (name (test expression ...) ...) "
            "body ...)");
}

TEST_F(ExpanderTest, RecordsAreProceduresOverAHiddenType) {
  EXPECT_EQ(
      Expand("(define-record-type point (make y) point? (x px set-x!) (y py))"),
      "(begin (define point (%make-record-type 'point '#(x y))) "
      "(define point point) "
      "(define make (lambda (y.0) (%make-record point #!unspecified y.0))) "
      "(define point? (lambda (object.0) (%record? object.0 point))) "
      "(define px (lambda (record.0) (%record-ref record.0 point '0))) "
      "(define set-x! (lambda (record.1 x.0) "
      "(%record-set! record.1 point '0 x.0))) "
      "(define py (lambda (record.2) (%record-ref record.2 point '1))))");
  EXPECT_EQ(Expand("(let () (define-record-type a #f a?) a?)"),
            "(letrec* ((a.0 (%make-record-type 'a '#())) (a.1 a.0) "
            "(a?.0 (lambda (object.0) (%record? object.0 a.0)))) a?.0)");
  EXPECT_EQ(Expand("(let () (define-record-type a make #f (b)) make)"),
            "(letrec* ((a.0 (%make-record-type 'a '#(b))) (a.1 a.0) "
            "(make.0 (lambda (b.0) (%make-record a.0 b.0)))) make.0)");
}

TEST_F(ExpanderTest, BadRecordsAreErrors) {
  EXPECT_EQ(ErrorOf("(define-record-type a (make b) a? (c c))"),
            "1:29 the record has no field b");
  EXPECT_EQ(ErrorOf("(define-record-type a (make b b) a? (b b))"),
            "1:31 b is a parameter twice");
  EXPECT_EQ(ErrorOf("(define-record-type a (make) a? (b b) (b c))"),
            "1:39 field b occurs twice");
  const std::string field =
      "1:33 a field is written (field accessor) or (field accessor modifier)";
  EXPECT_EQ(ErrorOf("(define-record-type a (make) a? b)"), field);
  EXPECT_EQ(ErrorOf("(define-record-type a (make) a? (b c d e))"), field);
  EXPECT_EQ(ErrorOf("(define-record-type a (make) a? (b 1))"), field);
  const std::string shape =
      "1:1 define-record-type is written (define-record-type name (constructor "
      "field ...) predicate (field accessor [modifier]) ...)";
  EXPECT_EQ(ErrorOf("(define-record-type a (make))"), shape);
  EXPECT_EQ(ErrorOf("(define-record-type 1 (make) a?)"), shape);
  EXPECT_EQ(ErrorOf("(define-record-type a 1 a?)"), shape);
  EXPECT_EQ(ErrorOf("(define-record-type a (1) a?)"), shape);
  EXPECT_EQ(ErrorOf("(define-record-type a (make) 1)"), shape);
}

TEST_F(ExpanderTest, QuasiquotationKeepsWhatIsConstant) {
  EXPECT_EQ(Expand("`a `(a b) `#(a) `(a `(b c)) `{:a 1}"),
            "'a '(a b) '#(a) '(a (quasiquote (b c))) '{:a 1}");
}

TEST_F(ExpanderTest, QuasiquotationEvaluatesWhatIsUnquoted) {
  EXPECT_EQ(Expand("`,x"), "x");
  EXPECT_EQ(Expand("`(a ,x b)"), "(%list* 'a x 'b '())");
  EXPECT_EQ(Expand("`(a . ,x)"), "(%cons 'a x)");
  EXPECT_EQ(Expand("`((a ,x) b)"), "(%list* (%list* 'a x '()) 'b '())");
  EXPECT_EQ(Expand("`(a ,@x b)"), "(%cons 'a (%append x (%cons 'b '())))");
  EXPECT_EQ(Expand("`(,@x)"), "x");
  EXPECT_EQ(Expand("`(,@x . y)"), "(%append x 'y)");
  EXPECT_EQ(Expand("`(,@x ,@y)"), "(%append x y)");
  EXPECT_EQ(Expand("`#(a ,x)"), "(%list->vector (%list* 'a x '()))");
  EXPECT_EQ(Expand("`#(,@x)"), "(%list->vector x)");
  EXPECT_EQ(Expand("`{:a ,x}"), "(%map ':a x)");
}

TEST_F(ExpanderTest, QuasiquotationsNest) {
  EXPECT_EQ(Expand("`(a `(b ,c))"), "'(a (quasiquote (b (unquote c))))");
  EXPECT_EQ(Expand("`(a `(b ,(c ,x)))"),
            "(%list* 'a (%cons 'quasiquote (%cons (%list* 'b "
            "(%cons 'unquote (%cons (%list* 'c x '()) '())) '()) '())) '())");
  EXPECT_EQ(Expand("`(1 ```,,@,,@(list (+ 1 2)) 4)"),
            "(%list* '1 (%cons 'quasiquote (%cons (%cons 'quasiquote (%cons "
            "(%cons 'quasiquote (%cons (%cons 'unquote (%cons (%cons "
            "'unquote-splicing (%cons (%cons 'unquote (list (+ '1 '2))) "
            "'())) '())) '())) '())) '())) '4 '())");
  EXPECT_EQ(Expand("`(a . `,,x)"),
            "(%cons 'a (%cons 'quasiquote (%cons (%cons 'unquote "
            "(%cons x '())) '())))");
}

TEST_F(ExpanderTest, BadQuasiquotationsAreErrors) {
  EXPECT_EQ(ErrorOf("`(a (unquote))"),
            "1:5 unquote, unquote-splicing and quasiquote have one argument");
  EXPECT_EQ(ErrorOf("`(a (unquote b c))"),
            "1:5 unquote, unquote-splicing and quasiquote have one argument");
  EXPECT_EQ(ErrorOf("`,@x"),
            "1:2 unquote-splicing is for the items of a list or vector");
  EXPECT_EQ(ErrorOf("`(a . ,@x)"),
            "1:7 unquote-splicing is for the items of a list or vector");
  EXPECT_EQ(ErrorOf(",x"),
            "1:1 unquote is no expression; it is written ,expression in "
            "quasiquote");
  EXPECT_EQ(ErrorOf("(quasiquote)"),
            "1:1 quasiquote is written (quasiquote template)");
}

TEST_F(ExpanderTest, KeywordsHaveNoValue) {
  EXPECT_EQ(ErrorOf("(f if)"),
            "1:4 if is syntax, and is written (if test then [else])");
  EXPECT_EQ(ErrorOf("(else 1)"),
            "1:1 else is no expression; it is written (else expression ...) "
            "in cond");
  EXPECT_EQ(ErrorOf("(f =>)"),
            "1:4 => is syntax, and is written (test => receiver) in cond");
  EXPECT_EQ(ErrorOf("(quote)"), "1:1 quote is written (quote datum)");
}

TEST_F(ExpanderTest, ProgramsMayHaveErrorsOfTheirOwn) {
  EXPECT_EQ(ErrorOf("(f (syntax-error \"no such thing:\" (a b) 1))"),
            "1:4 no such thing: (a b) 1");
  EXPECT_EQ(ErrorOf("(syntax-error 1)"),
            "1:1 syntax-error is written (syntax-error \"message\" form ...)");
}

TEST_F(ExpanderTest, CondExpandChoosesByFeatures) {
  EXPECT_EQ(Expand("(cond-expand (foo 1) (r7rs 2) (else 3))"), "'2");
  EXPECT_EQ(Expand("(cond-expand ((and r7rs (not foo) (or bar fledge)) 1))"),
            "'1");
  EXPECT_EQ(Expand("(cond-expand ((and r7rs foo) 1) ((or) 2) ((and) 3))"),
            "'3");
  EXPECT_EQ(Expand("(cond-expand ((library (lambda core)) 1) (else 2))"), "'1");
  EXPECT_EQ(Expand("(cond-expand ((library (no such)) 1) (else 2))"), "'2");
  EXPECT_EQ(Expand("(cond-expand (foo 1))"), "");
  EXPECT_EQ(Expand("(f (cond-expand (foo 1)) (cond-expand (else 1 2)))"),
            "(f #!unspecified (begin '1 '2))");
  EXPECT_EQ(Expand("(let () (cond-expand (else (define x 1))) x)"),
            "(letrec* ((x.0 '1)) x.0)");
}

TEST_F(ExpanderTest, BadRequirementsAreErrors) {
  const std::string requirement =
      " a requirement is a feature, (library name), (and ...), (or ...), (not "
      "requirement), or else";
  EXPECT_EQ(ErrorOf("(cond-expand (1 2))"), "1:15" + requirement);
  EXPECT_EQ(ErrorOf("(cond-expand ((foo r7rs) 2))"), "1:15" + requirement);
  EXPECT_EQ(ErrorOf("(cond-expand ((not) 2))"), "1:15" + requirement);
  EXPECT_EQ(ErrorOf("(cond-expand ((and . r7rs) 2))"), "1:22" + requirement);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "r7rs ";
  EXPECT_EQ(ErrorOf("(cond-expand ((and " + many + ") 1))"),
            "1:50015 there are too many requirements");
  EXPECT_EQ(ErrorOf("(cond-expand x)"),
            "1:1 cond-expand is written (cond-expand (requirement form ...) "
            "...)");
  EXPECT_EQ(ErrorOf("(cond-expand (else . 1))"),
            "1:1 cond-expand is written (cond-expand (requirement form ...) "
            "...)");
}

TEST_F(ExpanderTest, FilesAreIncluded) {
  expansion_.AddFile("a.scm", "(define x 1) (F x)");
  EXPECT_EQ(Expand("(include \"a.scm\" \"a.scm\")"),
            "(begin (define x '1) (F x) (define x '1) (F x))");
  EXPECT_EQ(Expand("(let () (include-ci \"a.scm\"))"),
            "(letrec* ((x.0 '1)) (f x.0))");
  expansion_.AddFile("b.scm", "1 2");
  EXPECT_EQ(Expand("(f (include \"b.scm\"))"), "(f (begin '1 '2))");
  EXPECT_EQ(ErrorOf("(include \"c.scm\")"), "1:10 there is no file \"c.scm\"");
  EXPECT_EQ(ErrorOf("(include)"),
            "1:1 include is written (include \"file\" "
            "...)");
  EXPECT_EQ(ErrorOf("(include x)"),
            "1:1 include is written (include \"file\" "
            "...)");
  expansion_.AddFile("open.scm", "\n (");
  EXPECT_EQ(ErrorOf("(include \"open.scm\")"),
            "2:2 this list has no end: ) is missing");
}

TEST_F(ExpanderTest, FilesThatIncludeThemselvesEnd) {
  expansion_.AddFile("self.scm", "(include \"self.scm\")");
  EXPECT_EQ(ErrorOf("(include \"self.scm\")"),
            "1:1 macros make too much of this: does one use itself forever?");
  EXPECT_EQ(ErrorOf("(f (include \"self.scm\"))").substr(4),
            "this is nested too deeply");
}

TEST_F(ExpanderTest, VariablesKnowHowTheyAreUsed) {
  Arena arena;
  const auto expand = [&](std::string_view text) {
    Reader reader(text, 0, expansion_.names());
    return ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                          *reader.Read(arena), arena);
  };
  const Lambda* const f = expand("(lambda (a b c) (set! a b) (f b))")->lambda;
  EXPECT_TRUE(f->parameters[0]->is_assigned);
  EXPECT_EQ(f->parameters[0]->reference_count, 0u);
  EXPECT_FALSE(f->parameters[1]->is_assigned);
  EXPECT_EQ(f->parameters[1]->reference_count, 2u);
  EXPECT_EQ(f->parameters[2]->reference_count, 0u);
  EXPECT_EQ(f->at, (Position{0, 1, 1}));
}

TEST_F(ExpanderTest, ProceduresHaveTheNameTheyAreGiven) {
  Arena arena;
  const auto name_of = [&](std::string_view text) {
    Reader reader(text, 0, expansion_.names());
    const Expression* const expression = ExpandTopLevel(
        expansion_.libraries(), expansion_.space(), *reader.Read(arena), arena);
    const Expression* value = expression;
    while (value->kind != Expression::Kind::kLambda) {
      // Of a call its last argument, else what is bound first.
      const auto& operands = value->operands;
      value = value->kind == Expression::Kind::kCall ? operands.back()
                                                     : operands.front();
    }
    return std::string(value->lambda->name);
  };
  EXPECT_EQ(name_of("(define (f) 1)"), "f");
  EXPECT_EQ(name_of("(define f (lambda () 1))"), "f");
  EXPECT_EQ(name_of("(let ((f (lambda () 1))) f)"), "f");
  EXPECT_EQ(name_of("(let* ((f (lambda () 1))) f)"), "f");
  EXPECT_EQ(name_of("(letrec ((f (lambda () 1))) f)"), "f");
  EXPECT_EQ(name_of("(let f () 1)"), "f");
  EXPECT_EQ(name_of("(let () (define (f) 1) f)"), "f");
  EXPECT_EQ(name_of("(define f (case-lambda (() 1) ((a) 2)))"), "f");
  EXPECT_EQ(name_of("(lambda () 1)"), "");
  EXPECT_EQ(name_of("(define f (g (lambda () 1)))"), "");
  // A procedure with a state of its own.
  Reader reader("(define f (let ((n 0)) (g) (lambda () n)))", 0,
                expansion_.names());
  const Expression* const define = ExpandTopLevel(
      expansion_.libraries(), expansion_.space(), *reader.Read(arena), arena);
  EXPECT_EQ(define->operands[0]->operands.back()->operands.back()->lambda->name,
            "f");
}

TEST_F(ExpanderTest, NestingIsLimitedByTheStack) {
  const auto nest = [](int levels, const std::string& open) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += open;
    return text + "1" + std::string(static_cast<std::size_t>(levels), ')');
  };
  for (const std::string open :
       {"(f ", "(let ((x 1)) ", "(lambda (x) ", "(if 1 2 ", "`(,"}) {
    EXPECT_NO_THROW(Expand(nest(500, open))) << open;
    try {
      Expand(nest(3'000, open));
    } catch (const SyntaxError& error) {
      EXPECT_STREQ(error.what(), "this is nested too deeply") << open;
      EXPECT_GT(error.at().column, 500u);
    }
  }
}

TEST_F(ExpanderTest, LongFormsNestNoDeeperForIt) {
  const auto repeat = [](std::string_view item) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += item;
    return text;
  };
  Arena arena;
  for (const std::string& text :
       {"(f " + repeat("1 ") + ")", "(begin " + repeat("1 ") + ")",
        "(and " + repeat("1 ") + ")", "(or " + repeat("1 ") + ")",
        "(cond " + repeat("(1 2) ") + ")",
        "(let* (" + repeat("(x 1) ") + ") x)", "`(" + repeat(",x ") + ")",
        "'(" + repeat("1 ") + ")", "(let () " + repeat("1 ") + ")"}) {
    Reader reader(text, 0, expansion_.names());
    const Syntax* const form = reader.Read(arena);
    EXPECT_NO_THROW(ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                                   *form, arena))
        << text.substr(0, 20);
  }
}

TEST_F(ExpanderTest, WhatAnErrorInterruptsIsTakenBack) {
  EXPECT_EQ(Expand("(define x 1)"), "(define x '1)");
  ErrorOf("(begin (define (if a) a) (define x 2) (lambda (y y) y))");
  EXPECT_EQ(Expand("(if 1 2 3) x"), "(if '1 '2 '3) x");
  ErrorOf("(begin (define-syntax x (syntax-rules ())) (lambda))");
  EXPECT_EQ(Expand("x"), "x");
}

}  // namespace
}  // namespace fledge::lambda
