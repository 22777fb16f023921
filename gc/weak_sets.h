// WeakSets: all weak sets of a heap, and which of them a minor collection has
// to ask.
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

#include "gc/object_model.h"
#include "gc/weak_set.h"

namespace fledge::gc {

template <ObjectModel Model>
class WeakSets {
 public:
  using Value = typename Model::Value;
  using Set = WeakSet<Model>;

  WeakSets() = default;
  WeakSets(const WeakSets&) = delete;
  WeakSets& operator=(const WeakSets&) = delete;
  ~WeakSets() {
    for (Set* set : sets_) {
      if (set->is_owned_) delete set;
    }
  }

  // Unless the world is stopped, under the lock of Safepoints. Borrows `set`
  // until it is removed.
  void Add(Set& set) {
    set.position_ = sets_.size();
    sets_.push_back(&set);
  }
  void Remove(Set& set) {
    sets_[set.position_] = sets_.back();
    sets_[set.position_]->position_ = set.position_;
    sets_.pop_back();
    {
      const std::lock_guard lock(mutex_);
      if (set.is_listed_) std::erase(listed_, &set);
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

  // Between pauses, by any thread. A slice of what sets have to settle; returns
  // whether nothing is left.
  bool SettleSlice() {
    const std::lock_guard lock(settling_mutex_);
    if (!unsettled_.empty() && unsettled_.back()->Settle()) {
      unsettled_.pop_back();
    }
    return unsettled_.empty();
  }

  // World stopped.
  const std::vector<Set*>& sets() const { return sets_; }
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
  std::mutex mutex_;  // Guards listed_ between pauses.
  std::vector<Set*> sets_;
  std::vector<Set*> listed_;
  std::mutex settling_mutex_;  // Guards unsettled_.
  std::vector<Set*> unsettled_;
  std::vector<std::unique_ptr<Set>> dead_;
};

}  // namespace fledge::gc
