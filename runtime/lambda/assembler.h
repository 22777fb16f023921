// Assembler: puts instructions, constants and places of a procedure together,
// and finds out where jumps lead.
//
// Design: docs/design/lambda.md. Threads: none.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

// A comparison would have to jump further than 32,767 instructions.
struct JumpTooFar {};

class Assembler {
 public:
  // Where a jump leads to: known when it is bound, once.
  class Label {
    friend class Assembler;
    std::uint32_t target = kUnbound;
    std::vector<std::uint32_t> jumps;
  };

  // The procedure that is being made; names and counts are set in it directly.
  CodeDraft& draft() { return *draft_; }

  // The place of what is emitted from now on.
  void SetPosition(Position at);

  void Emit(Operation operation, std::uint32_t a = 0, std::uint32_t b = 0,
            std::uint32_t c = 0);
  void EmitWide(Operation operation, std::uint32_t a, std::int32_t wide);
  // A jump, of an operation whose target is wide.
  void EmitJump(Operation operation, std::uint32_t a, Label& label);
  // A jump that compares a with b, whose target is near: Bind() throws
  // JumpTooFar beyond 32,767 instructions.
  void EmitCompareAndJump(Operation operation, std::uint32_t a, std::uint32_t b,
                          Label& label);
  void Bind(Label& label);

  // The index of a constant, which the same datum or global has again.
  std::uint32_t Datum(const Syntax* datum);
  std::uint32_t GlobalCell(Global* global);
  std::uint32_t Procedure(std::unique_ptr<CodeDraft> procedure);

  // Ends the procedure. REQUIRES: all labels that are jumped to are bound.
  std::unique_ptr<CodeDraft> Finish() { return std::move(draft_); }

 private:
  static constexpr std::uint32_t kUnbound = ~std::uint32_t{0};

  std::uint32_t next() const {
    return static_cast<std::uint32_t>(draft_->instructions.size());
  }
  void Patch(std::uint32_t jump, std::uint32_t target);

  std::unique_ptr<CodeDraft> draft_ = std::make_unique<CodeDraft>();
};

}  // namespace fledge::lambda
