// Record types: what define-record-type defines.
//
//   (define-record-type point (make-point x y) point? (x point-x set-x!) (y y))
//
// defines procedures that call internal ones with the type, which is in a
// global or variable that has no name: redefining `point` does them no harm.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors:
// SyntaxError.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/lambda/expander.h"
#include "runtime/lambda/expression.h"

namespace fledge::lambda {

class RecordDefinition {
 public:
  // `use` is a use of define-record-type, and outlives this.
  RecordDefinition(Expander& expander, const CoreUse& use);

  // The name of the type, as it is written.
  const Syntax& name() const { return *name_; }
  // Makes the type.
  Expression* MakeType();
  // The type, from where it is.
  Expression* MakeTypeReference(Denotation type) {
    return Type(type, use_.form.at);
  }
  // What is defined, when `type` is where the type is. Constructor, predicate,
  // and for each field its accessor and modifier.
  std::vector<std::pair<const Syntax*, Expression*>> MakeProcedures(
      Denotation type);

 private:
  struct Field {
    const Syntax* name;
    const Syntax* accessor = nullptr;
    const Syntax* modifier = nullptr;
  };

  void ReadField(const Syntax& syntax);
  std::size_t IndexOf(const Syntax& name) const;
  Expression* Type(Denotation type, Position at);
  Lambda* Begin(const Syntax& name);
  Variable* AddParameter(Lambda& lambda, std::string_view name);
  Expression* MakeConstructor(Denotation type);
  Expression* MakePredicate(Denotation type);
  Expression* MakeAccessor(Denotation type, std::size_t index);
  Expression* MakeModifier(Denotation type, std::size_t index);

  Expander& expander_;
  ExpressionMaker& make_;
  const CoreUse& use_;
  const Syntax* name_;
  const Syntax* constructor_ = nullptr;  // Null: #f is written.
  // The fields that the constructor takes, by their indices.
  std::vector<std::size_t> parameters_;
  const Syntax* predicate_ = nullptr;
  std::vector<Field> fields_;
};

}  // namespace fledge::lambda
