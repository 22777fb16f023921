// Branches of the ProcedureCompiler.
//
// A test jumps as soon as it is known: of (if (or (not a) (null? b)) c d) no
// part is made a value. Source: R. K. Dybvig, R. Hieb, T. Butler,
// "Destination-Driven Code Generation", Indiana University TR 302, 1990 (a
// control destination of two labels; here one of them is what follows).
#include "runtime/lambda/constant_calls.h"
#include "runtime/lambda/procedure_compiler.h"

namespace fledge::lambda {

using Kind = Expression::Kind;

namespace {

bool IsUseOf(const Expression& expression, const Variable& variable) {
  return expression.kind == Kind::kLocal && expression.variable == &variable;
}

// Whether it is (let ((x test)) (if x x otherwise)), which `or` becomes, with
// an x that nothing else sees.
bool IsOr(const Expression& let) {
  if (let.variables.size() != 1) return false;
  const Variable& variable = *let.variables[0];
  const Expression& body = *let.operands[1];
  return body.kind == Kind::kIf && variable.reference_count == 2 &&
         !variable.is_assigned && IsUseOf(*body.operands[0], variable) &&
         IsUseOf(*body.operands[1], variable);
}

// What is always true or always false.
std::optional<bool> TruthOfConstant(const Expression& expression) {
  if (expression.kind == Kind::kUnspecified) return true;
  if (expression.kind != Kind::kConstant) return {};
  return TruthOf(*expression.syntax);
}

// Whether what is eqv to the constant is the same word.
bool IsSameIfEquivalent(const Expression& expression) {
  if (expression.kind != Kind::kConstant) return false;
  switch (expression.syntax->kind) {
    case Syntax::Kind::kNil:
    case Syntax::Kind::kBoolean:
    case Syntax::Kind::kCharacter:
    case Syntax::Kind::kInteger:
    case Syntax::Kind::kSymbol:
      return true;
    default:
      return false;
  }
}

}  // namespace

void ProcedureCompiler::EmitIf(Expression& expression,
                               Destination destination) {
  Label otherwise;
  Label end;
  EmitBranch(*expression.operands[0], JumpIf::kFalse, otherwise);
  Emit(*expression.operands[1], destination);
  if (!destination.returns()) code_.EmitJump(Operation::kJump, 0, end);
  code_.Bind(otherwise);
  Emit(*expression.operands[2], destination);
  code_.Bind(end);
}

void ProcedureCompiler::EmitBranch(Expression& test, JumpIf when,
                                   Label& target) {
  stack_.Check(test.at);
  const Register saved = top_;
  if (const auto truth = TruthOfConstant(test)) {
    if (IfIs(*truth) == when) code_.EmitJump(Operation::kJump, 0, target);
  } else if (test.kind == Kind::kIf) {
    EmitBranchOfIf(*test.operands[0], test.operands[1], *test.operands[2], when,
                   target);
  } else if (test.kind == Kind::kLet && IsOr(test)) {
    EmitBranchOfIf(*test.operands[0], nullptr, *test.operands[1]->operands[2],
                   when, target);
  } else if (test.kind == Kind::kLet) {
    EmitLetVariables(test);
    EmitBranch(*test.operands.back(), when, target);
  } else if (test.kind == Kind::kSequence) {
    for (std::size_t i = 0; i + 1 < test.operands.size(); ++i) {
      Emit(*test.operands[i], kNowhere);
    }
    EmitBranch(*test.operands.back(), when, target);
  } else if (!EmitComparison(test, when, target)) {
    const Register value = EmitOperand(test);
    code_.EmitJump(when == JumpIf::kTrue ? Operation::kJumpIfTrue
                                         : Operation::kJumpIfFalse,
                   value, target);
  }
  top_ = saved;
}

void ProcedureCompiler::EmitBranchOfIf(Expression& test, Expression* then,
                                       Expression& otherwise, JumpIf when,
                                       Label& target) {
  const auto truth_then =
      then == nullptr ? std::optional(true) : TruthOfConstant(*then);
  const auto truth_otherwise = TruthOfConstant(otherwise);
  Label end;
  if (truth_then.has_value()) {
    EmitBranch(test, JumpIf::kTrue, IfIs(*truth_then) == when ? target : end);
    EmitBranch(otherwise, when, target);
  } else if (truth_otherwise.has_value()) {
    EmitBranch(test, JumpIf::kFalse,
               IfIs(*truth_otherwise) == when ? target : end);
    EmitBranch(*then, when, target);
  } else {
    Label other;
    EmitBranch(test, JumpIf::kFalse, other);
    EmitBranch(*then, when, target);
    code_.EmitJump(Operation::kJump, 0, end);
    code_.Bind(other);
    EmitBranch(otherwise, when, target);
  }
  code_.Bind(end);
}

void ProcedureCompiler::EmitComparisonJump(Operation operation, Register a,
                                           std::uint32_t b, Label& target) {
  if (!lambda_.has_far_jumps) {
    return code_.EmitCompareAndJump(operation, a, b, target);
  }
  Label far;
  Label past;
  code_.EmitCompareAndJump(operation, a, b, far);
  code_.EmitJump(Operation::kJump, 0, past);
  code_.Bind(far);
  code_.EmitJump(Operation::kJump, 0, target);
  code_.Bind(past);
}

bool ProcedureCompiler::EmitComparison(Expression& test, JumpIf when,
                                       Label& target) {
  const Inlined* const inlined = InlinedOf(test);
  if (inlined == nullptr) return false;
  // Of what only jumps if it is false, the jump is jumped over.
  const auto unless = [&](auto&& emit) {
    if (when == JumpIf::kFalse) {
      emit(target);
      return;
    }
    Label over;
    emit(over);
    code_.EmitJump(Operation::kJump, 0, target);
    code_.Bind(over);
  };
  const auto compare_words = [&](Operation operation, Label& label) {
    const Register a = EmitOperand(*test.operands[1]);
    const Register b = EmitOperand(*test.operands[2]);
    code_.SetPosition(test.at);
    EmitComparisonJump(operation, a, b, label);
  };
  const auto compare = [&](Operation operation) {
    unless([&](Label& label) { compare_words(operation, label); });
    return true;
  };
  const auto compare_short = [&](Operation operation) {
    const auto number = ShortIntegerOf(*test.operands[2]);
    if (!number.has_value()) return false;
    unless([&](Label& label) {
      const Register a = EmitOperand(*test.operands[1]);
      code_.SetPosition(test.at);
      EmitComparisonJump(operation, a, static_cast<std::uint16_t>(*number),
                         label);
    });
    return true;
  };
  const auto examine = [&](Operation if_it_is, Operation unless_it_is) {
    const Register a = EmitOperand(*test.operands[1]);
    code_.EmitJump(when == JumpIf::kTrue ? if_it_is : unless_it_is, a, target);
    return true;
  };
  const auto compare_same = [&] {
    compare_words(
        when == JumpIf::kTrue ? Operation::kJumpIfEq : Operation::kJumpUnlessEq,
        target);
    return true;
  };
  switch (inlined->operation) {
    case Operation::kNumberEqual:
      return compare_short(Operation::kJumpUnlessEqualInteger) ||
             compare(Operation::kJumpUnlessEqual);
    case Operation::kLess:
      return compare_short(Operation::kJumpUnlessLessInteger) ||
             compare(Operation::kJumpUnlessLess);
    case Operation::kAtMost:
      return compare(Operation::kJumpUnlessAtMost);
    case Operation::kGreater:
      return compare_short(Operation::kJumpUnlessGreaterInteger) ||
             compare(Operation::kJumpUnlessGreater);
    case Operation::kAtLeast:
      return compare(Operation::kJumpUnlessAtLeast);
    case Operation::kEq:
      return compare_same();
    case Operation::kEqv:
      return (IsSameIfEquivalent(*test.operands[1]) ||
              IsSameIfEquivalent(*test.operands[2])) &&
             compare_same();
    case Operation::kIsPair:
      return examine(Operation::kJumpIfPair, Operation::kJumpUnlessPair);
    case Operation::kIsNil:
      return examine(Operation::kJumpIfNil, Operation::kJumpUnlessNil);
    case Operation::kNot:
      EmitBranch(*test.operands[1],
                 when == JumpIf::kTrue ? JumpIf::kFalse : JumpIf::kTrue,
                 target);
      return true;
    default:
      return false;
  }
}

}  // namespace fledge::lambda
