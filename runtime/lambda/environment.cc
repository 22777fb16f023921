#include "runtime/lambda/environment.h"

#include "runtime/lambda/syntax_text.h"

namespace fledge::lambda {

bool Denotation::operator==(const Denotation& other) const {
  if (kind != other.kind) return false;
  switch (kind) {
    case Kind::kUnbound:
      return true;
    case Kind::kVariable:
      return variable == other.variable;
    case Kind::kGlobal:
      return global == other.global;
    case Kind::kMacro:
      return macro == other.macro;
    case Kind::kCoreForm:
      return core_form == other.core_form;
  }
  return false;
}

std::optional<Scope::Binding> Scope::Find(Identifier identifier) const {
  const auto found = bindings_.find(identifier);
  if (found != bindings_.end()) return found->second;
  if (!IsNamespace() || identifier.name == nullptr) return {};
  return space_->FindImported(identifier.name);
}

void Namespace::Set(Identifier identifier, std::optional<Binding> binding) {
  const auto found = bindings_.find(identifier);
  if (found == bindings_.end()) {
    changes_.emplace_back(identifier, std::nullopt);
    if (binding.has_value()) bindings_.emplace(identifier, *binding);
  } else {
    changes_.emplace_back(identifier, found->second);
    if (binding.has_value()) {
      found->second = *binding;
    } else {
      bindings_.erase(found);
    }
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
  imports_ = imports_before_;
}

Global* Namespace::Define(Identifier identifier, const Name* name) {
  if (const std::optional<Binding> bound = Find(identifier)) {
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
  Set(identifier, Binding{Denotation::Of(global)});
  return global;
}

void Namespace::DefineSyntax(Identifier identifier, Denotation denotation) {
  Set(identifier, Binding{denotation});
}

Global* Namespace::MakeGlobal(const Name* name) {
  globals_.push_back(memory_.Make<Global>(name));
  return globals_.back();
}

void Namespace::Import(const Name* name, Denotation denotation) {
  Set({name, 0}, Binding{denotation, true});
}

void Namespace::ImportAll(const Exports& exports) {
  std::vector<Identifier> hidden;
  for (const auto& [identifier, binding] : bindings_) {
    if (exports.contains(identifier.name)) hidden.push_back(identifier);
  }
  for (const Identifier& identifier : hidden) Set(identifier, std::nullopt);
  std::erase(imports_, &exports);
  imports_.push_back(&exports);
}

std::optional<Scope::Binding> Namespace::FindImported(const Name* name) const {
  for (auto exports = imports_.rbegin(); exports != imports_.rend();
       ++exports) {
    const auto found = (*exports)->find(name);
    if (found != (*exports)->end()) return Binding{found->second, true};
  }
  return {};
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
    if (Find({name, 0}).has_value()) continue;
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
  changes_ = {};
}

Meaning Resolve(const Syntax& identifier, const Scope& scope) {
  const Syntax* syntax = &identifier;
  const Scope* from = &scope;
  while (true) {
    const Identifier known = Identifier::Of(*syntax);
    for (const Scope* at = from; at != nullptr; at = at->outer()) {
      if (const auto found = at->Find(known)) {
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
