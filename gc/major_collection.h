// Major collection: of the whole heap, with the world stopped.
//
// One trace from all roots. Young space and the candidates, the sparse blocks
// of old space, are the collection set and are evacuated into old space; every
// other object is marked where it is. So young space is empty afterwards but
// for objects kept in place, garbage that passes between the generations is
// found at once, and no card has to be looked at.
//
// Then the mark bitmap becomes the live bitmap, blocks without a mark are free,
// and the rest is swept when it is next allocated into.
//
// Design: docs/design/major_collection.md. Sources: S. Blackburn and K.
// McKinley, "Immix", PLDI 2008 (evacuating sparse blocks while marking); the
// GC Handbook, 2nd ed., sections 2.5 (lazy sweeping) and 10.6.
//
// Invariants:
//   [ma.marks]   Before and after, the mark bitmap is clear.
//   [ma.abort]   A copy that fails costs only compactness: the object is marked
//                in place.
//
// Threads: one, with the world stopped and every allocation buffer retired.
#pragma once

#include <vector>

#include "gc/candidates.h"
#include "gc/collection.h"
#include "gc/heap_core.h"
#include "gc/mutator.h"
#include "gc/object_model.h"
#include "gc/phase_timer.h"
#include "gc/tracer.h"
#include "gc/weak_processing.h"
#include "gc/young_blocks.h"

namespace fledge::gc {

template <ObjectModel Model>
class MajorCollection {
 public:
  using Value = typename Model::Value;

  explicit MajorCollection(Heap<Model>& heap)
      : heap_(heap), tracer_(heap, heap.model()) {}

  void Run(CollectionEvent& event) {
    PhaseTimer timer(event);

    timer.Enter(Phase::kPrepare);
    heap_.FinishSweep();
    heap_.RetireOldBuffers();
    const std::vector<BlockIndex> from = heap_.young().StartCollection();
    for (const BlockIndex block : from) {
      heap_.blocks().set_membership(block, Membership::Of(kToOldSpace));
    }
    std::vector<BlockIndex> candidates;
    ChooseCandidates(heap_, event.reason == CollectionReason::kOutOfMemory,
                     candidates);
    for (const BlockIndex block : candidates) {
      heap_.blocks().set_membership(block, Membership::Of(kToOldSpace));
    }
    std::vector<BlockIndex> set = from;
    set.insert(set.end(), candidates.begin(), candidates.end());
    tracer_.Start(set);
    heap_.old().StartMark();
    heap_.cards().CleanRange(heap_.memory().committed());

    timer.Enter(Phase::kRoots);
    VisitRoots(event);

    timer.Enter(Phase::kTrace);
    tracer_.Drain();

    timer.Enter(Phase::kWeak);
    WeakProcessing(heap_, tracer_, WeakScope::kMarked).Run();
    const TraceTotals& totals = tracer_.Finish();

    timer.Enter(Phase::kSweep);
    ReleaseFromBlocks(heap_.model(), heap_, from);
    for (const BlockIndex block : candidates) {
      heap_.blocks().set_membership(block, Membership());
    }
    heap_.EndMark();
    heap_.FinishSweep();

    timer.Enter(Phase::kFinish);
    const auto is_young = [&](Value value) {
      return heap_.young().Contains(heap_.model().FilterWord(value));
    };
    heap_.root_sources().template AfterCollection<Value>(is_young);
    heap_.noted_roots().KeepIfAny(is_young);
    event.promoted_bytes = totals.promoted;
    event.evacuated_bytes = totals.evacuated;
    event.kept_bytes = totals.kept;
    event.copy_failed = totals.copy_failed;
    timer.End();
  }

 private:
  void VisitRoots(CollectionEvent& event) {
    heap_.VisitPins([&](Address object) { tracer_.VisitPinned(object); });
    const auto visit = [&](Value* slot) {
      ++event.root_slots;
      tracer_.VisitSlot(slot);
    };
    heap_.VisitHandles(visit);
    heap_.root_sources().template VisitSlots<Value>(RootScope::kAll, visit);
    heap_.VisitRootRanges(visit);
    heap_.persistents().VisitSlots(visit);
  }

  Heap<Model>& heap_;
  Tracer<Model, TraceScope::kHeap> tracer_;
};

}  // namespace fledge::gc
