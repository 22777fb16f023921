// WeakCycle: weak processing where a cycle marks in steps.
//
//   steps             pause                 steps               pause
//   kTracing ........ FinishMarking() ..... kClearing ......... the cycle ends
//   what entries      finalizers' dead      entries drop who
//   keep is marked    are found             is not marked
//
// While marking goes on, entries are traced once the marker has nothing else
// left: what they keep becomes items of the marker, and those whose key is not
// marked wait for it from one step to the next. What the program does to
// entries meanwhile, it notes, and a noted entry is traced by the next minor
// collection, to which old keys are alive.
//
// When marking has ended nothing that the program can reach is unmarked, and
// nothing becomes so any more: old space hands out marked memory only. So
// entries can be processed when it suits, if until then nobody is handed what
// is not marked: WeakSet::IsDead(). Finalizers do not wait, as what they keep
// has to be marked before anybody is told who is dead; and if they keep
// something, nor do weak references, which have to be empty by then.
//
// Design: docs/design/weak_sets.md. Source for processing after the pause:
// concurrent reference processing in ZGC and Shenandoah (JEP 333, JEP 189).
//
// Invariants:
//   [wc.new]  A set that was added, or an entry that was written, since marking
//             ended refers to nothing that is dead.
//
// Threads: one, with the world stopped.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/check.h"
#include "gc/awaited.h"
#include "gc/heap_core.h"
#include "gc/marker.h"
#include "gc/object_model.h"
#include "gc/weak_set.h"
#include "gc/weak_sets.h"
#include "gc/weak_tracing.h"

namespace fledge::gc {

// Tracing by a marker: nothing moves.
template <ObjectModel Model>
class MarkerTracing {
 public:
  using Value = typename Model::Value;

  MarkerTracing(HeapCore& heap, const Model& model, Marker<Model>& marker)
      : heap_(heap), model_(model), marker_(marker) {}

  void Await(Awaited* awaited) { marker_.Await(awaited); }
  // Not of an object, so it is not recorded: the entry is noted instead.
  void VisitSlot(Value* slot) {
    const AddressRange old =
        RangeBetween(heap_.young().range().end(), heap_.object_range().end());
    if (!old.Contains(model_.FilterWord(*slot))) return;
    if (const Address object = model_.Decode(*slot)) marker_.Append(object);
  }

 private:
  HeapCore& heap_;
  const Model model_;
  Marker<Model>& marker_;
};

template <ObjectModel Model>
class WeakCycle final : private WeakTracing<Model, MarkerTracing<Model>> {
  using Base = WeakTracing<Model, MarkerTracing<Model>>;
  using Base::awaited_;
  using Base::heap_;
  using Base::tracing_;
  using typename Base::Set;

 public:
  // Borrows all.
  WeakCycle(Heap<Model>& heap, const Model& model, Marker<Model>& marker)
      : Base(heap, MarkerTracing<Model>(heap, model, marker),
             WeakScope::kMarked, waiting_),
        marker_(marker),
        waiting_(heap.os(), heap.object_range(), Awaited::Pages::kSmall) {}

  // Whether nothing is left to be traced, or processed, for now.
  bool done() const {
    const WeakSets<Model>& weak = heap_.weak_sets();
    const bool walked = set_ == nullptr && again_.empty() &&
                        next_position_ == weak.sets().size();
    switch (stage_) {
      case Stage::kNone:
        return weak.sets().empty();
      case Stage::kTracing:
        return walked && next_ready_ == ready_.size() &&
               !awaited_.any_ready() && !weak.any_renumbered();
      case Stage::kClearing:
        return walked && nobody_waits_;
    }
    return true;
  }

  // Traces, or processes, up to `most` entries; returns how many.
  // REQUIRES: the marker has nothing left.
  std::size_t Advance(std::size_t most) {
    if (stage_ == Stage::kNone) Start();
    TakeChanges();
    std::size_t left = most;
    while (left > 0 && !done()) {
      left -= stage_ == Stage::kTracing ? TraceSome(left) : ClearSome(left);
    }
    return most - left;
  }

