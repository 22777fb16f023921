#include "runtime/lambda/record_access.h"

#include <algorithm>
#include <cstddef>

#include "runtime/value.h"

namespace fledge::lambda {
namespace {

constexpr std::uint32_t kRecord = 1;  // The first argument's register.
constexpr std::uint32_t kValue = 2;

template <std::size_t kCount>
bool HasOperations(const CodeDraft& draft,
                   const Operation (&operations)[kCount]) {
  return std::ranges::equal(draft.instructions, operations, {},
                            &Instruction::op);
}

}  // namespace

RecordAccess RecordAccessOf(const CodeDraft& draft) {
  using enum Operation;
  const auto& code = draft.instructions;
  if (draft.has_rest) return {};
  const bool gets =
      draft.parameter_count == 1 &&
      HasOperations(draft, {kLoadGlobal, kCheckRecord, kGetField, kReturn});
  const bool sets = draft.parameter_count == 2 &&
                    HasOperations(draft, {kLoadGlobal, kCheckRecord, kSetField,
                                          kReturnImmediate});
  if (!gets && !sets) return {};
  const auto type_cell = static_cast<std::uint32_t>(code[0].wide());
  if (code[1].a() != kRecord || code[1].b() != code[0].a()) return {};
  const Instruction access = code[2];
  if (gets) {
    if (access.b() != kRecord || code[3].a() != access.a()) return {};
    return {RecordAccess::Kind::kGet, access.c(), type_cell};
  }
  const auto unspecified =
      static_cast<std::int32_t>(runtime::Value::Undefined().word());
  if (access.a() != kRecord || access.c() != kValue ||
      code[3].wide() != unspecified) {
    return {};
  }
  return {RecordAccess::Kind::kSet, access.b(), type_cell};
}

}  // namespace fledge::lambda
