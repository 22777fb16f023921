// Marker: marks old and large space a step at a time, with mutators running
// between the steps.
//
// What it still has to look at are addresses of objects. It stays correct while
// the program changes what it has passed because every pause of a minor
// collection hands it what may have been hidden since the last one: old targets
// of roots, of live young objects and of slots on dirty cards.
//
// An item is appended without testing its mark, as the word of the bitmap is
// seldom in the cache: that is for the steps, where it was prefetched. When the
// stack is full, an object is marked at once without being scanned, and its
// block is flagged and visited again before marking ends.
//
// Design: docs/design/incremental_marking.md. Sources: T. Printezis and D.
// Detlefs, "A Generational Mostly-Concurrent Garbage Collector", ISMM 2000;
// C. Cher, A. Hosking, T. Vijaykumar, ASPLOS 2004 (the queue in front of the
// stack); the GC Handbook, 2nd ed., chapter 16.
//
// Invariants:
//   [im.hidden]  Between two pauses, an unmarked old object that is reachable
//                is so by a path of unmarked objects from an item, a marked
//                object that is not scanned to its end, a root that the next
//                pause visits, a young object, or a marked object's slot on a
//                dirty card.
//
// Threads: one, with the world stopped.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/awaited.h"
#include "gc/block_table.h"
#include "gc/heap_core.h"
#include "gc/object_bitmap.h"
#include "gc/object_model.h"
#include "gc/work_stack.h"

namespace fledge::gc {

template <ObjectModel Model>
class Marker {
 public:
  using Value = typename Model::Value;

  // Borrows both; its stack is reserved here.
  Marker(HeapCore& heap, const Model& model)
      : heap_(heap),
        model_(model),
        young_(heap.young().range()),
        old_(RangeBetween(young_.end(), heap.object_range().end())),
        items_(heap.reliable_os(), heap.work_stack().capacity()) {}

  Marker(const Marker&) = delete;
  Marker& operator=(const Marker&) = delete;

  bool done() const {
    return items_.cursor().empty() && large_.empty() && flagged_.empty();
  }

  // Sees to it that `object`, of old or large space, will be marked.
  void Append(Address object) {
    FLEDGE_DCHECK(old_.Contains(object));
    if (!items_.cursor().Push({object, 0})) [[unlikely]]
      MarkOnly(object);
  }

  // A slot of a marked object in old space.
  void VisitSlot(Value* slot) {
    const Value value = *slot;
    if (!old_.Contains(model_.FilterWord(value))) return;
    const Address object = model_.Decode(value);
    if (object == kNullAddress) return;
    if (heap_.blocks().MembershipOf(object).is_candidate()) {
      heap_.candidates().Record(heap_.blocks().IndexOf(object),
                                reinterpret_cast<Address>(slot));
    }
    Append(object);
  }

  // From now on tells `awaited` of every object it reaches; of none if null.
  void Await(Awaited* awaited) { awaited_ = awaited; }

  // Takes up to `most` items: objects, stretches of large arrays, flagged
  // blocks. Returns how many bytes it scanned.
  std::size_t Advance(std::size_t most) {
    scanned_bytes_ = 0;
    while (most > 0 && !done()) {
      if (!items_.cursor().empty()) {
        most -= AdvanceItems(most);
        continue;
      }
      if (!large_.empty()) {
        ScanLargeStretch();
      } else {
        RevisitFlagged();
      }
      most -= std::min(most, kItemsPerStretch);
    }
    return scanned_bytes_;
  }

  // Forgets everything, for a cycle that is abandoned or done.
  void Clear() {
    items_.cursor().Clear();
    large_.clear();
    flagged_.clear();
  }

 private:
  static constexpr std::size_t kQueueItems = 16;
  static constexpr std::size_t kStretchBytes = 16 * kKiB;
  // A stretch, or a flagged block, counts as so many objects.
  static constexpr std::size_t kItemsPerStretch = 64;
  static_assert((kQueueItems & (kQueueItems - 1)) == 0);

  // First in, first out, of fixed size.
  class Ring {
   public:
    bool empty() const { return count_ == 0; }
    bool full() const { return count_ == kQueueItems; }
    void Push(Address object) {
      items_[(head_ + count_++) % kQueueItems] = object;
    }
    Address Pop() {
      const Address oldest = items_[head_];
      head_ = (head_ + 1) % kQueueItems;
      --count_;
      return oldest;
    }

   private:
    std::array<Address, kQueueItems> items_;
    std::size_t head_ = 0;
    std::size_t count_ = 0;
  };

