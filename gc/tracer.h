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
// [tr.order]. What lies beside the last object does not queue, so that what lay
// in order does so afterwards [tr.req.near]; it is prefetched with the first of
// them, as far around it as others reached. Large arrays are scanned a stretch
// at a time.
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

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/awaited.h"
#include "gc/block_table.h"
#include "gc/copy.h"
#include "gc/heap_core.h"
#include "gc/marker.h"
#include "gc/object_model.h"

namespace fledge::gc {

enum class TraceScope : std::uint8_t {
  kYoung,     // Only the collection set, which lies in young space.
  kHeap,      // Everything; objects outside the collection set are marked.
  kRemark,    // The collection set; old objects outside of it are handed to the
              // marker of the cycle under way.
  kEvacuate,  // The collection set, in which are blocks of old space.
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

  // `marker` is the cycle's, for kRemark.
  Tracer(HeapCore& heap, const Model& model, Marker<Model>* marker = nullptr)
      : heap_(heap),
        model_(model),
        marker_(marker),
        blocks_(heap.blocks()),
        stack_(heap.work_stack().cursor()),
        young_(heap.young().range()),
        // Without the block before young space: a compressed null decodes to
        // its begin, and would be pushed.
        scope_range_(
            kScope == TraceScope::kYoung
                ? young_
                : RangeBetween(young_.begin, heap.object_range().end())),
        old_(RangeBetween(young_.end(), heap.object_range().end())),
        old_bytes_before_(heap.old().object_bytes()) {}

  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // Call first, when memberships are set: of the blocks in `set`.
  void Start(const std::vector<BlockIndex>& set) {
    set_ = set;
    const OldBuffer& promotion = heap_.promotion_buffer();
    buffers_[kToOldSpace] = {promotion.bump, promotion.limit};
  }

  // Visits a root, or a slot of an object that this trace does not scan. Inline
  // for what is out of scope: most slots on dirty cards are.
  [[gnu::always_inline]] void VisitSlot(Value* slot) {
    const Value value = *slot;
    const Address address = reinterpret_cast<Address>(slot);
    const Address item = address | (old_.Contains(address) ? kInOldSpace : 0);
    if (IsInScope(item, value)) PushOrDrain({item, value});
  }

  // Keeps a pinned object alive and in place. REQUIRES: called before any
  // VisitSlot() could have moved it.
  void VisitPinned(Address object) {
    if (blocks_.MembershipOf(object).is_member()) {
      if (!heap_.marks().Test(object)) KeepInPlace(object, LoadHeader(object));
    } else if constexpr (kScope == TraceScope::kHeap) {
      Loop(*this).Mark(object);
    } else if constexpr (kScope == TraceScope::kRemark) {
      if (!young_.Contains(object)) marker_->Append(object);
    }
  }

  // From now on tells `awaited` of every object it reaches; of none if null.
  void Await(Awaited* awaited) { awaited_ = awaited; }

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
    for (const Buffer& buffer : buffers_) SettleSurvivors(buffer);
    heap_.promotion_buffer().bump = buffers_[kToOldSpace].bump;
    heap_.old().Settle(heap_.promotion_buffer());
    if constexpr (kScope != TraceScope::kHeap) {
      totals_.promoted =
          heap_.old().object_bytes() - old_bytes_before_ - totals_.evacuated;
    }
    return totals_;
  }

 private:
  class Loop;

  static constexpr std::size_t kQueueItems = 16;
  // Objects whose addresses differ by less lie beside each other. Their lines
  // were prefetched with the first, or the processor fetches them by itself.
  static constexpr std::size_t kNearBytes = 512;
  static_assert((kQueueItems & (kQueueItems - 1)) == 0);
  static constexpr std::size_t kLineBytes = 64;
  // How much of a large array is scanned at a time.
  static constexpr std::size_t kStretchBytes = 16 * kKiB;

  // Where copies are bumped to: a survivor block, or what the heap's promotion
  // buffer has.
  struct Buffer {
    Address bump = kNullAddress;
    Address limit = kNullAddress;
  };
  struct Copy {
    Address address;
    Destination destination;
  };

  // Whether this is a pause of a major collection that marks in steps.
  static constexpr bool kIsForCycle =
      kScope == TraceScope::kRemark || kScope == TraceScope::kEvacuate;

  static Destination DestinationOf(Membership membership) {
    return kScope == TraceScope::kHeap ? kToOldSpace : membership.destination();
  }

