#include "tests/runtime/lambda/code_listing.h"

#include "runtime/lambda/operation.h"

namespace fledge::lambda {

std::string Listing(const CodeDraft& draft) {
  std::string text;
  for (const Instruction& instruction : draft.instructions) {
    if (!text.empty()) text += " ";
    text += ShapeOf(instruction.op()).name;
  }
  for (const auto& constant : draft.constants) {
    if (constant.procedure == nullptr) continue;
    text += " (" + Listing(*constant.procedure) + ")";
  }
  return text;
}

}  // namespace fledge::lambda
