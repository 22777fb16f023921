#include "runtime/weak_table.h"

#include <memory>
#include <utility>

#include "runtime/objects.h"

namespace fledge::runtime {

Value WeakTable::Get(Value key) const {
  const std::uint32_t i = Find(key);
  return i == kNone ? Value() : value(i);
}

bool WeakTable::Put(Mutator& mutator, Value key, Value value) {
  const std::uint32_t i = Find(key);
  if (i == kNone) {
    Add(mutator, key, value);
  } else {
    SetValue(mutator, i, value);
  }
  return i == kNone;
}

bool WeakTable::Remove(Value key) {
  const std::uint32_t i = Find(key);
  if (i == kNone) return false;
  Drop(i);
  return true;
}

Value MakeWeakTable(Mutator& mutator, WeakTable::Keeps keeps) {
  auto table = std::make_unique<WeakTable>(keeps);
  const Address object = internal::Allocate<ObjectType::kWeakTable>(mutator);
  const Value value = WeakTableObject::Initialize(object, *table).value();
  mutator.heap().AdoptWeakSet(std::move(table), value.word());
  return value;
}

}  // namespace fledge::runtime
