// Bodies: the forms of a procedure, a library or a program, of which some
// define names.
//
// A body is expanded in two steps: first its definitions are found, expanding
// macros just as far as is needed to tell, and bound; then the values. So
// procedures may refer to what is defined after them, and a macro's use means
// what it means with all the definitions.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/expander.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/import_set.h"

namespace fledge::lambda {

class Body {
 public:
  // Its definitions are bound in `scope`: as variables, or as globals if that
  // is a namespace.
  Body(Expander& expander, Scope& scope, ImportConflict conflict);

  // REQUIRES: only one of them, once.
  //
  // Of a procedure or the like: definitions, then expressions.
  Expression* ExpandLocal(std::span<const Syntax* const> forms, Position at);
  // In any order; an expression for each form that has one. Imports take place,
  // and libraries are defined.
  std::vector<Expression*> ExpandTopLevel(std::span<const Syntax* const> forms);

 private:
  struct Item {
    enum class Kind : std::uint8_t {
      kExpression,  // form
      kValue,       // targets[0] = form
      kProcedure,   // targets[0] = a procedure of form: (define (name ...) ...)
      kValues,      // targets = the values of form
      kBuilt,       // targets[0] = built
    };

    Kind kind;
    const Syntax* form;
    std::vector<Denotation> targets;
    bool has_rest = false;
    Expression* built = nullptr;
    Position at;
  };

  // Adds the item that the next form is, or puts what it splices in its place.
  // False if it is an expression, which is added too.
  bool TakeForm();
  void Push(std::span<const Syntax* const> forms);

  Denotation Declare(const Syntax& identifier);
  void AddDefine(const CoreUse& use);
  void AddDefineValues(const CoreUse& use);
  void AddDefineRecordType(const CoreUse& use);
  void AddDefineSyntax(const CoreUse& use);

  Expression* ValueOf(const Item& item);
  Expression* ValuesInto(const Item& item);
  Expression* Set(Denotation target, Expression* value, Position at);

  Expander& expander_;
  ExpressionMaker& make_;
  Scope& scope_;
  ImportConflict conflict_;
  std::vector<const Syntax*> forms_;  // To be taken, the next last.
  std::vector<Item> items_;
};

// The body of a form that binds names: definitions, then expressions, at least
// one. Within `scope`.
Expression* ExpandBody(Expander& expander, std::span<const Syntax* const> forms,
                       const Scope& scope, Position at);

}  // namespace fledge::lambda
