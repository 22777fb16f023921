// HeapCore: a heap without its object model: spaces, tables, safepoints,
// pacing, events. Heap<Model> in gc/heap.h adds what looks into objects.
//
// Memory of a heap, one reservation [mem.one-range]:
//
//   +---------+------------------+-----------------------+--------------------+
//   | unused  | young space      | old and large space   | side tables        |
//   | 1 block | committed whole  | committed as it grows | committed with it  |
//   +---------+------------------+-----------------------+--------------------+
//   ^ origin: offset 0 is never an object               cards, blocks' cards,
//                                              live and mark bitmap, block
//                                              table
//
// Design: docs/design/heap.md.
//
// Threads: one HeapCore is shared by all its mutators; several heaps in a
// process share nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block_allocator.h"
#include "allocator/external_bytes.h"
#include "allocator/failing_os.h"
#include "allocator/memory_account.h"
#include "allocator/os.h"
#include "allocator/reservation.h"
#include "gc/awaited.h"
#include "gc/block_table.h"
#include "gc/candidates.h"
#include "gc/card_table.h"
#include "gc/collection.h"
#include "gc/cycle_pacer.h"
#include "gc/evacuation_budget.h"
#include "gc/heap_options.h"
#include "gc/large_space.h"
#include "gc/memory_helper.h"
#include "gc/mutator_core.h"
#include "gc/nursery_size.h"
#include "gc/object_bitmap.h"
#include "gc/object_model.h"
#include "gc/old_space.h"
#include "gc/pacer.h"
#include "gc/policy.h"
#include "gc/pretenuring.h"
#include "gc/root_sources.h"
#include "gc/safepoints.h"
#include "gc/stress.h"
#include "gc/tenuring.h"
#include "gc/work_stack.h"
#include "gc/young_space.h"

namespace fledge::gc {

// What a heap holds, for messages.
struct LiveSummary {
  struct Row {
    std::string_view type;
    std::size_t objects = 0;
    std::size_t bytes = 0;
  };
  std::size_t objects = 0;
  std::size_t bytes = 0;
  std::vector<Row> rows;  // Most bytes first.
};

// Why an allocation failed, for the out-of-memory handler.
struct OutOfMemory {
  std::size_t requested_bytes = 0;
  std::size_t limit_bytes = 0;
  std::size_t used_bytes = 0;
  LiveSummary live;

  // "out of memory: the limit of 8.0 MB leaves no room for 24 bytes; live are
  // 7.6 MB, most of it node (7.1 MB), vector (0.5 MB)".
  std::string Message() const;
};

// Called when Allocate() finds no memory, outside any pause, by the mutator
// that asked. If it returns, the allocation is tried again: it should drop
// data first, or not return. The default prints Message() and aborts.
using OutOfMemoryHandler = std::function<void(const OutOfMemory&)>;

class HeapCore : protected BlockSweeper {
 public:
  // Traits of the object model that the core needs at run time.
  struct Traits {
    AllocationDirection direction;
    std::size_t largest_reservation;
    std::size_t slot_bytes;
  };

  HeapCore(const HeapCore&) = delete;
  HeapCore& operator=(const HeapCore&) = delete;
  // REQUIRES: every mutator of the heap is gone.
  ~HeapCore() override {
    FLEDGE_CHECK(safepoints_.mutators().empty(),
                 "a heap was destroyed before one of its mutators");
  }

  // Stops the world and collects; false if another thread's collection ran
  // instead, or if the policy does not collect. Without minor collections, in
  // the policy, each is major. Called by Mutator::Collect().
  bool Collect(MutatorCore& self, CollectionKind kind, CollectionReason reason);

  // An empty one is the default.
  void SetOutOfMemoryHandler(OutOfMemoryHandler handler);
  // For such a handler, of a program that is to see the error and handle it:
  // the heap may take some more than its limit until a major collection finds
  // that it needs it no more. It takes memory to say that there is none. False,
  // and nothing changes, after some calls without such a collection. Never
  // collects. Thread-safe.
  bool AllowBeyondLimit();
  // Borrowed; called at each collection until removed. Waits while the world
  // is stopped.
  void AddListener(CollectionListener* listener);
  void RemoveListener(CollectionListener* listener);

