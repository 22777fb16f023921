// WorkStack: what a tracer still has to visit.
//
// A stack of slots, each with the value that was seen in it, in address space
// reserved when the heap is made, so that a collection never has to ask for
// memory to go on. When it is full, Push() says so, and the tracer falls back
// on visiting whole blocks again.
//
// Design: docs/design/tracing.md. Threads: one at a time.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/os.h"
#include "allocator/reservation.h"

namespace fledge::gc {

// A slot to visit. The value saves loading it again when the slot's own memory
// has left the cache.
struct WorkItem {
  Address slot = kNullAddress;
  std::uint64_t value = 0;

  bool operator==(const WorkItem&) const = default;
};

// The items, but not their memory: small enough for a tracer's inner loop to
// keep a copy in registers.
class WorkCursor {
 public:
  WorkCursor() = default;
  // Takes the first item for itself: what Top() is of an empty stack.
  // REQUIRES: !items.empty().
  explicit WorkCursor(std::span<WorkItem> items)
      : bottom_(items.data() + 1),
        top_(bottom_),
        limit_(items.data() + items.size()) {
    items[0] = {};
  }

  bool empty() const { return top_ == bottom_; }
  std::size_t size() const { return static_cast<std::size_t>(top_ - bottom_); }
  // The i-th from the bottom. REQUIRES: i < size().
  const WorkItem& operator[](std::size_t i) const { return bottom_[i]; }
  void Clear() { top_ = bottom_; }
  [[nodiscard]] bool Push(WorkItem item) {
    if (top_ == limit_) [[unlikely]]
      return false;
    *top_++ = item;
    return true;
  }
  std::size_t capacity() const {
    return static_cast<std::size_t>(limit_ - bottom_);
  }
  // Whether so many items may be pushed by PushIf().
  bool HasRoomFor(std::size_t items) const {
    return reinterpret_cast<Address>(limit_) - reinterpret_cast<Address>(top_) >
           items * sizeof(WorkItem);
  }
  // Pushes the item, or writes it where the next will be. With a branch: where
  // the processor foresees it, nothing that follows waits for the condition.
  // REQUIRES: HasRoomFor(1).
  void PushIf(bool condition, WorkItem item) {
    top_->slot = item.slot;
    // Two stores: the compiler would pack the words for one, which takes
    // longer.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    top_->value = item.value;
    if (condition) {
      ++top_;
      asm("" : "+r"(top_));  // Lest the compiler make it a select.
    }
  }
  // REQUIRES: !empty().
  WorkItem Pop() { return *--top_; }
  // The item that Pop() would take; if there is none, one that is null.
  const WorkItem& Top() const { return top_[-1]; }

 private:
  WorkItem* bottom_ = nullptr;
  WorkItem* top_ = nullptr;
  WorkItem* limit_ = nullptr;
};

class WorkStack {
 public:
  // Room for `wanted_items`, or for less where the OS refuses.
  WorkStack(allocator::Os& os, std::size_t wanted_items)
      : memory_(allocator::Reservation::Create(
            os, AlignUp((wanted_items + 1) * sizeof(WorkItem), kPageBytes),
            kPageBytes, kPageBytes)) {
    FLEDGE_CHECK(!memory_.empty() && os.Commit(memory_.range()),
                 "no memory for the collector's work stack");
    cursor_ = WorkCursor(std::span(
        reinterpret_cast<WorkItem*>(memory_.range().begin),
        std::min(wanted_items + 1, memory_.range().bytes / sizeof(WorkItem))));
  }

  AddressRange memory() const { return memory_.range(); }
  std::size_t capacity() const { return cursor_.capacity(); }
  WorkCursor& cursor() { return cursor_; }
  const WorkCursor& cursor() const { return cursor_; }

 private:
  allocator::Reservation memory_;
  WorkCursor cursor_;
};

}  // namespace fledge::gc
