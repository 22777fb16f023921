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

#include <algorithm>
#include <cstddef>
#include <vector>

#include "gc/collection.h"
#include "gc/heap_core.h"
#include "gc/mutator.h"
#include "gc/object_model.h"
#include "gc/phase_timer.h"
#include "gc/tracer.h"
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
    heap_.RetireOldBuffers();
    const std::vector<BlockIndex> from = heap_.young().StartCollection();
    for (const BlockIndex block : from) {
      heap_.blocks().set_membership(block, Membership::Of(kToOldSpace));
    }
    const std::vector<BlockIndex> candidates = ChooseCandidates(event.reason);
    for (const BlockIndex block : candidates) {
      heap_.blocks().set_membership(block, Membership::Of(kToOldSpace));
    }
    tracer_.Start(from);
    heap_.old().StartMark();
    heap_.cards().CleanRange(heap_.memory().committed());

    timer.Enter(Phase::kRoots);
    VisitRoots(event);

    timer.Enter(Phase::kTrace);
    const TraceTotals& totals = tracer_.Finish();

    timer.Enter(Phase::kSweep);
    ReleaseFromBlocks(heap_.model(), heap_, from);
    for (const BlockIndex block : candidates) {
      heap_.blocks().set_membership(block, Membership());
    }
    SwitchBitmaps();
    heap_.RetireOldBuffers();
    heap_.old().AfterMark();
    heap_.large().Sweep(heap_.live());

    timer.Enter(Phase::kFinish);
    heap_.marks().ClearRange(heap_.memory().committed());
    heap_.noted_roots().KeepIfAny([&](Value value) {
      return heap_.young().Contains(heap_.model().FilterWord(value));
    });
    event.promoted_bytes = totals.promoted;
    event.evacuated_bytes = totals.evacuated;
    event.kept_bytes = totals.kept;
    event.copy_failed = totals.copy_failed;
    timer.End();
  }

 private:
  // A block at most this full is worth evacuating.
  static constexpr std::size_t kSparseBytes = kBlockBytes / 2;

  // The sparsest blocks first, as many as half of the memory left can take;
  // before an allocation fails all blocks, to compact what there is. All, too,
  // where the policy copies old space, as many as there is room for.
  std::vector<BlockIndex> ChooseCandidates(CollectionReason reason) {
    heap_.VisitPins([&](Address object) {
      heap_.blocks().InfoOf(object).has_pinned = true;
    });
    const bool all = heap_.policy().copies_old ||
                     heap_.options().stress.evacuate_all ||
                     reason == CollectionReason::kOutOfMemory;
    std::vector<BlockIndex> candidates;
    for (const BlockIndex block : heap_.old().used_blocks()) {
      const BlockInfo& info = heap_.blocks()[block];
      if (info.immovable || info.has_pinned) continue;
      if (all || info.live_bytes <= kSparseBytes) candidates.push_back(block);
    }
    std::sort(
        candidates.begin(), candidates.end(), [&](BlockIndex a, BlockIndex b) {
          return heap_.blocks()[a].live_bytes < heap_.blocks()[b].live_bytes;
        });
    std::size_t room = heap_.account().left_bytes();
    if (!heap_.policy().copies_old) room /= 2;
    std::size_t count = 0;
    while (count < candidates.size() &&
           heap_.blocks()[candidates[count]].live_bytes <= room) {
      room -= heap_.blocks()[candidates[count++]].live_bytes;
    }
    candidates.resize(count);
    heap_.VisitPins([&](Address object) {
      heap_.blocks().InfoOf(object).has_pinned = false;
    });
    return candidates;
  }

  void VisitRoots(CollectionEvent& event) {
    heap_.VisitPins([&](Address object) { tracer_.VisitPinned(object); });
    const auto visit = [&](Value* slot) {
      ++event.root_slots;
      tracer_.VisitSlot(slot);
    };
    heap_.VisitHandles(visit);
    heap_.VisitRootRanges(visit);
    heap_.persistents().VisitSlots(visit);
  }

  // Marks become the live bits of old and large space. Those of young space
  // were moved by ReleaseFromBlocks() already and change back here.
  void SwitchBitmaps() {
    const std::vector<BlockIndex>& young = heap_.young().used_blocks();
    for (const BlockIndex block : young) {
      const AddressRange range = heap_.blocks().RangeOf(block);
      heap_.marks().CopyRange(range, heap_.live());
    }
    heap_.live().SwapWith(heap_.marks());
    for (const BlockIndex block : young) {
      heap_.marks().ClearRange(heap_.blocks().RangeOf(block));
    }
  }

  Heap<Model>& heap_;
  Tracer<Model, TraceScope::kHeap> tracer_;
};

}  // namespace fledge::gc
