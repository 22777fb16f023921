// FaultWatch: hears of accesses to inaccessible from-space.
//
// With stress `protect=on` from-space is inaccessible, so that a stale
// reference faults at its first use. A FaultWatch turns that fault into a
// report. Faults elsewhere go to whatever handler was installed before.
//
// It is process-wide, as little in gc/ is: a signal has no other way to find
// its heap. It exists only while a heap is under `protect=on`.
//
// Design: docs/design/verifier.md. Platform code: fault_watch_linux.cc.
// Threads: thread-safe; the callback runs in the signal handler of the thread
// that faulted.
#pragma once

#include "allocator/base/address.h"

namespace fledge::gc {

class FaultWatch {
 public:
  // Called with the address of an access inside the watched range; must not
  // return if the access was an error, and may return to have it retried.
  using Callback = void (*)(void* context, Address address);

  // Watches `range` until destroyed. Borrows `context`.
  FaultWatch(AddressRange range, Callback callback, void* context);
  ~FaultWatch();
  FaultWatch(const FaultWatch&) = delete;
  FaultWatch& operator=(const FaultWatch&) = delete;
};

}  // namespace fledge::gc
