#include "runtime/lambda/body.h"

#include <string>
#include <utility>

#include "runtime/lambda/cond_expand.h"
#include "runtime/lambda/core_form_expanders.h"
#include "runtime/lambda/library_definition.h"
#include "runtime/lambda/record_definition.h"
#include "runtime/lambda/syntax_rules.h"
#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

Body::Body(Expander& expander, Scope& scope, ImportConflict conflict)
    : expander_(expander),
      make_(expander.make()),
      scope_(scope),
      conflict_(conflict) {}

void Body::Push(std::span<const Syntax* const> forms) {
  forms_.insert(forms_.end(), forms.rbegin(), forms.rend());
}

bool Body::TakeForm() {
  expander_.Enter(forms_.back()->at);
  const Syntax& form = *expander_.ExpandHead(*forms_.back(), scope_);
  forms_.pop_back();
  const auto core = expander_.CoreFormOf(form, scope_);
  // A call is an expression as an if is one.
  switch (core.value_or(CoreForm::kIf)) {
    case CoreForm::kBegin:
      Push(expander_.UseOf(*core, form, scope_).items);
      return true;
    case CoreForm::kCondExpand:
      if (const Syntax* const chosen =
              ChooseClause(expander_.libraries(), form)) {
        const auto forms = expander_.ItemsOf(*chosen);
        expander_.UseOf(*core, form, scope_).Require(forms.has_value());
        Push(*forms);
      }
      return true;
    case CoreForm::kInclude:
    case CoreForm::kIncludeCi:
      expander_.CountParts(kPartsOfInclude, form.at);
      Push(ReadIncluded(
          expander_.libraries(), form,
          *core == CoreForm::kInclude ? LetterCase::kKept : LetterCase::kFolded,
          expander_.arena()));
      return true;
    case CoreForm::kDefine:
      AddDefine(expander_.UseOf(*core, form, scope_));
      return true;
    case CoreForm::kDefineValues:
      AddDefineValues(expander_.UseOf(*core, form, scope_));
      return true;
    case CoreForm::kDefineRecordType:
      AddDefineRecordType(expander_.UseOf(*core, form, scope_));
      return true;
    case CoreForm::kDefineSyntax:
      AddDefineSyntax(expander_.UseOf(*core, form, scope_));
      return true;
    default:
      items_.push_back(
          {Item::Kind::kExpression, &form, {}, false, nullptr, form.at});
      return false;
  }
}

Denotation Body::Declare(const Syntax& identifier) {
  if (!scope_.IsNamespace()) {
    return Denotation::Of(expander_.Bind(identifier, scope_));
  }
  if (!identifier.IsIdentifier()) {
    FailSyntax(identifier.at, "a name is expected here, to define");
  }
  const Identifier known = Identifier::Of(identifier);
  if (const auto bound = scope_.Find(known)) {
    if (conflict_ == ImportConflict::kIsError && bound->is_imported) {
      FailSyntax(identifier.at, TextOf(identifier) +
                                    " is imported, so the library cannot "
                                    "define it");
    }
  }
  return Denotation::Of(scope_.space().Define(known, SymbolOf(identifier)));
}

void Body::AddDefine(const CoreUse& use) {
  use.Require(use.items.size() >= 2);
  const Syntax& target = *use.items[0];
  if (target.Is(Syntax::Kind::kPair)) {
    items_.push_back({Item::Kind::kProcedure,
                      &use.form,
                      {Declare(*target.first)},
                      false,
                      nullptr,
                      use.form.at});
  } else {
    use.Require(use.items.size() == 2 && target.IsIdentifier());
    items_.push_back({Item::Kind::kValue,
                      use.items[1],
                      {Declare(target)},
                      false,
                      nullptr,
                      use.form.at});
  }
}

void Body::AddDefineValues(const CoreUse& use) {
  use.Require(use.items.size() == 2);
  Item item{Item::Kind::kValues, use.items[1], {}, false, nullptr, use.form.at};
  const Syntax* rest = use.items[0];
  for (; rest->Is(Syntax::Kind::kPair); rest = rest->rest) {
    item.targets.push_back(Declare(*rest->first));
  }
  if (!rest->Is(Syntax::Kind::kNil)) {
    item.targets.push_back(Declare(*rest));
    item.has_rest = true;
  }
  items_.push_back(std::move(item));
}

void Body::AddDefineRecordType(const CoreUse& use) {
  RecordDefinition record(expander_, use);
  const Syntax& name = record.name();
  const Denotation type =
      scope_.IsNamespace()
          ? Denotation::Of(scope_.space().MakeGlobal(SymbolOf(name)))
          : Denotation::Of(make_.MakeVariable(SymbolOf(name)->text));
  const auto add = [&](Denotation target, Expression* built) {
    items_.push_back(
        {Item::Kind::kBuilt, nullptr, {target}, false, built, use.form.at});
  };
  add(type, record.MakeType());
  add(Declare(name), record.MakeTypeReference(type));
  for (const auto& [identifier, procedure] : record.MakeProcedures(type)) {
    add(Declare(*identifier), procedure);
  }
}

