// NativeStack: a machine stack and the frames of compiled code on it, as
// NativeStacks has them.
//
// Design: docs/design/stacks.md. Threads: as in runtime/stack_frames.h.
#pragma once

#include "allocator/base/address.h"
#include "runtime/compiled_frames.h"
#include "runtime/compiled_stack.h"
#include "runtime/heap.h"
#include "runtime/machine_stack.h"
#include "runtime/stack_memory.h"
#include "runtime/stack_switch.h"

namespace fledge::runtime {

class NativeStacks;

class NativeStack final : public CompiledStack {
 public:
  // Has `memory`, which is of `pool`, and gives it back.
  NativeStack(NativeStacks& stacks, FrameWalker& walker, Returns returns,
              StackMemory& pool, AddressRange memory, StackEntry entry,
              void* argument)
      : CompiledStack(walker, returns),
        stacks_(stacks),
        pool_(pool),
        entry_(entry),
        argument_(argument),
        machine_(memory, &Main, this) {}
  ~NativeStack() override { pool_.Free(machine_.memory()); }

  MachineStack& machine() { return machine_; }
  bool has_ended() const { return has_ended_; }
  // Who runs it: when it ends, its own stack is gone on with.
  void SetThread(Mutator& mutator, CompiledFrames& frames) {
    mutator_ = &mutator;
    frames_ = &frames;
  }

 private:
  static void Main(void* stack) noexcept;

  NativeStacks& stacks_;
  StackMemory& pool_;
  const StackEntry entry_;
  void* const argument_;
  MachineStack machine_;
  Mutator* mutator_ = nullptr;
  CompiledFrames* frames_ = nullptr;
  bool has_ended_ = false;
};

}  // namespace fledge::runtime
