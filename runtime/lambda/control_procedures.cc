#include "runtime/lambda/control_procedures.h"

#include "runtime/lambda/assembler.h"
#include "runtime/lambda/frame.h"

namespace fledge::lambda {
namespace {

// Of every procedure here: the callee is register 0.
constexpr std::uint32_t kFirst = 1;
constexpr std::uint32_t kSecond = 2;

}  // namespace

std::unique_ptr<CodeDraft> ApplyCode() {
  Assembler code;
  CodeDraft& draft = code.draft();
  draft.name = "apply";
  draft.parameter_count = 1;
  draft.has_rest = true;
  draft.register_count = kSecond + 1;
  code.Emit(Operation::kTailApply, kFirst, kSecond);
  return code.Finish();
}

std::unique_ptr<CodeDraft> CallWithContinuationCode() {
  constexpr std::uint32_t kCallee = kSecond + kFrameWords;
  Assembler code;
  CodeDraft& draft = code.draft();
  draft.name = "%call/cc";
  draft.parameter_count = 1;
  draft.register_count = kCallee + 2;
  code.Emit(Operation::kCaptureContinuation, kCallee + 1);
  code.Emit(Operation::kMove, kCallee, kFirst);
  code.Emit(Operation::kTailCall, kSecond, 1);
  return code.Finish();
}

}  // namespace fledge::lambda
