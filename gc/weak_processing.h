// Weak processing: what a pause does with weak sets, when everything that is
// strongly reachable was found.
//
//   1. Every set is traced: what its entries keep alive is kept. An entry whose
//      key is not reached yet waits for it, a set for its owner.
//   2. Until nothing is left: what was kept is traced, and what waited for an
//      object that is thereby reached is traced again.
//   3. Phase by phase, entries are processed: what is not reached is dead. What
//      finalizers keep of it is traced, as in 2, before the next phase.
//
// A pause that looks at young objects alone does so with entries that are
// noted, any other with all. Step 2 takes time linear in entries and objects,
// see gc/awaited.h.
//
// Design: docs/design/weak_sets.md. Source: the GC Handbook, 2nd ed., chapter
// 12.
//
// Invariants:
//   [ws.once]   In a pause an entry is processed at most once, and after it was
//               traced.
//   [ws.owner]  Of a set whose owner is dead nothing is traced or processed.
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
#include "gc/block_table.h"
#include "gc/heap_core.h"
#include "gc/marker.h"
#include "gc/object_model.h"
#include "gc/weak_set.h"
#include "gc/weak_sets.h"

namespace fledge::gc {

template <ObjectModel Model>
class Heap;

// Which entries a pause has to do with, and which objects outside the
// collection set are alive.
enum class WeakScope : std::uint8_t {
  kNoted,   // Noted ones; all objects.
  kMarked,  // All; young ones, and old ones that are marked.
};

// `Tracing` follows slots: VisitSlot(), Drain(), and Await(awaited), after
// which it tells `awaited` of each object it reaches.
template <ObjectModel Model, typename Tracing>
class WeakProcessing final : private WeakTrace<Model> {
 public:
  using Value = typename Model::Value;

  WeakProcessing(Heap<Model>& heap, Tracing& tracing, WeakScope scope)
      : heap_(heap),
        tracing_(tracing),
        scope_(scope),
        awaited_(heap.awaited()) {}
  WeakProcessing(const WeakProcessing&) = delete;
  WeakProcessing& operator=(const WeakProcessing&) = delete;

  // REQUIRES: strong tracing has ended, and memberships still say what moved.
  void Run() {
    WeakSets<Model>& weak = heap_.weak_sets();
    const std::vector<Set*> listed = weak.TakeListed();
    sets_ = scope_ == WeakScope::kNoted ? listed : weak.sets();
    if (sets_.empty()) return;
    states_.assign(sets_.size(), State::kUnreached);
    NumberEntries();
    tracing_.Await(&awaited_);
    for (std::uint32_t i = 0; i < sets_.size(); ++i) TraceSet(i);
    Resolve();
    for (const WeakPhase phase :
         {WeakPhase::kReferences, WeakPhase::kFinalizers, WeakPhase::kTables}) {
      ProcessSets(phase);
    }
    // Those of owners that a finalizer has kept.
    while (ProcessSets(WeakPhase::kTables)) continue;
    tracing_.Await(nullptr);
    awaited_.Clear();
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (states_[i] == State::kUnreached) weak.Bury(*sets_[i]);
    }
  }

 private:
  using Set = WeakSet<Model>;

  // Whether a set's owner was reached, and then whether it was processed.
  enum class State : std::uint8_t { kUnreached, kReached, kProcessed };

  // What waits has a number: a set, for its owner, and after it its entries.
  void NumberEntries() {
    std::uint64_t next = 0;
    numbers_.clear();
    for (const Set* set : sets_) {
      numbers_.push_back(static_cast<Awaited::Entry>(next));
      next += std::uint64_t{1} + set->size();
      FLEDGE_CHECK(next <= Awaited::kMostEntries,
                   "weak sets have more entries than can be numbered");
    }
  }
  void TraceNumbered(Awaited::Entry entry) {
    const auto after =
        std::upper_bound(numbers_.begin(), numbers_.end(), entry);
    const auto number =
        static_cast<std::uint32_t>(after - numbers_.begin() - 1);
    if (entry == numbers_[number]) {
      TraceSet(number);
    } else {
      tracing_entry_ = entry;
      sets_[number]->Trace(*this, entry - numbers_[number] - 1);
    }
  }

  void TraceSet(std::uint32_t number) {
    Set& set = *sets_[number];
    if (!IsAlive(set.owner_)) {
      Wait(set.owner_, numbers_[number]);
      return;
    }
    states_[number] = State::kReached;
    const auto trace = [&](std::uint32_t i) {
      tracing_entry_ = numbers_[number] + 1 + i;
      set.Trace(*this, i);
    };
    if (scope_ == WeakScope::kNoted) {
      for (const std::uint32_t i : set.noted_) trace(i);
    } else {
      for (std::uint32_t i = 0; i < set.size(); ++i) trace(i);
    }
  }

  void Resolve() {
    for (;;) {
      tracing_.Drain();
      awaited_.TakeReady(ready_);
      if (ready_.empty()) return;
      for (const Awaited::Entry entry : ready_) TraceNumbered(entry);
    }
  }