  [[gnu::noinline]] void PushOrDrain(WorkItem item) {
    if (stack_.Push(item)) return;
    DrainStack();
    FLEDGE_CHECK(stack_.Push(item));
  }

  // A bit of a work item's slot address: the slot is in old space, so its card
  // may have to be dirtied.
  static constexpr Address kInOldSpace = 1;

  // Whether the loop has to look at a slot with that value, which may be in the
  // collection set or to be marked. What a cycle has to know of the others is
  // noted at once, without touching their targets.
  [[gnu::always_inline]] bool IsInScope(Address item, Value value) {
    const Address word = model_.FilterWord(value);
    if constexpr (!kIsForCycle) return scope_range_.Contains(word);
    if (young_.Contains(word)) return true;
    return old_.Contains(word) && NoteOldTarget(item, value, word);
  }

  [[gnu::always_inline]] bool NoteOldTarget(Address item, Value value,
                                            Address word) {
    const Membership membership = blocks_.MembershipOf(word);
    if (membership.is_candidate() && (item & kInOldSpace) != 0) [[unlikely]] {
      RecordSlot(item & ~kInOldSpace, word);
    }
    if constexpr (kScope == TraceScope::kRemark) {
      if (const Address object = model_.Decode(value)) marker_->Append(object);
    }
    return membership.is_member();
  }

  [[gnu::noinline]] void RecordSlot(Address slot, Address target) {
    heap_.candidates().Record(blocks_.IndexOf(target), slot);
  }

  [[gnu::flatten]] void DrainStack() {
    Loop loop(*this);
    loop.Run();
  }

  // The loop's slow paths.

  [[gnu::noinline]] void KeepInPlace(Address object, Header header) {
    const BlockIndex block = blocks_.IndexOf(object);
    blocks_.set_membership(block, blocks_.membership(block).WithKept());
    heap_.marks().Set(object);
    if (awaited_ != nullptr) awaited_->Reach(object);
    const std::size_t size = model_.SizeFrom(header);
    if (!young_.Contains(object)) {
      blocks_[block].marked_bytes += static_cast<std::uint32_t>(size);
    }
    totals_.kept += size;
    Loop(*this).Scan(object, header, size,
                     old_.Contains(object) ? kInOldSpace : 0);
  }

  // Evacuates any object, or keeps it in place. Returns where it is then.
  [[gnu::noinline]] Address Evacuate(Address object, Header header,
                                     Membership membership) {
    if (membership.has_kept() && heap_.marks().Test(object)) return object;
    const Copy copy =
        Allocate(DestinationOf(membership), model_.SizeAfterCopy(header));
    if (copy.address == kNullAddress) {
      totals_.copy_failed = true;
      KeepInPlace(object, header);
      return object;
    }
    Loop(*this).MoveTo(copy.address, copy.destination, object, header);
    return copy.address;
  }

  // Scans an object though the work stack may not have room for all its slots.
  [[gnu::noinline]] void ScanCautiously(Address object, Header header,
                                        Address displacement) {
    model_.VisitSlots(object, header, [this, displacement](Value* slot) {
      const Value value = *slot;
      const Address item = reinterpret_cast<Address>(slot) + displacement;
      if (!IsInScope(item, value)) return;
      if (!stack_.Push({item, value})) NoteOverflow(item & ~kInOldSpace);
    });
  }

  [[gnu::noinline]] void AddLarge(Address object) {
    large_.emplace_back(object, object);
  }

  void NoteOverflow(Address slot) {
    blocks_.InfoOf(slot).overflowed = true;  // [tr.overflow]
    overflowed_ = true;
  }

  // Memory for a copy: in the destination's buffer, where that has no room in a
  // new block, or in old space where survivor space is full. Null if there is
  // none.
  Copy Allocate(Destination destination, std::size_t size) {
    Buffer& buffer = buffers_[destination];
    if (buffer.limit - buffer.bump >= size) {
      return {std::exchange(buffer.bump, buffer.bump + size), destination};
    }
    if (destination != kToOldSpace) {
      SettleSurvivors(buffer);
      const Address block = heap_.TryTakeSurvivorBlock(AgeAt(destination));
      if (block != kNullAddress) {
        buffer = {block + size, block + kBlockBytes};
        return {block, destination};
      }
      buffer = {};
    }
    OldBuffer& promotion = heap_.promotion_buffer();
    promotion.bump = buffers_[kToOldSpace].bump;
    const Address to = heap_.TryAllocateIn(promotion, size);
    buffers_[kToOldSpace] = {promotion.bump, promotion.limit};
    return {to, kToOldSpace};
  }

