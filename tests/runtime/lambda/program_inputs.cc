#include "tests/runtime/lambda/program_inputs.h"

#include <span>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/compiler.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/syntax_error.h"
#include "runtime/lambda/top_level.h"
#include "tests/runtime/lambda/code_check.h"
#include "tests/runtime/lambda/expression_check.h"

namespace fledge::lambda {
namespace {

class Host : public LibraryHost {
 public:
  std::optional<SourceText> FindLibrary(const LibraryName& name) override {
    if (name.text() != "(found)") return std::nullopt;
    return SourceText{
        "(define-library (found) (export x (rename y z)) (import (lambda core))"
        "(begin (define x 1) (define-syntax y (syntax-rules () ((_ a) x)))))",
        1};
  }
  std::optional<SourceText> FindIncluded(std::string_view path,
                                         Position) override {
    if (path != "file") return std::nullopt;
    return SourceText{"(define included 1) included", 2};
  }
  void RunLibrary(Library&, std::span<Expression* const> body) override {
    for (const Expression* expression : body) {
      if (!fault.has_value()) fault = FindFault(*expression);
    }
  }

  std::optional<std::string> fault;
};

}  // namespace

std::optional<std::string> RunProgramInput(std::string_view program) {
  Host host;
  Names names;
  Libraries libraries(names, host);
  libraries.set_max_parts(10'000);
  Namespace space;
  space.ImportAll(libraries.Find({{"lambda", "core"}})->exports);
  // What the compiler knows.
  Library& primitives = libraries.Add({{"lambda", "primitives"}});
  for (const Inlined& inlined : kInlined) {
    Global* const global = primitives.Provide(names.Intern(inlined.name));
    global->is_constant = true;
    global->operation = InlinedIndex(inlined.name);
  }
  primitives.is_complete = true;
  space.ImportAll(primitives.exports);
  Reader reader(program, 0, names);
  try {
    while (true) {
      Arena arena;
      const Syntax* const form = reader.Read(arena);
      if (form->Is(Syntax::Kind::kEndOfFile)) return host.fault;
      Expression* const expression =
          ExpandTopLevel(libraries, space, *form, arena);
      if (const auto fault = FindFault(*expression)) return fault;
      if (auto fault =
              FindCodeFault(*Compile(arena, expression, LastCall::kAbove)))
        return fault;
    }
  } catch (const SyntaxError& error) {
    if (error.at().line == 0) return std::string("no place: ") + error.what();
    return host.fault;
  }
}

const std::vector<std::string>& GoodPrograms() {
  static const std::vector<std::string> programs = {
      "(define (f x . y) (if (g x) (set! z x) (begin y #;z #|a|# \"b\\x41;\")))"
      " '(a . #(b #u8(1) #\\x 1/2 -1.5e3 {:k v})) `(1 ,x ,@(y) . ,z) `#(,@a)",
      "(let loop ((i 0) (j 1)) (cond ((a i) => (lambda (x) x)) ((b)) "
      "(else (loop j i)))) (let* ((x 1) (x x)) x) (letrec ((a (f)) (b (g)) "
      "(c (lambda () a))) (c)) (letrec* ((a 1) (b a)) b) (let () 1)",
      "(do ((i 0 (+ i 1)) (j 2)) ((= i 9) j) (f i)) (case (f) ((a 1) 2) "
      "((b) => g) (else => h)) (and 1 2) (or 1 2) (when a b) (unless a b c)",
      "(let-values (((a . b) (f)) (c (g))) a) (let*-values (((a) (f)) "
      "((b) a)) b) (define-values (p . q) (f)) (let () (define-values (r s) "
      "(f)) (define (t) r) (begin (define u t)) (s u))",
      "(guard (e ((f e) => g) ((h e))) (raise 1)) (guard (e (else 1)) 2) "
      "(parameterize ((p 1) (q 2)) 3) (delay 1) (delay-force (f)) "
      "(case-lambda ((a) a) ((a . b) b) (c c))",
      "(define-record-type point (make x) point? (x px set-px!) (y py)) "
      "(let () (define-record-type <a> #f a? (b b)) (a? (b 1)))",
      "(define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) "
      "(set! b t))))) (lambda (t u) (swap! t u)) (define-syntax my-or "
      "(syntax-rules () ((_) #f) ((_ e) e) ((_ e r ...) (let ((t e)) (if t t "
      "(my-or r ...)))))) (let ((t 1) (if 2)) (my-or if t 3))",
      "(define-syntax be (syntax-rules () ((be n) (define-syntax n "
      "(syntax-rules () ((n e (... ...)) (begin e (... ...)))))))) (be s) "
      "(s 1 2) (define-syntax d (syntax-rules ::: (lit) ((_ lit (a b :::) "
      ":::) '((a :::) (b ::: :::))) ((_ #(x ::: y) . z) '#(y x ::: . z)))) "
      "(d lit (1 2) (3)) (d #(1 2) 3)",
      "(define-syntax def (syntax-rules () ((_ n v) (begin (define h v) "
      "(define (n) h) (define-syntax m (syntax-rules () ((_) (set! h n)))) "
      "(m))))) (def a 1) (def b 2) (lambda () (def c 3) (c)) (let-syntax "
      "((x (syntax-rules () ((_ y) (let ((y 1)) y))))) (x z)) (letrec-syntax "
      "((x (syntax-rules () ((_ a b ...) (x b ...)) ((_) 1)))) (x 1 2 3))",
      "(import (found) (prefix (only (found) x) p:) (rename (except (found) z) "
      "(x w))) (z 1) (define-library (a b 1) (export q (rename f g)) (import "
      "(lambda core) (found)) (cond-expand ((and r7rs (library (found))) "
      "(begin (define q x) (define (f) (z 2)))) (else)) (include \"file\")) "
      "(import (a b 1)) (g) (include \"file\") (cond-expand ((not foo) q))",
      "(define (f v n) (let loop ((i 0) (s 0) (l '())) (if (< i n) (loop (+ i "
      "1)"
      " (+ s (vector-ref v i)) (cons (* i 2) l)) (begin (vector-set! v 0 s) "
      "(if (null? l) (not l) (eq? (car l) (cadr l))))))) (define (g x) (set! x "
      "(- x 1)) (lambda () (set! x (quotient x 3)) (h x)))",
      "(define (even n) (or (zero? n) (odd (- n 1)))) (let ((k (lambda (a b) "
      "(if (and (pair? a) (char=? b #\\a)) (set-car! a b) (string-ref a 1))))) "
      "(k 1 2) (k (k 3 4) (lambda (z) (k z z)))) (do ((i 9 (- i 1)) (a 1 (* a "
      "i))) ((= i 0) a) (set! b (lambda () (f i a))))",
      "#!fold-case (DEFINE |a b| '#0=(x . #0#)) (syntax-error \"m\" 1)",
  };
  return programs;
}

}  // namespace fledge::lambda
