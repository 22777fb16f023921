#include "runtime/lambda/liveness.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "runtime/lambda/frame.h"

namespace fledge::lambda {
namespace {

using Bits = std::vector<std::uint64_t>;

class Registers {
 public:
  explicit Registers(std::uint32_t count) : bits_((count + 63) / 64) {}

  void Add(std::uint32_t i) { bits_[i / 64] |= std::uint64_t{1} << i % 64; }
  void Remove(std::uint32_t i) {
    bits_[i / 64] &= ~(std::uint64_t{1} << i % 64);
  }
  // Whether it got more.
  bool AddAll(const Registers& other) {
    bool grew = false;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      grew = grew || (other.bits_[i] & ~bits_[i]) != 0;
      bits_[i] |= other.bits_[i];
    }
    return grew;
  }
  std::vector<std::uint32_t> All() const {
    std::vector<std::uint32_t> all;
    for (std::size_t word = 0; word < bits_.size(); ++word) {
      for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1) {
        all.push_back(static_cast<std::uint32_t>(64 * word) +
                      static_cast<std::uint32_t>(std::countr_zero(left)));
      }
    }
    return all;
  }

 private:
  Bits bits_;
};

class Flow {
 public:
  explicit Flow(const CodeDraft& draft)
      : draft_(draft),
        live_in_(draft.instructions.size() + 1,
                 Registers(draft.register_count)) {
    bool changed = true;
    while (changed) {
      changed = false;
      for (std::size_t i = draft.instructions.size(); i-- > 0;) {
        Registers live = LiveOut(i);
        StepBack(draft.instructions[i], live);
        changed = live_in_[i].AddAll(live) || changed;
      }
    }
  }

  const Registers& LiveIn(std::size_t i) const { return live_in_[i]; }

  Registers LiveOut(std::size_t i) const {
    Registers live(draft_.register_count);
    // The callee keeps the code, and the place of an error.
    live.Add(0);
    const Instruction& instruction = draft_.instructions[i];
    if (FallsThrough(instruction.op())) live.AddAll(live_in_[i + 1]);
    if (const auto distance = JumpOf(instruction)) {
      live.AddAll(live_in_[static_cast<std::size_t>(
          static_cast<std::int64_t>(i) + 1 + *distance)]);
    }
    return live;
  }

  // What is live while instruction `i` is under way.
  Registers LiveDuring(std::size_t i) const {
    const Instruction& instruction = draft_.instructions[i];
    Registers live = LiveOut(i);
    if (instruction.op() == Operation::kCall) {
      live.Remove(instruction.a());
      return live;
    }
    StepBack(instruction, live);
    return live;
  }

 private:
  static bool FallsThrough(Operation operation) {
    switch (operation) {
      case Operation::kJump:
      case Operation::kLoop:
      case Operation::kReturn:
      case Operation::kReturnImmediate:
      case Operation::kTailCall:
      case Operation::kTailApply:
        return false;
      default:
        return true;
    }
  }
  static std::optional<std::int64_t> JumpOf(const Instruction& instruction) {
    for (const Operand operand : ShapeOf(instruction.op()).operands) {
      if (operand == Operand::kTarget) return instruction.near();
      if (operand == Operand::kFarTarget) return instruction.wide();
    }
    return {};
  }
  static void StepBack(const Instruction& instruction, Registers& live) {
    const std::uint16_t operands[] = {instruction.a(), instruction.b(),
                                      instruction.c()};
    const OperationShape& shape = ShapeOf(instruction.op());
    for (std::size_t i = 0; i < 3; ++i) {
      if (shape.operands[i] == Operand::kWrites) live.Remove(operands[i]);
    }
    switch (instruction.op()) {
      case Operation::kReceive:
      case Operation::kReceiveRest:
        for (std::uint32_t i = 0; i < instruction.b(); ++i) {
          live.Remove(instruction.a() + i);
        }
        break;
      case Operation::kCall:
      case Operation::kTailCall:
        live.Remove(instruction.a());
        for (std::uint32_t i = 0; i <= instruction.b(); ++i) {
          live.Add(instruction.a() + kFrameWords + i);
        }
        break;
      default:
        break;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      if (shape.operands[i] == Operand::kReads) live.Add(operands[i]);
    }
  }

  const CodeDraft& draft_;
  std::vector<Registers> live_in_;
};

}  // namespace

void AddLiveness(const CodeDraft& draft, runtime::FrameLayout& layout) {
  const Flow flow(draft);
  std::vector<std::uint32_t> last = flow.LiveIn(0).All();
  layout.AddLiveness(0, last);
  for (std::size_t i = 0; i < draft.instructions.size(); ++i) {
    if (ShapeOf(draft.instructions[i].op()).collects == Collects::kNever) {
      continue;
    }
    std::vector<std::uint32_t> live = flow.LiveDuring(i).All();
    if (live == last) continue;
    layout.AddLiveness(static_cast<std::uint32_t>(i + 1), live);
    last = std::move(live);
  }
  constexpr std::uint32_t kCallee[] = {0};
  layout.AddLiveness(
      DeadPoint(static_cast<std::uint32_t>(draft.instructions.size())),
      kCallee);
}

}  // namespace fledge::lambda