  // In the pause in which nothing is left to be marked. Afterwards, who is not
  // marked is dead.
  void FinishMarking() {
    FLEDGE_CHECK(marker_.done() && done(),
                 "weak sets are processed when all is marked");
    if (stage_ == Stage::kNone) Start();
    bool references_are_empty = false;
    while (ProcessSets(finalizers_) && this->any_kept()) {
      if (!std::exchange(references_are_empty, true)) {
        ProcessSets(references_);
      }
      this->VisitKept();
      Resolve();
    }
    tracing_.Await(nullptr);
    stage_ = Stage::kClearing;
    nobody_waits_ = awaited_.is_clear();
    next_position_ = 0;
    heap_.weak_sets().SetClearing(true);
  }

  // The cycle is over, or was given up.
  void Clear() {
    if (std::exchange(stage_, Stage::kNone) == Stage::kNone) return;
    tracing_.Await(nullptr);
    awaited_.Clear();
    numbers_.clear();
    next_number_ = 0;
    ready_.clear();
    next_ready_ = 0;
    finalizers_.clear();
    references_.clear();
    again_.clear();
    next_position_ = 0;
    set_ = nullptr;
    heap_.weak_sets().SetClearing(false);
    heap_.weak_sets().ForgetPositions();
  }

 private:
  enum class Stage : std::uint8_t { kNone, kTracing, kClearing };

  // What waits has a number: a set, for its owner, and after it its entries.
  struct Number {
    Awaited::Entry first;
    std::size_t position;  // The set's.
  };

  void Start() {
    stage_ = Stage::kTracing;
    heap_.weak_sets().KeepPositions();
    tracing_.Await(&awaited_);
  }

  // What the program did to sets since the last step.
  void TakeChanges() {
    WeakSets<Model>& weak = heap_.weak_sets();
    if (set_ != nullptr && weak.sets()[position_] != set_) set_ = nullptr;
    for (Set* set : weak.TakeRenumbered()) {
      // Those that are not being cleared have been or will be.
      if (stage_ == Stage::kClearing && set != set_) continue;
      if (set == set_) set_ = nullptr;
      again_.push_back(set->position_);
    }
  }

  std::size_t TraceSome(std::size_t most) {
    if (next_ready_ == ready_.size()) {
      awaited_.TakeReady(ready_);
      next_ready_ = 0;
    }
    if (ready_.empty()) {
      return WalkSome(most, [this](Set& set, std::uint32_t i) {
        this->TraceEntry(set, i, set.number_ + 1 + i);
      });
    }
    const std::size_t count = std::min(most, ready_.size() - next_ready_);
    for (std::size_t i = 0; i < count; ++i)
      TraceNumbered(ready_[next_ready_++]);
    return count;
  }

  std::size_t ClearSome(std::size_t most) {
    if (!nobody_waits_) {
      nobody_waits_ = awaited_.ClearSlice();
      return most;
    }
    return WalkSome(most, [this](Set& set, std::uint32_t i) {
      this->ProcessEntry(set, i);
    });
  }

  // Visits up to `most` entries of the set that is being walked through, or
  // goes to the next. Returns what to count for that.
  template <typename Visitor>
  std::size_t WalkSome(std::size_t most, Visitor&& visit) {
    if (set_ == nullptr) {
      if (again_.empty()) {
        Begin(next_position_++);
      } else {
        Begin(again_.back());
        again_.pop_back();
      }
      return 1;
    }
    const std::uint32_t end = std::min(end_entry_, set_->size());
    const std::size_t count =
        std::min<std::size_t>(most, end - std::min(next_entry_, end));
    for (std::size_t i = 0; i < count; ++i) visit(*set_, next_entry_++);
    if (next_entry_ >= end) {
      if (stage_ == Stage::kClearing) End(*set_);
      set_ = nullptr;
    }
    return std::max<std::size_t>(count, 1);
  }

