// ExpressionMaker: makes the nodes of expressions, and counts what variables
// are used for.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/global.h"

namespace fledge::lambda {

class ExpressionMaker {
 public:
  using Kind = Expression::Kind;

  explicit ExpressionMaker(Arena& arena) : arena_(arena) {}

  Expression* Make(Kind kind, Position at) {
    return arena_.Make<Expression>(arena_, kind, at);
  }
  Variable* MakeVariable(std::string_view name) {
    return arena_.Make<Variable>(name);
  }

  Expression* Unspecified(Position at) { return Make(Kind::kUnspecified, at); }
  Expression* Constant(const Syntax& syntax);
  Expression* Boolean(bool value, Position at);
  Expression* Integer(std::int64_t value, Position at);
  Expression* Local(Variable* variable, Position at);
  Expression* SetLocal(Variable* variable, Expression* value, Position at);
  Expression* OfGlobal(Global* global, Position at);
  Expression* SetGlobal(Global* global, Expression* value, Position at);
  Expression* Define(Global* global, Expression* value, Position at);
  Expression* If(Expression* test, Expression* then, Expression* otherwise,
                 Position at);
  // Of one it is that one, of none kUnspecified.
  Expression* Sequence(std::span<Expression* const> expressions, Position at);
  Expression* Call(Expression* callee, std::span<Expression* const> arguments,
                   Position at);
  Expression* Call(Expression* callee,
                   std::initializer_list<Expression*> arguments, Position at) {
    return Call(callee, std::span(arguments.begin(), arguments.size()), at);
  }
  // Binds one variable.
  Expression* Let(Variable* variable, Expression* value, Expression* body,
                  Position at);
  Expression* OfLambda(Lambda* lambda);
  Lambda* MakeLambda(Position at) { return arena_.Make<Lambda>(arena_, at); }
  // A procedure of no arguments.
  Expression* Thunk(Expression* body, Position at);

 private:
  Arena& arena_;
};

}  // namespace fledge::lambda
