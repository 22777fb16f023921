#include "runtime/lambda/syntax_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/lambda/reader.h"
#include "runtime/lambda/top_level.h"
#include "tests/runtime/lambda/expansion.h"

namespace fledge::lambda {
namespace {

class SyntaxRulesTest : public ::testing::Test {
 protected:
  std::string Expand(std::string_view program) {
    return expansion_.Expand(program);
  }
  std::string ErrorOf(std::string_view program) {
    return expansion_.ErrorOf(program);
  }

  Expansion expansion_;
};

TEST_F(SyntaxRulesTest, UsesBecomeTemplates) {
  Expand(
      "(define-syntax my-if (syntax-rules () ((_ a b c) (cond (a b) (else "
      "c)))))");
  EXPECT_EQ(Expand("(my-if x 1 (f))"), "(if x '1 (f))");
  EXPECT_EQ(Expand("(lambda (x) (my-if x x y))"),
            "(lambda (x.0) (if x.0 x.0 y))");
}

TEST_F(SyntaxRulesTest, RulesAreTriedInTurn) {
  Expand(
      "(define-syntax my-and (syntax-rules () ((_) #t) ((_ e) e) "
      "((_ e r ...) (if e (my-and r ...) #f))))");
  EXPECT_EQ(Expand("(my-and) (my-and a) (my-and a b c)"),
            "'#t a (if a (if b c '#f) '#f)");
}

// What a template binds is not what its user means.
TEST_F(SyntaxRulesTest, BindingsOfTemplatesCaptureNothing) {
  Expand(
      "(define-syntax swap! (syntax-rules () ((_ a b) "
      "(let ((tmp a)) (set! a b) (set! b tmp)))))");
  EXPECT_EQ(Expand("(lambda (tmp other) (swap! tmp other))"),
            "(lambda (tmp.0 other.0) (let ((tmp.1 tmp.0)) "
            "(begin (set! tmp.0 other.0) (set! other.0 tmp.1))))");
}

// R7RS, section 4.3.2.
TEST_F(SyntaxRulesTest, KeywordsOfTemplatesAreNotThoseOfTheUser) {
  EXPECT_EQ(Expand("(let-syntax ((when (syntax-rules () ((_ test e ...) "
                   "(if test (begin e ...)))))) "
                   "(let ((if #t)) (when if (set! if 'now)) if))"),
            "(let ((if.0 '#t)) (begin (if if.0 (set! if.0 'now) "
            "#!unspecified) if.0))");
  EXPECT_EQ(Expand("(let ((x 'outer)) (let-syntax ((m (syntax-rules () "
                   "((m) x)))) (let ((x 'inner)) (m))))"),
            "(let ((x.0 'outer)) (let ((x.1 'inner)) x.0))");
  EXPECT_EQ(
      Expand("(letrec-syntax ((my-or (syntax-rules () ((my-or) #f) "
             "((my-or e) e) ((my-or e1 e2 ...) "
             "(let ((temp e1)) (if temp temp (my-or e2 ...))))))) "
             "(let ((x #f) (y 7) (temp 8) (let odd?) (if even?)) "
             "(my-or x (let temp) (if y) y)))"),
      "(let ((x.0 '#f) (y.0 '7) (temp.0 '8) (let.0 odd?) (if.0 even?)) "
      "(let ((temp.1 x.0)) (if temp.1 temp.1 (let ((temp.2 (let.0 temp.0))) "
      "(if temp.2 temp.2 (let ((temp.3 (if.0 y.0))) "
      "(if temp.3 temp.3 y.0)))))))");
}

TEST_F(SyntaxRulesTest, LetSyntaxDoesNotSeeItself) {
  EXPECT_EQ(Expand("(define-syntax m (syntax-rules () ((_) 'outer)))"
                   "(let-syntax ((m (syntax-rules () ((_ x) (m))))) (m 1))"),
            "'outer");
  EXPECT_EQ(ErrorOf("(letrec-syntax ((m (syntax-rules () ((_ x) (m))))) "
                    "(m 1))"),
            "1:52 no rule of the macro matches (m)");
}

TEST_F(SyntaxRulesTest, LiteralsAreComparedByBinding) {
  Expand(
      "(define-syntax m (syntax-rules (=> else) ((_ => x) 'arrow) "
      "((_ else x) 'else) ((_ y x) (y x))))");
  EXPECT_EQ(Expand("(m => 1) (m else 1) (m f 1)"), "'arrow 'else (f '1)");
  EXPECT_EQ(Expand("(let ((=> f)) (m => 1))"), "(let ((=>.0 f)) (=>.0 '1))");
  // A literal that nobody binds is known by its symbol.
  Expand("(define-syntax n (syntax-rules (foo) ((_ foo) 1) ((_ x) 2)))");
  EXPECT_EQ(Expand("(n foo) (n bar) (lambda (foo) (n foo))"),
            "'1 '2 (lambda (foo.0) '2)");
  // One that is bound where the macro is defined.
  EXPECT_EQ(Expand("(let ((foo 1)) (define-syntax l (syntax-rules (foo) "
                   "((_ foo) 'same) ((_ x) 'other))) "
                   "(f (l foo) (let ((foo 2)) (l foo))))"),
            "(let ((foo.0 '1)) (f 'same (let ((foo.1 '2)) 'other)))");
}

TEST_F(SyntaxRulesTest, TheProgramsElseIsAVariable) {
  EXPECT_EQ(Expand("(define-syntax m (syntax-rules () ((_ x) "
                   "(cond (else x))))) (lambda (else) (m else))"),
            "(lambda (else.0) else.0)");
  EXPECT_EQ(Expand("(lambda (else) (cond (else 1)))"),
            "(lambda (else.0) (if else.0 '1 #!unspecified))");
}

TEST_F(SyntaxRulesTest, EllipsesNest) {
  Expand(
      "(define-syntax my-let* (syntax-rules () ((_ () body ...) "
      "(let () body ...)) ((_ ((x v) more ...) body ...) "
      "(let ((x v)) (my-let* (more ...) body ...)))))");
  EXPECT_EQ(Expand("(my-let* ((a 1) (b a)) (f a b))"),
            "(let ((a.0 '1)) (let ((b.0 a.0)) (f a.0 b.0)))");
  Expand(
      "(define-syntax my-cond (syntax-rules () ((_ (a b ...) ...) "
      "'((a ...) (b ...) ... ((a b ...) ...)))))");
  EXPECT_EQ(Expand("(my-cond (1 2 3) (4) (5 6))"),
            "'((1 4 5) (2 3) () (6) ((1 2 3) (4) (5 6)))");
}

TEST_F(SyntaxRulesTest, EllipsesAreFlattenedByMore) {
  Expand(
      "(define-syntax flat (syntax-rules () ((_ (a ...) ...) "
      "'(a ... ...))))");
  EXPECT_EQ(Expand("(flat (1 2) () (3))"), "'(1 2 3)");
  // What is repeated less often is there each time.
  Expand(
      "(define-syntax each (syntax-rules () ((_ x (a b ...) ...) "
      "'((x a b) ... ...))))");
  EXPECT_EQ(Expand("(each 0 (1 2 3) (4 5))"), "'((0 1 2) (0 1 3) (0 4 5))");
}

TEST_F(SyntaxRulesTest, PatternsMayGoOnAfterAnEllipsis) {
  Expand(
      "(define-syntax last (syntax-rules () ((_ a ... b c) "
      "'(c b (a ...)))))");
  EXPECT_EQ(Expand("(last 1 2) (last 1 2 3 4)"), "'(2 1 ()) '(4 3 (1 2))");
  EXPECT_EQ(ErrorOf("(last 1)"), "1:1 no rule of the macro matches (last 1)");
  Expand(
      "(define-syntax dotted (syntax-rules () ((_ a ... b . c) "
      "'((a ...) b c))))");
  EXPECT_EQ(Expand("(dotted 1 2 . 3) (dotted 1)"), "'((1) 2 3) '(() 1 ())");
  Expand(
      "(define-syntax tail (syntax-rules () ((_ (a ... . b) ...) "
      "'((a ... b) ...))))");
  EXPECT_EQ(Expand("(tail (1 2 . 3) 4 ())"), "'((1 2 3) (4) (()))");
}

TEST_F(SyntaxRulesTest, VectorsAreMatched) {
  Expand(
      "(define-syntax v (syntax-rules () ((_ #(a b ... c)) "
      "'(a #(b ...) c)) ((_ #()) 'empty)))");
  EXPECT_EQ(Expand("(v #(1 2 3 4)) (v #(1 2)) (v #())"),
            "'(1 #(2 3) 4) '(1 #() 2) 'empty");
  EXPECT_EQ(ErrorOf("(v (1 2))"), "1:1 no rule of the macro matches (v (1 2))");
}

TEST_F(SyntaxRulesTest, DataAreMatchedByValue) {
  Expand(
      "(define-syntax d (syntax-rules () ((_ 1) 'one) ((_ \"a\") 'a) "
      "((_ #\\b) 'b) ((_ 1.5) 'float) ((_ ()) 'nil) ((_ #t) 'true) "
      "((_ :k) 'key) ((_ #u8(1)) 'byte) ((_ 1/2) 'half) ((_ x) 'other)))");
  EXPECT_EQ(Expand("(d 1) (d \"a\") (d #\\b) (d 1.5) (d ()) (d #t) (d :k) "
                   "(d #u8(1)) (d 1/2) (d 2) (d \"b\") (d #f) (d (1))"),
            "'one 'a 'b 'float 'nil 'true 'key 'byte 'half 'other 'other "
            "'other 'other");
}

TEST_F(SyntaxRulesTest, UnderscoreMatchesAnything) {
  Expand("(define-syntax third (syntax-rules () ((_ _ _ x . _) 'x)))");
  EXPECT_EQ(Expand("(third 1 2 3 4)"), "'3");
  Expand("(define-syntax u (syntax-rules (_) ((u _) 'it) ((u x) 'other)))");
  EXPECT_EQ(Expand("(u _) (u 1)"), "'it 'other");
}

TEST_F(SyntaxRulesTest, TheEllipsisMayHaveAnotherName) {
  Expand("(define-syntax m (syntax-rules ::: () ((_ a :::) '(a ::: ...))))");
  EXPECT_EQ(Expand("(m 1 2)"), "'(1 2 ...)");
  // R7RS, section 4.3.2.
  Expand(
      "(define-syntax be-like-begin (syntax-rules () ((be-like-begin name) "
      "(define-syntax name (syntax-rules () ((name expr (... ...)) "
      "(begin expr (... ...)))))))) (be-like-begin sequence)");
  EXPECT_EQ(Expand("(f (sequence 1 2 3 4))"), "(f (begin '1 '2 '3 '4))");
  Expand(
      "(define-syntax be-like-begin2 (syntax-rules () ((_ name) "
      "(define-syntax name (syntax-rules dots () ((_ expr dots) "
      "(begin expr dots))))))) (be-like-begin2 sequence2)");
  EXPECT_EQ(Expand("(f (sequence2 1 2))"), "(f (begin '1 '2))");
}

TEST_F(SyntaxRulesTest, EllipsesMayBeEscapedOrLiterals) {
  EXPECT_EQ(ErrorOf("(define-syntax f (syntax-rules () ((_ a ...) "
                    "'(... (a ...)))))"),
            "1:53 a is followed by more ellipses in the pattern than here");
  Expand("(define-syntax g (syntax-rules () ((_ a) '(... (a ...)))))");
  EXPECT_EQ(Expand("(g 1)"), "'(1 ...)");
  Expand(
      "(define-syntax l (syntax-rules (...) ((_ ...) 'dots) "
      "((_ x) 'other)))");
  EXPECT_EQ(Expand("(l ...) (l 1)"), "'dots 'other");
}

TEST_F(SyntaxRulesTest, DefinitionsByTemplatesAreTheirOwn) {
  Expand(
      "(define-syntax def (syntax-rules () ((_ name value) "
      "(begin (define hidden value) (define (name) hidden)))))");
  EXPECT_EQ(Expand("(def a 1) (def b 2) hidden"),
            "(begin (define hidden '1) (define a (lambda () hidden))) "
            "(begin (define hidden '2) (define b (lambda () hidden))) hidden");
  // They are three globals, which the text does not show.
  Arena arena;
  const auto global_of = [&](std::string_view text) {
    Reader reader(text, 0, expansion_.names());
    const Expression* const expression = ExpandTopLevel(
        expansion_.libraries(), expansion_.space(), *reader.Read(arena), arena);
    return expression->kind == Expression::Kind::kGlobal
               ? expression->global
               : expression->operands[0]->global;
  };
  const Global* const first = global_of("(def a 1)");
  EXPECT_NE(first, global_of("(def a 1)"));
  EXPECT_NE(first, global_of("hidden"));
  // In a body they are two variables.
  EXPECT_EQ(Expand("(let () (def a 1) (def b 2) (f a b hidden))"),
            "(letrec* ((hidden.0 '1) (a.0 (lambda () hidden.0)) "
            "(hidden.1 '2) (b.0 (lambda () hidden.1))) (f a.0 b.0 hidden))");
}

TEST_F(SyntaxRulesTest, DefinitionsMayReferToLaterOnesOfTheirTemplate) {
  Expand(
      "(define-syntax ffoo (syntax-rules () ((_ ff) "
      "(begin (define (ff x) (gg x)) (define (gg x) (* x x))))))");
  EXPECT_EQ(Expand("(ffoo ff)"),
            "(begin (define ff (lambda (x.0) (gg x.0))) "
            "(define gg (lambda (x.1) (* x.1 x.1))))");
  Arena arena;
  Reader reader("(ffoo ff)", 0, expansion_.names());
  const Expression* const both = ExpandTopLevel(
      expansion_.libraries(), expansion_.space(), *reader.Read(arena), arena);
  const Lambda* const ff = both->operands[0]->operands[0]->lambda;
  EXPECT_EQ(ff->body->operands[0]->global, both->operands[1]->global);
}

TEST_F(SyntaxRulesTest, MacrosDefineMacros) {
  // The inner macro's template refers to what the outer one's defines.
  Expand(
      "(define-syntax jabberwocky (syntax-rules () ((_ hatter) "
      "(begin (define march-hare 42) (define-syntax hatter "
      "(syntax-rules () ((_) march-hare))))))) (jabberwocky mad-hatter)");
  EXPECT_EQ(Expand("(mad-hatter) march-hare"), "march-hare march-hare");
  Arena arena;
  const auto global_of = [&](std::string_view text) {
    Reader reader(text, 0, expansion_.names());
    return ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                          *reader.Read(arena), arena)
        ->global;
  };
  EXPECT_EQ(global_of("(mad-hatter)"), global_of("(mad-hatter)"));
  EXPECT_NE(global_of("(mad-hatter)"), global_of("march-hare"));
}

TEST_F(SyntaxRulesTest, PatternsOfInnerMacrosMayBeAliases) {
  Expand(
      "(define-syntax outer (syntax-rules () ((_ name y) "
      "(define-syntax name (syntax-rules () ((_ x) (list x y)))))))"
      "(outer inner z)");
  EXPECT_EQ(Expand("(lambda (x z) (inner x))"),
            "(lambda (x.0 z.0) (list x.0 z))");
  // What the inner macro binds is its template's x, not its user's.
  Expand(
      "(define-syntax lambda-of (syntax-rules () ((_ v body) "
      "(let-syntax ((m (syntax-rules () ((_ b) (lambda (v) b))))) "
      "(m body)))))");
  EXPECT_EQ(Expand("(lambda-of x (f x y))"), "(lambda (x.0) (f x y))");
}

TEST_F(SyntaxRulesTest, QuotedAliasesAreSymbols) {
  Expand(
      "(define-syntax q (syntax-rules () ((_ x) "
      "'(a x #(b x) . c))))");
  EXPECT_EQ(Expand("(q y)"), "'(a y #(b y) . c)");
  Expand("(define-syntax qq (syntax-rules () ((_ x) `(a ,x b))))");
  EXPECT_EQ(Expand("(qq y)"), "(%list* 'a y 'b '())");
  Expand("(define-syntax r (syntax-rules () ((_ x) (q (x a)))))");
  EXPECT_EQ(Expand("(r y)"), "'(a (y a) #(b (y a)) . c)");
  Expand("(define-syntax k (syntax-rules () ((_ x) {:a x :b c})))");
  EXPECT_EQ(Expand("(k 1)"), "(%map ':a '1 ':b c)");
}

TEST_F(SyntaxRulesTest, TemplatesUseAllFormsHygienically) {
  Expand(
      "(define-syntax m (syntax-rules () ((_ e) "
      "(let loop ((x 1)) (case x ((x) (loop e)) (else e))))))");
  EXPECT_EQ(Expand("(lambda (x loop) (m (f x loop)))"),
            "(lambda (x.0 loop.0) (letrec* ((loop.1 (lambda (x.1) (let ((.0 "
            "x.1)) (if (%eqv? .0 'x) (loop.1 (f x.0 loop.0)) (f x.0 "
            "loop.0)))))) (loop.1 '1)))");
  Expand(
      "(define-syntax while (syntax-rules () ((_ c b ...) "
      "(do () ((not c)) b ...))))");
  EXPECT_EQ(Expand("(lambda (do) (while do (f)))"),
            "(lambda (do.0) (letrec* ((do.1 (lambda () (if (not do.0) "
            "#!unspecified (begin (f) (do.1)))))) (do.1)))");
  Expand(
      "(define-syntax g (syntax-rules () ((_ e) "
      "(guard (x ((f x) e)) (raise x)))))");
  EXPECT_EQ(Expand("(lambda (x) (g x))"),
            "(lambda (x.0) (%guard-reraise (lambda () (raise x)) "
            "(lambda (x.1) (if (f x.1) (lambda () x.0) '#f))))");
  Expand(
      "(define-syntax rec (syntax-rules () ((_ make) "
      "(define-record-type t (make f) t? (f get)))))");
  EXPECT_EQ(Expand("(let () (rec make) (make t?))"),
            "(letrec* ((t.0 (%make-record-type 't '#(f))) (t.1 t.0) "
            "(make.0 (lambda (f.0) (%make-record t.0 f.0))) "
            "(t?.0 (lambda (object.0) (%record? object.0 t.0))) "
            "(get.0 (lambda (record.0) (%record-ref record.0 t.0 '0)))) "
            "(make.0 t?))");
}

TEST_F(SyntaxRulesTest, LocalMacrosEndWithTheirBody) {
  EXPECT_EQ(Expand("(let () (define-syntax m (syntax-rules () ((_) 1))) (m))"
                   "(m)"),
            "'1 (m)");
  EXPECT_EQ(Expand("(let () (define x 1) (define-syntax m (syntax-rules () "
                   "((_) x))) (define y (m)) (let ((x 2)) (m)))"),
            "(letrec* ((x.0 '1) (y.0 x.0)) (let ((x.1 '2)) x.0))");
  EXPECT_EQ(ErrorOf("(let () (define-syntax m (syntax-rules ())) "
                    "(define m 1) m)"),
            "1:53 m is bound twice here");
  EXPECT_EQ(ErrorOf("(let () (define m 1) "
                    "(define-syntax m (syntax-rules ())) m)"),
            "1:37 m is bound twice here");
  EXPECT_EQ(ErrorOf("(let-syntax ((m (syntax-rules ())) "
                    "(m (syntax-rules ()))) 1)"),
            "1:37 m is bound twice here");
}

TEST_F(SyntaxRulesTest, KeywordsMayHaveOtherNames) {
  Expand("(define-syntax wenn if)");
  EXPECT_EQ(Expand("(wenn 1 2 3)"), "(if '1 '2 '3)");
  Expand("(define-syntax m (syntax-rules () ((_ x) 'x))) (define-syntax n m)");
  EXPECT_EQ(Expand("(n 1)"), "'1");
  EXPECT_EQ(Expand("(let-syntax ((f if)) (f 1 2 3))"), "(if '1 '2 '3)");
}

TEST_F(SyntaxRulesTest, AMacrosNameHidesAndIsHidden) {
  Expand("(define-syntax m (syntax-rules () ((_) 1)))");
  EXPECT_EQ(Expand("(lambda (m) (m))"), "(lambda (m.0) (m.0))");
  EXPECT_EQ(Expand("(define m f) (m)"), "(define m f) (m)");
}

TEST_F(SyntaxRulesTest, PlacesOfWhatMacrosMakeAreTheirUses) {
  Expand("(define-syntax m (syntax-rules () ((_ x) (if x))))");
  EXPECT_EQ(ErrorOf("\n  (m 1)"), "2:3 if is written (if test then [else])");
  // What the user wrote has its own.
  Expand("(define-syntax n (syntax-rules () ((_ x) (f x))))");
  EXPECT_EQ(ErrorOf("(n\n (if))"), "2:2 if is written (if test then [else])");
}

TEST_F(SyntaxRulesTest, BadMacrosAreErrors) {
  const std::string shape =
      "syntax-rules is written (syntax-rules [ellipsis] (literal ...) ((_ . "
      "pattern) template) ...)";
  const std::string macro =
      "a macro is written (syntax-rules [ellipsis] (literal ...) ((_ . "
      "pattern) template) ...)";
  EXPECT_EQ(ErrorOf("(define-syntax m 1)"), "1:18 " + macro);
  EXPECT_EQ(ErrorOf("(define-syntax m (f))"), "1:18 " + macro);
  EXPECT_EQ(ErrorOf("(define-syntax m x)"), "1:18 " + macro);
  EXPECT_EQ(ErrorOf("(define-syntax m (syntax-rules))"), "1:18 " + shape);
  EXPECT_EQ(ErrorOf("(define-syntax m (syntax-rules 1))"), "1:18 " + shape);
  EXPECT_EQ(ErrorOf("(define-syntax m (syntax-rules x))"), "1:18 " + shape);
  EXPECT_EQ(ErrorOf("(define-syntax m)"),
            "1:1 define-syntax is written (define-syntax name (syntax-rules "
            "...))");
  EXPECT_EQ(ErrorOf("(define-syntax 1 (syntax-rules ()))"),
            "1:1 define-syntax is written (define-syntax name (syntax-rules "
            "...))");
  EXPECT_EQ(ErrorOf("(let-syntax ((1 (syntax-rules ()))) 1)"),
            "1:1 let-syntax is written (let-syntax ((name (syntax-rules ...)) "
            "...) body ...)");
  EXPECT_EQ(ErrorOf("(f (syntax-rules ()))"),
            "1:4 syntax-rules is no expression; it is written (syntax-rules "
            "[ellipsis] (literal ...) ((_ . pattern) template) ...)");
  EXPECT_EQ(ErrorOf("(f ...)"),
            "1:4 ... is syntax, and is written ... in syntax-rules");
}

TEST_F(SyntaxRulesTest, BadRulesAreErrorsWhenTheyAreDefined) {
  const auto error_of = [&](const std::string& rest) {
    return ErrorOf("(define-syntax m (syntax-rules " + rest + "))");
  };
  EXPECT_EQ(error_of("(1)"), "1:33 a literal of syntax-rules is a name");
  EXPECT_EQ(error_of("() (a)"),
            "1:35 a rule is written ((_ . pattern) "
            "template)");
  EXPECT_EQ(error_of("() (a b)"),
            "1:35 a rule is written ((_ . pattern) "
            "template)");
  EXPECT_EQ(error_of("() ((1) b)"), "1:37 a pattern begins with a name or _");
  EXPECT_EQ(error_of("() ((_ a a) b)"), "1:41 a occurs twice in the pattern");
  EXPECT_EQ(error_of("() ((_ ...) b)"),
            "1:39 an ellipsis follows what it repeats");
  EXPECT_EQ(error_of("() ((_ a ... ...) b)"),
            "1:45 an ellipsis follows what it repeats");
  EXPECT_EQ(error_of("() ((_ a ... b ...) b)"),
            "1:47 a list's pattern has one ellipsis");
  EXPECT_EQ(error_of("() ((_ {:a b}) b)"),
            "1:39 maps and labels are not for patterns");
  EXPECT_EQ(error_of("() ((_ #0=b) b)"),
            "1:39 maps and labels are not for patterns");
  EXPECT_EQ(error_of("() ((_) #0=b)"), "1:40 labels are not for templates");
  EXPECT_EQ(error_of("() ((_ a ...) a)"),
            "1:46 a is followed by more ellipses in the pattern than here");
  EXPECT_EQ(error_of("() ((_ a) (a ...))"),
            "1:43 an ellipsis follows this, but nothing in it is repeated in "
            "the pattern");
  EXPECT_EQ(error_of("() ((_ a ...) (a ... ...))"),
            "1:47 an ellipsis follows this, but nothing in it is repeated in "
            "the pattern");
  EXPECT_EQ(error_of("() ((_ a) (a . ...))"),
            "1:47 an ellipsis follows what it repeats; to mean itself, it is "
            "written (... ...)");
  EXPECT_EQ(error_of("() ((_ a) (... a a))"),
            "1:42 an escape is written (... template)");
}

TEST_F(SyntaxRulesTest, BadUsesAreErrors) {
  Expand("(define-syntax m (syntax-rules () ((_ a b) 1)))");
  EXPECT_EQ(ErrorOf(" (m 1)"), "1:2 no rule of the macro matches (m 1)");
  EXPECT_EQ(ErrorOf("(m 1 . 2)"), "1:1 no rule of the macro matches (m 1 . 2)");
  EXPECT_EQ(ErrorOf("(f m)"), "1:4 m is a macro, and has no value");
  EXPECT_EQ(ErrorOf("(set! m 1)"), "1:7 m is syntax, and cannot be assigned");
  Expand(
      "(define-syntax two (syntax-rules () ((_ (a ...) (b ...)) "
      "'((a b) ...))))");
  EXPECT_EQ(Expand("(two (1 2) (3 4))"), "'((1 3) (2 4))");
  EXPECT_EQ(ErrorOf("(two (1 2) (3))"),
            "1:1 what is repeated together in this macro has to match equally "
            "often");
  Expand("(define-syntax k (syntax-rules () ((_ a ...) {a ...})))");
  EXPECT_EQ(ErrorOf("(k 1)"),
            "1:1 the last key of the map that this makes has no value");
}

TEST_F(SyntaxRulesTest, RunawayMacrosEnd) {
  expansion_.libraries().set_max_parts(500'000);
  const std::string too_much =
      "1:2 macros make too much of this: does one use itself forever?";
  Expand("(define-syntax loop (syntax-rules () ((_ . x) (loop . x))))");
  EXPECT_EQ(ErrorOf(" (loop 1)"), too_much);
  Expand(
      "(define-syntax grow (syntax-rules () ((_ x ...) "
      "(grow x ... x ...))))");
  EXPECT_EQ(ErrorOf(" (grow 1)"), too_much);
  Expand(
      "(define-syntax split (syntax-rules () ((_ x) "
      "(begin (split x) (split x)))))");
  EXPECT_EQ(ErrorOf(" (split 1)"), too_much);
  // Each macro defines the next, with aliases of aliases.
  Expand(
      "(define-syntax next (syntax-rules () ((_ n x) (begin "
      "(define-syntax m (syntax-rules () ((_ y) (n n (x y))))) (m 1)))))");
  EXPECT_EQ(ErrorOf(" (next next 1)"), too_much);
  Expand("(define-syntax deep (syntax-rules () ((_ x) (f (deep x)))))");
  EXPECT_EQ(ErrorOf(" (deep 1)").substr(4), "this is nested too deeply");
}

TEST_F(SyntaxRulesTest, HowMuchMacrosMakeIsLimited) {
  Expand("(define-syntax many (syntax-rules () ((_ a ...) '(a ... a ...))))");
  expansion_.libraries().set_max_parts(30);
  EXPECT_EQ(Expand("(many 1 2)"), "'(1 2 1 2)");
  EXPECT_EQ(ErrorOf("(many 1 2 3 4 5 6 7 8 9 10)").substr(0, 25),
            "1:1 macros make too much ");
}

// A macro that doubles its argument makes a datum of a size that is exponential
// in the number of steps, but shares its parts.
TEST_F(SyntaxRulesTest, SharedPartsAreWalkedOnce) {
  Expand(
      "(define-syntax double (syntax-rules () ((_ () x) 'x) "
      "((_ (_ . n) x) (double n (x . x)))))");
  std::string steps;
  for (int i = 0; i < 1'000; ++i) steps += " 1";
  Arena arena;
  const std::string use = "(double (" + steps + ") y)";
  Reader reader(use, 0, expansion_.names());
  const Expression* const expression = ExpandTopLevel(
      expansion_.libraries(), expansion_.space(), *reader.Read(arena), arena);
  const Syntax* datum = expression->syntax;
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(datum->first, datum->rest);
    datum = datum->rest;
  }
  EXPECT_EQ(datum->name->text, "y");
}

TEST_F(SyntaxRulesTest, SharedPartsDoNotMakeProgramsExponential) {
  expansion_.libraries().set_max_parts(100'000);
  const auto message_of = [&](const std::string& last,
                              const std::string& twice) {
    Expand("(define-syntax grow (syntax-rules () ((_ () x) " + last +
           ") ((_ (_ . n) x) (grow n " + twice + "))))");
    std::string steps;
    for (int i = 0; i < 100; ++i) steps += " 1";
    const std::string error = ErrorOf("(grow (" + steps + ") y)");
    return error.substr(error.find(' ') + 1);
  };
  const std::string too_much =
      "macros make too much of this: does one use itself forever?";
  EXPECT_EQ(message_of("x", "(f x x)"), too_much);
  EXPECT_EQ(message_of("`x", "(x x)"), too_much);
  EXPECT_EQ(message_of("x", "(begin x x)"), too_much);
  EXPECT_EQ(message_of("(define-syntax m (syntax-rules () ((_) x)))", "(x x)"),
            too_much);
  EXPECT_EQ(message_of("(cond-expand ((not x) 1))", "(or x x)"),
            "there are too many requirements");
}

// Nothing that a macro needs dies with the form that defined it.
TEST_F(SyntaxRulesTest, MacrosOutliveTheirForms) {
  {
    Arena arena;
    const std::string text =
        "(define-syntax outer (syntax-rules (lit) ((_ n lit x ...) (begin "
        "(define hidden \"text\") (define-syntax n (syntax-rules (lit) ((_ lit "
        "y) '(hidden 12345678901234567890 y x ...))))))))";
    Reader reader(text, 0, expansion_.names());
    ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                   *reader.Read(arena), arena);
  }
  {
    Arena arena;
    const std::string text = "(outer inner lit \"some\" words)";
    Reader reader(text, 0, expansion_.names());
    ExpandTopLevel(expansion_.libraries(), expansion_.space(),
                   *reader.Read(arena), arena);
  }
  EXPECT_EQ(Expand("(inner lit z)"),
            "'(hidden 12345678901234567890 z \"some\" words)");
}

}  // namespace
}  // namespace fledge::lambda
