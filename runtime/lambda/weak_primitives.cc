// Weak maps, weak references, guardians and cleanups; see
// docs/design/lambda_extensions.md.
#include "runtime/guardian.h"
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/memory_services.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/weak_table.h"

namespace fledge::lambda {
namespace {

using runtime::Finalizers;
using runtime::Guardian;
using runtime::HandleScope;
using runtime::WeakReferences;
using runtime::WeakTable;
using runtime::WeakTableObject;

bool CheckObject(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (arguments[i].IsReference()) return true;
  vm.RaiseWrongType(arguments, i,
                    "an object, which may die: small integers, characters, "
                    "booleans and () never do");
  return false;
}

bool CheckWeakMap(Vm& vm, const Arguments& arguments) {
  return CheckType(vm, arguments, 0, ObjectType::kWeakTable, "a weak map");
}
WeakTable& TableOf(const Arguments& arguments) {
  return WeakTableObject(arguments[0]).table();
}

Value MakeWeakMap(Vm& vm, Arguments) {
  return runtime::MakeWeakTable(vm.mutator(), WeakTable::Keeps::kValues);
}

Value IsWeakMap(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kWeakTable));
}

// (weak-map-ref map key [default])
Value WeakMapRef(Vm& vm, Arguments arguments) {
  if (!CheckWeakMap(vm, arguments)) return Value();
  const Value value = TableOf(arguments).Get(arguments[1]);
  if (!value.IsEmpty()) return value;
  return arguments.size() > 2 ? arguments[2] : Value::False();
}

Value WeakMapSet(Vm& vm, Arguments arguments) {
  if (!CheckWeakMap(vm, arguments)) return Value();
  TableOf(arguments).Put(vm.mutator(), arguments[1], arguments[2]);
  return Value::Undefined();
}

Value WeakMapDelete(Vm& vm, Arguments arguments) {
  if (!CheckWeakMap(vm, arguments)) return Value();
  return Value::Boolean(TableOf(arguments).Remove(arguments[1]));
}

Value WeakMapContains(Vm& vm, Arguments arguments) {
  if (!CheckWeakMap(vm, arguments)) return Value();
  return Value::Boolean(!TableOf(arguments).Get(arguments[1]).IsEmpty());
}

Value WeakMapCount(Vm& vm, Arguments arguments) {
  if (!CheckWeakMap(vm, arguments)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(TableOf(arguments).count()));
}

Value MakeWeakReference(Vm& vm, Arguments arguments) {
  if (!CheckObject(vm, arguments, 0)) return Value();
  const HandleScope scope(vm.mutator());
  return vm.memory().references.Make(vm.mutator(),
                                     Local(vm.mutator(), arguments[0]));
}

Value IsWeakReference(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kWeakReference));
}

// The target, or false if it is dead.
Value WeakReferenceValue(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kWeakReference,
                 "a weak reference")) {
    return Value();
  }
  const Value target =
      WeakReferences::Get(vm.mutator(), runtime::WeakReference(arguments[0]));
  return target.IsEmpty() ? Value::False() : target;
}

// (%make-guardian)
Value MakeGuardian(Vm& vm, Arguments) {
  return runtime::MakeGuardian(vm.mutator());
}

// (%guardian-add! guardian object)
Value GuardianAdd(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kGuardian, "a guardian") ||
      !CheckObject(vm, arguments, 1)) {
    return Value();
  }
  Guardian(arguments[0]).finalizers().Register(vm.mutator(), arguments[1]);
  return Value::Undefined();
}

// (%guardian-next guardian): false if there is none.
Value GuardianNext(Vm& vm, Arguments arguments) {
  if (!CheckType(vm, arguments, 0, ObjectType::kGuardian, "a guardian")) {
    return Value();
  }
  return Guardian(arguments[0])
      .finalizers()
      .TakeNext()
      .value_or(Value::False());
}

// (add-cleanup! object thunk)
Value AddCleanup(Vm& vm, Arguments arguments) {
  if (!CheckObject(vm, arguments, 0)) return Value();
  if (!IsProcedure(arguments[1])) {
    return vm.RaiseWrongType(arguments, 1, "a procedure");
  }
  if (arguments[0] == arguments[1]) {
    return vm.RaiseWrongType(arguments, 1,
                             "another object than the one to wait for, which "
                             "it would keep alive");
  }
  vm.memory().cleanups.Register(vm.mutator(), arguments[0], arguments[1]);
  return Value::Undefined();
}

// (%take-cleanup): the next thunk, or false.
Value TakeCleanup(Vm& vm, Arguments) {
  return vm.memory().cleanups.TakeNext().value_or(Value::False());
}

constexpr Primitive kPrimitives[] = {
    {"make-weak-map", MakeWeakMap, 0, 0},
    {"weak-map?", IsWeakMap, 1, 1},
    {"weak-map-ref", WeakMapRef, 2, 3},
    {"weak-map-set!", WeakMapSet, 3, 3},
    {"weak-map-delete!", WeakMapDelete, 2, 2},
    {"weak-map-contains?", WeakMapContains, 2, 2},
    {"weak-map-count", WeakMapCount, 1, 1},
    {"make-weak-reference", MakeWeakReference, 1, 1},
    {"weak-reference?", IsWeakReference, 1, 1},
    {"weak-reference-value", WeakReferenceValue, 1, 1},
    {"%make-guardian", MakeGuardian, 0, 0},
    {"%guardian-add!", GuardianAdd, 2, 2},
    {"%guardian-next", GuardianNext, 1, 1},
    {"add-cleanup!", AddCleanup, 2, 2},
    {"%take-cleanup", TakeCleanup, 0, 0},
};

}  // namespace

std::span<const Primitive> WeakPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
