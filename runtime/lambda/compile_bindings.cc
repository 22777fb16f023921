// Closures, bindings and loops of the ProcedureCompiler.
#include <algorithm>
#include <utility>

#include "runtime/lambda/procedure_compiler.h"

namespace fledge::lambda {

using Kind = Expression::Kind;

void ProcedureCompiler::EmitClosure(Lambda& lambda, Register target) {
  // A capture may be in the target still.
  const Register saved = top_;
  const Register closure = lambda.captures.empty() ? target : Push();
  MakeClosure(lambda, closure);
  SetCaptures(lambda, closure);
  Deliver(closure, In(target));
  top_ = saved;
}

void ProcedureCompiler::MakeClosure(Lambda& lambda, Register closure) {
  code_.SetPosition(lambda.at);
  const std::uint32_t constant = code_.Procedure(Compile(lambda, stack_));
  code_.EmitWide(Operation::kMakeClosure, closure,
                 static_cast<std::int32_t>(constant));
}

void ProcedureCompiler::SetCaptures(const Lambda& lambda, Register closure) {
  for (std::uint32_t i = 0; i < lambda.captures.size(); ++i) {
    WithVariable(*lambda.captures[i], [&](Register value) {
      code_.Emit(Operation::kSetCapture, closure, i, value);
    });
  }
}

void ProcedureCompiler::EmitLet(Expression& let, Destination destination) {
  const Register saved = top_;
  EmitLetVariables(let);
  Emit(*let.operands.back(), destination);
  top_ = saved;
}

void ProcedureCompiler::EmitLetVariables(Expression& let) {
  for (std::size_t i = 0; i < let.variables.size(); ++i) {
    const Register place = Push();
    Emit(*let.operands[i], In(place));
    let.variables[i]->place = place;
  }
  for (Variable* variable : let.variables) BoxInPlace(*variable);
}

void ProcedureCompiler::EmitReceive(Expression& receive,
                                    Destination destination) {
  const Register saved = top_;
  const Register values = EmitOperand(*receive.operands[0]);
  const auto count = static_cast<std::uint32_t>(receive.variables.size());
  const Register first = Push(std::max(count, 1u));
  code_.SetPosition(receive.at);
  code_.Emit(receive.has_rest ? Operation::kReceiveRest : Operation::kReceive,
             first, count, values);
  for (std::uint32_t i = 0; i < count; ++i) {
    receive.variables[i]->place = first + i;
    BoxInPlace(*receive.variables[i]);
  }
  Emit(*receive.operands[1], destination);
  top_ = saved;
}

void ProcedureCompiler::EmitLetrec(Expression& letrec,
                                   Destination destination) {
  const Register saved = top_;
  const std::size_t count = letrec.variables.size();
  std::vector<Variable*> loops;
  for (Variable* variable : letrec.variables) {
    if (IsLoop(*variable)) {
      loops.push_back(variable);
      continue;
    }
    variable->place = Push();
    if (!variable->is_boxed) continue;
    LoadWord(variable->place, Value::Deleted());
    BoxInPlace(*variable);
  }
  for (std::size_t i = 0; i < count;) {
    if (letrec.variables[i]->procedure == nullptr) {
      EmitInit(letrec, i++);
      continue;
    }
    std::size_t end = i;
    while (end < count && letrec.variables[end]->procedure != nullptr) ++end;
    EmitClosures(letrec, i, end);
    i = end;
  }
  EmitLoops(loops, *letrec.operands[count], destination);
  top_ = saved;
}

void ProcedureCompiler::EmitInit(Expression& letrec, std::size_t i) {
  const Variable& variable = *letrec.variables[i];
  if (!variable.is_boxed) {
    return Emit(*letrec.operands[i], In(variable.place));
  }
  const Register saved = top_;
  const Register value = EmitOperand(*letrec.operands[i]);
  code_.Emit(Operation::kSetBox, variable.place, value);
  top_ = saved;
}

void ProcedureCompiler::EmitClosures(Expression& letrec, std::size_t begin,
                                     std::size_t end) {
  const Register saved = top_;
  std::vector<std::pair<const Lambda*, Register>> closures;
  for (std::size_t i = begin; i < end; ++i) {
    const Variable& variable = *letrec.variables[i];
    if (IsLoop(variable)) continue;
    const Register place = variable.is_boxed ? Push() : variable.place;
    MakeClosure(*variable.procedure, place);
    if (variable.is_boxed) {
      code_.Emit(Operation::kSetBox, variable.place, place);
    }
    closures.emplace_back(variable.procedure, place);
  }
  for (const auto& [lambda, place] : closures) SetCaptures(*lambda, place);
  top_ = saved;
}

void ProcedureCompiler::EmitLoops(const std::vector<Variable*>& loops,
                                  Expression& body, Destination destination) {
  for (Variable* variable : loops) {
    loops_[variable];
    for (Variable* parameter : variable->procedure->parameters) {
      parameter->place = Push();
    }
  }
  Emit(body, destination);
  if (loops.empty()) return;
  Label end;
  if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
  for (Variable* variable : loops) {
    code_.Bind(loops_.at(variable));
    Emit(*variable->procedure->body, destination);
    if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
  }
  code_.Bind(end);
}

bool ProcedureCompiler::Reads(const Expression& expression,
                              const Variable& variable) {
  if (expression.variable == &variable) return true;
  if (expression.kind == Kind::kLambda) {
    // A loop captures nothing: it is code of the procedure around it.
    if (expression.lambda->is_loop) {
      return Reads(*expression.lambda->body, variable);
    }
    return std::ranges::find(expression.lambda->captures, &variable) !=
           expression.lambda->captures.end();
  }
  return std::ranges::any_of(
      expression.operands,
      [&](const Expression* operand) { return Reads(*operand, variable); });
}

void ProcedureCompiler::EmitJumpToLoop(Expression& call, Variable& variable) {
  const Register saved = top_;
  const auto& parameters = variable.procedure->parameters;
  std::vector<std::optional<Register>> values(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Expression& argument = *call.operands[i + 1];
    bool is_read_later = parameters[i]->is_boxed;
    for (std::size_t j = i + 1; j < parameters.size(); ++j) {
      is_read_later =
          is_read_later || Reads(*call.operands[j + 1], *parameters[i]);
    }
    if (is_read_later) {
      values[i] = Push();
      Emit(argument, In(*values[i]));
    } else {
      Emit(argument, In(parameters[i]->place));
    }
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!values[i].has_value()) continue;
    code_.Emit(parameters[i]->is_boxed ? Operation::kMakeBox : Operation::kMove,
               parameters[i]->place, *values[i]);
  }
  top_ = saved;
  code_.EmitJump(Operation::kLoop, 0, loops_.at(&variable));
}

}  // namespace fledge::lambda
