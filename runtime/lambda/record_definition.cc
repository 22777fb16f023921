#include "runtime/lambda/record_definition.h"

#include <string>
#include <utility>

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

using Kind = Syntax::Kind;

RecordDefinition::RecordDefinition(Expander& expander, const CoreUse& use)
    : expander_(expander), make_(expander.make()), use_(use) {
  use.Require(use.items.size() >= 3);
  name_ = use.items[0];
  use.Require(name_->IsIdentifier());
  for (const Syntax* field : use.items.subspan(3)) ReadField(*field);
  const Syntax& constructor = *use.items[1];
  if (constructor.Is(Kind::kPair)) {
    const auto items = expander.ItemsOf(constructor);
    use.Require(items.has_value());
    constructor_ = items->front();
    for (const Syntax* field : items->subspan(1)) {
      const std::size_t index = IndexOf(*field);
      for (const std::size_t other : parameters_) {
        if (other == index) {
          FailSyntax(field->at, TextOf(*field) + " is a parameter twice");
        }
      }
      parameters_.push_back(index);
    }
  } else if (constructor.IsIdentifier()) {
    constructor_ = &constructor;
    for (std::size_t i = 0; i < fields_.size(); ++i) parameters_.push_back(i);
  } else {
    use.Require(constructor.Is(Kind::kBoolean) && constructor.integer == 0);
  }
  predicate_ = use.items[2];
  if (predicate_->Is(Kind::kBoolean) && predicate_->integer == 0) {
    predicate_ = nullptr;
  }
  use.Require((constructor_ == nullptr || constructor_->IsIdentifier()) &&
              (predicate_ == nullptr || predicate_->IsIdentifier()));
}

void RecordDefinition::ReadField(const Syntax& syntax) {
  std::span<const Syntax* const> parts;
  if (const auto items = expander_.ItemsOf(syntax)) parts = *items;
  bool are_names = !parts.empty() && parts.size() <= 3;
  for (const Syntax* part : parts)
    are_names = are_names && part->IsIdentifier();
  if (!are_names) {
    FailSyntax(syntax.at,
               "a field is written (field accessor) or "
               "(field accessor modifier)");
  }
  for (const Field& other : fields_) {
    if (Identifier::Of(*other.name) == Identifier::Of(*parts[0])) {
      FailSyntax(syntax.at, "field " + TextOf(*parts[0]) + " occurs twice");
    }
  }
  fields_.push_back({parts[0], parts.size() > 1 ? parts[1] : nullptr,
                     parts.size() > 2 ? parts[2] : nullptr});
}

std::size_t RecordDefinition::IndexOf(const Syntax& name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (name.IsIdentifier() &&
        Identifier::Of(*fields_[i].name) == Identifier::Of(name)) {
      return i;
    }
  }
  FailSyntax(name.at, "the record has no field " + TextOf(name));
}

Expression* RecordDefinition::MakeType() {
  std::vector<const Syntax*> names;
  for (const Field& field : fields_) names.push_back(field.name);
  auto* const fields =
      expander_.arena().Make<Syntax>(Kind::kVector, use_.form.at);
  fields->items = expander_.arena().Copy(std::span<const Syntax* const>(names));
  return expander_.CallInternal(InternalProcedure::kMakeRecordType,
                                {make_.Constant(*expander_.Datum(*name_)),
                                 make_.Constant(*expander_.Datum(*fields))},
                                use_.form.at);
}

std::vector<std::pair<const Syntax*, Expression*>>
RecordDefinition::MakeProcedures(Denotation type) {
  std::vector<std::pair<const Syntax*, Expression*>> made;
  if (constructor_ != nullptr) {
    made.emplace_back(constructor_, MakeConstructor(type));
  }
  if (predicate_ != nullptr) {
    made.emplace_back(predicate_, MakePredicate(type));
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].accessor != nullptr) {
      made.emplace_back(fields_[i].accessor, MakeAccessor(type, i));
    }
    if (fields_[i].modifier != nullptr) {
      made.emplace_back(fields_[i].modifier, MakeModifier(type, i));
    }
  }
  return made;
}

Expression* RecordDefinition::Type(Denotation type, Position at) {
  return type.kind == Denotation::Kind::kVariable
             ? make_.Local(type.variable, at)
             : make_.OfGlobal(type.global, at);
}

Lambda* RecordDefinition::Begin(const Syntax& name) {
  Lambda* const lambda = make_.MakeLambda(name.at);
  lambda->name = SymbolOf(name)->text;
  return lambda;
}

Variable* RecordDefinition::AddParameter(Lambda& lambda,
                                         std::string_view name) {
  lambda.parameters.push_back(make_.MakeVariable(name));
  return lambda.parameters.back();
}

Expression* RecordDefinition::MakeConstructor(Denotation type) {
  const Position at = constructor_->at;
  Lambda* const lambda = Begin(*constructor_);
  std::vector<Expression*> values(fields_.size() + 1);
  values[0] = Type(type, at);
  for (const std::size_t index : parameters_) {
    values[index + 1] = make_.Local(
        AddParameter(*lambda, SymbolOf(*fields_[index].name)->text), at);
  }
  for (Expression*& value : values) {
    if (value == nullptr) value = make_.Unspecified(at);
  }
  lambda->body =
      expander_.CallInternal(InternalProcedure::kMakeRecord, values, at);
  return make_.OfLambda(lambda);
}

Expression* RecordDefinition::MakePredicate(Denotation type) {
  const Position at = predicate_->at;
  Lambda* const lambda = Begin(*predicate_);
  Variable* const object = AddParameter(*lambda, "object");
  lambda->body =
      expander_.CallInternal(InternalProcedure::kIsRecord,
                             {make_.Local(object, at), Type(type, at)}, at);
  return make_.OfLambda(lambda);
}

Expression* RecordDefinition::MakeAccessor(Denotation type, std::size_t index) {
  const Syntax& name = *fields_[index].accessor;
  Lambda* const lambda = Begin(name);
  Variable* const record = AddParameter(*lambda, "record");
  lambda->body = expander_.CallInternal(
      InternalProcedure::kRecordRef,
      {make_.Local(record, name.at), Type(type, name.at),
       make_.Integer(static_cast<std::int64_t>(index), name.at)},
      name.at);
  return make_.OfLambda(lambda);
}

Expression* RecordDefinition::MakeModifier(Denotation type, std::size_t index) {
  const Syntax& name = *fields_[index].modifier;
  Lambda* const lambda = Begin(name);
  Variable* const record = AddParameter(*lambda, "record");
  Variable* const value =
      AddParameter(*lambda, SymbolOf(*fields_[index].name)->text);
  lambda->body = expander_.CallInternal(
      InternalProcedure::kRecordSet,
      {make_.Local(record, name.at), Type(type, name.at),
       make_.Integer(static_cast<std::int64_t>(index), name.at),
       make_.Local(value, name.at)},
      name.at);
  return make_.OfLambda(lambda);
}

}  // namespace fledge::lambda
