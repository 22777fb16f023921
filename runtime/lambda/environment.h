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

// What an identifier means. Namespaces have many, so they are small.
struct Denotation {
  enum class Kind : std::uint8_t {
    kUnbound,
    kVariable,
    kGlobal,
    kMacro,
    kCoreForm,
  };

  static Denotation Of(Variable* variable) {
    Denotation denotation;
    denotation.kind = Kind::kVariable;
    denotation.variable = variable;
    return denotation;
  }
  static Denotation Of(Global* global) {
    Denotation denotation;
    denotation.kind = Kind::kGlobal;
    denotation.global = global;
    return denotation;
  }
  static Denotation Of(const Macro* macro) {
    Denotation denotation;
    denotation.kind = Kind::kMacro;
    denotation.macro = macro;
    return denotation;
  }
  static Denotation Of(CoreForm form) {
    Denotation denotation;
    denotation.kind = Kind::kCoreForm;
    denotation.core_form = form;
    return denotation;
  }

  bool Is(CoreForm form) const {
    return kind == Kind::kCoreForm && core_form == form;
  }
  bool operator==(const Denotation& other) const;

  Kind kind = Kind::kUnbound;
  CoreForm core_form = {};
  union {  // As the kind says.
    Variable* variable = nullptr;
    Global* global;
    const Macro* macro;
  };
};
static_assert(sizeof(Denotation) == 16);

// What a library exports.
using Exports = std::unordered_map<const Name*, Denotation>;

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
  // Of this very scope, if there is one.
  std::optional<Binding> Find(Identifier identifier) const;

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
//
// What a library exports is imported by reference to its exports, as it is much
// and most of it never used: bindings of its own come before those, and of
// these the latest.
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
  // The same for all of a library, which outlives the namespace; also for what
  // is still to be added to it.
  void ImportAll(const Exports& exports);
  // Of what was imported by ImportAll.
  std::optional<Binding> FindImported(const Name* name) const;
  // Whether nothing is bound.
  bool IsEmpty() const { return bindings_.empty() && imports_.empty(); }

  // The global that a later definition of `name` will give a value. So the
  // name stays unbound: `at` is where it was first met.
  Global* Reference(const Name* name, Position at);
  // Of references whose names are still unbound, the first; if any.
  std::optional<std::pair<const Name*, Position>> FindUnbound() const;

  // Its own, defined or not.
  std::span<Global* const> globals() const { return globals_; }
  // The names that are bound, in no order; some more than once.
  template <typename Visitor>
  void ForEachName(Visitor visit) const {
    for (const auto& [identifier, binding] : bindings_) {
      if (identifier.name != nullptr) visit(identifier.name);
    }
    for (const Exports* exports : imports_) {
      for (const auto& [name, denotation] : *exports) visit(name);
    }
  }

  // A macro may assign variables of its library whenever it is used, so those
  // that its template names are not constant.
  void MentionInTemplate(const Name* name) { mentioned_.insert(name); }
  // No more forms come: what is not assigned is constant from now on.
  void Complete();

  // Whoever changes it next may take back all changes from now on.
  void Begin() {
    changes_.clear();
    imports_before_ = imports_;
  }
  void TakeBack();

 private:
  struct Own {
    Global* global;
    Position first_reference;
  };

  void Set(Identifier identifier, std::optional<Binding> binding);

  Arena memory_;
  std::vector<Global*> globals_;
  std::unordered_map<const Name*, Own> own_;  // Those that have a symbol.
  std::unordered_set<const Name*> mentioned_;
  // What was bound before, in the order of the changes.
  std::vector<std::pair<Identifier, std::optional<Binding>>> changes_;
  std::vector<const Exports*> imports_;  // The latest last.
  std::vector<const Exports*> imports_before_;
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
