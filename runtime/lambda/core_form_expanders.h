// The expanders of core forms: each takes a use of its form apart and makes the
// expression that it means.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include "runtime/lambda/expander.h"
#include "runtime/lambda/expression.h"

namespace fledge::lambda {

// By whichever of the following is for use.core.
Expression* ExpandCoreForm(Expander& expander, const CoreUse& use);

// core_forms.cc
Expression* ExpandBegin(Expander& expander, const CoreUse& use);
Expression* ExpandIf(Expander& expander, const CoreUse& use);
Expression* ExpandQuote(Expander& expander, const CoreUse& use);
Expression* ExpandSet(Expander& expander, const CoreUse& use);
[[noreturn]] void FailAsProgramSays(const CoreUse& use);

// binding_forms.cc
Expression* ExpandDo(Expander& expander, const CoreUse& use);
Expression* ExpandLet(Expander& expander, const CoreUse& use);
Expression* ExpandLetStar(Expander& expander, const CoreUse& use);
// Also letrec*.
Expression* ExpandLetrec(Expander& expander, const CoreUse& use);
// Also letrec-syntax.
Expression* ExpandLetSyntax(Expander& expander, const CoreUse& use);
// Also let*-values.
Expression* ExpandLetValues(Expander& expander, const CoreUse& use);

// conditional_forms.cc
Expression* ExpandAnd(Expander& expander, const CoreUse& use);
Expression* ExpandCase(Expander& expander, const CoreUse& use);
Expression* ExpandCond(Expander& expander, const CoreUse& use);
Expression* ExpandOr(Expander& expander, const CoreUse& use);
// Also unless.
Expression* ExpandWhen(Expander& expander, const CoreUse& use);
bool EndsInElse(std::span<const Syntax* const> clauses, const Scope& scope);
// What clauses have for their values: those, or thunks of them.
enum class ClauseValue : std::uint8_t { kItself, kDelayed };
// The clauses of cond; if none holds the value is `otherwise`'s.
Expression* ExpandClauses(Expander& expander, const CoreUse& use,
                          std::span<const Syntax* const> clauses,
                          const Scope& scope, Expression* otherwise,
                          ClauseValue value = ClauseValue::kItself);

// procedure_forms.cc
Expression* ExpandCaseLambda(Expander& expander, const CoreUse& use);
// Also delay-force.
Expression* ExpandDelay(Expander& expander, const CoreUse& use);
Expression* ExpandGuard(Expander& expander, const CoreUse& use);
Expression* ExpandLambda(Expander& expander, const CoreUse& use);
Expression* ExpandParameterize(Expander& expander, const CoreUse& use);
// A procedure with these parameters and forms as its body.
Expression* MakeProcedure(Expander& expander, const CoreUse& use,
                          const Syntax& parameters,
                          std::span<const Syntax* const> body, Position at,
                          std::string_view name);

// quasiquotation.cc
Expression* ExpandQuasiquote(Expander& expander, const CoreUse& use);

}  // namespace fledge::lambda
