// WorkStack: what a tracer still has to visit.
//
// A stack of words in address space reserved when the heap is made, so that a
// collection never has to ask for memory to go on. When it is full, Push()
// says so, and the tracer falls back on visiting whole blocks again.
//
// Design: docs/design/tracing.md. Threads: one at a time.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/os.h"
#include "allocator/reservation.h"

namespace fledge::gc {

class WorkStack {
 public:
  // Room for `wanted_words`, or for less where the OS refuses.
  WorkStack(allocator::Os& os, std::size_t wanted_words)
      : memory_(allocator::Reservation::Create(
            os, AlignUp(wanted_words * sizeof(Address), kPageBytes), kPageBytes,
            kPageBytes)) {
    FLEDGE_CHECK(!memory_.empty() && os.Commit(memory_.range()),
                 "no memory for the collector's work stack");
    bottom_ = reinterpret_cast<Address*>(memory_.range().begin);
    top_ = bottom_;
    limit_ = bottom_ + (wanted_words < memory_.range().bytes / sizeof(Address)
                            ? wanted_words
                            : memory_.range().bytes / sizeof(Address));
  }

  AddressRange memory() const { return memory_.range(); }
  bool empty() const { return top_ == bottom_; }
  [[nodiscard]] bool Push(Address word) {
    if (top_ == limit_) [[unlikely]]
      return false;
    *top_++ = word;
    return true;
  }
  // REQUIRES: !empty().
  Address Pop() { return *--top_; }

 private:
  allocator::Reservation memory_;
  Address* bottom_;
  Address* top_;
  Address* limit_;
};

}  // namespace fledge::gc
