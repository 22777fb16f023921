#include "runtime/lambda/analysis.h"

#include <algorithm>
#include <vector>

namespace fledge::lambda {
namespace {

using Kind = Expression::Kind;

// Finds the loops. Variables whose calls are jumps at this point of the program
// are on a list: those of the letrecs whose tail position this is.
class Loops {
 public:
  explicit Loops(const StackLimit& stack) : stack_(stack) {}

  void VisitProcedure(Lambda& lambda) {
    Tail tail;
    Visit(*lambda.body, &tail);
  }

 private:
  // The variables that may be jumped to, and those of a surrounding procedure
  // that is a loop itself, if it is one.
  struct Tail {
    std::vector<Variable*> near;
    std::vector<Variable*> far;
    std::vector<Variable*> far_jumps;
  };

  // `tail` is null where a value is wanted.
  void Visit(Expression& expression, Tail* tail) {
    stack_.Check(expression.at);
    switch (expression.kind) {
      case Kind::kIf:
        Visit(*expression.operands[0], nullptr);
        Visit(*expression.operands[1], tail);
        Visit(*expression.operands[2], tail);
        return;
      case Kind::kSequence:
      case Kind::kReceive:
        VisitLastAsTail(expression, tail);
        return;
      case Kind::kLambda:
        VisitProcedure(*expression.lambda);
        return;
      case Kind::kCall:
        MakeLet(expression);
        if (expression.kind == Kind::kLet) {
          VisitLet(expression, tail);
        } else {
          VisitCall(expression, tail);
        }
        return;
      case Kind::kLet:
        VisitLet(expression, tail);
        return;
      case Kind::kLetrec:
        VisitLetrec(expression, tail);
        return;
      default:
        for (Expression* operand : expression.operands) {
          Visit(*operand, nullptr);
        }
    }
  }

  void VisitLastAsTail(Expression& expression, Tail* tail) {
    for (std::size_t i = 0; i < expression.operands.size(); ++i) {
      const bool is_last = i + 1 == expression.operands.size();
      Visit(*expression.operands[i], is_last ? tail : nullptr);
    }
  }

  // ((lambda (x ...) body) e ...) is (let ((x e) ...) body).
  static void MakeLet(Expression& call) {
    Expression& callee = *call.operands[0];
    if (callee.kind != Kind::kLambda || callee.lambda->has_rest ||
        callee.lambda->parameters.size() + 1 != call.operands.size()) {
      return;
    }
    call.kind = Kind::kLet;
    for (Variable* variable : callee.lambda->parameters) {
      call.variables.push_back(variable);
    }
    call.operands.erase(call.operands.begin());
    call.operands.push_back(callee.lambda->body);
  }

  void VisitLet(Expression& let, Tail* tail) {
    for (std::size_t i = 0; i < let.variables.size(); ++i) {
      Bind(*let.variables[i], *let.operands[i]);
    }
    VisitLastAsTail(let, tail);
  }

  void VisitCall(Expression& call, Tail* tail) {
    const Expression& callee = *call.operands[0];
    if (callee.kind == Kind::kLocal && tail != nullptr) {
      Jump(*callee.variable, call.operands.size() - 1, *tail);
    }
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
      if (i == 0 && call.operands[0]->kind == Kind::kLocal) continue;
      Visit(*call.operands[i], nullptr);
    }
  }

  static void Jump(Variable& variable, std::size_t arguments, Tail& tail) {
    const Lambda* const lambda = variable.procedure;
    if (lambda == nullptr || lambda->parameters.size() != arguments) return;
    if (std::ranges::find(tail.near, &variable) != tail.near.end()) {
      ++variable.jump_count;
    } else if (std::ranges::find(tail.far, &variable) != tail.far.end()) {
      tail.far_jumps.push_back(&variable);
    }
  }

  static void Bind(Variable& variable, const Expression& init) {
    if (init.kind == Kind::kLambda && !variable.is_assigned) {
      variable.procedure = init.lambda;
      init.lambda->self = &variable;
    }
  }

