// HeapCore: major collections that mark in steps.
//
//   a minor pause        steps, at allocation      a minor pause     slices
//   kStart ............. kRemark ... kRemark ..... kFinish ......... swept
//
// Design: docs/design/incremental_marking.md.

#include <algorithm>
#include <limits>
#include <utility>

#include "gc/clock.h"
#include "gc/heap_core.h"
#include "gc/phase_timer.h"

namespace fledge::gc {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// Stopping the world for less is not worth it.
constexpr std::size_t kLeastStepBytes = 64 * kKiB;
// Between two looks at the clock: some 20 microseconds.
constexpr std::size_t kItemsAtOnce = 256;
// What an entry of a weak set weighs in a step.
constexpr std::size_t kEntryBytes = 32;
// A step takes at most this part of the pause target; when time is short, this.
constexpr std::int64_t kStepPart = 4;
constexpr std::int64_t kLateStepPart = 2;
// A pause in which a cycle is to finish may take so many quarters of it, or
// this part beside what it took as yet.
constexpr std::int64_t kFinishQuarters = 3;
constexpr std::int64_t kLeastFinishPart = 8;

// What a slice sweeps: of each less than some 20 microseconds' work.
constexpr std::size_t kSliceBlocks = 128;
constexpr std::size_t kSliceObjects = 8;
constexpr std::size_t kSliceClearedBytes = 4 * kMiB;  // Of heap, not bitmap.

}  // namespace

CyclePart HeapCore::NextCyclePart() {
  if (!marks_in_steps()) return CyclePart::kNone;
  if (!is_marking_) {
    // What is left of the last cycle comes first, but it is not waited for.
    const bool due = major_room_bytes() <= CycleStartRoom();
    if (!candidates_.empty() && !due) return CyclePart::kEvacuate;
    return due || options_.stress.cycles ? CyclePart::kStart : CyclePart::kNone;
  }
  const bool early = options_.stress.cycles && stress_.EndsEarly();
  return early || is_marked_ || major_room_bytes() == 0 ? CyclePart::kFinish
                                                        : CyclePart::kRemark;
}

std::size_t HeapCore::CycleStartRoom() const {
  return cycle_pacer_.StartRoom(old_live_bytes_, pacer_.growth_bytes());
}

void HeapCore::StartCycle() {
  const std::int64_t began_ns = NowNs();
  ForgetCandidates();
  FinishSweep();
  RetireOldBuffers();
  std::vector<BlockIndex>& chosen = candidates_.chosen();
  ChooseCandidates(*this, false, chosen);
  // The last is taken first: the sparsest.
  std::for_each(chosen.rbegin(), chosen.rend(),
                [&](BlockIndex block) { candidates_.Add(block); });
  const BlockIndex end = blocks_.IndexOf(memory_.committed().end());
  for (BlockIndex block = blocks_.IndexOf(memory_.committed().begin);
       block < end; ++block) {
    blocks_[block].relaid = false;
  }
  old_.StartMark();
  cycle_pacer_.Start(major_room_bytes());
  cycle_start_bytes_ = old_object_bytes() + external_.total_bytes();
  cycle_bytes_ = 0;
  cycle_ns_ = 0;
  owed_bytes_ = 0;
  SetMarking(true);
  cycle_part_ns_ = NowNs() - began_ns;
}

// Whether marking has fallen so far behind what is allocated, or so little
// memory is left, that it ends now, however long that takes.
bool HeapCore::IsCycleOverdue() const {
  if (major_room_bytes() > 0) return false;
  const std::size_t overrun = pacer_.growth_bytes() / 4;
  if (account_.left_bytes() < overrun + young_.nursery_budget_bytes()) {
    return true;
  }
  const std::size_t old = old_object_bytes();
  // One large object may have taken more than the room before it started.
  const std::size_t external = external_.total_bytes();
  if (old + external < cycle_start_bytes_ + overrun) return false;
  return pacer_.RoomFor(old - std::min(old, overrun), external) == 0;
}