  // Processes those whose turn it is in this phase, or was before they were
  // reached; returns whether there were any.
  bool ProcessSets(WeakPhase phase) {
    bool any = false;
    is_processing_ = true;
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (states_[i] != State::kReached || sets_[i]->phase() > phase) continue;
      states_[i] = State::kProcessed;
      ProcessSet(*sets_[i]);
      any = true;
    }
    is_processing_ = false;
    for (Value* slot : std::exchange(kept_, {})) tracing_.VisitSlot(slot);
    Resolve();
    return any;
  }

  // Notes anew which entries another minor collection has to see.
  void ProcessSet(Set& set) {
    const std::vector<std::uint32_t> noted = std::exchange(set.noted_, {});
    for (const std::uint32_t i : noted) set.is_noted_[i] = false;
    is_noted_ = false;
    Update(&set.owner_);
    if (is_noted_) heap_.weak_sets().List(set);
    const auto process = [&](std::uint32_t i) {
      is_noted_ = false;
      set.Process(*this, i);
      if (is_noted_) heap_.weak_sets().Note(set, i);
    };
    if (scope_ == WeakScope::kNoted) {
      for (const std::uint32_t i : noted) process(i);
    } else {
      for (std::uint32_t i = 0; i < set.size(); ++i) process(i);
    }
    heap_.weak_sets().NoteUnsettled(set);
  }

  // Of what finalizers keep, nothing is reached before all that is dead was
  // found, so that their order says nothing.
  void Keep(Value* slot) override {
    if (is_processing_) {
      is_noted_ = true;  // It is not known yet where it will be.
      kept_.push_back(slot);
    } else {
      tracing_.VisitSlot(slot);
    }
  }

  void KeepIfAlive(Value key, Value* slot) override {
    if (IsAlive(key)) {
      tracing_.VisitSlot(slot);
    } else {
      Wait(key, tracing_entry_);
    }
  }

  bool Update(Value* slot) override {
    const Value value = *slot;
    const Address object = ObjectIn(value);
    if (object == kNullAddress) return true;
    const Address to = WhereIs(object);
    if (to == kNullAddress) return false;
    if (to != object) *slot = heap_.model().Rebase(value, object, to);
    is_noted_ |= heap_.IsNotedFor(*slot);
    return true;
  }

  void Wait(Value key, Awaited::Entry entry) {
    awaited_.Add(ObjectIn(key), entry);
  }

  bool IsAlive(Value value) const {
    const Address object = ObjectIn(value);
    return object == kNullAddress || WhereIs(object) != kNullAddress;
  }

  // The object of this heap that `value` refers to, or none.
  Address ObjectIn(Value value) const {
    const AddressRange objects =
        RangeBetween(heap_.young().range().begin, heap_.object_range().end());
    return objects.Contains(heap_.model().FilterWord(value))
               ? heap_.model().Decode(value)
               : kNullAddress;
  }

  // Where an object is now, or null if it is not known to be alive.
  Address WhereIs(Address object) const {
    const Membership membership = heap_.blocks().MembershipOf(object);
    if (membership.is_member()) {
      const Header header = LoadHeader(object);
      if (heap_.model().IsForwarded(header)) {
        return heap_.model().ForwardingAddress(header);
      }
      const bool kept = membership.has_kept() && heap_.marks().Test(object);
      return kept ? object : kNullAddress;
    }
    const bool alive = scope_ == WeakScope::kNoted ||
                       heap_.young().Contains(object) ||
                       heap_.marks().Test(object);
    return alive ? object : kNullAddress;
  }

  Heap<Model>& heap_;
  Tracing& tracing_;
  const WeakScope scope_;
  std::vector<Set*> sets_;
  std::vector<State> states_;  // Of each.
  std::vector<Value*> kept_;   // By finalizers, in the phase under way.
  Awaited& awaited_;
  std::vector<Awaited::Entry> numbers_;  // Of each set.
  std::vector<Awaited::Entry> ready_;
  Awaited::Entry tracing_entry_ = 0;
  bool is_processing_ = false;  // Not tracing.
  bool is_noted_ = false;       // The entry that is being processed.
};

// Tracing for the pause in which a cycle's marking ends: nothing moves.
template <ObjectModel Model>
class MarkerTracing {
 public:
  using Value = typename Model::Value;

  MarkerTracing(Heap<Model>& heap, Marker<Model>& marker)
      : heap_(heap), marker_(marker) {}

  void Await(Awaited* awaited) { marker_.Await(awaited); }
  // Not of an object, so it is not recorded: the entry is noted instead.
  void VisitSlot(Value* slot) {
    const AddressRange old =
        RangeBetween(heap_.young().range().end(), heap_.object_range().end());
    if (!old.Contains(heap_.model().FilterWord(*slot))) return;
    if (const Address object = heap_.model().Decode(*slot)) {
      marker_.Append(object);
    }
  }
  void Drain() {
    constexpr std::size_t kItemsAtOnce = 4096;
    while (!marker_.done()) marker_.Advance(kItemsAtOnce);
  }

 private:
  Heap<Model>& heap_;
  Marker<Model>& marker_;
};

}  // namespace fledge::gc
