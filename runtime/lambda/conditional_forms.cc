#include <vector>

#include "runtime/lambda/core_form_expanders.h"

namespace fledge::lambda {
namespace {

// What a clause of cond or case comes to. With `temporary`, that is bound to
// the test's value.
struct Choice {
  Expression* test;
  Expression* value;
  Variable* temporary;
  Position at;
};

// Choices in turn, from the last to the first.
Expression* Join(ExpressionMaker& make, const std::vector<Choice>& choices,
                 Expression* otherwise) {
  for (auto one = choices.rbegin(); one != choices.rend(); ++one) {
    const auto& [test, value, temporary, at] = *one;
    if (temporary == nullptr) {
      otherwise = make.If(test, value, otherwise, at);
    } else {
      otherwise = make.Let(
          temporary, test,
          make.If(make.Local(temporary, at), value, otherwise, at), at);
    }
  }
  return otherwise;
}

[[noreturn]] void FailClause(Position at, const CoreUse& use) {
  FailSyntax(at, "this is no clause of (" + std::string(NameOf(use.core)) +
                     "); that is written " + std::string(ShapeOf(use.core)));
}

std::span<const Syntax* const> PartsOf(Expander& expander, const CoreUse& use,
                                       const Syntax& clause) {
  const auto parts = expander.ItemsOf(clause);
  if (!parts.has_value() || parts->empty()) FailClause(clause.at, use);
  return *parts;
}

bool HasArrow(std::span<const Syntax* const> parts, const Scope& scope) {
  return parts.size() == 3 && Means(*parts[1], scope, CoreForm::kArrow);
}

// A clause of case: ((datum ...) => receiver) or ((datum ...) expression ...);
// of else the same, without its first part.
Expression* CaseValue(Expander& expander, const CoreUse& use,
                      const Syntax& clause,
                      std::span<const Syntax* const> parts, Variable* key) {
  if (parts.size() < 2) FailClause(clause.at, use);
  if (!HasArrow(parts, use.scope)) {
    return expander.ExpandSequence(parts.subspan(1), use.scope, clause.at);
  }
  Expression* const receiver = expander.Expand(*parts[2], use.scope);
  return expander.make().Call(receiver, {expander.make().Local(key, clause.at)},
                              clause.at);
}

Expression* CaseTest(Expander& expander, const Syntax& data, std::size_t count,
                     Variable* key) {
  ExpressionMaker& make = expander.make();
  const Position at = data.at;
  if (count == 0) return make.Boolean(false, at);
  const bool is_one = count == 1;
  const Syntax& datum = *expander.Datum(is_one ? *data.first : data);
  return expander.CallInternal(
      is_one ? InternalProcedure::kEqv : InternalProcedure::kMemv,
      {make.Local(key, at), make.Constant(datum)}, at);
}

}  // namespace

Expression* ExpandAnd(Expander& expander, const CoreUse& use) {
  ExpressionMaker& make = expander.make();
  if (use.items.empty()) return make.Boolean(true, use.form.at);
  std::vector<Expression*> tests;
  for (const Syntax* item : use.items) {
    tests.push_back(expander.Expand(*item, use.scope));
  }
  Expression* value = tests.back();
  for (std::size_t i = tests.size() - 1; i > 0; --i) {
    const Position at = use.items[i - 1]->at;
    value = make.If(tests[i - 1], value, make.Boolean(false, at), at);
  }
  return value;
}

Expression* ExpandOr(Expander& expander, const CoreUse& use) {
  ExpressionMaker& make = expander.make();
  if (use.items.empty()) return make.Boolean(false, use.form.at);
  std::vector<Choice> choices;
  for (const Syntax* item : use.items.first(use.items.size() - 1)) {
    Expression* const test = expander.Expand(*item, use.scope);
    Variable* const temporary = make.MakeVariable("");
    choices.push_back(
        {test, make.Local(temporary, item->at), temporary, item->at});
  }
  return Join(make, choices, expander.Expand(*use.items.back(), use.scope));
}

Expression* ExpandWhen(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const Position at = use.form.at;
  Expression* const test = expander.Expand(*use.items[0], use.scope);
  Expression* const body =
      expander.ExpandSequence(use.items.subspan(1), use.scope, at);
  Expression* const nothing = expander.make().Unspecified(at);
  return use.core == CoreForm::kWhen
             ? expander.make().If(test, body, nothing, at)
             : expander.make().If(test, nothing, body, at);
}

Expression* ExpandCond(Expander& expander, const CoreUse& use) {
  use.Require(!use.items.empty());
  return ExpandClauses(expander, use, use.items, use.scope,
                       expander.make().Unspecified(use.form.at));
}

bool EndsInElse(std::span<const Syntax* const> clauses, const Scope& scope) {
  return !clauses.empty() && clauses.back()->Is(Syntax::Kind::kPair) &&
         Means(*clauses.back()->first, scope, CoreForm::kElse);
}

Expression* ExpandClauses(Expander& expander, const CoreUse& use,
                          std::span<const Syntax* const> clauses,
                          const Scope& scope, Expression* otherwise,
                          ClauseValue value) {
  ExpressionMaker& make = expander.make();
  const auto wrapped = [&](Expression* expression, Position at) {
    return value == ClauseValue::kDelayed ? make.Thunk(expression, at)
                                          : expression;
  };
  std::vector<Choice> choices;
  for (const Syntax* clause : clauses) {
    const Position at = clause->at;
    const auto parts = PartsOf(expander, use, *clause);
    if (Means(*parts[0], scope, CoreForm::kElse)) {
      if (clause != clauses.back() || parts.size() < 2) FailClause(at, use);
      otherwise = expander.ExpandSequence(parts.subspan(1), scope, at);
      break;
    }
    Expression* const test = expander.Expand(*parts[0], scope);
    if (HasArrow(parts, scope)) {
      Variable* const temporary = make.MakeVariable("");
      Expression* const receiver = expander.Expand(*parts[2], scope);
      Expression* const call =
          make.Call(receiver, {make.Local(temporary, at)}, at);
      choices.push_back({test, wrapped(call, at), temporary, at});
    } else if (parts.size() == 1) {
      Variable* const temporary = make.MakeVariable("");
      choices.push_back(
          {test, wrapped(make.Local(temporary, at), at), temporary, at});
    } else {
      Expression* const sequence =
          expander.ExpandSequence(parts.subspan(1), scope, at);
      choices.push_back({test, wrapped(sequence, at), nullptr, at});
    }
  }
  return Join(make, choices, otherwise);
}

Expression* ExpandCase(Expander& expander, const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  ExpressionMaker& make = expander.make();
  const Position at = use.form.at;
  Expression* const value = expander.Expand(*use.items[0], use.scope);
  Variable* const key = make.MakeVariable("");
  std::vector<Choice> choices;
  Expression* otherwise = make.Unspecified(at);
  const auto clauses = use.items.subspan(1);
  for (const Syntax* clause : clauses) {
    const auto parts = PartsOf(expander, use, *clause);
    if (Means(*parts[0], use.scope, CoreForm::kElse)) {
      if (clause != clauses.back()) FailClause(clause->at, use);
      otherwise = CaseValue(expander, use, *clause, parts, key);
      break;
    }
    const auto data = expander.ItemsOf(*parts[0]);
    if (!data.has_value()) FailClause(clause->at, use);
    Expression* const test = CaseTest(expander, *parts[0], data->size(), key);
    choices.push_back({test, CaseValue(expander, use, *clause, parts, key),
                       nullptr, clause->at});
  }
  return make.Let(key, value, Join(make, choices, otherwise), at);
}

}  // namespace fledge::lambda