  // Makes what `source` adds roots, until the returned object is destroyed,
  // which must be before the source and the heap. Thread-safe: waits while the
  // world is stopped.
  [[nodiscard]] std::unique_ptr<RootSource, std::function<void(RootSource*)>>
  RegisterRootSource(RootSource& source);

  // Sizes now, from any thread. O(1) but for allocated_bytes(), which is
  // O(mutators) and leaves out what is in their present allocation buffers:
  // exact right after a collection.
  std::size_t used_bytes() const { return account_.used_bytes(); }
  std::size_t peak_used_bytes() const { return account_.peak_bytes(); }
  std::size_t old_object_bytes() const {
    return old_.object_bytes() + large_.object_bytes();
  }
  std::size_t allocated_bytes();
  // What its objects own outside the heap, by tag. Whoever adds to it calls
  // MutatorCore::PaceExternal() afterwards, unless by AdjustExternal().
  // Thread-safe.
  allocator::ExternalBytes& external() { return external_; }
  // Bytes of side tables for `heap_bytes` of heap.
  static std::size_t SideTableBytes(std::size_t heap_bytes);
  std::uint64_t collections(CollectionKind kind) const {
    return collections_[static_cast<std::size_t>(kind)];
  }

  // Major collections that marked in steps, to their end.
  std::uint64_t cycles() const { return cycles_; }

  const HeapOptions& options() const { return options_; }
  AddressRange reservation() const { return reservation_.range(); }

  // What is in the heap, by type: runs a major collection, then stops the world
  // to count. Empty if another thread's collection came in between, or if the
  // policy does not collect. O(heap).
  virtual LiveSummary Summarize(MutatorCore& self) = 0;

  // For the collector, the mutators and the verifier.
  allocator::Os& os() { return os_; }
  // Without the failures that stress asks for: for what a heap cannot do
  // without.
  allocator::Os& reliable_os() { return reliable_os_; }
  allocator::MemoryAccount& account() { return account_; }
  BlockTable& blocks() { return blocks_; }
  CardTable& cards() { return cards_; }
  ObjectBitmap& live() { return live_; }
  ObjectBitmap& marks() { return marks_; }
  Candidates& candidates() { return candidates_; }
  YoungSpace& young() { return young_; }
  OldSpace& old() { return old_; }
  LargeSpace& large() { return large_; }
  WorkStack& work_stack() { return work_stack_; }
  Awaited& awaited() { return awaited_; }
  allocator::BlockAllocator& memory() { return memory_; }
  Safepoints& safepoints() { return safepoints_; }
  RootSources& root_sources() { return root_sources_; }
  Pacer& pacer() { return pacer_; }
  OldBuffer& promotion_buffer() { return promotion_buffer_; }
  // World stopped. Every object that a PinScope of some mutator holds.
  template <typename Visitor>
  void VisitPins(Visitor&& visit) {
    for (const MutatorCore* mutator : safepoints_.mutators()) {
      for (const Address object : mutator->pins()) visit(object);
    }
  }
  // World stopped. Gives up what is left of every buffer in old space.
  void RetireOldBuffers();

  // World stopped, every reachable object marked: marks become the live bits of
  // old and large space, and what is dead is to be swept. Bits of young space,
  // which name what is kept there, stay.
  void EndMark();
  // World stopped, for a minor collection that evacuates: as many candidates as
  // it has time for beside so much nursery; and one of them was evacuated, but
  // for what was kept.
  std::vector<BlockIndex> TakeCandidates(std::size_t nursery_bytes);
  void VacateCandidate(BlockIndex block);
  // World stopped, or under the heap's lock. Sweeps what is left to sweep after
  // the last mark: sorts out blocks, frees large objects, clears the mark
  // bitmap.
  void FinishSweep();

