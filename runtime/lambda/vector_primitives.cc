// Vectors: R7RS small, section 6.8, but for what calls a procedure;
// vector->string and string->vector are with the strings.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/lists.h"
#include "runtime/lambda/primitives.h"
#include "runtime/objects.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Pair;
using runtime::Vector;

namespace {

bool CheckVector(Vm& vm, const Arguments& arguments, std::size_t i) {
  return CheckType(vm, arguments, i, ObjectType::kVector, "a vector");
}

// A vector that the caller fills, or empty after it has raised.
Value TryMakeVectorOf(Vm& vm, std::size_t length, Value fill) {
  const HandleScope scope(vm.mutator());
  const Local item(vm.mutator(), fill);
  return OrOutOfMemory(vm, TryMakeVector(vm.mutator(), length, item));
}

// Items of vector `from` in `range` to `to`, from its item `at` on.
void CopyItems(Vm& vm, Vector to, std::size_t at, Vector from, Range range) {
  if (range.size() == 0) return;
  vm.mutator().CopyRange(to.item_slot(at), from.item_slot(range.begin),
                         range.size());
}

Value IsVector(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kVector));
}

Value MakeVectorOf(Vm& vm, Arguments arguments) {
  const auto length = CheckLength(vm, arguments, 0);
  if (!length) return Value();
  return TryMakeVectorOf(
      vm, *length, arguments.size() == 2 ? arguments[1] : Value::Undefined());
}

Value VectorOf(Vm& vm, Arguments arguments) {
  const Value made = TryMakeVectorOf(vm, arguments.size(), Value::Undefined());
  if (made.IsEmpty()) return made;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    SetItem(vm.mutator(), Vector(made), i, arguments[i]);
  }
  return made;
}

Value VectorLength(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(Vector(arguments[0]).length()));
}

Value VectorRef(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  const auto i = CheckIndex(vm, arguments, 1, Vector(arguments[0]).length());
  return i ? Vector(arguments[0]).item(*i) : Value();
}

Value VectorSet(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  const auto i = CheckIndex(vm, arguments, 1, Vector(arguments[0]).length());
  if (!i) return Value();
  SetItem(vm.mutator(), Vector(arguments[0]), *i, arguments[2]);
  return Value::Undefined();
}

Value VectorToList(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  const auto range =
      CheckRange(vm, arguments, 1, Vector(arguments[0]).length());
  if (!range) return Value();
  Value list = Value::Nil();
  for (std::size_t i = range->end; i-- > range->begin;) {
    list = runtime::MakePair(vm.mutator(), Vector(arguments[0]).item(i), list);
    if (!MayGoOn(vm)) return Value();
  }
  return list;
}

Value ListToVector(Vm& vm, Arguments arguments) {
  const auto length = ListLength(arguments[0]);
  if (!length) return vm.RaiseWrongType(arguments, 0, "a list");
  const Value made = TryMakeVectorOf(vm, *length, Value::Undefined());
  if (made.IsEmpty()) return made;
  Value rest = arguments[0];
  for (std::size_t i = 0; i < *length; ++i) {
    SetItem(vm.mutator(), Vector(made), i, Pair(rest).car());
    rest = Pair(rest).cdr();
  }
  return made;
}

Value VectorCopy(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  const auto range =
      CheckRange(vm, arguments, 1, Vector(arguments[0]).length());
  if (!range) return Value();
  const Value made = TryMakeVectorOf(vm, range->size(), Value::Undefined());
  if (made.IsEmpty()) return made;
  CopyItems(vm, Vector(made), 0, Vector(arguments[0]), *range);
  return made;
}

Value VectorCopyTo(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0) || !CheckVector(vm, arguments, 2)) {
    return Value();
  }
  const auto range =
      CheckRange(vm, arguments, 3, Vector(arguments[2]).length());
  if (!range) return Value();
  const auto at = CheckPlace(vm, arguments, 1, Vector(arguments[0]).length(),
                             range->size());
  if (!at) return Value();
  CopyItems(vm, Vector(arguments[0]), *at, Vector(arguments[2]), *range);
  return Value::Undefined();
}

Value VectorAppend(Vm& vm, Arguments arguments) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!CheckVector(vm, arguments, i)) return Value();
    length += Vector(arguments[i]).length();
  }
  const Value made = TryMakeVectorOf(vm, length, Value::Undefined());
  if (made.IsEmpty()) return made;
  std::size_t at = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Vector from(arguments[i]);
    CopyItems(vm, Vector(made), at, from, {0, from.length()});
    at += from.length();
  }
  return made;
}

Value VectorFill(Vm& vm, Arguments arguments) {
  if (!CheckVector(vm, arguments, 0)) return Value();
  const auto range =
      CheckRange(vm, arguments, 2, Vector(arguments[0]).length());
  if (!range) return Value();
  for (std::size_t i = range->begin; i < range->end; ++i) {
    SetItem(vm.mutator(), Vector(arguments[0]), i, arguments[1]);
  }
  return Value::Undefined();
}

constexpr Primitive kVectorPrimitives[] = {
    {"vector?", IsVector, 1, 1},
    {"make-vector", MakeVectorOf, 1, 2},
    {"vector", VectorOf, 0, Primitive::kAnyNumber},
    {"vector-length", VectorLength, 1, 1},
    {"vector-ref", VectorRef, 2, 2},
    {"vector-set!", VectorSet, 3, 3},
    {"vector->list", VectorToList, 1, 3},
    {"list->vector", ListToVector, 1, 1},
    {"vector-copy", VectorCopy, 1, 3},
    {"vector-copy!", VectorCopyTo, 3, 5},
    {"vector-append", VectorAppend, 0, Primitive::kAnyNumber},
    {"vector-fill!", VectorFill, 2, 4},
};

}  // namespace

std::span<const Primitive> VectorPrimitives() { return kVectorPrimitives; }

}  // namespace fledge::lambda
