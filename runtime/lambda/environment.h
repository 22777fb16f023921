// Environments: what identifiers mean where they are written.
//
// A scope has the bindings of one binding form, and is within another; the
// outermost is a namespace, that of a library, a program or a REPL. Variables
// die with the form that they are of, globals and macros live as long as their
// namespace.
//
//   Namespace ◄── Scope of a lambda ◄── Scope of its body ◄── ...
//   car, if, x        parameters         internal definitions
//
// An alias (see runtime/lambda/syntax.h) is bound like a symbol. One that no
// scope binds means what its symbol means in the scope of its macro.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/core_form.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/global.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

struct Macro;  // runtime/lambda/macro.h
class Namespace;

// What an identifier means.
struct Denotation {
  enum class Kind : std::uint8_t {
    kUnbound,
    kVariable,
    kGlobal,
    kMacro,
    kCoreForm,
  };

  static Denotation Of(Variable* variable) {
    return {.kind = Kind::kVariable, .variable = variable};
  }
  static Denotation Of(Global* global) {
    return {.kind = Kind::kGlobal, .global = global};
  }
  static Denotation Of(const Macro* macro) {
    return {.kind = Kind::kMacro, .macro = macro};
  }
  static Denotation Of(CoreForm form) {
    return {.kind = Kind::kCoreForm, .core_form = form};
  }

  bool Is(CoreForm form) const {
    return kind == Kind::kCoreForm && core_form == form;
  }
  bool operator==(const Denotation&) const = default;

  Kind kind = Kind::kUnbound;
  Variable* variable = nullptr;
  Global* global = nullptr;
  const Macro* macro = nullptr;
  CoreForm core_form = {};
};

// What a symbol or an alias is known by: its name or its number.
struct Identifier {
  // REQUIRES: syntax.IsIdentifier().
  static Identifier Of(const Syntax& syntax) {
    if (syntax.Is(Syntax::Kind::kAlias)) return {nullptr, syntax.alias->number};
    return {syntax.name, 0};
  }
  bool operator==(const Identifier&) const = default;

  const Name* name = nullptr;
  std::uint64_t alias = 0;

  struct Hash {
    std::size_t operator()(const Identifier& identifier) const {
      return std::hash<const Name*>()(identifier.name) ^
             std::hash<std::uint64_t>()(identifier.alias);
    }
  };
};

class Scope {
 public:
  struct Binding {
    Denotation denotation;
    bool is_imported = false;  // So it cannot be assigned.
  };

  // Within `outer`, which outlives it. Lives in `arena`.
  Scope(Arena& arena, const Scope& outer)
      : outer_(&outer), space_(outer.space_), bindings_(arena.memory()) {}
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // False if this very scope binds the identifier already.
  bool Bind(Identifier identifier, Denotation denotation) {
    return bindings_.try_emplace(identifier, Binding{denotation}).second;
  }
  // Of this very scope; null if there is none.
  const Binding* Find(Identifier identifier) const {
    const auto found = bindings_.find(identifier);
    return found == bindings_.end() ? nullptr : &found->second;
  }

  const Scope* outer() const { return outer_; }
  // The outermost.
  Namespace& space() const { return *space_; }
  bool IsNamespace() const { return outer_ == nullptr; }

 protected:
  using Bindings =
      std::pmr::unordered_map<Identifier, Binding, Identifier::Hash>;

  explicit Scope(Namespace* space)
      : space_(space), bindings_(std::pmr::new_delete_resource()) {}

  const Scope* outer_ = nullptr;
  Namespace* space_;
  Bindings bindings_;
};

// A change of a namespace takes effect at once. What a form changes before an
// error in it is found is undone: TakeBack.
class Namespace : public Scope {
 public:
  Namespace() : Scope(this) {}

  // Where its globals and macros live.
  Arena& memory() { return memory_; }

  // The global that a definition of the identifier, whose symbol is `name`,
  // gives a value. It is the one that a reference has made before, or an
  // earlier definition; but not one that is imported, which it hides.
  Global* Define(Identifier identifier, const Name* name);
  void DefineSyntax(Identifier identifier, Denotation denotation);
  // One that nothing is bound to.
  Global* MakeGlobal(const Name* name);
  // Hides what was there.
  void Import(const Name* name, Denotation denotation);

  // The global that a later definition of `name` will give a value. So the
  // name stays unbound: `at` is where it was first met.
  Global* Reference(const Name* name, Position at);
  // Of references whose names are still unbound, the first; if any.
  std::optional<std::pair<const Name*, Position>> FindUnbound() const;

  // Its own, defined or not.
  std::span<Global* const> globals() const { return globals_; }
  // Its bindings by symbols: visit(name, binding).
  template <typename Visitor>
  void ForEachBinding(Visitor visit) const {
    for (const auto& [identifier, binding] : bindings_) {
      if (identifier.name != nullptr) visit(identifier.name, binding);
    }
  }

  // A macro may assign variables of its library whenever it is used, so those
  // that its template names are not constant.
  void MentionInTemplate(const Name* name) { mentioned_.insert(name); }
  // No more forms come: what is not assigned is constant from now on.
  void Complete();

  // Whoever changes it next may take back all changes from now on.
  void Begin() { changes_.clear(); }
  void TakeBack();

 private:
  struct Own {
    Global* global;
    Position first_reference;
  };

  void Set(Identifier identifier, Binding binding);

  Arena memory_;
  std::vector<Global*> globals_;
  std::unordered_map<const Name*, Own> own_;  // Those that have a symbol.
  std::unordered_set<const Name*> mentioned_;
  // What was bound before, in the order of the changes.
  std::vector<std::pair<Identifier, std::optional<Binding>>> changes_;
};

// What an identifier means in a scope, and where its symbol is bound.
struct Meaning {
  Denotation denotation;
  bool is_imported = false;
  // Of the symbol, if nothing binds it: where a definition would.
  Namespace* space = nullptr;
  const Name* name = nullptr;
};

// O(depth of the scope). REQUIRES: identifier.IsIdentifier().
Meaning Resolve(const Syntax& identifier, const Scope& scope);

// Whether both mean the same: the same binding, or none and the same symbol.
bool MeansTheSame(const Syntax& identifier, const Scope& scope,
                  const Syntax& other, const Scope& other_scope);

// Whether it means a core form, or is its name and bound nowhere: who imports
// cond without else can write else.
bool Means(const Syntax& syntax, const Scope& scope, CoreForm form);

}  // namespace fledge::lambda
