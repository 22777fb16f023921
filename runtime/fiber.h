// Fiber: what sanitizers are told of a machine stack.
//
// AddressSanitizer has to know where the stack lies that runs, and
// ThreadSanitizer what a stack has called. Without them all of it compiles to
// nothing. Which of fiber_asan.cc, fiber_tsan.cc and fiber_none.cc is built is
// the build's choice.
//
// Design: docs/design/stacks.md. Source: sanitizer/common_interface_defs.h and
// sanitizer/tsan_interface.h.
//
// Threads: as the stack's.
#pragma once

#include "allocator/base/address.h"

namespace fledge::runtime {

class Fiber {
 public:
  // Of a new stack; of the thread's own if `memory` is empty.
  explicit Fiber(AddressRange memory);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Before the switch from one to the other.
  static void Leave(Fiber& from, Fiber& to);
  // After it, on the other's stack.
  static void Arrive(Fiber& from, Fiber& to);

 private:
  AddressRange memory_;
  void* state_ = nullptr;  // The sanitizer's.
};

}  // namespace fledge::runtime
