// Calls of the ProcedureCompiler, and those that are instructions.
#include <algorithm>
#include <utility>

#include "runtime/lambda/frame.h"
#include "runtime/lambda/global.h"
#include "runtime/lambda/procedure_compiler.h"

namespace fledge::lambda {

using Kind = Expression::Kind;

std::optional<std::int32_t> ProcedureCompiler::IntegerOf(
    const Expression& expression, std::int64_t least, std::int64_t most) {
  if (expression.kind != Kind::kConstant) return {};
  const Syntax& datum = *expression.syntax;
  if (datum.kind != Syntax::Kind::kInteger || datum.integer < least ||
      datum.integer > most) {
    return {};
  }
  return static_cast<std::int32_t>(datum.integer);
}

const Inlined* ProcedureCompiler::InlinedOf(const Expression& call) {
  if (call.kind != Kind::kCall) return nullptr;
  const Expression& callee = *call.operands[0];
  if (callee.kind != Kind::kGlobal || !callee.global->is_constant ||
      callee.global->operation == 0) {
    return nullptr;
  }
  const Inlined& inlined = kInlined[callee.global->operation - 1];
  if (inlined.argument_count + 1 != call.operands.size()) return nullptr;
  const bool has_index = inlined.form == InlinedForm::kGetField ||
                         inlined.form == InlinedForm::kSetField;
  if (has_index && !IndexOf(*call.operands[3]).has_value()) return nullptr;
  return &inlined;
}

void ProcedureCompiler::EmitCall(Expression& call, Destination destination) {
  if (const Inlined* inlined = InlinedOf(call)) {
    return EmitInlined(call, *inlined, destination);
  }
  const Expression& callee = *call.operands[0];
  if (callee.kind == Kind::kLocal && callee.variable->procedure != nullptr &&
      callee.variable->procedure->is_loop) {
    return EmitJumpToLoop(call, *callee.variable);
  }
  const Register saved = top_;
  // The register for the value may be the one where the call leaves it.
  Register base = top_;
  if (destination.kind == Destination::Kind::kRegister &&
      destination.target + 1 == top_) {
    base = top_ = destination.target;
  }
  Push(kFrameWords);
  for (Expression* operand : call.operands) {
    const Register place = Push();
    Emit(*operand, In(place));
  }
  code_.SetPosition(call.at);
  const auto arguments = static_cast<std::uint32_t>(call.operands.size() - 1);
  const bool keeps_frame =
      lambda_.keeps_frame ||
      (callee.kind == Kind::kGlobal && callee.global->is_constant &&
       callee.global->keeps_frames);
  if (destination.returns() && !keeps_frame) {
    code_.Emit(Operation::kTailCall, base, arguments);
  } else {
    code_.Emit(Operation::kCall, base, arguments);
    Deliver(base, destination);
  }
  top_ = saved;
}

void ProcedureCompiler::EmitInlined(Expression& call, const Inlined& inlined,
                                    Destination destination) {
  const Register saved = top_;
  if (EmitShortSum(call, inlined, destination)) return;
  if (inlined.form == InlinedForm::kGetField ||
      inlined.form == InlinedForm::kSetField) {
    return EmitField(call, inlined, destination);
  }
  Register operands[3] = {};
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    operands[i - 1] = EmitOperand(*call.operands[i]);
  }
  code_.SetPosition(call.at);
  if (inlined.form == InlinedForm::kEffect) {
    code_.Emit(inlined.operation, operands[0], operands[1], operands[2]);
    top_ = saved;
    return EmitUnspecified(destination);
  }
  WithTarget(destination, [&](Register target) {
    code_.Emit(inlined.operation, target, operands[0], operands[1]);
  });
  top_ = saved;
}

void ProcedureCompiler::EmitField(Expression& call, const Inlined& inlined,
                                  Destination destination) {
  const Register saved = top_;
  const Register record = EmitOperand(*call.operands[1]);
  const Register type = EmitOperand(*call.operands[2]);
  const auto index = static_cast<std::uint32_t>(*IndexOf(*call.operands[3]));
  if (inlined.form == InlinedForm::kGetField) {
    code_.SetPosition(call.at);
    code_.Emit(Operation::kCheckRecord, record, type);
    WithTarget(destination, [&](Register target) {
      code_.Emit(Operation::kGetField, target, record, index);
    });
    top_ = saved;
    return;
  }
  const Register value = EmitOperand(*call.operands[4]);
  code_.SetPosition(call.at);
  code_.Emit(Operation::kCheckRecord, record, type);
  code_.Emit(Operation::kSetField, record, index, value);
  top_ = saved;
  EmitUnspecified(destination);
}

bool ProcedureCompiler::EmitShortSum(Expression& call, const Inlined& inlined,
                                     Destination destination) {
  const bool adds = inlined.operation == Operation::kAdd;
  if (!adds && inlined.operation != Operation::kSubtract) return false;
  Operation operation =
      adds ? Operation::kAddInteger : Operation::kSubtractInteger;
  Expression* summand = call.operands[1];
  auto number = ShortIntegerOf(*call.operands[2]);
  if (!number.has_value() && adds) {
    operation = Operation::kAddToInteger;
    summand = call.operands[2];
    number = ShortIntegerOf(*call.operands[1]);
  }
  if (!number.has_value()) return false;
  const Register saved = top_;
  const Register operand = EmitOperand(*summand);
  code_.SetPosition(call.at);
  WithTarget(destination, [&](Register target) {
    code_.Emit(operation, target, operand, static_cast<std::uint16_t>(*number));
  });
  top_ = saved;
  return true;
}

}  // namespace fledge::lambda
