#include <vector>

#include "runtime/lambda/body.h"
#include "runtime/lambda/core_form_expanders.h"

namespace fledge::lambda {
namespace {

Scope* MakeScope(Expander& expander, const Scope& outer) {
  return expander.arena().Make<Scope>(expander.arena(), outer);
}

}  // namespace

Expression* MakeProcedure(Expander& expander, const CoreUse& use,
                          const Syntax& parameters,
                          std::span<const Syntax* const> body, Position at,
                          std::string_view name) {
  Lambda* const lambda = expander.make().MakeLambda(at);
  lambda->name = name;
  Scope* const scope = MakeScope(expander, use.scope);
  lambda->has_rest =
      expander.BindParameters(parameters, *scope, lambda->parameters);
  lambda->body = ExpandBody(expander, body, *scope, at);
  return expander.make().OfLambda(lambda);
}

Expression* ExpandLambda(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  return MakeProcedure(expander, use, *use.items[0], use.items.subspan(1),
                       use.form.at, "");
}

Expression* ExpandCaseLambda(Expander& expander, const CoreUse& use) {
  std::vector<Expression*> procedures;
  for (const Syntax* clause : use.items) {
    const auto parts = expander.ItemsOf(*clause);
    if (!parts.has_value() || parts->size() < 2) {
      FailSyntax(clause->at,
                 "a clause of case-lambda is written ((parameter ...) body "
                 "...)");
    }
    procedures.push_back(MakeProcedure(expander, use, *parts->front(),
                                       parts->subspan(1), clause->at, ""));
  }
  return expander.CallInternal(InternalProcedure::kCaseLambda, procedures,
                               use.form.at);
}

Expression* ExpandDelay(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() == 1);
  Expression* const value = expander.Expand(*use.items[0], use.scope);
  return expander.CallInternal(
      use.core == CoreForm::kDelay ? InternalProcedure::kDelay
                                   : InternalProcedure::kDelayForce,
      {expander.make().Thunk(value, use.form.at)}, use.form.at);
}

Expression* ExpandParameterize(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const auto bindings = expander.ItemsOf(*use.items[0]);
  use.Require(bindings.has_value());
  std::vector<Expression*> arguments(1);
  for (const Syntax* binding : *bindings) {
    const auto parts = expander.ItemsOf(*binding);
    if (!parts.has_value() || parts->size() != 2) {
      FailSyntax(binding->at, "a binding is written (parameter value)");
    }
    arguments.push_back(expander.Expand(*(*parts)[0], use.scope));
    arguments.push_back(expander.Expand(*(*parts)[1], use.scope));
  }
  Expression* const body =
      ExpandBody(expander, use.items.subspan(1), use.scope, use.form.at);
  if (arguments.size() == 1) return body;
  arguments[0] = expander.make().Thunk(body, use.form.at);
  return expander.CallInternal(InternalProcedure::kParameterize, arguments,
                               use.form.at);
}

Expression* ExpandGuard(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const auto parts = expander.ItemsOf(*use.items[0]);
  use.Require(parts.has_value() && !parts->empty());
  ExpressionMaker& make = expander.make();
  const Position at = use.form.at;
  Expression* const body =
      make.Thunk(ExpandBody(expander, use.items.subspan(1), use.scope, at), at);

  Scope* const scope = MakeScope(expander, use.scope);
  Lambda* const handler = make.MakeLambda(at);
  handler->parameters.push_back(expander.Bind(*parts->front(), *scope));
  const auto clauses = parts->subspan(1);
  if (EndsInElse(clauses, *scope)) {
    handler->body = ExpandClauses(expander, use, clauses, *scope, nullptr);
    return expander.CallInternal(InternalProcedure::kGuard,
                                 {body, make.OfLambda(handler)}, at);
  }
  // Which clause it is may be asked before control leaves, so what it does is a
  // procedure.
  handler->body = ExpandClauses(expander, use, clauses, *scope,
                                make.Boolean(false, at), ClauseValue::kDelayed);
  return expander.CallInternal(InternalProcedure::kGuardReraise,
                               {body, make.OfLambda(handler)}, at);
}

}  // namespace fledge::lambda
