#include "runtime/lambda/expander.h"

#include <string_view>
#include <vector>

#include "runtime/lambda/core_form_expanders.h"
#include "runtime/lambda/datum.h"
#include "runtime/lambda/syntax_rules.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

using Kind = Syntax::Kind;

void FailSyntax(Position at, const std::string& message) {
  throw SyntaxError(at, message);
}

void CoreUse::FailShape() const {
  FailSyntax(form.at, std::string(NameOf(core)) + " is written " +
                          std::string(ShapeOf(core)));
}

void Expander::CheckDepth(Position at) const {
  if (stack_.IsReached()) FailSyntax(at, "this is nested too deeply");
}

void Expander::Enter(Position at) {
  CheckDepth(at);
  if (has_aliases_) CountParts(1, at);
}

void Expander::CountParts(std::uint64_t count, Position at) {
  if (count > parts_left_) {
    FailSyntax(at,
               "macros make too much of this: does one use itself forever?");
  }
  parts_left_ -= count;
}

const Syntax* Expander::ExpandHead(const Syntax& syntax, const Scope& scope) {
  const Syntax* form = &syntax;
  while (form->Is(Kind::kPair) && form->first->IsIdentifier()) {
    const Denotation denotation = Resolve(*form->first, scope).denotation;
    if (denotation.kind != Denotation::Kind::kMacro) break;
    has_aliases_ = true;
    form = ExpandMacro(*this, *denotation.macro, *form, scope);
  }
  return form;
}

std::optional<CoreForm> Expander::CoreFormOf(const Syntax& syntax,
                                             const Scope& scope) {
  if (!syntax.Is(Kind::kPair) || !syntax.first->IsIdentifier()) {
    return std::nullopt;
  }
  const Denotation denotation = Resolve(*syntax.first, scope).denotation;
  if (denotation.kind != Denotation::Kind::kCoreForm) return std::nullopt;
  return denotation.core_form;
}

CoreUse Expander::UseOf(CoreForm core, const Syntax& form, const Scope& scope) {
  CoreUse use{core, form, scope, {}};
  const auto items = ItemsOf(*form.rest);
  use.Require(items.has_value());
  use.items = *items;
  return use;
}

Expression* Expander::Expand(const Syntax& syntax, const Scope& scope) {
  Enter(syntax.at);
  const Syntax& form = *ExpandHead(syntax, scope);
  switch (form.kind) {
    case Kind::kSymbol:
    case Kind::kAlias:
      return ExpandIdentifier(form, scope);
    case Kind::kPair:
      if (const auto core = CoreFormOf(form, scope)) {
        return ExpandCoreForm(*this, UseOf(*core, form, scope));
      }
      return ExpandCall(form, scope);
    case Kind::kMap: {
      std::vector<Expression*> items;
      for (const Syntax* item : form.items) {
        items.push_back(Expand(*item, scope));
      }
      return CallInternal(InternalProcedure::kMap, items, form.at);
    }
    case Kind::kVector:
      return make_.Constant(*Datum(form));
    case Kind::kNil:
      FailSyntax(form.at, "() calls nothing; the empty list is written '()");
    case Kind::kLabelled:
    case Kind::kReference:
      FailSyntax(form.at, "labels are for data, which are quoted");
    case Kind::kEndOfFile:
      FailSyntax(form.at, "there is no form here");
    default:
      return make_.Constant(form);
  }
}

Expression* Expander::ExpandNamed(const Syntax& syntax, const Scope& scope,
                                  std::string_view name) {
  Expression* const expression = Expand(syntax, scope);
  NameProcedures(*expression, name);
  return expression;
}

void Expander::NameProcedures(Expression& expression,
                              std::string_view name) const {
  using Of = Expression::Kind;
  Expression* value = &expression;
  while (value->kind == Of::kLet || value->kind == Of::kLetrec ||
         value->kind == Of::kSequence) {
    value = value->operands.back();
  }
  if (value->kind == Of::kLambda && value->lambda->name.empty()) {
    value->lambda->name = name;
  }
  if (value->kind != Of::kCall) return;
  const Expression& callee = *value->operands.front();
  if (callee.global != libraries_.internal(InternalProcedure::kCaseLambda)) {
    return;
  }
  for (Expression* clause : std::span(value->operands).subspan(1)) {
    clause->lambda->name = name;
  }
}

