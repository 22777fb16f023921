// Minor collection: of the young space.
//
// Every live young object is evacuated: to a survivor block of the next age,
// or, when it has survived often enough or survivor space is full, to old
// space. What refers to young objects from elsewhere are roots and the slots
// on dirty cards. Blocks left without an object are the nursery again.
//
// The pause follows the survivors, the dirty cards and the noted root chunks,
// never the size of the heap.
//
// Design: docs/design/minor_collection.md. Sources: D. Ungar, "Generation
// Scavenging", SDE 1984; the GC Handbook, 2nd ed., chapter 9.
//
// Invariants:
//   [mi.empty]  Afterwards young space holds survivors and objects kept in
//               place, and nothing else.
//
// Threads: one, with the world stopped and every allocation buffer retired.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
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
class MinorCollection {
 public:
  using Value = typename Model::Value;

  explicit MinorCollection(Heap<Model>& heap)
      : heap_(heap), tracer_(heap, heap.model()) {}

  void Run(CollectionEvent& event) {
    PhaseTimer timer(event);

    timer.Enter(Phase::kPrepare);
    const std::vector<BlockIndex> from = heap_.young().StartCollection();
    for (const BlockIndex block : from) {
      const unsigned age = heap_.blocks()[block].age + 1;
      heap_.blocks().set_membership(
          block,
          Membership::Of(age < heap_.tenuring_threshold() ? ToSurvivors(age)
                                                          : kToOldSpace));
    }
    tracer_.Start(from);

    timer.Enter(Phase::kRoots);
    VisitRoots(event);

    timer.Enter(Phase::kCards);
    event.dirty_cards = VisitDirtyCards();

    timer.Enter(Phase::kTrace);
    const TraceTotals& totals = tracer_.Finish();

    timer.Enter(Phase::kSweep);
    ReleaseFromBlocks(heap_.model(), heap_, from);

    timer.Enter(Phase::kFinish);
    heap_.noted_roots().KeepIfAny([&](Value value) {
      return heap_.young().Contains(heap_.model().FilterWord(value));
    });
    event.survived_bytes = totals.survived;
    event.promoted_bytes = totals.promoted;
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
    heap_.VisitAlwaysScanned(visit);
    heap_.noted_roots().VisitSlots(visit);
  }

  // A dirty card's memory and bitmap are rarely in the cache: a few cards are
  // on their way while one is visited.
  std::size_t VisitDirtyCards() {
    constexpr std::size_t kCardsAhead = 8;
    std::array<AddressRange, kCardsAhead> ahead;
    std::size_t taken = 0;
    heap_.cards().TakeDirty(heap_.memory().committed(), [&](AddressRange card) {
      AddressRange& next = ahead[taken++ % kCardsAhead];
      const AddressRange oldest = std::exchange(next, card);
      PrefetchCard(card);
      if (!oldest.empty()) VisitCard(oldest);
    });
    for (std::size_t i = 0; i < kCardsAhead; ++i) {
      const AddressRange card = ahead[(taken + i) % kCardsAhead];
      if (!card.empty()) VisitCard(card);
    }
    return taken;
  }

  // With what an object that reaches into the card begins on, if it is small.
  // Always inline: GCC takes a function that only prefetches for one without
  // effect and leaves the call out.
  [[gnu::always_inline]] void PrefetchCard(AddressRange card) const {
    constexpr std::size_t kCacheLineBytes = 64;
    constexpr std::size_t kBefore = 2 * kCacheLineBytes;
    __builtin_prefetch(&heap_.blocks().InfoOf(card.begin));
    __builtin_prefetch(heap_.live().WordAddressOf(card.begin));
    for (Address line = card.begin - kBefore; line < card.end();
         line += kCacheLineBytes) {
      __builtin_prefetch(reinterpret_cast<const void*>(line), 1);
    }
  }

  // Visits the slots on `card` of the objects that the live bitmap knows.
  void VisitCard(AddressRange card) {
    const BlockIndex block = heap_.blocks().IndexOf(card.begin);
    const BlockInfo& info = heap_.blocks()[block];
    const auto visit = [&](Value* slot) { tracer_.VisitSlot(slot); };
    if (info.kind == BlockKind::kLargeHead ||
        info.kind == BlockKind::kLargeTail) {
      const Address object = heap_.large().ObjectAt(card.begin);
      heap_.model().VisitSlotsIn(object, LoadHeader(object), card, visit);
      return;
    }
    if (info.kind != BlockKind::kOld) return;  // Freed since it was written.
    const ObjectBitmap& live = heap_.live();
    // The object that begins before the card may reach into it.
    if (const Address first =
            live.FindPrevious(card.begin, heap_.blocks().AddressOf(block))) {
      const Header header = LoadHeader(first);
      if (first + heap_.model().SizeFrom(header) > card.begin) {
        heap_.model().VisitSlotsIn(first, header, card, visit);
      }
    }
    for (Address object = live.FindNext(card.begin, card.end());
         object < card.end();
         object =
             live.FindNext(object + ObjectBitmap::kGranuleBytes, card.end())) {
      heap_.model().VisitSlotsIn(object, LoadHeader(object), card, visit);
      if (object + ObjectBitmap::kGranuleBytes == card.end()) break;
    }
  }

  Heap<Model>& heap_;
  Tracer<Model, TraceScope::kYoung> tracer_;
};

}  // namespace fledge::gc
