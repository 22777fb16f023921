// What runtime/lambda/library/control.scm is built on; see there.
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/values.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

Value ProcedureP(Vm&, Arguments arguments) {
  return Value::Boolean(IsProcedure(arguments[0]));
}

Value TakeValues(Vm& vm, Arguments arguments) {
  return MakeValues(vm.mutator(), arguments);
}

// (%values->list values)
Value ValuesToList(Vm& vm, Arguments arguments) {
  const HandleScope scope(vm.mutator());
  Local list(vm.mutator(), Value::Nil());
  if (!Is(arguments[0], ObjectType::kValues)) {
    return runtime::MakePair(vm.mutator(), arguments[0], Value::Nil());
  }
  for (std::size_t i = runtime::Values(arguments[0]).length(); i-- > 0;) {
    const HandleScope item_scope(vm.mutator());
    const Local item(vm.mutator(), runtime::Values(arguments[0]).value_at(i));
    list.set(runtime::MakePair(vm.mutator(), item, list));
  }
  return list.get();
}

Value DynamicState(Vm& vm, Arguments) { return vm.dynamic_state(); }

Value SetDynamicState(Vm& vm, Arguments arguments) {
  vm.SetDynamicState(arguments[0]);
  return Value::Undefined();
}

// (%make-condition kind message irritants)
Value MakeCondition(Vm& vm, Arguments arguments) {
  const HandleScope scope(vm.mutator());
  return vm.MakeCondition(Local(vm.mutator(), arguments[0]),
                          Local(vm.mutator(), arguments[1]),
                          Local(vm.mutator(), arguments[2]));
}

// (%end-with object): no handler has taken it.
Value EndWith(Vm& vm, Arguments arguments) {
  const HandleScope scope(vm.mutator());
  return vm.EndWith(Local(vm.mutator(), arguments[0]));
}

constexpr Primitive kPrimitives[] = {
    {"procedure?", ProcedureP, 1, 1},
    {"values", TakeValues, 0, Primitive::kAnyNumber},
    {"%values->list", ValuesToList, 1, 1},
    {"%dynamic-state", DynamicState, 0, 0},
    {"%set-dynamic-state!", SetDynamicState, 1, 1},
    {"%make-condition", MakeCondition, 3, 3},
    {"%end-with", EndWith, 1, 1},
};

}  // namespace

std::span<const Primitive> ControlPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
