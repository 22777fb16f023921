// Conditions, as programs see them: R7RS, section 6.11.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {
namespace {

using runtime::Condition;

bool CheckCondition(Vm& vm, const Arguments& arguments) {
  return CheckType(vm, arguments, 0, ObjectType::kCondition, "an error object");
}

Value IsErrorObject(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kCondition));
}

Value Message(Vm& vm, Arguments arguments) {
  if (!CheckCondition(vm, arguments)) return Value();
  return Condition(arguments[0]).message();
}

Value Irritants(Vm& vm, Arguments arguments) {
  if (!CheckCondition(vm, arguments)) return Value();
  return Condition(arguments[0]).irritants();
}

// What kind of error it is: a symbol.
Value Kind(Vm& vm, Arguments arguments) {
  if (!CheckCondition(vm, arguments)) return Value();
  return Condition(arguments[0]).kind();
}

Value IsOfKind(Value value, std::string_view kind) {
  return Value::Boolean(
      Is(value, ObjectType::kCondition) &&
      runtime::Symbol(Condition(value).kind()).name().text() == kind);
}

Value IsFileError(Vm&, Arguments arguments) {
  return IsOfKind(arguments[0], "file-error");
}

Value IsReadError(Vm&, Arguments arguments) {
  return IsOfKind(arguments[0], "read-error");
}

constexpr Primitive kPrimitives[] = {
    {"error-object?", IsErrorObject, 1, 1},
    {"error-object-message", Message, 1, 1},
    {"error-object-irritants", Irritants, 1, 1},
    {"error-object-kind", Kind, 1, 1},
    {"file-error?", IsFileError, 1, 1},
    {"read-error?", IsReadError, 1, 1},
};

}  // namespace

std::span<const Primitive> ConditionPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