void Body::AddDefineSyntax(const CoreUse& use) {
  use.Require(use.items.size() == 2 && use.items[0]->IsIdentifier());
  const Syntax& name = *use.items[0];
  const bool is_local = !scope_.IsNamespace();
  const Denotation denotation =
      ReadTransformer(expander_, *use.items[1], scope_,
                      is_local ? expander_.arena() : scope_.space().memory());
  if (!is_local) {
    scope_.space().DefineSyntax(Identifier::Of(name), denotation);
  } else if (!scope_.Bind(Identifier::Of(name), denotation)) {
    FailSyntax(name.at, TextOf(name) + " is bound twice here");
  }
}

Expression* Body::ExpandLocal(std::span<const Syntax* const> forms,
                              Position at) {
  Push(forms);
  bool are_definitions = true;
  while (!forms_.empty() && are_definitions) are_definitions = TakeForm();
  if (are_definitions) {
    FailSyntax(at, "a body ends in an expression, and this has none");
  }
  Expression* const letrec = make_.Make(Expression::Kind::kLetrec, at);
  const auto bind = [&](Variable* variable, Expression* value) {
    letrec->variables.push_back(variable);
    letrec->operands.push_back(value);
  };
  // The last item is the first expression.
  for (std::size_t i = 0; i + 1 < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.kind == Item::Kind::kValues) {
      for (const Denotation& target : item.targets) {
        bind(target.variable, make_.Unspecified(item.at));
      }
      bind(make_.MakeVariable(""), ValuesInto(item));
    } else {
      bind(item.targets[0].variable, ValueOf(item));
    }
  }
  std::vector<Expression*> expressions = {ValueOf(items_.back())};
  for (; !forms_.empty(); forms_.pop_back()) {
    expressions.push_back(expander_.Expand(*forms_.back(), scope_));
  }
  Expression* const body = make_.Sequence(expressions, at);
  if (letrec->variables.empty()) return body;
  letrec->operands.push_back(body);
  return letrec;
}

std::vector<Expression*> Body::ExpandTopLevel(
    std::span<const Syntax* const> forms) {
  Push(forms);
  while (!forms_.empty()) {
    const Syntax& form = *forms_.back();
    // These two are there before anything is imported.
    if (form.Is(Syntax::Kind::kPair) &&
        Means(*form.first, scope_, CoreForm::kImport)) {
      Import(expander_.libraries(), form, scope_.space(), conflict_);
      forms_.pop_back();
    } else if (form.Is(Syntax::Kind::kPair) &&
               Means(*form.first, scope_, CoreForm::kDefineLibrary)) {
      DefineLibrary(expander_.libraries(), form, expander_.arena());
      forms_.pop_back();
    } else {
      TakeForm();
    }
  }
  std::vector<Expression*> expressions;
  for (const Item& item : items_) {
    if (item.kind == Item::Kind::kExpression) {
      expressions.push_back(ValueOf(item));
    } else if (item.kind == Item::Kind::kValues) {
      expressions.push_back(ValuesInto(item));
    } else {
      expressions.push_back(Set(item.targets[0], ValueOf(item), item.at));
    }
  }
  return expressions;
}

Expression* Body::ValueOf(const Item& item) {
  const auto name = [&]() -> std::string_view {
    const Denotation& target = item.targets[0];
    return target.kind == Denotation::Kind::kGlobal ? target.global->name->text
                                                    : target.variable->name;
  };
  switch (item.kind) {
    case Item::Kind::kProcedure: {
      const CoreUse use =
          expander_.UseOf(CoreForm::kDefine, *item.form, scope_);
      return MakeProcedure(expander_, use, *use.items[0]->rest,
                           use.items.subspan(1), item.at, name());
    }
    case Item::Kind::kValue:
      return expander_.ExpandNamed(*item.form, scope_, name());
    case Item::Kind::kBuilt:
      return item.built;
    default:
      return expander_.Expand(*item.form, scope_);
  }
}

Expression* Body::ValuesInto(const Item& item) {
  Expression* const receive = make_.Make(Expression::Kind::kReceive, item.at);
  receive->has_rest = item.has_rest;
  receive->operands.push_back(expander_.Expand(*item.form, scope_));
  std::vector<Expression*> sets;
  for (const Denotation& target : item.targets) {
    Variable* const value = make_.MakeVariable("");
    receive->variables.push_back(value);
    sets.push_back(Set(target, make_.Local(value, item.at), item.at));
  }
  receive->operands.push_back(make_.Sequence(sets, item.at));
  return receive;
}

Expression* Body::Set(Denotation target, Expression* value, Position at) {
  return target.kind == Denotation::Kind::kVariable
             ? make_.SetLocal(target.variable, value, at)
             : make_.Define(target.global, value, at);
}

Expression* ExpandBody(Expander& expander, std::span<const Syntax* const> forms,
                       const Scope& scope, Position at) {
  auto* const inner = expander.arena().Make<Scope>(expander.arena(), scope);
  return Body(expander, *inner, ImportConflict::kIsError)
      .ExpandLocal(forms, at);
}

}  // namespace fledge::lambda
