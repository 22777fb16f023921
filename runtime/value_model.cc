#include "runtime/value_model.h"

#include <array>

#include "allocator/base/check.h"

namespace fledge::runtime {

EdgeName ValueModel::EdgeNameOf(Address object, Header header,
                                const Value* slot) const {
  const std::size_t index =
      (reinterpret_cast<Address>(slot) - object - kHeaderBytes) / kWordBytes;
  FLEDGE_DCHECK(index < SlotBytesFrom(header) / kWordBytes,
                "not a slot of this object");
  switch (TypeFrom(header)) {
    case ObjectType::kPair:
      return {index == 0 ? "car" : "cdr", index};
    case ObjectType::kBox:
    case ObjectType::kStack:
    case ObjectType::kPromise:
      return {"content", index};
    case ObjectType::kSymbol:
    case ObjectType::kPrimitive:
      return {"name", index};
    case ObjectType::kMap:
      return {"table", index};
    case ObjectType::kKeyword:
      return {"symbol", index};
    case ObjectType::kHashTable:
      return {index == 0 ? "index" : "entries", index};
    case ObjectType::kMovedText:
      return {"text", index};
    case ObjectType::kGlobal:
      return {index == 0 ? "value" : "name", index};
    case ObjectType::kTemplate: {
      static constexpr std::array<std::string_view, 3> kNames = {
          "code", "constants", "name"};
      return {kNames[index], index};
    }
    case ObjectType::kRecordType:
      return {index == 0 ? "name" : "fields", index};
    case ObjectType::kParameter:
      return {index == 0 ? "value" : "converter", index};
    case ObjectType::kRecord:
      if (index == 0) return {"type", index};
      return {{}, index};
    case ObjectType::kClosure:
      if (index == 0) return {"template", index};
      return {{}, index};
    case ObjectType::kContinuation:
      if (index == 0) return {"next", index};
      return {{}, index};
    case ObjectType::kCondition: {
      static constexpr std::array<std::string_view, 4> kNames = {
          "kind", "message", "irritants", "trace"};
      return {kNames[index], index};
    }
    case ObjectType::kRational:
      return {index == 0 ? "numerator" : "denominator", index};
    case ObjectType::kComplex:
      return {index == 0 ? "real" : "imaginary", index};
    case ObjectType::kVector:
    case ObjectType::kValues:
    case ObjectType::kCaseLambda:
    case ObjectType::kCode:
    case ObjectType::kFloat:
    case ObjectType::kString:
    case ObjectType::kBytes:
    case ObjectType::kWeakReference:
    case ObjectType::kWeakTable:
    case ObjectType::kGuardian:
    case ObjectType::kBuffer:
    case ObjectType::kPort:
    case ObjectType::kBignum:
    case ObjectType::kText:
    case ObjectType::kConstantText:
    case ObjectType::kWideText:
    case ObjectType::kWideConstantText:
      return {{}, index};
  }
  return {{}, index};
}

}  // namespace fledge::runtime
