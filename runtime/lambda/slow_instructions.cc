#include "runtime/lambda/slow_instructions.h"

#include <algorithm>
#include <string>

#include "runtime/lambda/inlined.h"
#include "runtime/objects.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;

namespace {

std::string_view NameOf(Operation operation) {
  const auto found =
      std::ranges::find(kInlined, operation, &Inlined::operation);
  return found != std::end(kInlined) ? found->name : ShapeOf(operation).name;
}

}  // namespace

void RaiseUnbound(Vm& vm, Value name) {
  const HandleScope scope(vm.mutator());
  vm.RaiseError("unbound-variable", "this variable is not defined",
                {Local(vm.mutator(), name)});
}

void RaiseUsedTooEarly(Vm& vm) {
  vm.RaiseError("unbound-variable", "a variable is used before it has a value");
}

void RaiseWrongOperand(Vm& vm, Operation operation, int argument, Value value,
                       std::string_view expected) {
  const HandleScope scope(vm.mutator());
  vm.RaiseError("wrong-type",
                std::string(NameOf(operation)) + ": argument " +
                    std::to_string(argument) + " is not " +
                    std::string(expected),
                {Local(vm.mutator(), value)});
}

void RaiseOtherRecord(Vm& vm, std::string_view procedure, Value value,
                      Value type) {
  const HandleScope scope(vm.mutator());
  const runtime::Symbol name(runtime::RecordType(type).name());
  vm.RaiseError("wrong-type",
                std::string(procedure) + ": argument 1 is not a " +
                    std::string(name.name().text()),
                {Local(vm.mutator(), value)});
}

void RaiseWrongIndex(Vm& vm, Operation operation, Value vector, Value index) {
  if (!Is(vector, ObjectType::kVector)) {
    return RaiseWrongOperand(vm, operation, 1, vector, "a vector");
  }
  const HandleScope scope(vm.mutator());
  const std::size_t length = runtime::Vector(vector).length();
  vm.RaiseError("out-of-range",
                std::string(NameOf(operation)) +
                    ": argument 2 is not an index below " +
                    std::to_string(length),
                {Local(vm.mutator(), index)});
}

}  // namespace fledge::lambda
