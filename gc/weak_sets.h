// WeakSets: all weak sets of a heap, and which of them a minor collection has
// to ask.
//
// From the end of a cycle's marking until all entries were processed, an object
// that is not marked is dead to whoever asks.
//
// Design: docs/design/weak_sets.md.
//
// Invariants:
//   [ws.noted]  Outside a pause, an entry that refers to a young object or into
//               a candidate is noted, and a set with such an entry or owner is
//               listed.
//
// Threads: as each function says.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "gc/heap_core.h"
#include "gc/object_model.h"
#include "gc/weak_set.h"

namespace fledge::gc {

template <ObjectModel Model>
class WeakSets {
 public:
  using Value = typename Model::Value;
  using Set = WeakSet<Model>;

  // Borrows `heap`.
  WeakSets(HeapCore& heap, const Model& model) : heap_(heap), model_(model) {}
  WeakSets(const WeakSets&) = delete;
  WeakSets& operator=(const WeakSets&) = delete;
  ~WeakSets() {
    for (Set* set : sets_) {
      if (set != nullptr && set->is_owned_) delete set;
    }
  }

  // Unless the world is stopped, under the lock of Safepoints. Borrows `set`
  // until it is removed.
  void Add(Set& set) {
    set.sets_ = this;
    set.position_ = sets_.size();
    sets_.push_back(&set);
  }
  void Remove(Set& set) {
    if (keeps_positions_) {
      sets_[set.position_] = nullptr;
      ++hole_count_;
    } else {
      sets_[set.position_] = sets_.back();
      sets_[set.position_]->position_ = set.position_;
      sets_.pop_back();
    }
    {
      const std::lock_guard lock(mutex_);
      if (set.is_listed_) std::erase(listed_, &set);
      if (set.is_renumbered_) std::erase(renumbered_, &set);
    }
    const std::lock_guard lock(settling_mutex_);
    std::erase(unsettled_, &set);
  }
  // The same, but it has the set until its owner dies.
  void Adopt(std::unique_ptr<Set> set, Value owner) {
    set->owner_ = owner;
    set->is_owned_ = true;
    Add(*set.release());
  }

  // By any mutator, if no other uses the set meanwhile.
  void Note(Set& set, std::uint32_t i) {
    set.Note(i);
    List(set);
  }
  void List(Set& set) {
    if (std::exchange(set.is_listed_, true)) return;
    const std::lock_guard lock(mutex_);
    listed_.push_back(&set);
  }

  // Its entries have other indices from now on.
  void NoteRenumbered(Set& set) {
    if (!keeps_positions_ || std::exchange(set.is_renumbered_, true)) return;
    const std::lock_guard lock(mutex_);
    renumbered_.push_back(&set);
  }

  // Between pauses. Whether the object is dead to whoever finds it in an entry.
  bool IsDead(Value value) const { return is_clearing_ && IsUnmarked(value); }

  // Between pauses, by any thread. A slice of what sets have to settle; returns
  // whether nothing is left.
  bool SettleSlice() {
    const std::lock_guard lock(settling_mutex_);
    if (!unsettled_.empty() && unsettled_.back()->Settle()) {
      unsettled_.pop_back();
    }
    return unsettled_.empty();
  }

  // World stopped. Null where one was removed in the cycle under way.
  const std::vector<Set*>& sets() const { return sets_; }
  // From now on sets keep their positions, and new ones come last, until no
  // cycle needs it.
  void KeepPositions() { keeps_positions_ = true; }
  void ForgetPositions() {
    keeps_positions_ = false;
    TakeRenumbered();
    if (std::exchange(hole_count_, 0) == 0) return;
    std::erase(sets_, nullptr);
    for (std::size_t i = 0; i < sets_.size(); ++i) sets_[i]->position_ = i;
  }
  std::vector<Set*> TakeRenumbered() {
    for (Set* set : renumbered_) set->is_renumbered_ = false;
    return std::exchange(renumbered_, {});
  }
  bool any_renumbered() const { return !renumbered_.empty(); }
  // From now on who is not marked is dead, or not known to be.
  void SetClearing(bool clearing) { is_clearing_ = clearing; }
  bool is_clearing() const { return is_clearing_; }
  std::vector<Set*> TakeListed() {
    for (Set* set : listed_) set->is_listed_ = false;
    return std::exchange(listed_, {});
  }
  // After a set was processed: notes if it has something to settle.
  void NoteUnsettled(Set& set) {
    if (std::exchange(set.is_settled_, true)) return;
    const std::lock_guard lock(settling_mutex_);
    if (std::find(unsettled_.begin(), unsettled_.end(), &set) ==
        unsettled_.end()) {
      unsettled_.push_back(&set);
    }
  }
  // Takes a set whose owner is dead out; it is not listed.
  void Bury(Set& set) {
    Remove(set);
    dead_.emplace_back(&set);
  }
  // Under the lock of Safepoints. Those that were buried, to be destroyed when
  // mutators run again.
  std::vector<std::unique_ptr<Set>> TakeDead() {
    return std::exchange(dead_, {});
  }

 private:
  [[gnu::noinline]] bool IsUnmarked(Value value) const {
    const AddressRange old =
        RangeBetween(heap_.young().range().end(), heap_.object_range().end());
    if (!old.Contains(model_.FilterWord(value))) return false;
    const Address object = model_.Decode(value);
    return object != kNullAddress && !heap_.marks().TestShared(object);
  }

  HeapCore& heap_;
  const Model model_;
  std::mutex mutex_;  // Guards listed_ and renumbered_ between pauses.
  std::vector<Set*> sets_;
  std::vector<Set*> listed_;
  std::vector<Set*> renumbered_;
  // Written with the world stopped.
  std::size_t hole_count_ = 0;
  bool keeps_positions_ = false;
  bool is_clearing_ = false;
  std::mutex settling_mutex_;  // Guards unsettled_.
  std::vector<Set*> unsettled_;
  std::vector<std::unique_ptr<Set>> dead_;
};

template <ObjectModel Model>
bool WeakSet<Model>::IsDead(Value value) const {
  return sets_ != nullptr && sets_->IsDead(value);
}

template <ObjectModel Model>
void WeakSet<Model>::NoteRenumbered() {
  if (sets_ != nullptr) sets_->NoteRenumbered(*this);
}

}  // namespace fledge::gc