  // Notes in a survivor block how far it is filled.
  void SettleSurvivors(const Buffer& buffer) {
    if (buffer.limit == kNullAddress || !young_.Contains(buffer.limit - 1)) {
      return;
    }
    const Address begin = buffer.limit - kBlockBytes;
    BlockInfo& info = blocks_.InfoOf(begin);
    totals_.survived += buffer.bump - begin - info.live_bytes;
    info.live_bytes = static_cast<std::uint32_t>(buffer.bump - begin);
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
    for (const Buffer& buffer : buffers_) SettleSurvivors(buffer);
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
    // Of the set, what was kept.
    for (const BlockIndex block : set_) revisit_bits(block, heap_.marks());
    const ObjectBitmap& old_bits =
        kScope == TraceScope::kHeap ? heap_.marks() : heap_.live();
    for (const BlockIndex block : heap_.old().used_blocks()) {
      if (blocks_.membership(block).is_member()) continue;
      revisit_bits(block, old_bits);
    }
  }

  HeapCore& heap_;
  const Model model_;
  Marker<Model>* const marker_;
  BlockTable& blocks_;
  WorkCursor& stack_;
  const AddressRange young_;
  const AddressRange scope_range_;
  const AddressRange old_;  // And large space.
  const std::size_t old_bytes_before_;
  std::array<Buffer, kDestinations> buffers_;
  std::vector<std::pair<Address, Address>> large_;  // Object, where to go on.
  std::vector<BlockIndex> set_;
  Awaited* awaited_ = nullptr;
  bool overflowed_ = false;
  bool is_reversed_ = false;  // Slots are visited in the model's other order.
  TraceTotals totals_;
};

