#include <string>
#include <vector>

#include "runtime/lambda/body.h"
#include "runtime/lambda/core_form_expanders.h"
#include "runtime/lambda/syntax_rules.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {
namespace {

using Kind = Expression::Kind;

struct NamedValue {
  const Syntax* name;
  const Syntax* value;
};

// ((name value) ...); names may be more than identifiers.
std::vector<NamedValue> ReadBindings(Expander& expander, const CoreUse& use,
                                     const Syntax& list,
                                     std::string_view shape) {
  const auto items = expander.ItemsOf(list);
  use.Require(items.has_value());
  std::vector<NamedValue> bindings;
  for (const Syntax* item : *items) {
    const auto parts = expander.ItemsOf(*item);
    if (!parts.has_value() || parts->size() != 2) {
      FailSyntax(item->at, "a binding is written " + std::string(shape));
    }
    bindings.push_back({(*parts)[0], (*parts)[1]});
  }
  return bindings;
}

Scope* MakeScope(Expander& expander, const Scope& outer) {
  return expander.arena().Make<Scope>(expander.arena(), outer);
}

Expression* ExpandNamedLet(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 3);
  ExpressionMaker& make = expander.make();
  const Position at = use.form.at;
  const auto bindings =
      ReadBindings(expander, use, *use.items[1], "(name value)");
  std::vector<Expression*> values;
  for (const NamedValue& binding : bindings) {
    values.push_back(expander.Expand(*binding.value, use.scope));
  }
  Scope* const outer = MakeScope(expander, use.scope);
  Variable* const loop = expander.Bind(*use.items[0], *outer);
  Scope* const inner = MakeScope(expander, *outer);
  Lambda* const lambda = make.MakeLambda(at);
  lambda->name = loop->name;
  for (const NamedValue& binding : bindings) {
    lambda->parameters.push_back(expander.Bind(*binding.name, *inner));
  }
  lambda->body = ExpandBody(expander, use.items.subspan(2), *inner, at);
  // The values are resolved, so it does no harm that the name is around them.
  Expression* const letrec = make.Make(Kind::kLetrec, at);
  letrec->variables.push_back(loop);
  letrec->operands.push_back(make.OfLambda(lambda));
  letrec->operands.push_back(make.Call(make.Local(loop, at), values, at));
  return letrec;
}

// Whether it makes no difference when it is evaluated.
bool IsSimple(const Expression& expression) {
  return expression.kind == Kind::kLambda ||
         expression.kind == Kind::kConstant ||
         expression.kind == Kind::kUnspecified;
}

// letrec gives its variables their values when it has them all, which a
// program can see that returns to where one of them is made.
Expression* AssignAtOnce(Expander& expander, Expression& letrec) {
  ExpressionMaker& make = expander.make();
  const Position at = letrec.at;
  Expression* const let = make.Make(Kind::kLet, at);
  std::vector<Expression*> sequence;
  for (std::size_t i = 0; i < letrec.variables.size(); ++i) {
    Expression*& value = letrec.operands[i];
    if (IsSimple(*value)) continue;
    Variable* const temporary = make.MakeVariable("");
    let->variables.push_back(temporary);
    let->operands.push_back(value);
    sequence.push_back(
        make.SetLocal(letrec.variables[i], make.Local(temporary, at), at));
    value = make.Unspecified(at);
  }
  sequence.push_back(letrec.operands.back());
  let->operands.push_back(make.Sequence(sequence, at));
  letrec.operands.back() = let;
  return &letrec;
}

}  // namespace

Expression* ExpandLet(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  if (use.items[0]->IsIdentifier()) return ExpandNamedLet(expander, use);
  const auto bindings =
      ReadBindings(expander, use, *use.items[0], "(name value)");
  Expression* const let = expander.make().Make(Kind::kLet, use.form.at);
  Scope* const inner = MakeScope(expander, use.scope);
  for (const NamedValue& binding : bindings) {
    Variable* const variable = expander.Bind(*binding.name, *inner);
    let->variables.push_back(variable);
    let->operands.push_back(
        expander.ExpandNamed(*binding.value, use.scope, variable->name));
  }
  Expression* const body =
      ExpandBody(expander, use.items.subspan(1), *inner, use.form.at);
  if (bindings.empty()) return body;
  let->operands.push_back(body);
  return let;
}

Expression* ExpandLetStar(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const Scope* scope = &use.scope;
  std::vector<std::pair<Variable*, Expression*>> bound;
  for (const NamedValue& binding :
       ReadBindings(expander, use, *use.items[0], "(name value)")) {
    Scope* const inner = MakeScope(expander, *scope);
    Variable* const variable = expander.Bind(*binding.name, *inner);
    bound.emplace_back(
        variable, expander.ExpandNamed(*binding.value, *scope, variable->name));
    scope = inner;
  }
  Expression* body =
      ExpandBody(expander, use.items.subspan(1), *scope, use.form.at);
  for (auto one = bound.rbegin(); one != bound.rend(); ++one) {
    body = expander.make().Let(one->first, one->second, body, use.form.at);
  }
  return body;
}

