// Constants and variables; see also runtime/lambda/compile_calls.cc and
// runtime/lambda/compile_bindings.cc.
#include "runtime/lambda/procedure_compiler.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::lambda {

using Kind = Expression::Kind;

namespace {

using runtime::Value;

// The value of a constant that fits an instruction.
std::optional<Value> ImmediateOf(const Syntax& datum) {
  switch (datum.kind) {
    case Syntax::Kind::kNil:
      return Value::Nil();
    case Syntax::Kind::kBoolean:
      return Value::Boolean(datum.integer != 0);
    case Syntax::Kind::kCharacter:
      return Value::Character(static_cast<char32_t>(datum.integer));
    default:
      return {};
  }
}

}  // namespace

std::unique_ptr<CodeDraft> ProcedureCompiler::Compile(Lambda& lambda,
                                                      const StackLimit& stack) {
  if (!lambda.has_far_jumps) {
    try {
      return ProcedureCompiler(lambda, stack).Run();
    } catch (const JumpTooFar&) {
      lambda.has_far_jumps = true;
    }
  }
  return ProcedureCompiler(lambda, stack).Run();
}

std::unique_ptr<CodeDraft> ProcedureCompiler::Run() {
  Push();  // The callee.
  for (Variable* parameter : lambda_.parameters) parameter->place = Push();
  for (Variable* parameter : lambda_.parameters) BoxInPlace(*parameter);
  Emit(*lambda_.body, kReturned);
  return code_.Finish();
}

ProcedureCompiler::Register ProcedureCompiler::Push(Register count) {
  const Register first = top_;
  top_ += count;
  if (top_ >= Instruction::kMostRegisters) {
    throw SyntaxError(lambda_.at, "a procedure has too many variables");
  }
  std::uint32_t& most = code_.draft().register_count;
  most = std::max(most, top_);
  return first;
}

void ProcedureCompiler::Emit(Expression& expression, Destination destination) {
  stack_.Check(expression.at);
  switch (expression.kind) {
    case Kind::kConstant:
      return EmitConstant(*expression.syntax, destination);
    case Kind::kUnspecified:
      return EmitUnspecified(destination);
    case Kind::kLocal:
      return EmitLocal(expression, destination);
    case Kind::kGlobal:
      return EmitGlobal(expression, destination);
    case Kind::kSetLocal:
    case Kind::kSetGlobal:
    case Kind::kDefine:
      return EmitAssignment(expression, destination);
    case Kind::kIf:
      return EmitIf(expression, destination);
    case Kind::kSequence:
      for (std::size_t i = 0; i + 1 < expression.operands.size(); ++i) {
        Emit(*expression.operands[i], kNowhere);
      }
      return Emit(*expression.operands.back(), destination);
    case Kind::kLambda:
      return WithTarget(destination, [&](Register target) {
        EmitClosure(*expression.lambda, target);
      });
    case Kind::kCall:
      return EmitCall(expression, destination);
    case Kind::kLet:
      return EmitLet(expression, destination);
    case Kind::kLetrec:
      return EmitLetrec(expression, destination);
    case Kind::kReceive:
      return EmitReceive(expression, destination);
  }
}

void ProcedureCompiler::Deliver(Register from, Destination destination) {
  if (destination.returns()) {
    code_.Emit(Operation::kReturn, from);
  } else if (destination.kind == Destination::Kind::kRegister &&
             destination.target != from) {
    code_.Emit(Operation::kMove, destination.target, from);
  }
}

void ProcedureCompiler::EmitConstant(const Syntax& datum,
                                     Destination destination) {
  if (destination.kind == Destination::Kind::kNowhere) return;
  if (const auto immediate = ImmediateOf(datum)) {
    return EmitImmediate(*immediate, destination);
  }
  WithTarget(destination, [&](Register target) {
    if (datum.kind == Syntax::Kind::kInteger && datum.integer >= INT32_MIN &&
        datum.integer <= INT32_MAX) {
      code_.EmitWide(Operation::kLoadInteger, target,
                     static_cast<std::int32_t>(datum.integer));
    } else {
      code_.EmitWide(Operation::kLoadConstant, target,
                     static_cast<std::int32_t>(code_.Datum(&datum)));
    }
  });
}