  // Addresses that may hold objects: young, old and large space.
  AddressRange object_range() const { return object_range_; }
  // References into it make the barrier dirty a card.
  AddressRange barrier_filter() const {
    if (is_marking_ || !candidates_.empty()) {
      return RangeBetween(young_.range().begin, object_range_.end());
    }
    return policy().generational ? young_.range() : AddressRange{};
  }
  // Whether major collections are cycles of steps, as a rule.
  bool marks_in_steps() const {
    return options_.policy == Policy::kGenImmix &&
           (options_.marking == Marking::kInSteps || options_.stress.cycles);
  }
  // Whether a cycle marks in steps between the pauses.
  bool is_marking() const { return is_marking_; }
  // Whether something is left to sweep after the last mark.
  bool is_sweeping() const { return is_sweeping_; }
  PolicyTraits policy() const { return TraitsOf(options_.policy); }
  AllocationDirection allocation_direction() const { return traits_.direction; }
  // Of the model's values: 8, or 4 where they are compressed.
  std::size_t slot_bytes() const { return traits_.slot_bytes; }
  // Whether from-space is kept, for the verifier or for faults to report on.
  bool verified() const {
    return options_.verify == Verify::kOn || options_.stress.protect;
  }
  bool stress_enabled() const { return options_.stress.enabled(); }
  unsigned tenuring_threshold() const { return tenuring_.threshold(); }

  // For MutatorCore's slow paths.
  // Before so many bytes are taken of young or old space: makes room for a step
  // of marking if one is due.
  void StepIfDue(MutatorCore& self, std::size_t bytes, bool old) {
    if (is_marking_ && !is_marked_) StepIfOwed(self, bytes, old);
  }
  AddressRange TakeNurseryBuffer(std::size_t least_bytes);
  // Whether new objects are born in old space instead. Changes in pauses only.
  bool pretenures() const { return pretenures_; }
  // Memory for them, as much as the nursery's budget leaves.
  AddressRange TakeBirthHoles(BirthHoles& holes, std::size_t least_bytes);
  // `born`, taken of `holes`, is full of objects.
  void CommitBirths(BirthHoles& holes, AddressRange born);
  // `object` is about to become smaller than so many bytes. By any thread.
  void NoteShrinking(Address object, std::size_t size_bytes);
  // As YoungSpace's, and has what comes next touched ahead. World stopped.
  Address TryTakeSurvivorBlock(std::uint8_t age);
  // Memory in old space, in `buffer` or what it is filled with, or
  // kNullAddress. Has what comes next touched ahead. World stopped, or under
  // mutex_.
  Address TryAllocateIn(OldBuffer& buffer, std::size_t bytes);
  // Null if there is no memory. Zeroed.
  Address TryAllocateOld(std::size_t size_bytes, AllocationKind kind);
  // Whether a young object may be born in old space instead, with no collection
  // before: where the last one left young space almost no room, as pinned
  // objects or failed copies fill it. Otherwise each object would cost one. It
  // may until as much is there as a nursery takes, or a 64th of the limit.
  // Thread-safe.
  bool MayOverflow(std::size_t size_bytes);
  // Whether one has been, since the last collection.
  bool overflows() const {
    return overflow_bytes_.load(std::memory_order_relaxed) != 0;
  }
  // Whether a major collection is due before old space grows by so much.
  bool IsMajorDue(std::size_t more_bytes);
  // Whether what is outside the heap has grown by so much since the last
  // collection that another is due. Thread-safe.
  bool IsExternalDue() const {
    return external_.total_bytes() >=
           external_due_bytes_.load(std::memory_order_relaxed);
  }
  void CollectForExternal(MutatorCore& self);
  // A slice of what weak sets have to settle, if something is left.
  // Thread-safe.
  void SettleIfLeft();
  // After the attempt-th failure: collects so that another attempt makes
  // sense, or returns false if none does.
  bool CollectForAllocation(MutatorCore& self, std::size_t size_bytes,
                            AllocationKind kind, unsigned attempt);
  void CallOutOfMemoryHandler(MutatorCore& self, std::size_t size_bytes);
  void StressAllocation(MutatorCore& self);
  void AbsorbMutator(MutatorCore& mutator);

 protected:
  // REQUIRES: options name a policy that exists. Aborts with a message if the
  // OS does not give the memory to begin with.
  HeapCore(const HeapOptions& options, Traits traits);

  // With the world stopped: do the collection that `event` says, fill in its
  // phases and sizes.
  virtual void RunCollection(CollectionEvent& event) = 0;
  virtual void VerifyHeap(const char* when) = 0;

