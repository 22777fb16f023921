// CompiledFrames: the frames of compiled code on a thread's stack, as roots.
//
// How they are found is said in runtime/frame_walker.h, which of them a
// collection visits in runtime/compiled_stack.h. A thread may switch between
// stacks: runtime/native_stacks.h.
//
// Design: docs/design/stack_maps.md.
//
// Invariants: [sm.exit], [sm.walk], [sm.polled].
//
// Threads: made, used and destroyed by the thread whose frames they are, which
// is attached to the heap; walked in a pause by the collecting thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "gc/root_sources.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_fields.h"
#include "runtime/compiled_stack.h"
#include "runtime/frame.h"
#include "runtime/frame_walker.h"
#include "runtime/machine_stack.h"

namespace fledge::runtime {

class CompiledFrames : public gc::RootSource {
 public:
  // REQUIRES: destroyed before the registry, when no exit frame is left and its
  // own stack runs; `returns` is kPolled only if all code of the registry, and
  // what writes exit records, polls.
  explicit CompiledFrames(CodeRegistry& registry,
                          Returns returns = Returns::kSilent);
  ~CompiledFrames() override;

  CompiledFrames(const CompiledFrames&) = delete;
  CompiledFrames& operator=(const CompiledFrames&) = delete;

  // For ExitFrame, and for code that writes its own records.
  const ExitRecord** newest_address() { return &fields_.newest; }
  // For code that polls at return.
  CompiledFields& fields() { return fields_; }

  // The stack that runs; the thread's own, which is no object, to begin with.
  // The latter's frames are roots whichever runs.
  CompiledStack& running() { return *running_; }
  CompiledStack& own() { return own_; }
  // For NativeStacks: another stack runs; the thread's own, and how many
  // handles it had when it was left, by the address of the next.
  void GoOn(CompiledStack& stack);
  MachineStack& own_machine() { return own_machine_; }
  Address handles_of_own() const { return handles_of_own_; }
  void set_handles_of_own(Address top) { handles_of_own_ = top; }

  void AddSlots(gc::RootSlots& slots) override;
  void AfterCollection(const gc::NotedSlots& noted) override;
  std::string Describe(Address slot) override;

  // Every compiled frame of the stack that runs, newest first. World stopped.
  std::vector<Frame> Frames() { return running_->Frames(); }

 private:
  FrameWalker walker_;
  CompiledFields fields_;
  CompiledStack own_;
  MachineStack own_machine_;
  Address handles_of_own_ = kNullAddress;
  CompiledStack* running_ = &own_;
  // What was asked for last, and where the slots of both stacks began.
  gc::RootScope scope_ = gc::RootScope::kAll;
  std::size_t first_of_running_ = 0;
  std::size_t first_of_own_ = 0;
  std::unique_ptr<gc::RootSource, std::function<void(gc::RootSource*)>>
      registration_;
};

}  // namespace fledge::runtime
