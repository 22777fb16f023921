// MachineStack: a stack that a thread can leave and go on with.
//
// What of a thread's state belongs to the stack and not to the thread: where it
// was left, what sanitizers know of it, and the exceptions that are being
// handled on it.
//
// Design: docs/design/stacks.md.
//
// Threads: the one that runs it.
#pragma once

#include "allocator/base/address.h"
#include "runtime/fiber.h"
#include "runtime/stack_switch.h"

namespace fledge::runtime {

class MachineStack {
 public:
  // The one that the thread runs on.
  MachineStack() : fiber_({}) {}
  // One that begins with entry(argument), which never returns. Borrows
  // `memory`.
  MachineStack(AddressRange memory, StackEntry entry, void* argument)
      : memory_(memory),
        left_at_(PrepareStack(memory, entry, argument)),
        fiber_(memory) {}

  // Leaves `from`, which runs, and goes on with `to`. Returns when `from` is
  // gone on with.
  static void Switch(MachineStack& from, MachineStack& to);
  // To be called first on a stack that begins.
  void Begin() { Fiber::Arrive(left_for_this_->fiber_, fiber_); }

  // Empty if it is a thread's own.
  AddressRange memory() const { return memory_; }
  Address left_at() const { return left_at_; }

 private:
  // What the C++ runtime keeps for each thread (__cxa_eh_globals).
  struct Exceptions {
    void* caught = nullptr;
    unsigned uncaught_count = 0;
  };

  const AddressRange memory_;
  Address left_at_ = kNullAddress;
  Fiber fiber_;
  Exceptions exceptions_;
  MachineStack* left_for_this_ = nullptr;
};

}  // namespace fledge::runtime