  // What the marker of the cycle under way did.
  struct MarkStep {
    std::size_t bytes = 0;    // Scanned.
    std::size_t entries = 0;  // Of weak sets, traced or processed.
    bool done = false;        // Nothing is left for now.
  };
  // World stopped. Advances it by so many items: marks, what entries of weak
  // sets keep as well, and after FinishMarking() processes the entries.
  virtual MarkStep AdvanceMarker(std::size_t items) = 0;
  // World stopped, in the pause in which AdvanceMarker() has nothing left to be
  // marked: finds dead what finalizers wait for. From then on nobody is marked
  // who is not new.
  virtual void FinishMarking() = 0;
  virtual void ClearMarker() = 0;
  // The objects that `born` is full of are live. By its owner, or with the
  // world stopped.
  virtual void SetBirthsLive(AddressRange born) = 0;
  // Where an object that was born old ends, by its size. By its owner, before
  // others may know that it is one: it may have become smaller since.
  Address EndOfBirth(Address object, std::size_t size_bytes);
  // World not stopped: destroys what the last collection left to be destroyed.
  virtual void DestroyDead() = 0;
  // World not stopped: a slice of what weak sets left to be done then. Returns
  // whether nothing is left.
  virtual bool SettleWeakSets() = 0;

  // For RunCollection(): the pause in which a cycle starts, before anything is
  // visited, and that in which it is to finish, when all was: it goes on if
  // that would take too much of the pause target, and is not overdue.
  void StartCycle();
  void FinishCycle(CollectionEvent& event);
  // After each pause that evacuated.
  void AfterEvacuation();

 private:
  // heap_cycle.cc: major collections that mark in steps.
  CyclePart NextCyclePart();
  std::size_t CycleStartRoom() const;
  bool IsCycleOverdue() const;
  void SetMarking(bool marking);
  void SetFilters();
  void AbandonCycle();
  void ForgetCandidates();
  void AfterCyclePart(const CollectionEvent& event);
  std::int64_t TakeMinorNs(const CollectionEvent& event, std::int64_t pause_ns);
  void StepIfOwed(MutatorCore& self, std::size_t bytes, bool old);
  void Step(MutatorCore& self);
  void StepItems(MutatorCore& self, std::size_t items);
  void CommitAllBirths();
  bool SaysWhatANurseryCosts(const CollectionEvent& event) const;
  // So many bytes more are to be marked. Returns how many are, by now.
  std::size_t Owe(std::size_t bytes) {
    return owed_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  }
  static std::size_t WorkIn(const MarkStep& step);
  MarkStep Mark(std::size_t bytes, std::int64_t deadline_ns);
  std::int64_t Deadline(std::int64_t from_ns, std::int64_t within_ns) const;
  void SweepSlice();

  // Where objects are born until the next pause.
  void ChooseBirthplace();
  // Has more memory touched ahead if old space took a block since it had so
  // many.
  void PopulateAhead(std::size_t blocks_before);

  // How much external memory may grow by between two collections: owners that
  // die young should not keep more than that.
  static constexpr std::size_t kExternalStepBytes = 16 * kMiB;

  struct Layout;
  HeapCore(const HeapOptions& options, Traits traits, Layout layout);

  HeapOptions options_;
  // Whether what the heap does may depend on how long it takes.
  const bool adapts_;
  const Traits traits_;
  allocator::Os& reliable_os_;
  allocator::FailingOs os_;
  allocator::Reservation reservation_;
  const AddressRange object_range_;
  allocator::MemoryAccount account_;
  BlockTable blocks_;
  CardTable cards_;
  ObjectBitmap live_;
  ObjectBitmap marks_;
  allocator::BlockAllocator memory_;
  Candidates candidates_;
  YoungSpace young_;
  OldSpace old_;
  LargeSpace large_;
  WorkStack work_stack_;
  Awaited awaited_;
  Safepoints safepoints_;
  RootSources root_sources_;
  Pacer pacer_;
  Stress stress_;

