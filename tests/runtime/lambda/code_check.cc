#include "tests/runtime/lambda/code_check.h"

#include <cstddef>
#include <cstdint>

#include "runtime/frame_layout.h"
#include "runtime/lambda/frame.h"
#include "runtime/lambda/liveness.h"

namespace fledge::lambda {
namespace {

class Check {
 public:
  explicit Check(const CodeDraft& draft) : draft_(draft) {}

  std::optional<std::string> Run() {
    Require(!draft_.instructions.empty(), "no instructions");
    Require(EntryRegisters() <= draft_.register_count, "parameters");
    for (at_ = 0; at_ < draft_.instructions.size(); ++at_) VisitOperands();
    if (fault_.has_value()) return fault_;
    at_ = draft_.instructions.size() - 1;
    Require(!FallsThrough(draft_.instructions[at_].op()), "the code's end");
    for (const CodeDraft::Constant& constant : draft_.constants) {
      Require((constant.datum != nullptr) + (constant.global != nullptr) +
                      (constant.procedure != nullptr) ==
                  1,
              "a constant that is not one thing");
    }
    // Only now: liveness believes what the instructions say.
    if (!fault_.has_value()) VisitEntry();
    return fault_;
  }

 private:
  void Require(bool holds, const std::string& what) {
    if (holds || fault_.has_value()) return;
    fault_ = draft_.name + ", instruction " + std::to_string(at_) + ": " + what;
  }

  // The callee, and what it is called with.
  std::uint32_t EntryRegisters() const {
    return 1 + draft_.parameter_count + (draft_.has_rest ? 1 : 0);
  }

  // Said here once more, so that what liveness has wrong is found.
  static bool FallsThrough(Operation operation) {
    return operation != Operation::kJump && operation != Operation::kLoop &&
           operation != Operation::kReturn &&
           operation != Operation::kReturnImmediate &&
           operation != Operation::kTailCall &&
           operation != Operation::kTailApply;
  }

  void VisitOperands() {
    const Instruction& instruction = draft_.instructions[at_];
    if (static_cast<std::size_t>(instruction.op()) >= kOperationCount) {
      return Require(false, "the operation");
    }
    const std::uint32_t fields[] = {instruction.a(), instruction.b(),
                                    instruction.c()};
    const OperationShape& shape = ShapeOf(instruction.op());
    for (std::size_t i = 0; i < 3; ++i) {
      switch (shape.operands[i]) {
        case Operand::kReads:
        case Operand::kWrites:
          Require(fields[i] < draft_.register_count, "a register");
          break;
        case Operand::kTarget:
          RequireTarget(instruction.near());
          break;
        case Operand::kFarTarget:
          RequireTarget(instruction.wide());
          break;
        case Operand::kBase:
          Require(
              fields[i] + kFrameWords + fields[i + 1] < draft_.register_count,
              "the frame of a call");
          break;
        default:
          break;
      }
    }
    VisitNumbers(instruction);
  }

  void VisitNumbers(const Instruction& instruction) {
    switch (instruction.op()) {
      case Operation::kLoadConstant:
        Require(ConstantOf(instruction).datum != nullptr, "a datum");
        break;
      case Operation::kLoadGlobal:
      case Operation::kSetGlobal:
      case Operation::kDefineGlobal:
        Require(ConstantOf(instruction).global != nullptr, "a global");
        break;
      case Operation::kMakeClosure:
        Require(ConstantOf(instruction).procedure != nullptr, "a procedure");
        break;
      case Operation::kLoadCapture:
        Require(instruction.b() < draft_.capture_count, "a capture");
        break;
      case Operation::kReceive:
      case Operation::kReceiveRest:
        Require(instruction.a() + instruction.b() <= draft_.register_count,
                "registers that receive");
        break;
      default:
        break;
    }
  }

  const CodeDraft::Constant& ConstantOf(const Instruction& instruction) {
    static const CodeDraft::Constant none;
    const auto i = static_cast<std::size_t>(instruction.wide());
    return i < draft_.constants.size() ? draft_.constants[i] : none;
  }

  void RequireTarget(std::int64_t distance) {
    const std::int64_t target = static_cast<std::int64_t>(at_) + 1 + distance;
    Require(target >= 0 &&
                target < static_cast<std::int64_t>(draft_.instructions.size()),
            "a target");
  }

  // What is live at the entry is read before it is written.
  void VisitEntry() {
    runtime::FrameLayout layout(draft_.register_count);
    AddLiveness(draft_, layout);
    at_ = 0;
    layout.VisitLive(0, [&](std::uint32_t i) {
      Require(i < EntryRegisters(),
              "register " + std::to_string(i) + " is read unset");
    });
  }

  const CodeDraft& draft_;
  std::size_t at_ = 0;
  std::optional<std::string> fault_;
};

}  // namespace

std::optional<std::string> FindCodeFault(const CodeDraft& draft) {
  if (auto fault = Check(draft).Run()) return fault;
  for (const CodeDraft::Constant& constant : draft.constants) {
    if (constant.procedure == nullptr) continue;
    if (auto fault = FindCodeFault(*constant.procedure)) return fault;
  }
  return {};
}

}  // namespace fledge::lambda
