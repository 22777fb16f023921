// Tracer: from slots to everything reachable, evacuating and marking.
//
// Both collections trace with it. An object in a block of the collection set is
// evacuated: copied, and its address left in the old header. Any other object
// is left alone by a minor collection and marked in place by a major one. An
// object of the collection set that cannot be copied, because it is pinned or
// memory has run out, is *kept in place*: its mark bit is set and its block
// stays.
//
// Order: depth first over a stack of slots, behind a short queue of slots whose
// targets are being prefetched. It copies trees in allocation order as fast as
// plain depth first does and shuffled ones three times as fast
// [tr.order]. Large arrays are scanned a stretch at a time.
//
// Design: docs/design/tracing.md. Sources: C. Cher, A. Hosking, T. Vijaykumar,
// "Software Prefetching for Mark-Sweep Garbage Collection", ASPLOS 2004 (the
// queue in front of the stack); the GC Handbook, 2nd ed., sections 2.6 and 4.2.
//
// Invariants:
//   [tr.once]      Each object is scanned once, right after it was copied,
//                  marked or kept; in a flagged block [tr.overflow] again.
//   [tr.card]      A slot of old space that is left referring to a young object
//                  has its card dirtied.
//   [tr.overflow]  A slot that the stack has no room for is in a block that is
//                  flagged and visited again before the trace ends.
//
// Threads: one, with the world stopped.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/block_table.h"
#include "gc/copy.h"
#include "gc/heap_core.h"
#include "gc/object_model.h"

namespace fledge::gc {

enum class TraceScope : std::uint8_t {
  kYoung,  // Only the collection set, which lies in young space.
  kHeap,   // Everything; objects outside the collection set are marked.
};

// What a trace did, in bytes.
struct TraceTotals {
  std::size_t survived = 0;   // Copied within young space.
  std::size_t promoted = 0;   // From young to old space.
  std::size_t evacuated = 0;  // Within old space.
  std::size_t kept = 0;       // Left in place though in the collection set.
  bool copy_failed = false;   // Some of `kept` for lack of memory.
};

template <ObjectModel Model, TraceScope kScope>
class Tracer {
 public:
  using Value = typename Model::Value;

  Tracer(HeapCore& heap, const Model& model)
      : heap_(heap),
        model_(model),
        blocks_(heap.blocks()),
        stack_(heap.work_stack()),
        young_(heap.young().range()),
        objects_(heap.object_range()),
        // Without the block before young space: a compressed null decodes to
        // its begin, and would be pushed.
        scope_range_(kScope == TraceScope::kYoung
                         ? young_
                         : RangeBetween(young_.begin, objects_.end())),
        threshold_(heap.tenuring_threshold()),
        old_bytes_before_(heap.old().object_bytes()) {}

  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Visits a root, or a slot of an object that this trace does not scan.
  void VisitSlot(Value* slot) {
    if (!IsInScope(*slot)) return;
    if (stack_.Push(reinterpret_cast<Address>(slot))) return;
    DrainStack();
    FLEDGE_CHECK(stack_.Push(reinterpret_cast<Address>(slot)));
  }

  // Keeps a pinned object alive and in place. REQUIRES: called before any
  // VisitSlot() could have moved it.
  void VisitPinned(Address object) {
    if (blocks_.MembershipOf(object) == Membership::kOutside) {
      if constexpr (kScope == TraceScope::kHeap) Mark(object);
      return;
    }
    if (heap_.marks().Test(object)) return;
    KeepInPlace(object, LoadHeader(object));
  }

  // Traces until nothing is left to visit.
  void Drain() {
    for (;;) {
      DrainStack();
      if (!large_.empty()) {
        ScanLargeStretch();
      } else if (overflowed_) {
        RevisitOverflowed();
      } else {
        return;
      }
    }
  }

  // Ends the trace: settles every buffer and says what was done.
  const TraceTotals& Finish() {
    Drain();
    for (const SurvivorBuffer& buffer : survivors_) SettleSurvivors(buffer);
    heap_.old().Settle(heap_.promotion_buffer());
    if constexpr (kScope == TraceScope::kYoung) {
      totals_.promoted = heap_.old().object_bytes() - old_bytes_before_;
    }
    return totals_;
  }

 private:
  static constexpr std::size_t kQueueSlots = 16;
  static_assert((kQueueSlots & (kQueueSlots - 1)) == 0);
  // How much of a large array is scanned at a time.
  static constexpr std::size_t kStretchBytes = 16 * kKiB;
  // Survivor blocks by age: at most two ages before promotion.
  static constexpr std::size_t kAges = 4;

