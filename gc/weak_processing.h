// Weak processing: what a pause does with weak sets, when everything that is
// strongly reachable was found.
//
//   1. Every set is traced: what its entries keep alive is kept. An entry whose
//      key is not reached yet waits for it, a set for its owner.
//   2. Until nothing is left: what was kept is traced, and what waited for an
//      object that is thereby reached is traced again.
//   3. Phase by phase, entries are processed: what is not reached is dead. What
//      finalizers keep of it is traced, as in 2, until they keep nothing more.
//
// A pause that looks at young objects alone does so with entries that are
// noted, any other with all. Step 2 takes time linear in entries and objects,
// see gc/awaited.h. For marking in steps, see gc/weak_cycle.h.
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
#include "gc/object_model.h"
#include "gc/weak_set.h"
#include "gc/weak_sets.h"
#include "gc/weak_tracing.h"

namespace fledge::gc {

template <ObjectModel Model, typename Tracing>
class WeakProcessing final : private WeakTracing<Model, Tracing&> {
  using Base = WeakTracing<Model, Tracing&>;
  using Base::awaited_;
  using Base::heap_;
  using Base::scope_;
  using Base::tracing_;
  using typename Base::Set;

 public:
  WeakProcessing(Heap<Model>& heap, Tracing& tracing, WeakScope scope)
      : Base(heap, tracing, scope, heap.awaited()) {}

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
    ProcessSets(WeakPhase::kReferences);
    // Also those of owners that a finalizer has kept: who is dead is known to
    // tables when nobody keeps anything any more.
    while (ProcessSets(WeakPhase::kFinalizers)) continue;
    ProcessSets(WeakPhase::kTables);
    tracing_.Await(nullptr);
    awaited_.Clear();
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (states_[i] == State::kUnreached) weak.Bury(*sets_[i]);
    }
  }

 private:
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
      this->TraceEntry(*sets_[number], entry - numbers_[number] - 1, entry);
    }
  }

  void TraceSet(std::uint32_t number) {
    Set& set = *sets_[number];
    if (!this->IsAlive(set.owner_)) {
      this->Wait(set.owner_, numbers_[number]);
      return;
    }
    states_[number] = State::kReached;
    const auto trace = [&](std::uint32_t i) {
      this->TraceEntry(set, i, numbers_[number] + 1 + i);
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
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (states_[i] != State::kReached || sets_[i]->phase() > phase) continue;
      states_[i] = State::kProcessed;
      ProcessSet(*sets_[i]);
      any = true;
    }
    this->VisitKept();
    Resolve();
    return any;
  }

  void ProcessSet(Set& set) {
    const std::vector<std::uint32_t> noted = std::exchange(set.noted_, {});
    for (const std::uint32_t i : noted) set.is_noted_[i] = false;
    this->ProcessOwner(set);
    if (scope_ == WeakScope::kNoted) {
      for (const std::uint32_t i : noted) this->ProcessEntry(set, i);
    } else {
      for (std::uint32_t i = 0; i < set.size(); ++i) this->ProcessEntry(set, i);
    }
    heap_.weak_sets().NoteUnsettled(set);
  }

  std::vector<Set*> sets_;
  std::vector<State> states_;            // Of each,
  std::vector<Awaited::Entry> numbers_;  // and what it waits by.
  std::vector<Awaited::Entry> ready_;
};

}  // namespace fledge::gc
