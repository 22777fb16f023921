// NativeStacks: coroutines of compiled and native code.
//
// A stack is memory of its own on which a function runs. It goes on until it
// switches to another stack or ends, and later goes on from there. While it is
// parked, the frames of compiled code on it are kept by its object, and keep
// what their slots refer to.
//
//   const Local stack(mutator, stacks.TryMake(mutator, content, &Body, nullptr,
//                                             32 * kKiB));
//   stacks.Switch(mutator, frames, Stack(stack.get()));     // Runs Body(),
//   ...                                                     // until it yields:
//   stacks.SwitchToOwn(mutator, frames);
//
// Native functions on it use the heap as anywhere, but for handles: those of a
// thread are one stack, so a coroutine switches with as many as there were when
// its thread switched to it.
//
// Design: docs/design/stacks.md.
//
// Invariants: [st.canary], and
//   [st.handles]  A coroutine is left with as many handles as its thread's own
//                 stack was.
//
// Threads: as in runtime/stacks.h. A stack may go on in another thread if what
// is on it does not keep addresses of the thread's (thread-locals, its
// Mutator).
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"
#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/stack_memory.h"
#include "runtime/stack_switch.h"
#include "runtime/stacks.h"

namespace fledge::runtime {

class NativeStack;

class NativeStacks final : public Stacks {
 public:
  // Of `heap` and its registry, which must outlive it.
  NativeStacks(Heap& heap, CodeRegistry& registry,
               Returns returns = Returns::kSilent);
  ~NativeStacks() override;

  // A stack of at least `size_bytes` on which entry(argument) runs when it is
  // first switched to; empty if there is no memory. When that returns, the
  // thread goes on with its own stack; an exception must not leave it. May
  // collect.
  Value TryMake(Mutator& mutator, Local content, StackEntry entry,
                void* argument, std::size_t size_bytes);

  // The thread goes on with `to`, or with its own stack. Returns when what it
  // ran is gone on with. Called by native code, which entered an ExitFrame if
  // compiled code called it. Never collects. O(1).
  // REQUIRES: `to` is one of these and has not ended, and no other thread runs
  // it.
  void Switch(Mutator& mutator, CompiledFrames& frames, Stack to);
  void SwitchToOwn(Mutator& mutator, CompiledFrames& frames);

  // The stack that the thread runs; empty if its own.
  Value Running(CompiledFrames& frames) { return ObjectOf(frames.running()); }
  // Whether its function has returned.
  static bool HasEnded(Stack stack);

  const StackMemory& memory() const { return memory_; }

 private:
  friend class NativeStack;

  void SwitchTo(Mutator& mutator, CompiledFrames& frames, CompiledStack& to);

  const Returns returns_;
  FrameWalker walker_;  // Of parked stacks.
  StackMemory memory_;
};

}  // namespace fledge::runtime
