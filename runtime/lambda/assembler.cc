#include "runtime/lambda/assembler.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::lambda {

void Assembler::SetPosition(Position at) {
  if (at.line == 0) return;
  auto& positions = draft_->positions;
  if (!positions.empty()) {
    if (positions.back().second == at) return;
    if (positions.back().first == next()) positions.pop_back();
  }
  positions.emplace_back(next(), at);
}

void Assembler::Emit(Operation operation, std::uint32_t a, std::uint32_t b,
                     std::uint32_t c) {
  draft_->instructions.push_back(Instruction::Make(operation, a, b, c));
}

void Assembler::EmitWide(Operation operation, std::uint32_t a,
                         std::int32_t wide) {
  draft_->instructions.push_back(Instruction::MakeWide(operation, a, wide));
}

void Assembler::EmitJump(Operation operation, std::uint32_t a, Label& label) {
  const std::uint32_t jump = next();
  EmitWide(operation, a, 0);
  if (label.target == kUnbound) {
    label.jumps.push_back(jump);
  } else {
    Patch(jump, label.target);
  }
}

void Assembler::EmitCompareAndJump(Operation operation, std::uint32_t a,
                                   std::uint32_t b, Label& label) {
  const std::uint32_t jump = next();
  Emit(operation, a, b, 0);
  FLEDGE_CHECK(label.target == kUnbound, "comparisons only jump forwards");
  label.jumps.push_back(jump);
}

void Assembler::Bind(Label& label) {
  label.target = next();
  for (const std::uint32_t jump : label.jumps) Patch(jump, label.target);
  label.jumps.clear();
}

void Assembler::Patch(std::uint32_t jump, std::uint32_t target) {
  Instruction& instruction = draft_->instructions[jump];
  const OperationShape& shape = ShapeOf(instruction.op());
  const auto distance = static_cast<std::int64_t>(target) - (jump + 1);
  if (shape.operands[2] == Operand::kTarget) {
    if (distance > INT16_MAX) throw JumpTooFar();
    instruction =
        Instruction::Make(instruction.op(), instruction.a(), instruction.b(),
                          static_cast<std::uint32_t>(distance));
  } else {
    instruction = Instruction::MakeWide(instruction.op(), instruction.a(),
                                        static_cast<std::int32_t>(distance));
  }
}

std::uint32_t Assembler::Datum(const Syntax* datum) {
  auto& constants = draft_->constants;
  const auto found = std::ranges::find_if(
      constants, [&](const auto& one) { return one.datum == datum; });
  if (found != constants.end()) {
    return static_cast<std::uint32_t>(found - constants.begin());
  }
  constants.push_back({datum, nullptr, nullptr});
  return static_cast<std::uint32_t>(constants.size() - 1);
}

std::uint32_t Assembler::GlobalCell(Global* global) {
  auto& constants = draft_->constants;
  const auto found = std::ranges::find_if(
      constants, [&](const auto& one) { return one.global == global; });
  if (found != constants.end()) {
    return static_cast<std::uint32_t>(found - constants.begin());
  }
  constants.push_back({nullptr, global, nullptr});
  return static_cast<std::uint32_t>(constants.size() - 1);
}

std::uint32_t Assembler::Procedure(std::unique_ptr<CodeDraft> procedure) {
  draft_->constants.push_back({nullptr, nullptr, std::move(procedure)});
  return static_cast<std::uint32_t>(draft_->constants.size() - 1);
}

}  // namespace fledge::lambda
