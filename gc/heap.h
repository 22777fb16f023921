// Heap<Model>: a garbage-collected heap for the objects of one model.
//
//   fledge::gc::Heap<MyModel> heap({.max_heap_bytes = 1 * fledge::kGiB});
//   fledge::gc::Mutator<MyModel> mutator(heap);      // Attaches this thread.
//   fledge::gc::HandleScope<MyModel> scope(mutator);
//   fledge::gc::Local<MyModel> x(mutator, value);    // Survives collections.
//
// This is the header that an embedder includes. Any number of heaps may live
// in a process and any number of threads may attach to each.
//
// Design: docs/design/heap.md. How to write code against it:
// docs/gc_safe_coding.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "allocator/poison.h"
#include "gc/collection.h"
#include "gc/fault_watch.h"
#include "gc/handles.h"
#include "gc/heap_core.h"
#include "gc/heap_options.h"
#include "gc/marker.h"
#include "gc/mutator.h"
#include "gc/object_model.h"
#include "gc/roots.h"
#include "gc/weak_cycle.h"
#include "gc/weak_set.h"
#include "gc/weak_sets.h"

namespace fledge::gc {

template <ObjectModel Model>
class Heap final : public HeapCore {
 public:
  using Value = typename Model::Value;
  using Mutator = gc::Mutator<Model>;

  // Reserves address space and commits the young space. Aborts with a message
  // when the OS refuses even the least.
  explicit Heap(const HeapOptions& options = {})
      : HeapCore(options, {Model::kDirection, Model::kLargestReservation,
                           sizeof(Value)}),
        model_(reservation()),
        persistents_(noted_roots_),
        weak_sets_(*this, model_),
        marker_(*this, model_),
        weak_cycle_(*this, model_, marker_) {
    if (this->options().stress.protect) {
      fault_watch_ =
          std::make_unique<FaultWatch>(young().range(), &ReportFault, this);
    }
  }

  // Registers `slots` of the embedder's memory as roots, until the returned
  // object is destroyed, which must be before the heap. Write them with
  // Mutator::WriteRoot(). Thread-safe.
  std::unique_ptr<RootRange<Value>, std::function<void(RootRange<Value>*)>>
  RegisterRoots(std::span<Value> slots) {
    const auto lock = safepoints().LockUnstopped();
    return Register(
        new RootRange<Value>(noted_roots_, slots.data(), slots.size()));
  }
  // Registers the part of a stack from `begin` to what `*top` is at each
  // collection; plain stores may write it. Thread-safe.
  std::unique_ptr<RootRange<Value>, std::function<void(RootRange<Value>*)>>
  RegisterStack(Value* begin, Value* const* top) {
    const auto lock = safepoints().LockUnstopped();
    return Register(new RootRange<Value>(begin, top));
  }

  // Registers a weak set, until the returned object is destroyed, which must be
  // before the set and the heap. Thread-safe.
  std::unique_ptr<WeakSet<Model>, std::function<void(WeakSet<Model>*)>>
  RegisterWeakSet(WeakSet<Model>& set) {
    const auto lock = safepoints().LockUnstopped();
    weak_sets_.Add(set);
    return {&set, [this](WeakSet<Model>* gone) {
              const auto unstopped = safepoints().LockUnstopped();
              weak_sets_.Remove(*gone);
            }};
  }
  // The same for a set whose life is that of `owner`, an object of this heap:
  // when it is dead, or the heap is, the set is destroyed, by a thread that
  // collects or destroys the heap, outside the pause.
  void AdoptWeakSet(std::unique_ptr<WeakSet<Model>> set, Value owner) {
    const auto lock = safepoints().LockUnstopped();
    WeakSet<Model>& adopted = *set;
    weak_sets_.Adopt(std::move(set), owner);
    weak_sets_.List(adopted);
  }

  const Model& model() const { return model_; }

  LiveSummary Summarize(MutatorCore& self) override;
  // Calls visit(address) for each object that is alive, with the world stopped,
  // after a major collection; visit() must not collect. False, without a call,
  // if another thread's collection came in between, or if the policy does not
  // collect. O(heap).
  template <typename Visitor>
  bool VisitLive(MutatorCore& self, Visitor&& visit);

  // For the collections, the verifier and handles.
  PersistentTable<Value>& persistents() { return persistents_; }
  NotedRoots<Value>& noted_roots() { return noted_roots_; }
  WeakSets<Model>& weak_sets() { return weak_sets_; }

  // World stopped. Every handle of every mutator.
  template <typename Visitor>
  void VisitHandles(Visitor&& visit) {
    for (MutatorCore* mutator : safepoints().mutators()) {
      const AddressRange handles = mutator->handles();
      for (Value* slot = reinterpret_cast<Value*>(handles.begin);
           slot != reinterpret_cast<Value*>(handles.end()); ++slot) {
        visit(slot);
      }
    }
  }
  template <typename Visitor>
  void VisitRootRanges(Visitor&& visit) {
    for (RootRange<Value>* range : ranges_) range->VisitSlots(visit);
  }
  template <typename Visitor>
  void VisitAlwaysScanned(Visitor&& visit) {
    for (RootRange<Value>* range : ranges_) {
      if (range->always_scanned()) range->VisitSlots(visit);
    }
  }
  template <typename Visitor>
  void VisitGenerationalChunks(Visitor&& visit) {
    persistents_.VisitChunks(visit);
    for (RootRange<Value>* range : ranges_) range->VisitChunks(visit);
  }
  // Whether a minor collection has to see the slots that hold `value`, so that
  // a chunk of roots with such a slot stays noted.
  bool IsNotedFor(Value value) {
    const Address word = model_.FilterWord(value);
    if (young().Contains(word)) return true;
    return !candidates().empty() && memory().committed().Contains(word) &&
           blocks().MembershipOf(word).is_candidate();
  }
  template <typename Visitor>
  void VisitGenerational(Visitor&& visit) {
    for (RootRange<Value>* range : ranges_) {
      if (!range->always_scanned()) range->VisitSlots(visit);
    }
  }

 private:
  std::unique_ptr<RootRange<Value>, std::function<void(RootRange<Value>*)>>
  Register(RootRange<Value>* range) {
    ranges_.push_back(range);
    return {range, [this](RootRange<Value>* gone) {
              const auto lock = safepoints().LockUnstopped();
              std::erase(ranges_, gone);
              delete gone;
            }};
  }

  static void ReportFault(void* heap, Address address);
  void RunCollection(CollectionEvent& event) override;
  void VerifyHeap(const char* when) override;
  MarkStep AdvanceMarker(std::size_t items) override;
  void FinishMarking() override { weak_cycle_.FinishMarking(); }
  void ClearMarker() override {
    marker_.Clear();
    weak_cycle_.Clear();
  }
  void DestroyDead() override;
  bool SettleWeakSets() override { return weak_sets_.SettleSlice(); }
  Hole* SweepBlock(BlockIndex block) override;
  void SetBirthsLive(AddressRange born) override;

  const Model model_;
  NotedRoots<Value> noted_roots_;
  PersistentTable<Value> persistents_;
  std::vector<RootRange<Value>*> ranges_;
  WeakSets<Model> weak_sets_;
  Marker<Model> marker_;
  WeakCycle<Model> weak_cycle_;
  std::unique_ptr<FaultWatch> fault_watch_;  // Only if from-space is protected.
};

}  // namespace fledge::gc

#include "gc/heap-inl.h"
