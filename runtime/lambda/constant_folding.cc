#include "runtime/lambda/constant_folding.h"

#include <cstddef>
#include <vector>

#include "runtime/lambda/constant_calls.h"
#include "runtime/lambda/expression_maker.h"
#include "runtime/lambda/global.h"

namespace fledge::lambda {
namespace {

using Kind = Expression::Kind;

class Folding {
 public:
  Folding(Arena& arena, const StackLimit& stack)
      : arena_(arena), make_(arena), stack_(stack) {}

  // Puts what it comes to in its place.
  void Visit(Expression*& expression) {
    stack_.Check(expression->at);
    switch (expression->kind) {
      case Kind::kLocal:
        return VisitLocal(expression);
      case Kind::kIf:
        return VisitIf(expression);
      case Kind::kSequence:
        return VisitSequence(expression);
      case Kind::kLambda:
        return Visit(expression->lambda->body);
      case Kind::kCall:
        return VisitCall(expression);
      case Kind::kLet:
        return VisitLet(expression);
      case Kind::kLetrec:
        return VisitLetrec(expression);
      default:
        return VisitOperands(*expression);
    }
  }

 private:
  void VisitOperands(Expression& expression) {
    for (Expression*& operand : expression.operands) Visit(operand);
  }

  void VisitLocal(Expression*& local) {
    const Syntax* const constant = local->variable->constant;
    if (constant == nullptr) return;
    --local->variable->reference_count;
    Replace(local, *constant);
  }

  void VisitIf(Expression*& branch) {
    Visit(branch->operands[0]);
    const Expression& test = *branch->operands[0];
    if (test.kind == Kind::kConstant) {
      if (const auto truth = TruthOf(*test.syntax)) {
        Forget(*branch->operands[*truth ? 2 : 1]);
        branch = branch->operands[*truth ? 1 : 2];
        return Visit(branch);
      }
    }
    Visit(branch->operands[1]);
    Visit(branch->operands[2]);
  }

  void VisitSequence(Expression*& sequence) {
    VisitOperands(*sequence);
    auto& operands = sequence->operands;
    Expression* const last = operands.back();
    operands.pop_back();
    std::erase_if(operands, [](const Expression* operand) {
      return operand->kind == Kind::kConstant ||
             operand->kind == Kind::kUnspecified;
    });
    operands.push_back(last);
    if (operands.size() == 1) sequence = last;
  }

  void VisitCall(Expression*& call) {
    VisitOperands(*call);
    const Expression& callee = *call->operands[0];
    if (callee.kind != Kind::kGlobal || !callee.global->is_constant ||
        callee.global->folding == 0) {
      return;
    }
    std::vector<const Syntax*> arguments;
    for (std::size_t i = 1; i < call->operands.size(); ++i) {
      const Expression& argument = *call->operands[i];
      if (argument.kind != Kind::kConstant) return;
      arguments.push_back(argument.syntax);
    }
    const Syntax* const value =
        ValueOfCall(arena_, callee.global->folding, arguments);
    if (value != nullptr) Replace(call, *value);
  }

  void VisitLet(Expression*& let) {
    const std::size_t count = let->variables.size();
    for (std::size_t i = 0; i < count; ++i) Visit(let->operands[i]);
    for (std::size_t i = 0; i < count; ++i) {
      Propagate(*let->variables[i], *let->operands[i]);
    }
    Visit(let->operands[count]);
    DropBindings(let);
  }

  // A variable has its value in all its uses if nothing has run that could use
  // it sooner.
  void VisitLetrec(Expression*& letrec) {
    const std::size_t count = letrec->variables.size();
    bool has_run = false;
    for (std::size_t i = 0; i < count; ++i) {
      Expression*& init = letrec->operands[i];
      if (init->kind == Kind::kLambda) continue;
      Visit(init);
      if (!has_run) Propagate(*letrec->variables[i], *init);
      has_run = has_run || (init->kind != Kind::kConstant &&
                            init->kind != Kind::kUnspecified);
    }
    for (std::size_t i = 0; i < count; ++i) {
      Expression*& init = letrec->operands[i];
      if (init->kind == Kind::kLambda) Visit(init);
    }
    Visit(letrec->operands[count]);
    DropBindings(letrec);
  }

  // What has an identity is not made several times.
  static void Propagate(Variable& variable, const Expression& init) {
    if (init.kind == Kind::kConstant && !variable.is_assigned &&
        IsCopied(*init.syntax)) {
      variable.constant = init.syntax;
    }
  }

  // Those of variables that have become constants.
  static void DropBindings(Expression*& binding) {
    auto& variables = binding->variables;
    auto& operands = binding->operands;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i]->constant != nullptr &&
          variables[i]->reference_count == 0) {
        continue;
      }
      variables[kept] = variables[i];
      operands[kept++] = operands[i];
    }
    operands[kept] = operands.back();
    variables.resize(kept);
    operands.resize(kept + 1);
    if (kept == 0) binding = operands[0];
  }

  // Takes the uses back that the expression has of variables: it is not run.
  void Forget(const Expression& expression) {
    stack_.Check(expression.at);
    if (expression.kind == Kind::kLocal) {
      --expression.variable->reference_count;
    } else if (expression.kind == Kind::kLambda) {
      Forget(*expression.lambda->body);
    }
    for (const Expression* operand : expression.operands) Forget(*operand);
  }

  void Replace(Expression*& expression, const Syntax& constant) {
    Expression* const made = make_.Constant(constant);
    made->at = expression->at;
    expression = made;
  }

  Arena& arena_;
  ExpressionMaker make_;
  const StackLimit& stack_;
};

}  // namespace

void FoldConstants(Arena& arena, Lambda& program, const StackLimit& stack) {
  Folding(arena, stack).Visit(program.body);
}

}  // namespace fledge::lambda
