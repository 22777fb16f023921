// InterpreterStacks: coroutines of an interpreter.
//
// A stack is made without frames, and any thread that interprets may go on with
// it: it then pushes and pops frames there, until it goes on with another. That
// takes no longer for a deep one.
//
//   InterpreterFrames frames(heap, stacks.OwnMemory());     // Of a thread.
//   const Local stack(mutator, stacks.TryMake(mutator, body));
//   stacks.Switch(frames, Stack(stack.get()));
//   frames.TryPush(layout);                                 // Of the body.
//   ...
//   stacks.SwitchToOwn(frames);                             // It yields.
//
// Who is to go on when a stack yields or ends is the interpreter's affair; it
// may keep that in Stack::content().
//
// Design: docs/design/stacks.md.
//
// Threads: any mutator's, also at once; a stack is run by one at a time, and
// may be by another the next time.
#pragma once

#include <cstddef>

#include "allocator/external_memory.h"
#include "runtime/heap.h"
#include "runtime/interpreter_frames.h"
#include "runtime/object_layout.h"
#include "runtime/stacks.h"

namespace fledge::runtime {

class InterpreterStacks final : public Stacks {
 public:
  // Memory that a stack begins with: a few frames.
  static constexpr std::size_t kFirstBytes = 512;

  // Of `heap`, which must outlive it. REQUIRES: destroyed after every
  // InterpreterFrames with memory of this.
  explicit InterpreterStacks(Heap& heap)
      : Stacks(heap), memory_(heap.os(), heap.external()) {}
  ~InterpreterStacks() override { Clear(); }

  // A stack without frames; empty if there is no memory. Its first segment is
  // of `first_bytes`, when a frame is pushed. May collect.
  Value TryMake(Mutator& mutator, Local content,
                std::size_t first_bytes = kFirstBytes);

  // The thread goes on with `to`, where its newest frame runs, or with its own
  // stack. What it ran is parked. Never collects.
  // REQUIRES: `to` is one of these, and no other thread runs it.
  void Switch(InterpreterFrames& frames, Stack to) {
    SwitchTo(frames, static_cast<InterpreterStack&>(to.frames()));
  }
  void SwitchToOwn(InterpreterFrames& frames) {
    SwitchTo(frames, frames.own());
  }
  // The stack that the thread runs; empty if its own.
  Value Running(InterpreterFrames& frames) {
    return ObjectOf(frames.running());
  }

  // For a thread's own stack.
  StackSegments OwnMemory() { return StackSegments(memory_, kFirstBytes); }

  // Bytes of memory for frames.
  std::size_t used_bytes() const { return memory_.used_bytes(); }

 private:
  void SwitchTo(InterpreterFrames& frames, InterpreterStack& to) {
    Exchange(frames.running(), to);
    frames.GoOn(to);
  }

  allocator::ExternalMemory memory_;
};

}  // namespace fledge::runtime
