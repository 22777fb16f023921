#include "runtime/lambda/type_names.h"

#include "runtime/object_layout.h"
#include "runtime/record_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::ObjectType;
using runtime::Value;

std::string_view NameOfType(ObjectType type) {
  switch (type) {
    case ObjectType::kFloat:
      return "flonum";
    // Programs have it as the name of a symbol only.
    case ObjectType::kString:
      return "symbol";
    case ObjectType::kBytes:
      return "bytevector";
    case ObjectType::kBox:
      return "assigned variable";
    case ObjectType::kStack:
      return "coroutine";
    case ObjectType::kGlobal:
      return "global variable";
    case ObjectType::kText:
    case ObjectType::kConstantText:
    case ObjectType::kWideText:
    case ObjectType::kWideConstantText:
    case ObjectType::kMovedText:
      return "string";
    default:
      return runtime::kTypeShapes[static_cast<std::size_t>(type)].name;
  }
}

std::string TypeNameOf(Address object) {
  const ObjectType type = runtime::TypeFrom(gc::LoadHeader(object));
  if (type != ObjectType::kRecord) return std::string(NameOfType(type));
  const Value of = runtime::Record(Value::Reference(object)).type();
  const runtime::Symbol name(runtime::RecordType(of).name());
  return "record " + std::string(name.name().text());
}

}  // namespace fledge::lambda
