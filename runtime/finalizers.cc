#include "runtime/finalizers.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::runtime {

Finalizers::Finalizers(Mode mode)
    : gc::WeakSet<ValueModel>(mode == Mode::kCleanup
                                  ? gc::WeakPhase::kTables
                                  : gc::WeakPhase::kFinalizers),
      mode_(mode) {}

Finalizers::Finalizers(Heap& heap, Mode mode) : Finalizers(mode) {
  registration_ = heap.RegisterWeakSet(*this);
}

Finalizers::Ticket Finalizers::Register(Mutator& mutator, Value object,
                                        Value held, std::int32_t priority) {
  FLEDGE_CHECK(object.IsReference(), "only objects can be finalized");
  FLEDGE_CHECK(held != object,
               "a finalizer that holds its own object would keep it alive");
  const std::lock_guard lock(mutex_);
  std::uint32_t i = size();
  if (unused_.empty()) {
    places_.push_back({});
  } else {
    i = unused_.back();
    unused_.pop_back();
  }
  Place& place = places_[i];
  place.object = object.word();
  place.held = mode_ == Mode::kCleanup ? held.word() : Value().word();
  place.order = next_order_++;
  place.priority = priority;
  ++place.use;
  place.state = State::kWaiting;
  ++count_;
  mutator.NoteWeak(*this, i, place.object);
  mutator.NoteWeak(*this, i, place.held);
  Ticket ticket;
  ticket.place_ = i;
  ticket.use_ = place.use;
  return ticket;
}

bool Finalizers::Unregister(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  if (ticket.use_ == 0 || places_[ticket.place_].use != ticket.use_ ||
      places_[ticket.place_].state == State::kUnused) {
    return false;
  }
  if (places_[ticket.place_].state == State::kDead) {
    SortDead();
    const Place& place = places_[ticket.place_];
    dead_.erase(
        std::lower_bound(dead_.begin(), dead_.end(),
                         Dead{place.priority, ticket.place_, place.order}));
    sorted_count_ = dead_.size();
  }
  Free(ticket.place_);
  return true;
}

std::optional<Value> Finalizers::TakeNext() {
  const std::lock_guard lock(mutex_);
  if (dead_.empty()) return {};
  SortDead();
  const std::uint32_t i = dead_.back().place;
  dead_.pop_back();
  sorted_count_ = dead_.size();
  const Place& place = places_[i];
  const Value taken =
      Value::FromWord(mode_ == Mode::kCleanup ? place.held : place.object);
  Free(i);
  return taken;
}

std::size_t Finalizers::count() {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::size_t Finalizers::dead_count() {
  const std::lock_guard lock(mutex_);
  return dead_.size();
}

void Finalizers::SortDead() {
  if (sorted_count_ == dead_.size()) return;
  const auto found = dead_.begin() + static_cast<std::ptrdiff_t>(sorted_count_);
  std::sort(found, dead_.end());
  std::inplace_merge(dead_.begin(), found, dead_.end());
  sorted_count_ = dead_.size();
}

void Finalizers::Free(std::uint32_t i) {
  Place& place = places_[i];
  place.object = Value().word();
  place.held = Value().word();
  place.state = State::kUnused;
  unused_.push_back(i);
  --count_;
}

void Finalizers::Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (mode_ == Mode::kCleanup) {
    trace.Keep(&place.held);
  } else if (place.state == State::kDead) {
    trace.Keep(&place.object);
  }
}

void Finalizers::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.state == State::kUnused) return;
  trace.Update(&place.held);
  if (trace.Update(&place.object)) return;
  place.state = State::kDead;
  dead_.push_back({place.priority, i, place.order});
  if (mode_ == Mode::kCleanup) {
    place.object = Value().word();
  } else {
    trace.Keep(&place.object);
  }
}

}  // namespace fledge::runtime
