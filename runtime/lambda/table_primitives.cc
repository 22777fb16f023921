// Hash tables, but for what calls procedures, which is in
// runtime/lambda/library/tables.scm; see docs/design/lambda_extensions.md.
#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/entry_lists.h"
#include "runtime/lambda/hash_tables.h"
#include "runtime/lambda/hashing.h"
#include "runtime/lambda/primitives.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

bool CheckTable(Vm& vm, const Arguments& arguments, std::size_t i = 0) {
  return CheckType(vm, arguments, i, ObjectType::kHashTable, "a hash table");
}

// Argument `i`, a key of the table that is argument 0.
bool CheckKey(Vm& vm, const Arguments& arguments, std::size_t i) {
  if (EquivalenceOf(HashTable(arguments[0])) != Equivalence::kString ||
      runtime::IsText(arguments[i])) [[likely]] {
    return true;
  }
  vm.RaiseWrongType(arguments, i,
                    "a string, as keys of a table that has string=?");
  return false;
}

bool CheckTableAndKey(Vm& vm, const Arguments& arguments) {
  return CheckTable(vm, arguments) && CheckKey(vm, arguments, 1);
}

// (%make-hash-table equivalence)
Value MakeTable(Vm& vm, Arguments arguments) {
  const auto i = CheckIndex(vm, arguments, 0, kEquivalenceCount);
  if (!i) return Value();
  return OrOutOfMemory(
      vm, TryMakeHashTable(vm.mutator(), static_cast<Equivalence>(*i)));
}

// (%hash-table-equivalence table)
Value TableEquivalence(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  return Value::SmallInteger(HashTable(arguments[0]).kind());
}

Value IsTable(Vm&, Arguments arguments) {
  return Value::Boolean(Is(arguments[0], ObjectType::kHashTable));
}

// (hash-table-ref/default table key default)
Value TableRef(Vm& vm, Arguments arguments) {
  if (!CheckTableAndKey(vm, arguments)) return Value();
  const Value value = Get(HashTable(arguments[0]), arguments[1]);
  return value.IsEmpty() ? arguments[2] : value;
}

// (hash-table-set! table key value ...)
Value TableSet(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  if (arguments.size() % 2 == 0) {
    return vm.RaiseWrongType(arguments, arguments.size() - 1,
                             "followed by a value");
  }
  const HandleScope scope(vm.mutator());
  const Local table(vm.mutator(), arguments[0]);
  Local key(vm.mutator(), Value());
  Local value(vm.mutator(), Value());
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    if (!CheckKey(vm, arguments, i)) return Value();
    key.set(arguments[i]);
    value.set(arguments[i + 1]);
    if (!TryPut(vm.mutator(), table, key, value)) {
      return OrOutOfMemory(vm, Value());
    }
  }
  return Value::Undefined();
}

// (hash-table-delete! table key ...), how many of them were there.
Value TableDelete(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  std::int64_t count = 0;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!CheckKey(vm, arguments, i)) return Value();
    if (Remove(vm.mutator(), HashTable(arguments[0]), arguments[i])) ++count;
  }
  return Value::SmallInteger(count);
}

Value TableContains(Vm& vm, Arguments arguments) {
  if (!CheckTableAndKey(vm, arguments)) return Value();
  return Value::Boolean(!Get(HashTable(arguments[0]), arguments[1]).IsEmpty());
}

Value TableCount(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  return Value::SmallInteger(
      static_cast<std::int64_t>(HashTable(arguments[0]).count()));
}

Value IsTableEmpty(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  return Value::Boolean(HashTable(arguments[0]).count() == 0);
}

template <EntryPart kPart>
Value ListOf(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  return ListEntries<kPart>(
      vm, [&arguments, position = std::size_t{0}]() mutable {
        return NextEntry(HashTable(arguments[0]), position)
            .value_or(HashTableEntry());
      });
}

// (%hash-table-entries table): a vector of keys and values by turns.
Value TableEntries(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  const HandleScope scope(vm.mutator());
  const std::size_t length = 2 * HashTable(arguments[0]).count();
  const Value entries = runtime::TryMakeVector(
      vm.mutator(), length, Local(vm.mutator(), Value::Undefined()));
  if (entries.IsEmpty()) return OrOutOfMemory(vm, entries);
  const runtime::Vector vector(entries);
  std::size_t position = 0;
  std::size_t i = 0;
  while (const auto entry = NextEntry(HashTable(arguments[0]), position)) {
    runtime::SetItem(vm.mutator(), vector, i++, entry->key);
    runtime::SetItem(vm.mutator(), vector, i++, entry->value);
  }
  return entries;
}

// (hash-table-copy table [mutable?]): all tables may be changed.
Value CopyTable(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  const HandleScope scope(vm.mutator());
  return OrOutOfMemory(
      vm, TryCopyHashTable(vm.mutator(), Local(vm.mutator(), arguments[0])));
}

Value ClearTable(Vm& vm, Arguments arguments) {
  if (!CheckTable(vm, arguments)) return Value();
  Clear(vm.mutator(), HashTable(arguments[0]));
  return Value::Undefined();
}

// (equal-hash x [bound]): below the bound.
template <std::uint32_t (*kHash)(Value)>
Value HashOf(Vm& vm, Arguments arguments) {
  const std::int64_t hash = kHash(arguments[0]);
  if (arguments.size() == 1) return Value::SmallInteger(hash);
  if (!arguments[1].IsSmallInteger() || arguments[1].integer() <= 0) {
    return vm.RaiseWrongType(arguments, 1, "a bound, an integer above 0");
  }
  return Value::SmallInteger(hash % arguments[1].integer());
}

constexpr auto kAny = Primitive::kAnyNumber;

constexpr Primitive kPrimitives[] = {
    {"%make-hash-table", MakeTable, 1, 1},
    {"%hash-table-equivalence", TableEquivalence, 1, 1},
    {"hash-table?", IsTable, 1, 1},
    {"hash-table-ref/default", TableRef, 3, 3},
    {"hash-table-set!", TableSet, 3, kAny},
    {"hash-table-delete!", TableDelete, 2, kAny},
    {"hash-table-contains?", TableContains, 2, 2},
    {"hash-table-count", TableCount, 1, 1},
    {"hash-table-size", TableCount, 1, 1},
    {"hash-table-empty?", IsTableEmpty, 1, 1},
    {"hash-table-keys", ListOf<EntryPart::kKey>, 1, 1},
    {"hash-table-values", ListOf<EntryPart::kValue>, 1, 1},
    {"hash-table->alist", ListOf<EntryPart::kBoth>, 1, 1},
    {"%hash-table-entries", TableEntries, 1, 1},
    {"hash-table-copy", CopyTable, 1, 2},
    {"hash-table-clear!", ClearTable, 1, 1},
    {"eq-hash", HashOf<EqHash>, 1, 2},
    {"eqv-hash", HashOf<EqvHash>, 1, 2},
    {"equal-hash", HashOf<EqualHash>, 1, 2},
};

}  // namespace

std::span<const Primitive> TablePrimitives() { return kPrimitives; }

}  // namespace fledge::lambda
