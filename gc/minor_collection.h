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
#include "gc/weak_processing.h"
#include "gc/young_blocks.h"

namespace fledge::gc {

// kYoung; or, for a cycle of marking in steps, kRemark: hands the marker what
// mutators may have hidden from it, see marker.h; or kEvacuate: evacuates some
// candidates too.
template <ObjectModel Model, TraceScope kScope>
class MinorCollection {
 public:
  using Value = typename Model::Value;

  // `all_roots` for the pause in which a cycle starts.
  explicit MinorCollection(Heap<Model>& heap, Marker<Model>* marker = nullptr,
                           bool all_roots = false)
      : heap_(heap),
        tracer_(heap, heap.model(), marker),
        all_roots_(all_roots) {}

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
    std::vector<BlockIndex> evacuated;
    if constexpr (kScope == TraceScope::kEvacuate) {
      evacuated = heap_.TakeCandidates(event.taken_bytes());
    }
    for (const BlockIndex block : evacuated) {
      heap_.blocks().set_membership(block, Membership::Of(kToOldSpace));
    }
    std::vector<BlockIndex> set = from;
    set.insert(set.end(), evacuated.begin(), evacuated.end());
    tracer_.Start(set);

    timer.Enter(Phase::kRoots);
    VisitRoots(event);

    timer.Enter(Phase::kCards);
    event.dirty_cards = VisitDirtyCards();
    for (const BlockIndex block : evacuated) {
      heap_.candidates().VisitSlotsInto(
          block, [&](Address slot) { VisitRecorded(slot); });
      heap_.candidates().ForgetSlotsInto(block);
    }

    timer.Enter(Phase::kTrace);
    tracer_.Drain();

    timer.Enter(Phase::kWeak);
    WeakProcessing(heap_, tracer_, WeakScope::kNoted).Run();
    const TraceTotals& totals = tracer_.Finish();

    timer.Enter(Phase::kSweep);
    ReleaseFromBlocks(heap_.model(), heap_, from);
    for (const BlockIndex block : evacuated) heap_.VacateCandidate(block);

    timer.Enter(Phase::kFinish);
    const auto is_noted = [&](Value value) { return heap_.IsNotedFor(value); };
    heap_.root_sources().template AfterCollection<Value>(is_noted);
    heap_.noted_roots().KeepIfAny(is_noted);
    event.survived_bytes = totals.survived;
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
    heap_.root_sources().template VisitSlots<Value>(
        all_roots_ ? RootScope::kAll : RootScope::kNoted, visit);
    if (all_roots_) {
      heap_.VisitRootRanges(visit);
      heap_.persistents().VisitSlots(visit);
    } else {
      heap_.VisitAlwaysScanned(visit);
      heap_.noted_roots().VisitSlots(visit);
    }
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
    if constexpr (kScope == TraceScope::kRemark) {
      __builtin_prefetch(heap_.marks().WordAddressOf(card.begin));
    }
    for (Address line = card.begin - kBefore; line < card.end();
         line += kCacheLineBytes) {
      __builtin_prefetch(reinterpret_cast<const void*>(line), 1);
    }
  }

  // Visits the slots on `card` of the objects that the live bitmap knows.
  void VisitCard(AddressRange card) {
    const BlockIndex block = heap_.blocks().IndexOf(card.begin);
    const BlockInfo& info = heap_.blocks()[block];
    if (info.kind == BlockKind::kLargeHead ||
        info.kind == BlockKind::kLargeTail) {
      const Address object = heap_.large().ObjectAt(card.begin);
      VisitOnCard(object, LoadHeader(object), card);
      return;
    }
    if (info.kind != BlockKind::kOld) return;  // Freed since it was written.
    if constexpr (kScope == TraceScope::kEvacuate) {
      // Its objects are scanned where they go, and may be on their way.
      if (heap_.blocks().membership(block).is_member()) return;
    }
    const ObjectBitmap& live = heap_.live();
    // The object that begins before the card may reach into it.
    if (const Address first =
            live.FindPrevious(card.begin, heap_.blocks().AddressOf(block))) {
      const Header header = LoadHeader(first);
      if (first + heap_.model().SizeFrom(header) > card.begin) {
        VisitOnCard(first, header, card);
      }
    }
    for (Address object = live.FindNext(card.begin, card.end());
         object < card.end();
         object =
             live.FindNext(object + ObjectBitmap::kGranuleBytes, card.end())) {
      VisitOnCard(object, LoadHeader(object), card);
      if (object + ObjectBitmap::kGranuleBytes == card.end()) break;
    }
  }

  // A recorded slot, which was one of a marked object once. See
  // docs/design/incremental_marking.md for what may have become of it.
  void VisitRecorded(Address at) {
    const BlockTable& blocks = heap_.blocks();
    const BlockInfo& of_slot = blocks.InfoOf(at);
    // Its object was evacuated, or is being: then it is scanned where it goes.
    if (of_slot.vacated || blocks.MembershipOf(at).is_member()) return;
    const BlockInfo& info =
        of_slot.kind == BlockKind::kLargeTail ? blocks[of_slot.head] : of_slot;
    if (info.relaid && !IsSlot(at)) return;
    tracer_.VisitSlot(reinterpret_cast<Value*>(at));
  }

  // Whether `at` is a slot of an object that the live bitmap knows.
  bool IsSlot(Address at) const {
    const BlockTable& blocks = heap_.blocks();
    const BlockIndex block = blocks.IndexOf(at);
    const Address granule = AlignDown(at, ObjectBitmap::kGranuleBytes);
    const Address next = granule + ObjectBitmap::kGranuleBytes;
    const Address object =
        blocks[block].kind == BlockKind::kOld
            ? heap_.live().FindPrevious(next, blocks.AddressOf(block))
            : heap_.large().ObjectAt(at);
    if (object == kNullAddress) return false;
    const Header header = LoadHeader(object);
    if (object + heap_.model().SizeFrom(header) < next) return false;
    bool found = false;
    heap_.model().VisitSlotsIn(
        object, header, RangeBetween(granule, next),
        [&](Value* slot) { found |= reinterpret_cast<Address>(slot) == at; });
    return found;
  }

  void VisitOnCard(Address object, Header header, AddressRange card) {
    if constexpr (kScope == TraceScope::kRemark) {
      // Of an object that is not marked, only young targets count: see
      // docs/design/incremental_marking.md.
      if (!heap_.marks().Test(object)) {
        heap_.model().VisitSlotsIn(object, header, card, [&](Value* slot) {
          if (heap_.young().Contains(heap_.model().FilterWord(*slot))) {
            tracer_.VisitSlot(slot);
          }
        });
        return;
      }
    }
    heap_.model().VisitSlotsIn(object, header, card,
                               [&](Value* slot) { tracer_.VisitSlot(slot); });
  }

  Heap<Model>& heap_;
  Tracer<Model, kScope> tracer_;
  const bool all_roots_;
};

}  // namespace fledge::gc