void HeapCore::FinishCycle(CollectionEvent& event) {
  const std::int64_t began_ns = NowNs();
  PhaseTimer timer(event);
  timer.Enter(is_clearing_ ? Phase::kWeak : Phase::kTrace);
  // Who waits for memory waits for the cycle.
  const bool overdue =
      IsCycleOverdue() || (event.reason == CollectionReason::kLargeObject &&
                           major_room_bytes() == 0);
  const std::int64_t target_ns = options_.pause_target_ns;
  const std::int64_t deadline_ns =
      overdue || options_.stress.cycles
          ? kNever
          : std::max(Deadline(event.start_ns, target_ns / 4 * kFinishQuarters),
                     Deadline(began_ns, target_ns / kLeastFinishPart));
  bool is_done = Mark(kNoLimit, deadline_ns).done;
  if (is_done && !is_clearing_) {
    timer.Enter(Phase::kWeak);
    FinishMarking();
    is_clearing_ = true;
    // Under stress the steps clear what they may have to clear elsewhere.
    const bool leave = options_.stress.cycles && !overdue;
    is_done = leave ? AdvanceMarker(0).done : Mark(kNoLimit, deadline_ns).done;
  }
  if (!is_done) {
    event.cycle_part = CyclePart::kRemark;
  } else {
    timer.Enter(Phase::kSweep);
    ClearMarker();
    EndMark();
    SetMarking(false);
    ++cycles_;
  }
  timer.End();
  cycle_part_ns_ = NowNs() - began_ns;
  cycle_ns_ += cycle_part_ns_;
}

void HeapCore::AbandonCycle() {
  if (is_marking_) {
    ClearMarker();
    old_.AbandonMark();
    marks_.ClearRange(memory_.committed());
    SetMarking(false);
  }
  ForgetCandidates();
}

void HeapCore::SetMarking(bool marking) {
  is_marking_ = marking;
  is_marked_ = false;
  is_clearing_ = false;
  SetFilters();
}

void HeapCore::SetFilters() {
  for (MutatorCore* mutator : safepoints_.mutators()) {
    mutator->SetBarrierFilter(barrier_filter());
  }
}

std::vector<BlockIndex> HeapCore::TakeCandidates(std::size_t nursery_bytes) {
  // Marks say what is kept in place.
  if (is_sweeping_) {
    if (adapts_) return {};
    FinishSweep();
  }
  VisitPins([&](Address object) { blocks_.InfoOf(object).has_pinned = true; });
  // One at a time where nothing depends on the time.
  const std::size_t bytes =
      adapts_ ? evacuation_budget_.BytesBeside(nursery_bytes) : 0;
  Candidates::Taken taken = candidates_.Take(
      bytes, [&](BlockIndex block) { return !blocks_[block].has_pinned; });
  VisitPins([&](Address object) { blocks_.InfoOf(object).has_pinned = false; });
  evacuation_cost_bytes_ = taken.cost_bytes;
  return std::move(taken.blocks);
}

// Where all were born old, a pause has nothing to do but what a cycle needs;
// and that which starts one has all roots to visit.
bool HeapCore::SaysWhatANurseryCosts(const CollectionEvent& event) const {
  return !pretenures_ || (event.cycle_part != CyclePart::kNone &&
                          event.cycle_part != CyclePart::kStart);
}

// What a pause would have taken without its part in the cycle: what the
// nursery's size can answer for.
std::int64_t HeapCore::TakeMinorNs(const CollectionEvent& event,
                                   std::int64_t pause_ns) {
  const std::size_t nursery = event.taken_bytes();
  if (const std::size_t cost = std::exchange(evacuation_cost_bytes_, 0)) {
    return evacuation_budget_.AfterEvacuation(nursery, cost, pause_ns);
  }
  const std::int64_t minor_ns = pause_ns - std::exchange(cycle_part_ns_, 0);
  if (SaysWhatANurseryCosts(event)) {
    evacuation_budget_.AfterMinor(nursery, minor_ns);
  }
  return minor_ns;
}

void HeapCore::VacateCandidate(BlockIndex block) {
  const AddressRange range = blocks_.RangeOf(block);
  const bool kept = blocks_.membership(block).has_kept();
  const std::size_t kept_bytes = std::exchange(blocks_[block].marked_bytes, 0);
  blocks_.set_membership(block, Membership());
  if (kept) {
    live_.CopyRange(range, marks_);
    marks_.ClearRange(range);
  } else {
    live_.ClearRange(range);
  }
  old_.Vacate(block, kept_bytes);
}

void HeapCore::AfterEvacuation() {
  if (candidates_.empty()) ForgetCandidates();
}

void HeapCore::ForgetCandidates() {
  const std::vector<BlockIndex>& done = candidates_.Finish();
  if (done.empty()) return;
  SetFilters();
  FinishSweep();
  old_.SortOutAgain(done);
  is_sweeping_ = true;
}

// After a minor collection: takes in what was promoted, and how much is left to
// be marked in the room that is left.
void HeapCore::AfterCyclePart(const CollectionEvent& event) {
  cycle_pacer_.AfterMinor(event.young_before_bytes, event.promoted_bytes);
  if (!is_marking_) return;
  is_marked_ = AdvanceMarker(0).done;
  const std::size_t old = old_object_bytes();
  // What there is may be more than what was alive when the last mark ended.
  const std::size_t left = std::max(
      old - std::min(old, cycle_bytes_ + old_.born_marked_bytes()), old / 16);
  cycle_pacer_.SetRates(left, major_room_bytes());
}