  void Begin(std::size_t position) {
    Set* const set = heap_.weak_sets().sets()[position];
    if (set == nullptr) return;
    if (stage_ == Stage::kTracing) {
      NumberEntries(*set);
      if (!this->IsAlive(set->owner_)) {
        this->Wait(set->owner_, set->number_);
        return;
      }
    } else {
      if (set->is_processed_) return;
      if (!this->IsAlive(set->owner_)) return heap_.weak_sets().Bury(*set);
    }
    set_ = set;
    position_ = position;
    next_entry_ = 0;
    end_entry_ = set->size();
  }

  void NumberEntries(Set& set) {
    set.is_processed_ = false;
    set.number_ = static_cast<Awaited::Entry>(next_number_);
    numbers_.push_back({set.number_, set.position_});
    next_number_ += std::uint64_t{1} + set.size();
    FLEDGE_CHECK(next_number_ <= Awaited::kMostEntries,
                 "weak sets have more entries than can be numbered");
    if (set.phase() == WeakPhase::kFinalizers)
      finalizers_.push_back(set.position_);
    if (set.phase() == WeakPhase::kReferences)
      references_.push_back(set.position_);
  }

  // A set that was numbered anew, or is gone, waits no more by its old numbers.
  void TraceNumbered(Awaited::Entry number) {
    const auto after = std::upper_bound(
        numbers_.begin(), numbers_.end(), number,
        [](Awaited::Entry a, const Number& b) { return a < b.first; });
    const Number& of = *std::prev(after);
    Set* const set = heap_.weak_sets().sets()[of.position];
    if (set == nullptr || set->number_ != of.first) return;
    if (number == of.first) {
      again_.push_back(of.position);
    } else if (number - of.first <= set->size()) {
      this->TraceEntry(*set, number - of.first - 1, number);
    }
  }

  // The sets that are there, with owners who live, and were not
  // processed yet, whole; returns whether there were any.
  bool ProcessSets(const std::vector<std::size_t>& positions) {
    bool any = false;
    for (const std::size_t position : positions) {
      Set* const set = heap_.weak_sets().sets()[position];
      if (set == nullptr || set->is_processed_ || !this->IsAlive(set->owner_)) {
        continue;
      }
      for (std::uint32_t i = 0; i < set->size(); ++i) {
        this->ProcessEntry(*set, i);
      }
      End(*set);
      any = true;
    }
    return any;
  }

  // It was processed.
  void End(Set& set) {
    set.is_processed_ = true;
    this->ProcessOwner(set);
    heap_.weak_sets().NoteUnsettled(set);
  }

  // Until nothing is left to be marked.
  void Resolve() {
    constexpr std::size_t kItemsAtOnce = 4096;
    while (!marker_.done() || !done()) {
      if (marker_.done()) {
        Advance(kItemsAtOnce);
      } else {
        marker_.Advance(kItemsAtOnce);
      }
    }
  }

  Marker<Model>& marker_;
  Awaited waiting_;           // Base::awaited_.
  bool nobody_waits_ = true;  // In waiting_, and it is to be so.
  Stage stage_ = Stage::kNone;

  std::vector<Number> numbers_;  // By the first.
  std::uint64_t next_number_ = 0;
  std::vector<Awaited::Entry> ready_;
  std::size_t next_ready_ = 0;
  std::vector<std::size_t> finalizers_;  // Positions of such sets.
  std::vector<std::size_t> references_;

  // The walk through the sets.
  std::vector<std::size_t> again_;  // Positions that come before the next.
  std::size_t next_position_ = 0;
  Set* set_ = nullptr;  // Where it is.
  std::size_t position_ = 0;
  std::uint32_t next_entry_ = 0;
  std::uint32_t end_entry_ = 0;
};

}  // namespace fledge::gc
