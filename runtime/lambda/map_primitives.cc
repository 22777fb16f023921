// Maps; see docs/design/lambda_extensions.md.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/entry_lists.h"
#include "runtime/lambda/map_keys.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/map.h"
#include "runtime/objects.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;
using runtime::Map;
using runtime::MapEntry;

bool CheckMap(Vm& vm, const Arguments& arguments, std::size_t i = 0) {
  return CheckType(vm, arguments, i, ObjectType::kMap, "a map");
}

// Puts arguments `i` and `i` + 1. False after an error.
bool Put(Vm& vm, Local map, Arguments& arguments, std::size_t i) {
  if (!FixMapKey(vm, arguments, i)) return false;
  const HandleScope scope(vm.mutator());
  const auto result =
      runtime::TryMapPut(vm.mutator(), map, Local(vm.mutator(), arguments[i]),
                         Local(vm.mutator(), arguments[i + 1]));
  const bool done = result != runtime::MapResult::kOutOfMemory;
  return !DoneOrOutOfMemory(vm, done).IsEmpty();
}

// (%map key value ...)
Value MakeMap(Vm& vm, Arguments arguments) {
  if (arguments.size() % 2 != 0) {
    return vm.RaiseWrongType(arguments, arguments.size() - 1,
                             "followed by a value");
  }
  const HandleScope scope(vm.mutator());
  const Local map(vm.mutator(), runtime::MakeMap(vm.mutator()));
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (!Put(vm, map, arguments, i)) return Value();
  }
  return map.get();
}

Value IsMap(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kMap));
}

// (map-ref map key [default])
Value MapRef(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments) || !CheckMapKey(vm, arguments, 1)) {
    return Value();
  }
  const Value value = runtime::MapGet(Map(arguments[0]), arguments[1]);
  if (!value.IsEmpty()) return value;
  if (arguments.size() > 2) return arguments[2];
  return vm.RaiseOutOfRange(arguments, 1, "a key of the map");
}

Value MapSet(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments)) return Value();
  const HandleScope scope(vm.mutator());
  const Local map(vm.mutator(), arguments[0]);
  return Put(vm, map, arguments, 1) ? Value::Undefined() : Value();
}

Value MapDelete(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments) || !CheckMapKey(vm, arguments, 1)) {
    return Value();
  }
  runtime::MapRemove(vm.mutator(), Map(arguments[0]), arguments[1]);
  return Value::Undefined();
}

Value MapContains(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments) || !CheckMapKey(vm, arguments, 1)) {
    return Value();
  }
  return Value::Boolean(
      !runtime::MapGet(Map(arguments[0]), arguments[1]).IsEmpty());
}

Value MapCount(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(Map(arguments[0]).count()));
}

template <EntryPart kPart>
Value ListOf(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments)) return Value();
  return ListEntries<kPart>(vm,
                            [&arguments, position = std::size_t{0}]() mutable {
                              return NextMapEntry(Map(arguments[0]), position);
                            });
}

Value CopyMap(Vm& vm, Arguments arguments) {
  if (!CheckMap(vm, arguments)) return Value();
  const HandleScope scope(vm.mutator());
  const Local copy(vm.mutator(), runtime::MakeMap(vm.mutator()));
  std::size_t position = 0;
  while (true) {
    const MapEntry entry = NextMapEntry(Map(arguments[0]), position);
    if (entry.key.IsEmpty()) return copy.get();
    if (!MayGoOn(vm)) return Value();
    const HandleScope entry_scope(vm.mutator());
    const auto result =
        runtime::TryMapPut(vm.mutator(), copy, Local(vm.mutator(), entry.key),
                           Local(vm.mutator(), entry.value));
    if (result == runtime::MapResult::kOutOfMemory) {
      return OrOutOfMemory(vm, Value());
    }
  }
}

constexpr Primitive kPrimitives[] = {
    {"%map", MakeMap, 0, Primitive::kAnyNumber},
    {"map?", IsMap, 1, 1},
    {"map-ref", MapRef, 2, 3},
    {"map-set!", MapSet, 3, 3},
    {"map-delete!", MapDelete, 2, 2},
    {"map-contains?", MapContains, 2, 2},
    {"map-count", MapCount, 1, 1},
    {"map-keys", ListOf<EntryPart::kKey>, 1, 1},
    {"map-values", ListOf<EntryPart::kValue>, 1, 1},
    {"map->alist", ListOf<EntryPart::kBoth>, 1, 1},
    {"map-copy", CopyMap, 1, 1},
};

}  // namespace

std::span<const Primitive> MapPrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
