// Expander: from syntax to expressions: macros expanded, names resolved, all
// forms taken apart into a dozen kinds of nodes.
//
// An expander is for the forms of one arena; what macros and globals they
// define stays with the namespace. Core forms are in files of their own
// (runtime/lambda/core_form_expanders.h), bodies in runtime/lambda/body.h, and
// what is at the top level in runtime/lambda/top_level.h.
//
// Recursion ends in an error where StackLimit says, and expansion of macros
// where it has made more parts than Libraries::max_parts.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError with a place; an expander that has thrown is not used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/expression_maker.h"
#include "runtime/lambda/internal_procedures.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/stack_limit.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// A use of a core form.
struct CoreUse {
  CoreForm core;
  const Syntax& form;
  const Scope& scope;
  std::span<const Syntax* const> items;  // Of the form, after its first.

  // Throws that the form is not written as it has to be.
  [[noreturn]] void FailShape() const;
  void Require(bool has_shape) const {
    if (!has_shape) FailShape();
  }
};

class Expander {
 public:
  // In `arena`, which outlives the expressions.
  Expander(Libraries& libraries, Arena& arena)
      : libraries_(libraries),
        arena_(arena),
        make_(arena),
        parts_left_(libraries.max_parts()) {}

  // `syntax` as an expression in `scope`.
  Expression* Expand(const Syntax& syntax, const Scope& scope);
  // The same; if its value is a procedure without a name it gets this one.
  Expression* ExpandNamed(const Syntax& syntax, const Scope& scope,
                          std::string_view name);
  // The values in turn, the last one's is the value.
  Expression* ExpandSequence(std::span<const Syntax* const> forms,
                             const Scope& scope, Position at);

  // `syntax` with macros of its head expanded, so that it is what it will be.
  const Syntax* ExpandHead(const Syntax& syntax, const Scope& scope);
  // Which core form's use it is; no value if none's.
  std::optional<CoreForm> CoreFormOf(const Syntax& syntax, const Scope& scope);
  // REQUIRES: CoreFormOf(form, scope) == core.
  CoreUse UseOf(CoreForm core, const Syntax& form, const Scope& scope);

  // The items of a list, in the arena; nothing if it is not a proper list.
  std::optional<std::span<const Syntax* const>> ItemsOf(const Syntax& list);
  // A list of the items in front of `tail`; null: of (). Its pairs are at `at`.
  const Syntax* ListOf(std::span<const Syntax* const> items, Position at,
                       const Syntax* tail = nullptr);
  // What a quoted datum is: symbols for aliases. Shares parts as `syntax` does.
  // O(parts).
  const Syntax* Datum(const Syntax& syntax);

  // A new variable that `identifier` is bound to in `scope`. Throws if it is
  // none, or is bound there already.
  Variable* Bind(const Syntax& identifier, Scope& scope);
  // Parameters as lambda has them, (a b . c), bound in `scope`. Returns whether
  // the last takes the rest.
  bool BindParameters(const Syntax& parameters, Scope& scope,
                      Arena::List<Variable*>& variables);

  Expression* CallInternal(InternalProcedure procedure,
                           std::span<Expression* const> arguments, Position at);
  Expression* CallInternal(InternalProcedure procedure,
                           std::initializer_list<Expression*> arguments,
                           Position at) {
    return CallInternal(procedure,
                        std::span(arguments.begin(), arguments.size()), at);
  }

  // Throws if the stack is used up. Whatever recurses over syntax asks.
  void CheckDepth(Position at) const;
  // The same for what takes time for each form that it sees: throws, too, if
  // those are too many because macros have made them share parts.
  void Enter(Position at);
  // Throws if macros have matched and made too much.
  void CountParts(std::uint64_t count, Position at);

  ExpressionMaker& make() { return make_; }
  Arena& arena() { return arena_; }
  Libraries& libraries() { return libraries_; }

 private:
  void NameProcedures(Expression& expression, std::string_view name) const;
  Expression* ExpandIdentifier(const Syntax& identifier, const Scope& scope);
  Expression* ExpandCall(const Syntax& call, const Scope& scope);

  Libraries& libraries_;
  Arena& arena_;
  ExpressionMaker make_;
  StackLimit stack_;
  std::uint64_t parts_left_;
  bool has_aliases_ = false;
};

[[noreturn]] void FailSyntax(Position at, const std::string& message);

}  // namespace fledge::lambda