  struct SurvivorBuffer {
    Address begin = kNullAddress;
    Address bump = kNullAddress;
    Address limit = kNullAddress;
  };

  bool IsInScope(Value value) const {
    return scope_range_.Contains(model_.FilterWord(value));
  }

  void DrainStack() {
    std::array<Value*, kQueueSlots> queue;
    std::size_t head = 0;
    std::size_t tail = 0;
    for (;;) {
      while (tail - head < kQueueSlots && !stack_.empty()) {
        Value* const slot = reinterpret_cast<Value*>(stack_.Pop());
        Prefetch(model_.FilterWord(*slot));
        queue[tail++ % kQueueSlots] = slot;
      }
      if (head == tail) return;
      ProcessSlot(queue[head++ % kQueueSlots]);
    }
  }

  void Prefetch(Address target) const {
    __builtin_prefetch(reinterpret_cast<const void*>(target), 1);
    if constexpr (kScope == TraceScope::kHeap) {
      __builtin_prefetch(heap_.marks().WordAddressOf(target), 1);
    }
  }

  void ProcessSlot(Value* slot) {
    const Value value =
        std::atomic_ref<Value>(*slot).load(std::memory_order_relaxed);
    const Address object = model_.Decode(value);
    if (!objects_.Contains(object)) return;  // An immediate, or static data.
    const Membership membership = blocks_.MembershipOf(object);
    Address to = object;
    if (membership == Membership::kOutside) {
      if constexpr (kScope == TraceScope::kHeap) Mark(object);
    } else {
      const Header header = LoadHeader(object);
      to = model_.IsForwarded(header) ? model_.ForwardingAddress(header)
                                      : Evacuate(object, header, membership);
      if (to != object) {
        std::atomic_ref<Value>(*slot).store(model_.Rebase(value, object, to),
                                            std::memory_order_relaxed);
      }
    }
    if (young_.Contains(to)) DirtyIfOld(slot);
  }

  void DirtyIfOld(Value* slot) {
    const Address address = reinterpret_cast<Address>(slot);
    if (objects_.Contains(address) && !young_.Contains(address)) {
      heap_.cards().Dirty(address);  // [tr.card]
    }
  }

  Address Evacuate(Address object, Header header, Membership membership) {
    if (membership == Membership::kMemberWithKept &&
        heap_.marks().Test(object)) {
      return object;
    }
    const std::size_t size = model_.SizeFrom(header);
    const std::size_t new_size = model_.SizeAfterCopy(header);
    Address to = kNullAddress;
    bool to_young = false;
    if (kScope == TraceScope::kYoung) {
      const std::size_t age = blocks_.InfoOf(object).age + std::size_t{1};
      if (age < threshold_) to = AllocateSurvivor(age, new_size);
      to_young = to != kNullAddress;
    }
    if (!to_young) {
      to = heap_.old().TryAllocate(heap_.promotion_buffer(), new_size);
      if (to == kNullAddress) {
        totals_.copy_failed = true;
        KeepInPlace(object, header);
        return object;
      }
      heap_.live().Set(to);
      if constexpr (kScope == TraceScope::kHeap) heap_.marks().Set(to);
    }
    CopyObject(to, object, size);
    const Header copied = model_.FinishCopy(object, to, header);
    StoreHeader(object, model_.ForwardingHeader(to));
    if constexpr (kScope == TraceScope::kHeap) {
      (young_.Contains(object) ? totals_.promoted : totals_.evacuated) +=
          new_size;
    }
    Scan(to, copied);
    return to;
  }

  // Null when the survivor space is full: the object is then promoted.
  Address AllocateSurvivor(std::size_t age, std::size_t size) {
    SurvivorBuffer& buffer = survivors_[age];
    if (buffer.limit - buffer.bump < size) [[unlikely]] {
      SettleSurvivors(buffer);
      const Address block =
          heap_.young().TryTakeSurvivorBlock(static_cast<std::uint8_t>(age));
      buffer = block == kNullAddress
                   ? SurvivorBuffer{}
                   : SurvivorBuffer{block, block, block + kBlockBytes};
      if (block == kNullAddress) return kNullAddress;
    }
    const Address to = buffer.bump;
    buffer.bump += size;
    return to;
  }

