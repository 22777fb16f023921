#include "runtime/lambda/expression_maker.h"

namespace fledge::lambda {

Expression* ExpressionMaker::Constant(const Syntax& syntax) {
  Expression* const made = Make(Kind::kConstant, syntax.at);
  made->syntax = &syntax;
  return made;
}

Expression* ExpressionMaker::Boolean(bool value, Position at) {
  auto* const syntax = arena_.Make<Syntax>(Syntax::Kind::kBoolean, at);
  syntax->integer = value ? 1 : 0;
  return Constant(*syntax);
}

Expression* ExpressionMaker::Integer(std::int64_t value, Position at) {
  return Constant(*arena_.Make<Syntax>(Syntax::Kind::kInteger, at, value));
}

Expression* ExpressionMaker::Local(Variable* variable, Position at) {
  Expression* const made = Make(Kind::kLocal, at);
  made->variable = variable;
  ++variable->reference_count;
  return made;
}

Expression* ExpressionMaker::SetLocal(Variable* variable, Expression* value,
                                      Position at) {
  Expression* const made = Make(Kind::kSetLocal, at);
  made->variable = variable;
  variable->is_assigned = true;
  made->operands.push_back(value);
  return made;
}

Expression* ExpressionMaker::OfGlobal(Global* global, Position at) {
  Expression* const made = Make(Kind::kGlobal, at);
  made->global = global;
  return made;
}

Expression* ExpressionMaker::SetGlobal(Global* global, Expression* value,
                                       Position at) {
  Expression* const made = Make(Kind::kSetGlobal, at);
  made->global = global;
  global->is_assigned = true;
  made->operands.push_back(value);
  return made;
}

Expression* ExpressionMaker::Define(Global* global, Expression* value,
                                    Position at) {
  Expression* const made = Make(Kind::kDefine, at);
  made->global = global;
  made->operands.push_back(value);
  return made;
}

Expression* ExpressionMaker::If(Expression* test, Expression* then,
                                Expression* otherwise, Position at) {
  Expression* const made = Make(Kind::kIf, at);
  made->operands.assign({test, then, otherwise});
  return made;
}

Expression* ExpressionMaker::Sequence(std::span<Expression* const> expressions,
                                      Position at) {
  if (expressions.empty()) return Unspecified(at);
  if (expressions.size() == 1) return expressions.front();
  Expression* const made = Make(Kind::kSequence, at);
  made->operands.assign(expressions.begin(), expressions.end());
  return made;
}

Expression* ExpressionMaker::Call(Expression* callee,
                                  std::span<Expression* const> arguments,
                                  Position at) {
  Expression* const made = Make(Kind::kCall, at);
  made->operands.reserve(arguments.size() + 1);
  made->operands.push_back(callee);
  for (Expression* argument : arguments) made->operands.push_back(argument);
  return made;
}

Expression* ExpressionMaker::Let(Variable* variable, Expression* value,
                                 Expression* body, Position at) {
  Expression* const made = Make(Kind::kLet, at);
  made->variables.push_back(variable);
  made->operands.push_back(value);
  made->operands.push_back(body);
  return made;
}

Expression* ExpressionMaker::OfLambda(Lambda* lambda) {
  Expression* const made = Make(Kind::kLambda, lambda->at);
  made->lambda = lambda;
  return made;
}

Expression* ExpressionMaker::Thunk(Expression* body, Position at) {
  Lambda* const lambda = MakeLambda(at);
  lambda->body = body;
  return OfLambda(lambda);
}

}  // namespace fledge::lambda
