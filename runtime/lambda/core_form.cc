#include "runtime/lambda/core_form.h"

#include <array>
#include <cstddef>

namespace fledge::lambda {
namespace {

constexpr std::array kForms = {
    CoreFormText{CoreForm::kAnd, "and", "(and test ...)"},
    CoreFormText{CoreForm::kArrow, "=>", "(test => receiver) in cond"},
    CoreFormText{CoreForm::kBegin, "begin", "(begin expression ...)"},
    CoreFormText{CoreForm::kCase, "case",
                 "(case key ((datum ...) expression ...) ... "
                 "[(else expression ...)])"},
    CoreFormText{CoreForm::kCaseLambda, "case-lambda",
                 "(case-lambda (parameters body ...) ...)"},
    CoreFormText{CoreForm::kCond, "cond",
                 "(cond (test expression ...) ... [(else expression ...)])"},
    CoreFormText{CoreForm::kCondExpand, "cond-expand",
                 "(cond-expand (requirement form ...) ...)"},
    CoreFormText{CoreForm::kDefine, "define",
                 "(define name value) or (define (name parameter ...) "
                 "body ...)"},
    CoreFormText{CoreForm::kDefineLibrary, "define-library",
                 "(define-library (name ...) declaration ...)"},
    CoreFormText{CoreForm::kDefineRecordType, "define-record-type",
                 "(define-record-type name (constructor field ...) predicate "
                 "(field accessor [modifier]) ...)"},
    CoreFormText{CoreForm::kDefineSyntax, "define-syntax",
                 "(define-syntax name (syntax-rules ...))"},
    CoreFormText{CoreForm::kDefineValues, "define-values",
                 "(define-values (name ...) values)"},
    CoreFormText{CoreForm::kDelay, "delay", "(delay expression)"},
    CoreFormText{CoreForm::kDelayForce, "delay-force",
                 "(delay-force expression)"},
    CoreFormText{CoreForm::kDo, "do",
                 "(do ((name init [step]) ...) (test expression ...) "
                 "command ...)"},
    CoreFormText{CoreForm::kEllipsis, "...", "... in syntax-rules"},
    CoreFormText{CoreForm::kElse, "else", "(else expression ...) in cond"},
    CoreFormText{CoreForm::kGuard, "guard",
                 "(guard (name (test expression ...) ...) body ...)"},
    CoreFormText{CoreForm::kIf, "if", "(if test then [else])"},
    CoreFormText{CoreForm::kImport, "import", "(import import-set ...)"},
    CoreFormText{CoreForm::kInclude, "include", "(include \"file\" ...)"},
    CoreFormText{CoreForm::kIncludeCi, "include-ci",
                 "(include-ci \"file\" ...)"},
    CoreFormText{CoreForm::kLambda, "lambda",
                 "(lambda (parameter ...) body ...)"},
    CoreFormText{CoreForm::kLet, "let",
                 "(let [name] ((name value) ...) body ...)"},
    CoreFormText{CoreForm::kLetStar, "let*",
                 "(let* ((name value) ...) body ...)"},
    CoreFormText{CoreForm::kLetStarValues, "let*-values",
                 "(let*-values (((name ...) values) ...) body ...)"},
    CoreFormText{CoreForm::kLetSyntax, "let-syntax",
                 "(let-syntax ((name (syntax-rules ...)) ...) body ...)"},
    CoreFormText{CoreForm::kLetValues, "let-values",
                 "(let-values (((name ...) values) ...) body ...)"},
    CoreFormText{CoreForm::kLetrec, "letrec",
                 "(letrec ((name value) ...) body ...)"},
    CoreFormText{CoreForm::kLetrecStar, "letrec*",
                 "(letrec* ((name value) ...) body ...)"},
    CoreFormText{CoreForm::kLetrecSyntax, "letrec-syntax",
                 "(letrec-syntax ((name (syntax-rules ...)) ...) body ...)"},
    CoreFormText{CoreForm::kOr, "or", "(or test ...)"},
    CoreFormText{CoreForm::kParameterize, "parameterize",
                 "(parameterize ((parameter value) ...) body ...)"},
    CoreFormText{CoreForm::kQuasiquote, "quasiquote", "(quasiquote template)"},
    CoreFormText{CoreForm::kQuote, "quote", "(quote datum)"},
    CoreFormText{CoreForm::kSet, "set!", "(set! name value)"},
    CoreFormText{CoreForm::kSyntaxError, "syntax-error",
                 "(syntax-error \"message\" form ...)"},
    CoreFormText{CoreForm::kSyntaxRules, "syntax-rules",
                 "(syntax-rules [ellipsis] (literal ...) "
                 "((_ . pattern) template) ...)"},
    CoreFormText{CoreForm::kUnderscore, "_", "_ in the pattern of a macro"},
    CoreFormText{CoreForm::kUnless, "unless", "(unless test expression ...)"},
    CoreFormText{CoreForm::kUnquote, "unquote", ",expression in quasiquote"},
    CoreFormText{CoreForm::kUnquoteSplicing, "unquote-splicing",
                 ",@expression in a list in quasiquote"},
    CoreFormText{CoreForm::kWhen, "when", "(when test expression ...)"},
};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    if (kForms[i].form != static_cast<CoreForm>(i)) return false;
  }
  return true;
}
static_assert(IsInOrder());

}  // namespace

std::span<const CoreFormText> CoreForms() { return kForms; }

}  // namespace fledge::lambda
