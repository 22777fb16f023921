#include "runtime/weak_table.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "allocator/base/check.h"
#include "runtime/hash.h"
#include "runtime/identity_hash.h"
#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

std::uint32_t HashOfKey(Value key) {
  return key.IsReference() ? IdentityHash(key.object())
                           : static_cast<std::uint32_t>(HashWord(key.word()));
}

}  // namespace

WeakTable::~WeakTable() {
  FLEDGE_CHECK(cursors_.empty(), "a weak table died in the midst of a walk");
}

std::uint32_t WeakTable::Find(Value key) const {
  // Who was never asked for a hash is not in any table.
  if (key.IsReference() && !HasIdentityHash(key.object())) return Places::kNone;
  return places_.Find(HashOfKey(key), [&](const Place& place) {
    return place.key == key.word();
  });
}

Value WeakTable::Get(Value key) const {
  const std::uint32_t i = Find(key);
  return i == Places::kNone ? Value() : Value::FromWord(places_[i].value);
}

bool WeakTable::Put(Mutator& mutator, Value key, Value value) {
  FLEDGE_DCHECK(!key.IsEmpty() && !value.IsEmpty());
  std::uint32_t i = Find(key);
  const bool is_new = i == Places::kNone;
  if (is_new) {
    if (places_.full()) Rebuild();
    i = places_.Add({key.word(), value.word(), HashOfKey(key)});
    ++count_;
  } else {
    places_[i].value = value.word();
  }
  mutator.NoteWeak(*this, i, key.word());
  mutator.NoteWeak(*this, i, value.word());
  return is_new;
}

bool WeakTable::Remove(Value key) {
  const std::uint32_t i = Find(key);
  if (i == Places::kNone) return false;
  Drop(places_[i]);
  return true;
}

void WeakTable::Drop(Place& place) {
  place.key = 0;
  place.value = 0;
  --count_;
}

void WeakTable::Rebuild() {
  const std::vector<std::uint32_t> moved =
      places_.Rebuild([](const Place& place) { return place.is_there(); });
  RenumberNoted(moved);
  for (Cursor* cursor : cursors_) {
    cursor->next_ = static_cast<std::uint32_t>(
        std::count_if(moved.begin(), moved.begin() + cursor->next_,
                      [](std::uint32_t to) { return to != Places::kNone; }));
  }
}

std::optional<WeakTable::Entry> WeakTable::Cursor::Next() {
  while (next_ < table_.places_.size()) {
    const Place& place = table_.places_[next_++];
    if (place.is_there()) {
      return Entry{Value::FromWord(place.key), Value::FromWord(place.value)};
    }
  }
  return {};
}

void WeakTable::Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (!place.is_there()) return;
  switch (keeps_) {
    case Keeps::kValues:
      trace.KeepIfAlive(place.key, &place.value);
      return;
    case Keeps::kKeys:
      // A key is kept for the entry's sake, not for its own.
      trace.KeepIfAlive(place.value, &place.key);
      return;
    case Keeps::kNothing:
      return;
  }
}

void WeakTable::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (!place.is_there()) return;
  if (!trace.Update(&place.key) || !trace.Update(&place.value)) Drop(place);
}

Value MakeWeakTable(Mutator& mutator, WeakTable::Keeps keeps) {
  const Address object = internal::Allocate<ObjectType::kWeakTable>(mutator);
  auto table = std::make_unique<WeakTable>(keeps);
  const Value value = WeakTableObject::Initialize(object, *table).value();
  mutator.heap().AdoptWeakSet(std::move(table), value.word());
  return value;
}

}  // namespace fledge::runtime