  // Items pass two rings: in the first the word of the mark bitmap is on its
  // way, in the second the object, which most items never need: they were
  // marked before. What is in the rings at the end goes back to the stack, or
  // is scanned.
  std::size_t AdvanceItems(std::size_t most) {
    WorkCursor& stack = items_.cursor();
    Ring to_mark;
    Ring to_scan;
    std::size_t taken = 0;
    while (taken < most) {
      if (!stack.empty()) {
        const Address next = stack.Pop().slot;
        PrefetchMark(next);
        if (!to_mark.full()) {
          to_mark.Push(next);
          continue;
        }
        const Address object = to_mark.Pop();
        to_mark.Push(next);
        ++taken;
        if (!heap_.marks().TestAndSet(object)) continue;
        PrefetchObject(object);
        if (to_scan.full()) Scan(to_scan.Pop());
        to_scan.Push(object);
      } else if (!to_scan.empty()) {
        Scan(to_scan.Pop());
      } else if (!to_mark.empty()) {
        const Address object = to_mark.Pop();
        ++taken;
        if (!heap_.marks().TestAndSet(object)) continue;
        PrefetchObject(object);
        to_scan.Push(object);
      } else {
        break;
      }
    }
    while (!to_scan.empty()) Scan(to_scan.Pop());
    while (!to_mark.empty()) Append(to_mark.Pop());
    return taken;
  }

  [[gnu::always_inline]] void PrefetchMark(Address object) const {
    __builtin_prefetch(heap_.marks().WordAddressOf(object), 1);
  }
  [[gnu::always_inline]] void PrefetchObject(Address object) const {
    __builtin_prefetch(reinterpret_cast<const void*>(object));
  }

  // A marked object.
  void Scan(Address object) {
    if (awaited_ != nullptr) [[unlikely]]
      awaited_->Reach(object);
    BlockInfo& info = heap_.blocks().InfoOf(object);
    if (info.kind == BlockKind::kLargeHead) [[unlikely]] {
      large_.emplace_back(object, object);
      return;
    }
    const Header header = LoadHeader(object);
    const std::size_t size = model_.SizeFrom(header);
    info.marked_bytes += static_cast<std::uint32_t>(size);
    scanned_bytes_ += size;
    model_.VisitSlots(object, header, [this](Value* slot) { VisitSlot(slot); });
  }

  // Marks an object for which the stack has no room.
  [[gnu::noinline]] void MarkOnly(Address object) {
    if (!heap_.marks().TestAndSet(object)) return;
    if (awaited_ != nullptr) awaited_->Reach(object);
    const BlockIndex block = heap_.blocks().IndexOf(object);
    BlockInfo& info = heap_.blocks()[block];
    if (info.kind == BlockKind::kLargeHead) {
      large_.emplace_back(object, object);
      return;
    }
    info.marked_bytes +=
        static_cast<std::uint32_t>(model_.SizeFrom(LoadHeader(object)));
    if (!std::exchange(info.unscanned, true)) flagged_.push_back(block);
  }

  void ScanLargeStretch() {
    auto& [object, next] = large_.back();
    const Header header = LoadHeader(object);
    // Looked at again each time: its owner may have shrunk it.
    const Address end = object + model_.SizeFrom(header);
    const Address begin = std::min(next, end);
    const Address stop = std::min(end, begin + kStretchBytes);
    const Address of = object;
    next = stop;
    if (stop == end) large_.pop_back();
    scanned_bytes_ += stop - begin;
    model_.VisitSlotsIn(of, header, RangeBetween(begin, stop),
                        [this](Value* slot) { VisitSlot(slot); });
  }

  // Scans the marked objects of a flagged block: those that were scanned before
  // have nothing new to say, so this ends.
  void RevisitFlagged() {
    const BlockIndex block = flagged_.back();
    flagged_.pop_back();
    heap_.blocks()[block].unscanned = false;
    heap_.marks().VisitRange(
        heap_.blocks().RangeOf(block), [this](Address object) {
          const Header header = LoadHeader(object);
          scanned_bytes_ += model_.SizeFrom(header);
          model_.VisitSlots(object, header,
                            [this](Value* slot) { VisitSlot(slot); });
        });
  }

  HeapCore& heap_;
  const Model model_;
  const AddressRange young_;
  const AddressRange old_;  // And large space.
  WorkStack items_;
  std::vector<std::pair<Address, Address>> large_;  // Object, where to go on.
  std::vector<BlockIndex> flagged_;
  Awaited* awaited_ = nullptr;
  std::size_t scanned_bytes_ = 0;  // In this step.
};

}  // namespace fledge::gc
