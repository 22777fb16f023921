// InterpreterFrames: the frames of an interpreter, as roots.
//
// An interpreter keeps values in frames of its own. A thread that runs it tells
// this of each frame that it enters and leaves; which of them a collection
// visits is said in runtime/interpreter_stack.h.
//
// The memory of frames is the interpreter's, on a stack that it lays out as it
// likes: Enter() and Leave(). Or it is that of stacks whose memory is Fledge's,
// which a thread may switch between: TryPush() and Pop(), see
// runtime/interpreter_stacks.h.
//
// Design: docs/design/stack_maps.md.
//
// Threads: used by the thread whose frames they are, which is attached to the
// heap; read in a pause by the collecting thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "allocator/base/address.h"
#include "gc/heap_core.h"
#include "gc/root_sources.h"
#include "runtime/frame_layout.h"
#include "runtime/interpreter_stack.h"

namespace fledge::runtime {

class InterpreterFrames : public gc::RootSource {
 public:
  // With memory for TryPush() from `memory`.
  // REQUIRES: destroyed before the heap, while its own stack runs.
  explicit InterpreterFrames(gc::HeapCore& heap, StackSegments memory = {})
      : own_(heap.slot_bytes(), std::move(memory)),
        registration_(heap.RegisterRootSource(*this)) {
    own_.set_running(true);
  }

  InterpreterFrames(const InterpreterFrames&) = delete;
  InterpreterFrames& operator=(const InterpreterFrames&) = delete;

  // Makes `frame` the newest. Slots that are live at its instruction hold
  // values from here on; those of the others may be anything. The interpreter
  // owns it. Never collects.
  void Enter(InterpreterFrame& frame, const FrameLayout& layout,
             Address slots) {
    running_->Enter(frame, layout, slots);
  }
  // The same from `caller`, which an interpreter knows at its calls.
  // REQUIRES: that is the newest.
  void EnterFrom(InterpreterFrame& caller, InterpreterFrame& frame,
                 const FrameLayout& layout, Address slots) {
    running_->EnterFrom(caller, frame, layout, slots);
  }
  // A call in tail position: `frame` is another procedure's from here on, at
  // its first instruction.
  // REQUIRES: it is the newest.
  static void Replace(InterpreterFrame& frame, const FrameLayout& layout) {
    frame.layout = &layout;
    frame.instruction = 0;
  }
  // Takes the newest away: its caller runs again.
  // REQUIRES: there is one.
  void Leave() { running_->Leave(); }
  // REQUIRES: `caller` is the newest's.
  void LeaveTo(InterpreterFrame& caller) { running_->LeaveTo(caller); }

  // The same for a frame in memory of the stack that runs, with its slots after
  // it, all zero. Null if there is no memory. Never collects.
  InterpreterFrame* TryPush(const FrameLayout& layout);
  // REQUIRES: the newest is from TryPush().
  void Pop() {
    const auto at = reinterpret_cast<Address>(newest());
    Leave();
    running_->memory().Pop(at);
  }

  // After a slot was written of a frame that waits for a call to return, as a
  // debugger may, or a closure that refers to its variables.
  void Wrote(InterpreterFrame& frame) { running_->Wrote(frame); }

  InterpreterFrame* newest() const { return running_->newest(); }

  // The stack that runs; the thread's own, which is no object, to begin with.
  // The latter's frames are roots whichever runs.
  InterpreterStack& running() { return *running_; }
  InterpreterStack& own() { return own_; }
  // For InterpreterStacks.
  void GoOn(InterpreterStack& stack) {
    running_ = &stack;
    stack.Run();
  }

  void AddSlots(gc::RootSlots& slots) override;
  void AfterCollection(const gc::NotedSlots& noted) override;
  std::string Describe(Address slot) override;

 private:
  InterpreterStack own_;
  InterpreterStack* running_ = &own_;
  // What was asked for last, and where the slots of both stacks began.
  gc::RootScope scope_ = gc::RootScope::kAll;
  std::size_t first_of_running_ = 0;
  std::size_t first_of_own_ = 0;
  std::unique_ptr<gc::RootSource, std::function<void(gc::RootSource*)>>
      registration_;
};

}  // namespace fledge::runtime