  // Notes in the block how far it is filled.
  void SettleSurvivors(const SurvivorBuffer& buffer) {
    if (buffer.begin == kNullAddress) return;
    BlockInfo& info = blocks_.InfoOf(buffer.begin);
    totals_.survived += buffer.bump - buffer.begin - info.live_bytes;
    info.live_bytes = static_cast<std::uint32_t>(buffer.bump - buffer.begin);
  }

  void KeepInPlace(Address object, Header header) {
    const BlockIndex block = blocks_.IndexOf(object);
    blocks_.set_membership(block, Membership::kMemberWithKept);
    heap_.marks().Set(object);
    const std::size_t size = model_.SizeFrom(header);
    if (!young_.Contains(object)) {
      blocks_[block].live_bytes += static_cast<std::uint32_t>(size);
    }
    totals_.kept += size;
    Scan(object, header);
  }

  void Mark(Address object) {
    if (!heap_.marks().TestAndSet(object)) return;
    BlockInfo& info = blocks_.InfoOf(object);
    if (info.kind == BlockKind::kLargeHead) {
      large_.emplace_back(object, object);
      return;
    }
    const Header header = LoadHeader(object);
    info.live_bytes += static_cast<std::uint32_t>(model_.SizeFrom(header));
    Scan(object, header);
  }

  void Scan(Address object, Header header) {
    model_.VisitSlots(object, header, [this](Value* slot) { PushSlot(slot); });
  }

  void PushSlot(Value* slot) {
    if (!IsInScope(*slot)) return;
    const Address address = reinterpret_cast<Address>(slot);
    if (stack_.Push(address)) [[likely]]
      return;
    blocks_.InfoOf(address).overflowed = true;  // [tr.overflow]
    overflowed_ = true;
  }

  void ScanLargeStretch() {
    auto& [object, next] = large_.back();
    const Header header = LoadHeader(object);
    const Address end = object + model_.SizeFrom(header);
    const AddressRange stretch = RangeBetween(
        next, end - next > kStretchBytes ? next + kStretchBytes : end);
    const Address of = object;
    next = stretch.end();
    if (next == end) large_.pop_back();
    model_.VisitSlotsIn(of, header, stretch,
                        [this](Value* slot) { VisitSlot(slot); });
  }

  // Scans every object of the flagged blocks again: those that were scanned in
  // full have nothing new to say, so this ends.
  void RevisitOverflowed() {
    overflowed_ = false;
    const auto revisit = [this](Address object) {
      model_.VisitSlots(object, LoadHeader(object),
                        [this](Value* slot) { VisitSlot(slot); });
    };
    for (const SurvivorBuffer& buffer : survivors_) SettleSurvivors(buffer);
    // By index: visiting may add blocks.
    const auto& survivors = heap_.young().used_blocks();
    for (std::size_t i = 0; i < survivors.size(); ++i) {
      BlockInfo& info = blocks_[survivors[i]];
      if (!std::exchange(info.overflowed, false)) continue;
      const Address begin = blocks_.AddressOf(survivors[i]);
      for (Address object = begin; object < begin + info.live_bytes;
           object += model_.SizeFrom(LoadHeader(object))) {
        revisit(object);
      }
    }
    const auto revisit_bits = [&](BlockIndex block, const ObjectBitmap& bits) {
      if (!std::exchange(blocks_[block].overflowed, false)) return;
      bits.VisitRange(blocks_.RangeOf(block), revisit);
    };
    for (const BlockIndex block : from_blocks_) {
      revisit_bits(block, heap_.marks());
    }
    const ObjectBitmap& old_bits =
        kScope == TraceScope::kHeap ? heap_.marks() : heap_.live();
    for (std::size_t i = 0; i < heap_.old().used_blocks().size(); ++i) {
      revisit_bits(heap_.old().used_blocks()[i], old_bits);
    }
  }

 public:
  // The young blocks whose objects may be kept in place; borrowed.
  void set_from_blocks(const std::vector<BlockIndex>& blocks) {
    from_blocks_ = blocks;
  }

 private:
  HeapCore& heap_;
  const Model model_;
  BlockTable& blocks_;
  WorkStack& stack_;
  const AddressRange young_;
  const AddressRange objects_;
  const AddressRange scope_range_;
  const std::size_t threshold_;
  const std::size_t old_bytes_before_;
  std::array<SurvivorBuffer, kAges> survivors_;
  std::vector<std::pair<Address, Address>> large_;  // Object, where to go on.
  std::vector<BlockIndex> from_blocks_;
  bool overflowed_ = false;
  TraceTotals totals_;
};

}  // namespace fledge::gc