void HeapCore::StepIfOwed(MutatorCore& self, std::size_t bytes, bool old) {
  if (options_.stress.cycles) return;
  const std::size_t more =
      old ? cycle_pacer_.DueForOld(bytes) : cycle_pacer_.DueForYoung(bytes);
  if (Owe(more) >= kLeastStepBytes) Step(self);
}

void HeapCore::Step(MutatorCore& self) {
  const std::int64_t requested_ns = NowNs();
  if (!safepoints_.TryStop(self)) return;
  if (is_marking_ && !is_marked_) {
    StepEvent event;
    event.requested_ns = requested_ns;
    event.start_ns = NowNs();
    CommitAllBirths();
    const std::int64_t processor_ns = ProcessorNsIfHeard();
    const std::int64_t part =
        cycle_pacer_.is_late() ? kLateStepPart : kStepPart;
    const MarkStep step =
        Mark(owed_bytes_.load(std::memory_order_relaxed),
             Deadline(event.start_ns, options_.pause_target_ns / part));
    is_marked_ = step.done;
    const std::size_t owed = owed_bytes_.load(std::memory_order_relaxed);
    owed_bytes_.store(owed - std::min(owed, WorkIn(step)),
                      std::memory_order_relaxed);
    event.marked_bytes = step.bytes;
    event.weak_entries = step.entries;
    event.processor_ns = ProcessorNsIfHeard() - processor_ns;
    event.end_ns = NowNs();
    cycle_ns_ += event.end_ns - event.start_ns;
    for (CollectionListener* listener : listeners_) listener->OnStep(event);
  }
  safepoints_.Resume();
}

void HeapCore::StepItems(MutatorCore& self, std::size_t items) {
  if (!safepoints_.TryStop(self)) return;
  if (is_marking_ && !is_marked_) {
    CommitAllBirths();
    is_marked_ = AdvanceMarker(items).done;
  }
  safepoints_.Resume();
}

// So that the marker takes them for what they are: marked, and to be scanned on
// their dirty cards.
void HeapCore::CommitAllBirths() {
  if (!pretenures_) return;
  for (MutatorCore* mutator : safepoints_.mutators()) {
    mutator->RetireBuffer();
  }
}

std::size_t HeapCore::WorkIn(const MarkStep& step) {
  return step.bytes + step.entries * kEntryBytes;
}

// Marks until nothing is left, or so much was done, or the deadline; returns
// what was done.
HeapCore::MarkStep HeapCore::Mark(std::size_t bytes, std::int64_t deadline_ns) {
  MarkStep sum;
  do {
    const MarkStep step = AdvanceMarker(kItemsAtOnce);
    sum.bytes += step.bytes;
    sum.entries += step.entries;
    sum.done = step.done;
    cycle_bytes_ += step.bytes;
  } while (!sum.done && WorkIn(sum) < bytes && NowNs() < deadline_ns);
  return sum;
}

// Where a run is to repeat itself, nothing depends on the time.
std::int64_t HeapCore::Deadline(std::int64_t from_ns,
                                std::int64_t within_ns) const {
  return adapts_ ? from_ns + within_ns : kNever;
}

void HeapCore::EndMark() {
  RetireOldBuffers();
  const std::vector<BlockIndex>& young = young_.used_blocks();
  for (const BlockIndex block : young) {
    marks_.CopyRange(blocks_.RangeOf(block), live_);
  }
  live_.SwapWith(marks_);
  for (const BlockIndex block : young) {
    marks_.ClearRange(blocks_.RangeOf(block));
  }
  old_.EndMark();
  large_.EndMark(live_);
  uncleared_ = memory_.committed();
  is_sweeping_ = true;
}

void HeapCore::FinishSweep() {
  if (!is_sweeping_) return;
  old_.SortOut(kNoLimit);
  large_.Sweep(live_, kNoLimit);
  if (!uncleared_.empty()) marks_.ClearRange(uncleared_);
  uncleared_ = {};
  is_sweeping_ = false;
}

void HeapCore::SweepSlice() {
  if (!is_sweeping_) return;
  const bool sorted_out = old_.SortOut(kSliceBlocks);
  const bool swept = large_.Sweep(live_, kSliceObjects);
  if (!uncleared_.empty()) {
    const std::size_t bytes = std::min(uncleared_.bytes, kSliceClearedBytes);
    marks_.ClearRange({uncleared_.begin, bytes});
    uncleared_ = {uncleared_.begin + bytes, uncleared_.bytes - bytes};
  }
  is_sweeping_ = !sorted_out || !swept || !uncleared_.empty();
}

}  // namespace fledge::gc
