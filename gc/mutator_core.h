// MutatorCore: a thread's attachment to a heap, whatever the object model.
//
// Everything a fast path needs is in MutatorFields at fixed offsets, so that a
// JIT can inline allocation, the write barrier and the safepoint poll. The
// typed face that VM code uses is Mutator<Model> in gc/mutator.h.
//
// Design: docs/design/mutator.md.
//
// Invariants:
//   [mu.buffer]  bump and limit enclose memory that no one else uses, of the
//                nursery, or of old space where objects are born old; it holds
//                no object and need not be zero.
//   [mu.births]  At a safepoint, what was allocated of a buffer in old space is
//                full of objects.
//   [mu.fields]  Offsets of MutatorFields are part of the binary interface.
//
// Threads: a mutator is used by the thread that made it. stop_request() and
// state() are the only parts that another thread looks at while it runs.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/external_bytes.h"
#include "allocator/reservation.h"
#include "gc/allocation_sampler.h"
#include "gc/asymmetric_fence.h"
#include "gc/card_table.h"
#include "gc/collection.h"
#include "gc/object_model.h"
#include "gc/old_space.h"
#include "gc/safepoints.h"

namespace fledge::gc {

class HeapCore;

// Constants at every call, so that the tests on them cost nothing inline.
//   Leaf: has no slots, or none in which a reference is stored without the
//     barrier, from the first store on: a born-old one needs no dirty cards.
//   Old: allocated in old space at once, zeroed.
//   Immovable: the same, and never moved until it dies.
enum class AllocationKind : std::uint8_t {
  kTraced = 0,
  kLeaf = 1,
  kTracedOld = 2,
  kLeafOld = 3,
  kTracedImmovable = 4,
  kLeafImmovable = 5,
};

constexpr bool IsLeaf(AllocationKind kind) {
  return (static_cast<unsigned>(kind) & 1) != 0;
}
constexpr bool IsBornOld(AllocationKind kind) {
  return static_cast<unsigned>(kind) >= 2;
}
constexpr bool IsImmovable(AllocationKind kind) {
  return static_cast<unsigned>(kind) >= 4;
}

// Larger objects are born old, in large space.
inline constexpr std::size_t kLargestYoungBytes = allocator::kBlockBytes / 2;

struct MutatorFields {
  Address bump = kNullAddress;         // Next object ends or begins here.
  Address limit = kNullAddress;        // Where the buffer ends.
  CardTable::Bases card_bases;         // The write barrier's two tables,
  Address filter_base = kNullAddress;  // and the range of references that
  std::size_t filter_bytes = 0;        // make it dirty a card.
  std::atomic<std::uint32_t> stop_request{0};  // Not 0: go to a safepoint.
  std::atomic<std::uint32_t> state{Safepoints::kRunning};
  Address handle_top = kNullAddress;  // The next handle's slot.
  Address handle_limit = kNullAddress;
  void* embedder = nullptr;  // Leads its code to more; Fledge leaves it alone.
};

static_assert(offsetof(MutatorFields, bump) == 0);
static_assert(offsetof(MutatorFields, limit) == 8);
static_assert(offsetof(MutatorFields, card_bases) == 16);
static_assert(offsetof(MutatorFields, filter_base) == 32);
static_assert(offsetof(MutatorFields, filter_bytes) == 40);
static_assert(offsetof(MutatorFields, stop_request) == 48);
static_assert(offsetof(MutatorFields, state) == 52);
static_assert(offsetof(MutatorFields, handle_top) == 56);
static_assert(offsetof(MutatorFields, handle_limit) == 64);
static_assert(offsetof(MutatorFields, embedder) == 72);

class MutatorCore {
 public:
  MutatorCore(const MutatorCore&) = delete;
  MutatorCore& operator=(const MutatorCore&) = delete;

  // Parks here while another thread has the world stopped. May collect.
  void Safepoint() {
    if (IsAskedToStop()) [[unlikely]]
      SafepointSlow();
  }
  // Whether Safepoint() has something to do: for who has to note where it is
  // before it parks.
  bool IsAskedToStop() const {
    return fields_.stop_request.load(std::memory_order_relaxed) != 0;
  }

  // Runs a collection now, or returns false if another thread's collection ran
  // in the meantime instead. May collect.
  bool Collect(CollectionKind kind,
               CollectionReason reason = CollectionReason::kRequested);

  // Reports what objects own outside the heap, allocated or released by others
  // than Fledge: so many bytes more, or less. May collect if they are more.
  void AdjustExternal(std::ptrdiff_t delta_bytes,
                      allocator::ExternalBytes::Tag tag);
  // After heap().external() has grown by so many bytes: paces collections by
  // them. May collect.
  void PaceExternal(std::size_t grown_bytes);

  // Tells `sampler`, which must live until EndSampling(), of allocations by
  // this mutator from now on. By its own thread. REQUIRES: it has no sampler
  // yet, and no AllocationScope lasts, for both.
  void SampleAllocations(AllocationSampler& sampler,
                         const SamplingOptions& options = {});
  // The last object that was sampled must have its content. Nothing without a
  // sampler.
  void EndSampling();

  // Bytes allocated through this mutator so far, large objects included. By
  // its own thread, or with the world stopped.
  std::size_t allocated_bytes() const;
  // The same but for the present buffer. From any thread.
  std::size_t settled_allocated_bytes() const {
    return allocated_bytes_.load(std::memory_order_relaxed);
  }

