#include "runtime/lambda/environment.h"

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

void Namespace::Set(Identifier identifier, Binding binding) {
  const auto found = bindings_.find(identifier);
  if (found == bindings_.end()) {
    changes_.emplace_back(identifier, std::nullopt);
    bindings_.emplace(identifier, binding);
  } else {
    changes_.emplace_back(identifier, found->second);
    found->second = binding;
  }
}

void Namespace::TakeBack() {
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    if (change->second.has_value()) {
      bindings_[change->first] = *change->second;
    } else {
      bindings_.erase(change->first);
    }
  }
  changes_.clear();
}

Global* Namespace::Define(Identifier identifier, const Name* name) {
  if (const Binding* const bound = Find(identifier)) {
    if (!bound->is_imported &&
        bound->denotation.kind == Denotation::Kind::kGlobal) {
      bound->denotation.global->is_assigned = true;
      return bound->denotation.global;
    }
  }
  // What a macro defines under a name of its own nobody else can refer to.
  Global* const global = identifier.name == nullptr
                             ? MakeGlobal(name)
                             : Reference(name, Position());
  Set(identifier, {Denotation::Of(global)});
  return global;
}

void Namespace::DefineSyntax(Identifier identifier, Denotation denotation) {
  Set(identifier, {denotation});
}

Global* Namespace::MakeGlobal(const Name* name) {
  globals_.push_back(memory_.Make<Global>(name));
  return globals_.back();
}

void Namespace::Import(const Name* name, Denotation denotation) {
  Set({name, 0}, {denotation, true});
}

Global* Namespace::Reference(const Name* name, Position at) {
  const auto found = own_.find(name);
  if (found != own_.end()) return found->second.global;
  Global* const global = MakeGlobal(name);
  own_.emplace(name, Own{global, at});
  return global;
}

std::optional<std::pair<const Name*, Position>> Namespace::FindUnbound() const {
  std::optional<std::pair<const Name*, Position>> first;
  for (const auto& [name, own] : own_) {
    const Position at = own.first_reference;
    if (Find({name, 0}) != nullptr) continue;
    if (!first.has_value() ||
        std::pair(at.line, at.column) <
            std::pair(first->second.line, first->second.column)) {
      first.emplace(name, at);
    }
  }
  return first;
}

void Namespace::Complete() {
  for (Global* global : globals_) {
    global->is_constant =
        !global->is_assigned && !mentioned_.contains(global->name);
  }
}

Meaning Resolve(const Syntax& identifier, const Scope& scope) {
  const Syntax* syntax = &identifier;
  const Scope* from = &scope;
  while (true) {
    const Identifier known = Identifier::Of(*syntax);
    for (const Scope* at = from; at != nullptr; at = at->outer()) {
      if (const Scope::Binding* const found = at->Find(known)) {
        return {found->denotation, found->is_imported, &at->space(),
                SymbolOf(*syntax)};
      }
    }
    if (syntax->Is(Syntax::Kind::kSymbol)) {
      return {{}, false, &from->space(), syntax->name};
    }
    from = syntax->alias->scope;
    syntax = syntax->alias->identifier;
  }
}

bool MeansTheSame(const Syntax& identifier, const Scope& scope,
                  const Syntax& other, const Scope& other_scope) {
  const Meaning meaning = Resolve(identifier, scope);
  const Meaning other_meaning = Resolve(other, other_scope);
  if (meaning.denotation != other_meaning.denotation) return false;
  return meaning.denotation.kind != Denotation::Kind::kUnbound ||
         meaning.name == other_meaning.name;
}

bool Means(const Syntax& syntax, const Scope& scope, CoreForm form) {
  if (!syntax.IsIdentifier()) return false;
  const Meaning meaning = Resolve(syntax, scope);
  return meaning.denotation.Is(form) ||
         (meaning.denotation.kind == Denotation::Kind::kUnbound &&
          meaning.name->text == NameOf(form));
}

}  // namespace fledge::lambda
