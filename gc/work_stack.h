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
  explicit WorkCursor(std::span<WorkItem> items)
      : bottom_(items.data()), top_(bottom_), limit_(bottom_ + items.size()) {}

  bool empty() const { return top_ == bottom_; }
  [[nodiscard]] bool Push(WorkItem item) {
    if (top_ == limit_) [[unlikely]]
      return false;
    *top_++ = item;
    return true;
  }
  // REQUIRES: !empty().
  WorkItem Pop() { return *--top_; }
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
            os, AlignUp(wanted_items * sizeof(WorkItem), kPageBytes),
            kPageBytes, kPageBytes)) {
    FLEDGE_CHECK(!memory_.empty() && os.Commit(memory_.range()),
                 "no memory for the collector's work stack");
    cursor_ = WorkCursor(std::span(
        reinterpret_cast<WorkItem*>(memory_.range().begin),
        std::min(wanted_items, memory_.range().bytes / sizeof(WorkItem))));
  }

  AddressRange memory() const { return memory_.range(); }
  WorkCursor& cursor() { return cursor_; }

 private:
  allocator::Reservation memory_;
  WorkCursor cursor_;
};

}  // namespace fledge::gc
