#include "runtime/weak_associations.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::runtime {

WeakAssociations::~WeakAssociations() {
  FLEDGE_CHECK(cursors_.empty(),
               "a weak table or listener list died in the midst of a walk");
}

void WeakAssociations::Add(Mutator& mutator, Value key, Value value) {
  FLEDGE_DCHECK(!key.IsEmpty() && !value.IsEmpty());
  if (places_.full()) Rebuild();
  const std::uint32_t i =
      places_.Add({key.word(), value.word(), HashOfKey(key)});
  ++count_;
  mutator.NoteWeak(*this, i, key.word());
  mutator.NoteWeak(*this, i, value.word());
}

void WeakAssociations::SetValue(Mutator& mutator, std::uint32_t i,
                                Value value) {
  FLEDGE_DCHECK(!value.IsEmpty());
  places_[i].value = value.word();
  mutator.NoteWeak(*this, i, value.word());
}

void WeakAssociations::Drop(std::uint32_t i) {
  places_[i].key = 0;
  places_[i].value = 0;
  --count_;
}

void WeakAssociations::Rebuild() {
  const std::vector<std::uint32_t> moved =
      places_.Rebuild([](const Place& place) { return place.is_there(); });
  RenumberNoted(moved);
  const auto left_of = [&](std::uint32_t end) {
    return static_cast<std::uint32_t>(
        std::count_if(moved.begin(), moved.begin() + end,
                      [](std::uint32_t to) { return to != kNone; }));
  };
  for (Cursor* cursor : cursors_) {
    cursor->next_ = left_of(cursor->next_);
    if (cursor->end_ != kNone) cursor->end_ = left_of(cursor->end_);
  }
}

WeakAssociations::Cursor::Cursor(WeakAssociations& set, Added added)
    : set_(set), end_(added == Added::kMet ? kNone : set.size()) {
  set_.cursors_.push_back(this);
}

std::optional<WeakAssociations::Entry> WeakAssociations::Cursor::Next() {
  while (next_ < std::min(end_, set_.size())) {
    const Place& place = set_.places_[next_++];
    if (set_.IsThere(place)) {
      return Entry{Value::FromWord(place.key), Value::FromWord(place.value)};
    }
  }
  return {};
}

void WeakAssociations::Trace(gc::WeakTrace<ValueModel>& trace,
                             std::uint32_t i) {
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

void WeakAssociations::Process(gc::WeakTrace<ValueModel>& trace,
                               std::uint32_t i) {
  Place& place = places_[i];
  if (!place.is_there()) return;
  if (!trace.Update(&place.key) || !trace.Update(&place.value)) Drop(i);
}

}  // namespace fledge::runtime
