#include "runtime/weak_table.h"

#include <algorithm>
#include <bit>

#include "allocator/base/check.h"
#include "runtime/hash.h"
#include "runtime/identity_hash.h"

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
  if (index_.empty() || (key.IsReference() && !HasIdentityHash(key.object()))) {
    return kNone;
  }
  const std::uint32_t hash = HashOfKey(key);
  std::uint32_t i = index_[hash & (index_.size() - 1)];
  while (i != kNone && places_[i].key != key.word()) i = places_[i].next;
  return i;
}

Value WeakTable::Get(Value key) const {
  const std::uint32_t i = Find(key);
  return i == kNone ? Value() : Value::FromWord(places_[i].value);
}

bool WeakTable::Put(Mutator& mutator, Value key, Value value) {
  FLEDGE_DCHECK(!key.IsEmpty() && !value.IsEmpty());
  std::uint32_t i = Find(key);
  const bool is_new = i == kNone;
  if (is_new) {
    if (places_.size() == index_.size()) Rebuild();
    i = size();
    const std::uint32_t hash = HashOfKey(key);
    std::uint32_t& first = index_[hash & (index_.size() - 1)];
    places_.push_back({key.word(), value.word(), hash, first});
    first = i;
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
  if (i == kNone) return false;
  Drop(places_[i]);
  return true;
}

void WeakTable::Drop(Place& place) {
  place.key = 0;
  place.value = 0;
  --count_;
}

void WeakTable::Rebuild() {
  // Half full, so that as much again is added before the next time.
  const std::size_t capacity =
      std::max(kLeastCapacity, std::bit_ceil(2 * count_));
  std::vector<std::uint32_t> moved(places_.size(), kNone);
  std::vector<Place> places;
  places.reserve(capacity);
  index_.assign(capacity, kNone);
  index_.shrink_to_fit();
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    if (!places_[i].is_there()) continue;
    const auto to = static_cast<std::uint32_t>(places.size());
    moved[i] = to;
    places.push_back(places_[i]);
    std::uint32_t& first = index_[places_[i].hash & (capacity - 1)];
    places.back().next = first;
    first = to;
  }
  RenumberNoted(moved);
  for (Cursor* cursor : cursors_) {
    cursor->next_ = static_cast<std::uint32_t>(
        std::count_if(moved.begin(), moved.begin() + cursor->next_,
                      [](std::uint32_t to) { return to != kNone; }));
  }
  places_ = std::move(places);
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

}  // namespace fledge::runtime