void ProcedureCompiler::EmitUnspecified(Destination destination) {
  EmitImmediate(Value::Undefined(), destination);
}

void ProcedureCompiler::EmitImmediate(Value immediate,
                                      Destination destination) {
  switch (destination.kind) {
    case Destination::Kind::kNowhere:
      return;
    case Destination::Kind::kRegister:
      return LoadWord(destination.target, immediate);
    case Destination::Kind::kReturned:
      code_.EmitWide(Operation::kReturnImmediate, 0,
                     static_cast<std::int32_t>(immediate.word()));
  }
}

void ProcedureCompiler::LoadWord(Register target, Value immediate) {
  code_.EmitWide(Operation::kLoadImmediate, target,
                 static_cast<std::int32_t>(immediate.word()));
}

std::optional<ProcedureCompiler::Register> ProcedureCompiler::RegisterOf(
    const Variable& variable) const {
  if (lambda_.self == &variable) return Register{0};
  if (variable.owner == &lambda_) return variable.place;
  return {};
}

std::uint32_t ProcedureCompiler::CaptureIndexOf(
    const Variable& variable) const {
  const auto found = std::ranges::find(lambda_.captures, &variable);
  FLEDGE_CHECK(found != lambda_.captures.end(), "a variable is out of reach");
  return static_cast<std::uint32_t>(found - lambda_.captures.begin());
}

void ProcedureCompiler::LoadVariable(const Variable& variable,
                                     Register target) {
  if (IsInBox(variable)) {
    WithVariable(variable, [&](Register box) {
      code_.Emit(variable.is_checked ? Operation::kLoadBoxChecked
                                     : Operation::kLoadBox,
                 target, box);
    });
  } else if (const auto place = RegisterOf(variable)) {
    if (*place != target) code_.Emit(Operation::kMove, target, *place);
  } else {
    code_.Emit(Operation::kLoadCapture, target, CaptureIndexOf(variable));
  }
}

void ProcedureCompiler::BoxInPlace(const Variable& variable) {
  if (!variable.is_boxed) return;
  code_.Emit(Operation::kMakeBox, variable.place, variable.place);
}

void ProcedureCompiler::EmitLocal(Expression& expression,
                                  Destination destination) {
  const Variable& variable = *expression.variable;
  code_.SetPosition(expression.at);
  const auto place = RegisterOf(variable);
  if (place.has_value() && !IsInBox(variable)) {
    return Deliver(*place, destination);
  }
  WithTarget(destination,
             [&](Register target) { LoadVariable(variable, target); });
}

void ProcedureCompiler::EmitGlobal(Expression& expression,
                                   Destination destination) {
  code_.SetPosition(expression.at);
  WithTarget(destination, [&](Register target) {
    code_.EmitWide(
        Operation::kLoadGlobal, target,
        static_cast<std::int32_t>(code_.GlobalCell(expression.global)));
  });
}

void ProcedureCompiler::EmitAssignment(Expression& expression,
                                       Destination destination) {
  const Register saved = top_;
  const Register value = EmitOperand(*expression.operands[0]);
  code_.SetPosition(expression.at);
  if (expression.kind == Kind::kSetLocal) {
    WithVariable(*expression.variable, [&](Register box) {
      code_.Emit(Operation::kSetBox, box, value);
    });
  } else {
    code_.EmitWide(
        expression.kind == Kind::kDefine ? Operation::kDefineGlobal
                                         : Operation::kSetGlobal,
        value, static_cast<std::int32_t>(code_.GlobalCell(expression.global)));
  }
  top_ = saved;
  EmitUnspecified(destination);
}

ProcedureCompiler::Register ProcedureCompiler::EmitOperand(
    Expression& expression) {
  if (expression.kind == Kind::kLocal && !IsInBox(*expression.variable)) {
    if (const auto place = RegisterOf(*expression.variable)) return *place;
  }
  const Register place = Push();
  Emit(expression, In(place));
  return place;
}

}  // namespace fledge::lambda