// The inner loop. What it needs for every object is copied out of the tracer
// and the heap for as long as it runs: any store through a slot might change
// their members for all that the compiler knows, so it would load them again
// and again, and this is where a collection spends its time. Nothing here may
// take the loop's own address but inlined calls, hence flatten and noinline.
template <ObjectModel Model, TraceScope kScope>
class Tracer<Model, kScope>::Loop {
 public:
  explicit Loop(Tracer& tracer)
      : tracer_(tracer),
        model_(tracer.model_),
        blocks_(tracer.blocks_),
        marks_(tracer.heap_.marks()),
        young_(tracer.young_),
        scope_range_(tracer.scope_range_),
        awaited_(tracer.awaited_),
        stack_(tracer.stack_),
        is_reversed_(tracer.is_reversed_) {}
  ~Loop() { Leave(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Run() {
    // A ring, oldest item at `head`. While it is full, each step takes the
    // oldest out and puts the next one, whose target is then on its way, in its
    // place.
    std::array<WorkItem, kQueueItems> queue;
    std::size_t head = 0;
    std::size_t count = 0;
    for (;;) {
      WorkItem& oldest = queue[head];
      WorkItem item;
      if (!stack_.empty()) {
        const WorkItem next = stack_.Pop();
        PrefetchAround(TargetOf(next));
        if (count < kQueueItems) {
          queue[(head + count++) % kQueueItems] = next;
          continue;
        }
        item = std::exchange(oldest, next);
      } else if (count != 0) {
        item = oldest;
        --count;
      } else {
        return;
      }
      head = (head + 1) % kQueueItems;
      const Address first = TargetOf(item);
      const std::size_t depth = stack_.size();
      Process(item);
      ChooseOrder(first, depth);
      // What lies beside the last object was prefetched with it and need not
      // queue, and its copies go on lying beside each other ([tr.req.near]).
      Address last = first;
      Address lowest = first;
      Address highest = first;
      for (std::size_t left = kLongestRun;
           left != 0 && IsNear(stack_.Top(), last); --left) {
        item = stack_.Pop();
        last = TargetOf(item);
        lowest = std::min(lowest, last);
        highest = std::max(highest, last);
        Process(item);
      }
      below_ = (below_ + std::min(first - lowest, kNearBytes)) / 2;
      above_ = (above_ + std::min(highest - first, kNearBytes)) / 2;
    }
  }

  // An object outside the collection set.
  void Mark(Address object) {
    if (!marks_.TestAndSet(object)) return;
    if (awaited_ != nullptr) [[unlikely]]
      awaited_->Reach(object);
    BlockInfo& info = blocks_.InfoOf(object);
    if (info.kind == BlockKind::kLargeHead) [[unlikely]] {
      tracer_.AddLarge(object);
      return;
    }
    const Header header = LoadHeader(object);
    const std::size_t size = model_.SizeFrom(header);
    info.marked_bytes += static_cast<std::uint32_t>(size);
    Scan(object, header, size, kInOldSpace);
  }

  // Copies an object of the collection set to memory that was taken for it.
  void MoveTo(Address to, Destination destination, Address object,
              Header header) {
    const std::size_t size = model_.SizeFrom(header);
    if (awaited_ != nullptr) awaited_->Reach(object);
    CopyObject(to, object, size);
    CompleteCopy(to, destination, object, header);
    Scan(object, header, size, DisplacementOf(to, destination, object));
  }

  // Scans an object, or its copy by what is left of the original: slots are
  // `displacement` from those that are read, and kInOldSpace more if they are
  // in old space. `size` is that of what is read.
  void Scan(Address object, Header header, std::size_t size,
            Address displacement) {
    if (!stack_.HasRoomFor(size / sizeof(Value))) [[unlikely]] {
      LeaveLoop([&] { tracer_.ScanCautiously(object, header, displacement); });
      return;
    }
    PushSlots(object, header, displacement);
  }

  // REQUIRES: the stack has room for them.
  void PushSlots(Address object, Header header, Address displacement) {
    const auto visit = [this, displacement](Value* slot) {
      const Value value = *slot;
      const Address item = reinterpret_cast<Address>(slot) + displacement;
      bool is_in_scope;
      if constexpr (kIsForCycle) {
        is_in_scope = tracer_.IsInScope(item, value);
      } else {
        is_in_scope = scope_range_.Contains(model_.FilterWord(value));
      }
      stack_.PushIf(is_in_scope, {item, value});
    };
    if constexpr (ReversibleModel<Model>) {
      if (is_reversed_) return model_.VisitSlotsReversed(object, header, visit);
    }
    model_.VisitSlots(object, header, visit);
  }

 private:
  // Objects that the loop copies itself.
  static constexpr std::size_t kSmallBytes = 128;
  // Items on the stack beyond which slots are in the order that the model
  // prefers, and objects beside each other after which that is looked at again.
  static constexpr std::size_t kDeep = 4096;
  static constexpr std::size_t kLongestRun = 4096;

  // From a slot of the original to an item's address for the same one of the
  // copy.
  static Address DisplacementOf(Address to, Destination destination,
                                Address object) {
    return to - object + (destination == kToOldSpace ? kInOldSpace : 0);
  }

  // What a copy takes besides its bytes.
  void CompleteCopy(Address to, Destination destination, Address object,
                    Header header) {
    model_.FinishCopy(object, to, header);
    StoreHeader(object, model_.ForwardingHeader(to));
    if (destination == kToOldSpace) tracer_.heap_.live().Set(to);
    if constexpr (kScope == TraceScope::kHeap) {
      marks_.Set(to);
      (young_.Contains(object) ? tracer_.totals_.promoted
                               : tracer_.totals_.evacuated) +=
          model_.SizeAfterCopy(header);
    }
    if constexpr (kScope == TraceScope::kRemark) {
      if (destination == kToOldSpace) marks_.Set(to);  // It is scanned here.
    }
    if constexpr (kScope == TraceScope::kEvacuate) {
      if (!young_.Contains(object)) {
        tracer_.totals_.evacuated += model_.SizeAfterCopy(header);
      }
    }
  }

  // Always inline: GCC leaves out calls of functions that only prefetch.
  [[gnu::always_inline]] void Prefetch(Address target) const {
    __builtin_prefetch(reinterpret_cast<const void*>(target), 1);
    if constexpr (kScope == TraceScope::kHeap) {
      __builtin_prefetch(marks_.WordAddressOf(target), 1);
    }
  }

  Address TargetOf(WorkItem item) const {
    return model_.FilterWord(static_cast<Value>(item.value));
  }

  // Prefetches an object with what lies beside it and is likely to be visited
  // right after it: that reached so far below and above the last ones.
  [[gnu::always_inline]] void PrefetchAround(Address target) const {
    Prefetch(target);
    for (Address line = kLineBytes; line <= below_; line += kLineBytes) {
      __builtin_prefetch(reinterpret_cast<const void*>(target - line), 1);
    }
    for (Address line = kLineBytes; line <= above_; line += kLineBytes) {
      __builtin_prefetch(reinterpret_cast<const void*>(target + line), 1);
    }
  }

  // Whether an item refers to an object that lies beside the last one. Nothing
  // lies beside null, so an empty stack's top needs no test.
  bool IsNear(WorkItem item, Address last) const {
    return TargetOf(item) - last + kNearBytes < 2 * kNearBytes;
  }

  // Chooses the order in which slots are visited by what `object` has pushed,
  // above `depth`. Who makes trees from the leaves upwards leaves the last
  // child right below its parent, others leave the first one right above it.
  // The nearer one ought to be traced first: then what is visited lies in a
  // row. But with a list's rest before its items, all of these stay on the
  // stack.
  void ChooseOrder(Address object, std::size_t depth) {
    const auto distance = [this, object](WorkItem item) {
      const Address target = TargetOf(item);
      return target > object ? target - object : object - target;
    };
    if (depth > kDeep) {
      is_reversed_ = false;
    } else if (stack_.size() >= depth + 2 &&
               distance(stack_[depth]) < distance(stack_.Top())) {
      is_reversed_ = !is_reversed_;
    }
  }

  void Process(WorkItem item) {
    const Value value = static_cast<Value>(item.value);
    const Address object = model_.Decode(value);
    if (object == kNullAddress) return;
    const Membership membership = blocks_.MembershipOf(object);
    if (!membership.is_member()) {
      if constexpr (kScope == TraceScope::kHeap) Mark(object);
      if ((item.slot & kInOldSpace) != 0) KeepCard(item.slot, object);
      return;
    }
    const Header header = LoadHeader(object);
    Address to = model_.IsForwarded(header)
                     ? model_.ForwardingAddress(header)
                     : TryEvacuate(object, header, membership);
    if (to == kNullAddress) [[unlikely]] {
      LeaveLoop([&] { to = tracer_.Evacuate(object, header, membership); });
    }
    const Value moved = model_.Rebase(value, object, to);
    if ((item.slot & kInOldSpace) == 0) {
      StoreSlot(item.slot, moved);
    } else {
      StoreSlot(item.slot - kInOldSpace, moved);
      KeepCard(item.slot, to);
    }
  }

  static void StoreSlot(Address slot, Value value) {
    std::atomic_ref(*reinterpret_cast<Value*>(slot))
        .store(value, std::memory_order_relaxed);
  }
  void KeepCard(Address slot, Address to) {
    if (young_.Contains(to)) tracer_.heap_.cards().Dirty(slot);  // [tr.card]
  }

  // Copies an object with which nothing is unusual, and returns where to; or
  // returns null. Does not leave the loop, so that its state stays in
  // registers.
  Address TryEvacuate(Address object, Header header, Membership membership) {
    if (membership.has_kept() || awaited_ != nullptr ||
        !stack_.HasRoomFor(kSmallBytes / sizeof(Value))) [[unlikely]] {
      return kNullAddress;
    }
    const Destination destination = DestinationOf(membership);
    const std::size_t size = model_.SizeFrom(header);
    Buffer& buffer = tracer_.buffers_[destination];
    const Address to = buffer.bump;
    if (buffer.limit - to < size || size > kSmallBytes ||
        model_.SizeAfterCopy(header) != size) [[unlikely]] {
      return kNullAddress;
    }
    buffer.bump = to + size;
    CopySmallObject(to, object, size);
    CompleteCopy(to, destination, object, header);
    // By the original, which is at hand: what was just stored is loaded late.
    PushSlots(object, header, DisplacementOf(to, destination, object));
    return to;
  }

  // Lets the tracer's slow paths work with the stack.
  template <typename Function>
  void LeaveLoop(Function&& slow_path) {
    Leave();
    slow_path();
    stack_ = tracer_.stack_;
  }
  void Leave() {
    tracer_.stack_ = stack_;
    tracer_.is_reversed_ = is_reversed_;
  }

  Tracer& tracer_;
  const Model model_;
  BlockTable blocks_;
  ObjectBitmap marks_;
  const AddressRange young_;
  const AddressRange scope_range_;
  Awaited* const awaited_;
  WorkCursor stack_;
  // How far from the last objects lay what was visited right after them, on
  // average.
  std::size_t below_ = 0;
  std::size_t above_ = 0;
  bool is_reversed_;
};

}  // namespace fledge::gc