  void VisitLetrec(Expression& letrec, Tail* tail) {
    const std::size_t count = letrec.variables.size();
    for (std::size_t i = 0; i < count; ++i) {
      Bind(*letrec.variables[i], *letrec.operands[i]);
    }
    // What is jumped to in the body, and from there: as this is a tail
    // position itself, or within.
    Tail body;
    if (tail != nullptr) body = {tail->near, tail->far, {}};
    std::vector<Tail> procedures(count);
    for (std::size_t i = 0; i < count; ++i) {
      Variable& variable = *letrec.variables[i];
      if (variable.procedure == nullptr) {
        Visit(*letrec.operands[i], nullptr);
        continue;
      }
      procedures[i].near = {&variable};
      procedures[i].far = body.near;
      std::ranges::copy(body.far, std::back_inserter(procedures[i].far));
      Visit(*variable.procedure->body, &procedures[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (letrec.variables[i]->procedure == nullptr) continue;
      body.near.push_back(letrec.variables[i]);
    }
    Visit(*letrec.operands[count], &body);
    if (tail != nullptr) {
      std::ranges::copy(body.far_jumps, std::back_inserter(tail->far_jumps));
    }
    for (std::size_t i = 0; i < count; ++i) {
      Variable& variable = *letrec.variables[i];
      Lambda* const lambda = variable.procedure;
      if (lambda == nullptr || lambda->has_rest ||
          variable.jump_count != variable.reference_count) {
        continue;
      }
      lambda->is_loop = true;
      // What it jumps to from its body, it jumps to from here.
      if (tail == nullptr) continue;
      for (Variable* target : procedures[i].far_jumps) {
        if (std::ranges::find(tail->near, target) != tail->near.end()) {
          ++target->jump_count;
        } else {
          tail->far_jumps.push_back(target);
        }
      }
    }
  }

  const StackLimit& stack_;
};

// Finds captures and boxes.
class Closures {
 public:
  Closures(Lambda& program, const StackLimit& stack) : stack_(stack) {
    Enter(program, nullptr);
  }

 private:
  void Enter(Lambda& lambda, Lambda* outer) {
    lambda.outer = outer;
    for (Variable* parameter : lambda.parameters) Own(*parameter, lambda);
    Visit(*lambda.body, lambda);
  }

  static void Own(Variable& variable, Lambda& owner) {
    variable.owner = &owner;
    variable.is_boxed = variable.is_assigned;
  }

  void Visit(Expression& expression, Lambda& in) {
    stack_.Check(expression.at);
    switch (expression.kind) {
      case Kind::kLocal:
      case Kind::kSetLocal:
        Use(*expression.variable, in);
        break;
      case Kind::kLambda:
        Enter(*expression.lambda, &in);
        return;
      case Kind::kLet:
      case Kind::kReceive:
        for (Variable* variable : expression.variables) Own(*variable, in);
        break;
      case Kind::kLetrec:
        VisitLetrec(expression, in);
        return;
      default:
        break;
    }
    for (Expression* operand : expression.operands) Visit(*operand, in);
  }

  static void Use(Variable& variable, Lambda& in) {
    if (variable.stage != nullptr) {
      variable.first_use = std::min(variable.first_use, *variable.stage);
    }
    for (Lambda* lambda = &in; lambda != variable.owner;
         lambda = lambda->outer) {
      if (lambda->self == &variable) return;
      auto& captures = lambda->captures;
      if (std::ranges::find(captures, &variable) != captures.end()) return;
      captures.push_back(&variable);
    }
  }

  void VisitLetrec(Expression& letrec, Lambda& in) {
    const std::size_t count = letrec.variables.size();
    std::uint32_t stage = 0;
    for (Variable* variable : letrec.variables) {
      Own(*variable, in);
      variable->stage = &stage;
    }
    for (; stage < count; ++stage) {
      Lambda* const lambda = letrec.variables[stage]->procedure;
      if (lambda == nullptr) {
        Visit(*letrec.operands[stage], in);
      } else if (lambda->is_loop) {
        for (Variable* parameter : lambda->parameters) Own(*parameter, in);
        Visit(*lambda->body, in);
      } else {
        Enter(*lambda, &in);
      }
    }
    Visit(*letrec.operands[count], in);
    // Closures that are made one after the other may refer to each other: the
    // first use that needs no box is that of the first of them.
    std::uint32_t first_closure = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      Variable& variable = *letrec.variables[i];
      variable.stage = nullptr;
      const bool is_closure = variable.procedure != nullptr;
      if (!is_closure) first_closure = i + 1;
      if (variable.first_use >= (is_closure ? first_closure : i + 1)) continue;
      variable.is_boxed = true;
      variable.is_checked = true;
    }
  }

  const StackLimit& stack_;
};

}  // namespace

void Analyse(Lambda& program, const StackLimit& stack) {
  Loops(stack).VisitProcedure(program);
  Closures closures(program, stack);
}

}  // namespace fledge::lambda