  // Slots of the handle stack in use, and pinned objects: for the collector.
  AddressRange handles() const {
    return RangeBetween(handle_stack_.range().begin, fields_.handle_top);
  }
  const std::vector<Address>& pins() const { return pins_; }
  // The part of the thread's machine stack that was in use when it last came to
  // a safepoint; empty unless the heap is verified. For error reports only.
  AddressRange native_stack() const {
    // A thread that runs a coroutine's stack is not on its own.
    return native_stack_.Contains(native_stack_low_)
               ? RangeBetween(native_stack_low_, native_stack_.end())
               : AddressRange{};
  }
  AddressRange native_stack_memory() const { return native_stack_; }
  // All that is reserved for handles, in use or not.
  AddressRange handle_memory() const { return handle_stack_.range(); }

  // World stopped, or by its own thread: references into `filter` make the
  // barrier dirty a card.
  void SetBarrierFilter(AddressRange filter) {
    fields_.filter_base = filter.begin;
    fields_.filter_bytes = filter.bytes;
  }

  HeapCore& heap() { return heap_; }
  const MutatorFields& fields() const { return fields_; }
  // For compiled code of this mutator's thread: it may do what the inline parts
  // of Mutator<Model> do, and so write `bump` and nothing else. The thread may
  // set `embedder` at any time. [mu.fields]
  MutatorFields* code_fields() { return &fields_; }
  std::atomic<std::uint32_t>& stop_request() { return fields_.stop_request; }
  std::atomic<std::uint32_t>& state() { return fields_.state; }

 protected:
  // Attaches the calling thread. A thread may attach to several heaps, and has
  // one mutator for each. Waits while that heap's world is stopped.
  explicit MutatorCore(HeapCore& heap);
  ~MutatorCore();

  enum class OnExhaustion : std::uint8_t { kReturnNull, kCallHandler };

  // What the inline path leaves over: a new buffer, a collection, a large or
  // born-old object, or no memory. May collect.
  Address AllocateSlow(std::size_t size_bytes, AllocationKind kind, SiteId site,
                       OnExhaustion on_exhaustion);
  void SafepointSlow();
  // Notes how deep the machine stack is, after saving to this frame the
  // registers in which callers may keep references: an error report searches
  // it. Inline, because the frame has to last.
  [[gnu::always_inline]] void NoteNativeStack() {
    __builtin_unwind_init();
    if (native_stack_.empty()) return;
    native_stack_low_ =
        AlignDown(reinterpret_cast<Address>(__builtin_frame_address(0)) - 64,
                  sizeof(Address));
  }
  // Aborts with a message that says what is likely wrong.
  [[noreturn]] void HandleStackFull() const;

  MutatorFields fields_;

 private:
  friend class BlockingRegion;
  friend class HeapCore;
  template <ObjectModel Model>
  friend class AllocationScope;
  template <ObjectModel Model>
  friend class PinScope;

  Address AllocateFromBuffer(std::size_t size_bytes);
  // One try with the memory there is, without a collection; the first one
  // fails also where a collection is due.
  Address AllocateAttempt(std::size_t size_bytes, AllocationKind kind,
                          bool first);
  // The next buffer, in the nursery or, where objects are born old, in old
  // space; empty if the nursery is used up, or memory is.
  AddressRange TakeBuffer(std::size_t size_bytes);
  void AdoptBuffer(AddressRange buffer);
  // Before the end of the buffer where an allocation is to be seen.
  void SetLimit();
  // Gives the buffer up and counts what was allocated in it.
  void RetireBuffer();
  // What was allocated of a buffer in old space is objects, from now on known
  // as such; the rest is a hole again.
  void CommitBirths();
  std::size_t BufferUsedBytes() const;
  // Others may read it meanwhile, no one else writes it.
  void CountAllocated(std::size_t bytes) {
    allocated_bytes_.store(settled_allocated_bytes() + bytes,
                           std::memory_order_relaxed);
  }
  // What was allocated so far, which then counts elsewhere.
  std::size_t TakeAllocated() {
    return allocated_bytes_.exchange(0, std::memory_order_relaxed);
  }

  HeapCore& heap_;
  AddressRange buffer_;                // What bump and limit were set from.
  Address true_limit_ = kNullAddress;  // The buffer's end: see SetLimit().
  bool births_are_old_ = false;        // The buffer is in old space.
  BirthHoles birth_holes_;             // What comes after it.
  std::atomic<std::size_t> allocated_bytes_{0};  // But for this buffer.
  std::vector<Address> pins_;                    // Objects pinned by PinScopes.
  AddressRange native_stack_;                    // Whole; only if verified.
  Address native_stack_low_ = kNullAddress;
  allocator::Reservation handle_stack_;
  std::unique_ptr<AllocationSamples> samples_;  // Null without a sampler.
};

// For system calls and other waiting: within its scope the thread counts as
// stopped, must not touch the heap or its handles, and a collection goes on
// without it. Leaving may wait for a collection to end.
class BlockingRegion {
 public:
  explicit BlockingRegion(MutatorCore& mutator) : mutator_(mutator) {
    mutator_.state().store(Safepoints::kParked, std::memory_order_release);
  }
  ~BlockingRegion() {
    mutator_.state().store(Safepoints::kRunning, std::memory_order_relaxed);
    AsymmetricFence::Light();
    if (mutator_.stop_request().load(std::memory_order_acquire) != 0)
        [[unlikely]] {
      mutator_.SafepointSlow();
    }
  }
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  MutatorCore& mutator_;
};

}  // namespace fledge::gc