Expression* Expander::ExpandSequence(std::span<const Syntax* const> forms,
                                     const Scope& scope, Position at) {
  std::vector<Expression*> expressions;
  expressions.reserve(forms.size());
  for (const Syntax* form : forms) expressions.push_back(Expand(*form, scope));
  return make_.Sequence(expressions, at);
}

Expression* Expander::ExpandIdentifier(const Syntax& identifier,
                                       const Scope& scope) {
  const Meaning meaning = Resolve(identifier, scope);
  const Denotation& denotation = meaning.denotation;
  switch (denotation.kind) {
    case Denotation::Kind::kVariable:
      return make_.Local(denotation.variable, identifier.at);
    case Denotation::Kind::kGlobal:
      return make_.OfGlobal(denotation.global, identifier.at);
    case Denotation::Kind::kUnbound:
      return make_.OfGlobal(
          meaning.space->Reference(meaning.name, identifier.at), identifier.at);
    case Denotation::Kind::kMacro:
      FailSyntax(identifier.at, std::string(meaning.name->text) +
                                    " is a macro, and has no value");
    case Denotation::Kind::kCoreForm:
      break;
  }
  FailSyntax(identifier.at, std::string(meaning.name->text) +
                                " is syntax, and is written " +
                                std::string(ShapeOf(denotation.core_form)));
}

Expression* Expander::ExpandCall(const Syntax& call, const Scope& scope) {
  const auto items = ItemsOf(call);
  if (!items.has_value()) {
    FailSyntax(call.at,
               "a call is a list without a dot: "
               "(procedure argument ...)");
  }
  Expression* const callee = Expand(*items->front(), scope);
  std::vector<Expression*> arguments;
  arguments.reserve(items->size() - 1);
  for (const Syntax* item : items->subspan(1)) {
    arguments.push_back(Expand(*item, scope));
  }
  return make_.Call(callee, arguments, call.at);
}

Expression* Expander::CallInternal(InternalProcedure procedure,
                                   std::span<Expression* const> arguments,
                                   Position at) {
  return make_.Call(make_.OfGlobal(libraries_.internal(procedure), at),
                    arguments, at);
}

std::optional<std::span<const Syntax* const>> Expander::ItemsOf(
    const Syntax& list) {
  std::vector<const Syntax*> items;
  const Syntax* rest = &list;
  for (; rest->Is(Kind::kPair); rest = rest->rest) items.push_back(rest->first);
  if (!rest->Is(Kind::kNil)) return std::nullopt;
  return arena_.Copy(std::span<const Syntax* const>(items));
}

const Syntax* Expander::ListOf(std::span<const Syntax* const> items,
                               Position at, const Syntax* tail) {
  const Syntax* list =
      tail != nullptr ? tail : arena_.Make<Syntax>(Kind::kNil, at);
  for (std::size_t i = items.size(); i-- > 0;) {
    auto* const pair = arena_.Make<Syntax>(Kind::kPair, at);
    pair->first = items[i];
    pair->rest = list;
    list = pair;
  }
  return list;
}

const Syntax* Expander::Datum(const Syntax& syntax) {
  return has_aliases_ ? DatumMaker(arena_, stack_).Make(syntax) : &syntax;
}

Variable* Expander::Bind(const Syntax& identifier, Scope& scope) {
  if (!identifier.IsIdentifier()) {
    FailSyntax(identifier.at, "a name is expected here, to bind a variable");
  }
  const std::string_view name = SymbolOf(identifier)->text;
  Variable* const variable = make_.MakeVariable(name);
  if (!scope.Bind(Identifier::Of(identifier), Denotation::Of(variable))) {
    FailSyntax(identifier.at, std::string(name) + " is bound twice here");
  }
  return variable;
}

bool Expander::BindParameters(const Syntax& parameters, Scope& scope,
                              Arena::List<Variable*>& variables) {
  const Syntax* rest = &parameters;
  for (; rest->Is(Kind::kPair); rest = rest->rest) {
    variables.push_back(Bind(*rest->first, scope));
  }
  if (rest->Is(Kind::kNil)) return false;
  variables.push_back(Bind(*rest, scope));
  return true;
}

}  // namespace fledge::lambda