Expression* ExpandLetrec(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const auto bindings =
      ReadBindings(expander, use, *use.items[0], "(name value)");
  Expression* const letrec = expander.make().Make(Kind::kLetrec, use.form.at);
  Scope* const inner = MakeScope(expander, use.scope);
  for (const NamedValue& binding : bindings) {
    letrec->variables.push_back(expander.Bind(*binding.name, *inner));
  }
  std::size_t not_simple = 0;
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    letrec->operands.push_back(expander.ExpandNamed(
        *bindings[i].value, *inner, letrec->variables[i]->name));
    if (!IsSimple(*letrec->operands.back())) ++not_simple;
  }
  Expression* const body =
      ExpandBody(expander, use.items.subspan(1), *inner, use.form.at);
  if (bindings.empty()) return body;
  letrec->operands.push_back(body);
  const bool is_in_turn = use.core == CoreForm::kLetrecStar || not_simple < 2;
  return is_in_turn ? letrec : AssignAtOnce(expander, *letrec);
}

Expression* ExpandLetValues(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const bool is_in_turn = use.core == CoreForm::kLetStarValues;
  Scope* inner = MakeScope(expander, use.scope);
  std::vector<Expression*> receives;
  for (const NamedValue& binding :
       ReadBindings(expander, use, *use.items[0], "((name ...) expression)")) {
    Expression* const receive =
        expander.make().Make(Kind::kReceive, binding.value->at);
    receive->operands.push_back(
        expander.Expand(*binding.value, is_in_turn ? *inner : use.scope));
    if (is_in_turn) inner = MakeScope(expander, *inner);
    receive->has_rest =
        expander.BindParameters(*binding.name, *inner, receive->variables);
    receives.push_back(receive);
  }
  Expression* body =
      ExpandBody(expander, use.items.subspan(1), *inner, use.form.at);
  for (auto one = receives.rbegin(); one != receives.rend(); ++one) {
    (*one)->operands.push_back(body);
    body = *one;
  }
  return body;
}

Expression* ExpandLetSyntax(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  Scope* const inner = MakeScope(expander, use.scope);
  const bool is_recursive = use.core == CoreForm::kLetrecSyntax;
  for (const NamedValue& binding : ReadBindings(expander, use, *use.items[0],
                                                "(name (syntax-rules ...))")) {
    const Syntax& name = *binding.name;
    use.Require(name.IsIdentifier());
    const Denotation denotation =
        ReadTransformer(expander, *binding.value,
                        is_recursive ? *inner : use.scope, expander.arena());
    if (!inner->Bind(Identifier::Of(name), denotation)) {
      FailSyntax(name.at, TextOf(name) + " is bound twice here");
    }
  }
  return ExpandBody(expander, use.items.subspan(1), *inner, use.form.at);
}

Expression* ExpandDo(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  ExpressionMaker& make = expander.make();
  const Position at = use.form.at;
  const auto specifications = expander.ItemsOf(*use.items[0]);
  const auto ending = expander.ItemsOf(*use.items[1]);
  use.Require(specifications.has_value() && ending.has_value() &&
              !ending->empty());
  Scope* const inner = MakeScope(expander, use.scope);
  Variable* const loop = make.MakeVariable("do");
  Lambda* const lambda = make.MakeLambda(at);
  lambda->name = loop->name;
  std::vector<Expression*> inits;
  std::vector<const Syntax*> steps;
  for (const Syntax* specification : *specifications) {
    const auto parts = expander.ItemsOf(*specification);
    if (!parts.has_value() || parts->size() < 2 || parts->size() > 3) {
      FailSyntax(specification->at,
                 "a variable of do is written (name init [step])");
    }
    inits.push_back(expander.Expand(*(*parts)[1], use.scope));
    lambda->parameters.push_back(expander.Bind(*(*parts)[0], *inner));
    steps.push_back(parts->back() == (*parts)[1] ? (*parts)[0] : parts->back());
  }
  Expression* const test = expander.Expand(*ending->front(), *inner);
  Expression* const result =
      expander.ExpandSequence(ending->subspan(1), *inner, at);
  std::vector<Expression*> commands;
  for (const Syntax* command : use.items.subspan(2)) {
    commands.push_back(expander.Expand(*command, *inner));
  }
  std::vector<Expression*> next;
  for (const Syntax* step : steps)
    next.push_back(expander.Expand(*step, *inner));
  commands.push_back(make.Call(make.Local(loop, at), next, at));
  lambda->body = make.If(test, result, make.Sequence(commands, at), at);
  Expression* const letrec = make.Make(Kind::kLetrec, at);
  letrec->variables.push_back(loop);
  letrec->operands.push_back(make.OfLambda(lambda));
  letrec->operands.push_back(make.Call(make.Local(loop, at), inits, at));
  return letrec;
}

}  // namespace fledge::lambda