  // What old space and memory outside the heap may grow by until a major
  // collection is due.
  std::size_t major_room_bytes() const {
    return pacer_.RoomFor(old_object_bytes(), external_.total_bytes());
  }
  // Under mutex_. A slice of what weak sets have to settle; what they released
  // outside the heap by that is nothing to wait for.
  void SettleSlice();
  // One collection, with the world stopped.
  void CollectStopped(CollectionKind kind, CollectionReason reason,
                      std::int64_t requested_ns);
  std::size_t SparseBytes() const;
  std::int64_t ProcessorNsIfHeard() const;
  // Takes in what a collection cost, and chooses sizes and thresholds.
  void Adapt(CollectionEvent& event, std::int64_t pause_ns);
  // What mutators may allocate in young space until the next collection.
  std::size_t NurseryBudget() const;
  // How much of the free blocks is to have memory while old space grows.
  std::size_t BytesAhead() const;
  // Asks the helper for free blocks with memory for the next collections.
  void RequestMemory(std::size_t promoted_bytes, std::int64_t interval_ns);

  std::mutex mutex_;  // Guards the spaces between collections.
  OldBuffer promotion_buffer_;
  OldBuffer born_old_buffer_;  // Of mutators, under mutex_.
  OldBuffer immovable_buffer_;
  Tenuring tenuring_;
  Pretenuring pretenuring_;
  bool pretenures_ = false;
  bool is_young_in_use_ = false;  // Since the last pause, if pretenures_.
  // Objects born old that became smaller before they were known as objects, and
  // where they ended.
  std::mutex shrunk_mutex_;
  std::map<Address, Address> shrunk_;
  static constexpr Address kNoShrunk = ~kNullAddress;
  std::atomic<Address> first_shrunk_ = kNoShrunk;  // And none above the last.
  std::atomic<Address> last_shrunk_ = kNullAddress;
  NurserySize nursery_size_;
  NurserySize cycle_nursery_size_;        // While a cycle marks in steps.
  std::size_t young_survivor_bytes_ = 0;  // Of the last collection.

  // The cycle of marking in steps. Written with the world stopped.
  CyclePacer cycle_pacer_;
  bool is_marking_ = false;
  bool is_marked_ = false;    // The marker has nothing left for now.
  bool is_clearing_ = false;  // All is marked; weak sets are processed.
  std::size_t cycle_start_bytes_ = 0;  // In use when it started.
  std::size_t cycle_bytes_ = 0;        // Marked in it.
  std::int64_t cycle_ns_ = 0;          // That took so long.
  std::int64_t cycle_part_ns_ = 0;     // In this pause, to start or finish it.
  EvacuationBudget evacuation_budget_;
  std::size_t evacuation_cost_bytes_ = 0;    // In this pause.
  std::uint64_t cycles_ = 0;                 // That were finished.
  std::atomic<std::size_t> owed_bytes_ = 0;  // To be marked by steps.
  // What is left to sweep, under mutex_.
  bool is_sweeping_ = false;
  AddressRange uncleared_;  // Of the heap: its old marks are still there.
  std::atomic<bool> is_settled_ = true;  // Weak sets have nothing left to do.

  MemoryHelper helper_;
  std::size_t expected_promotion_bytes_ = 0;  // By one collection.
  double promotion_rate_ = 0;                 // Bytes a nanosecond, lately.
  std::int64_t last_collection_ns_;  // When it ended, or the heap began.
  std::int64_t last_mark_ns_;
  // Of objects in old space and outside the heap: before the present
  // collection, and after the last mark.
  std::size_t paced_before_bytes_ = 0;
  std::size_t paced_live_bytes_ = 0;
  std::size_t old_live_bytes_ = 0;  // Of those, the objects.
  allocator::ExternalBytes external_;
  std::atomic<std::size_t> external_due_bytes_ = kExternalStepBytes;
  OutOfMemoryHandler out_of_memory_;
  std::vector<CollectionListener*> listeners_;
  std::uint64_t collections_[2] = {0, 0};  // By CollectionKind.
  std::size_t stuck_bytes_ = 0;  // SparseBytes() that evacuating left.
  bool copy_failed_ = false;     // In the last minor collection.
  // See MayOverflow(); since the last collection.
  std::atomic<std::size_t> overflow_bytes_ = 0;
  std::size_t detached_allocated_bytes_ = 0;
};

}  // namespace fledge::gc
