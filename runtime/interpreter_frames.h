// InterpreterFrames: the frames of an interpreter, as roots.
//
// An interpreter keeps values in frames of its own, on a stack that it lays out
// as it likes. Each frame has a record, InterpreterFrame, that names its slots,
// their layout (which of them are live at which instruction) and the
// instruction that it is at; the records are a list from the newest to the
// oldest.
//
// A stack may be deep, and its older frames rest: nobody writes a frame while
// it waits for a call to return. So a minor collection visits the frames that
// ran since the last collection, and of the others only those that still refer
// to young objects. That they ran is noted in the record: by entering, and by
// returning to a frame, a store each.
//
//   newest ──► ran ──► ran ──► rests ──► rests ──► rests ──► ...
//                              [watermark]        └ noted: has young references
//
// Design: docs/design/stack_maps.md. Source: P. Cheng, R. Harper, P. Lee,
// "Generational Stack Collection and Profile-Driven Pretenuring", PLDI 1998
// (stack markers), with a flag that the interpreter sets in place of a marker.
//
// Invariants:
//   [sm.ran]    The frames that ran since the last collection come before all
//               that did not.
//   [sm.rests]  A frame that rests and refers to a young object is on the list
//               of noted frames.
//
// Threads: used by the thread whose frames they are, which is attached to the
// heap; read in a pause by the collecting thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "gc/heap_core.h"
#include "gc/root_sources.h"
#include "runtime/frame_layout.h"

namespace fledge::runtime {

// The interpreter owns it; most likely it is on its stack, before the slots.
struct InterpreterFrame {
  InterpreterFrame* caller = nullptr;
  const FrameLayout* layout = nullptr;
  Address slots = kNullAddress;  // The first; the others follow.
  // Stored before whatever may collect.
  std::uint32_t instruction = 0;
  // How many frames are below it.
  std::uint32_t depth = 0;
  // Whether it ran since the last collection, and so may have been written.
  bool ran = true;
};

class InterpreterFrames : public gc::RootSource {
 public:
  // REQUIRES: destroyed before the heap.
  explicit InterpreterFrames(gc::HeapCore& heap)
      : slot_bytes_(heap.slot_bytes()),
        registration_(heap.RegisterRootSource(*this)) {}

  InterpreterFrames(const InterpreterFrames&) = delete;
  InterpreterFrames& operator=(const InterpreterFrames&) = delete;

  // Makes `frame` the newest. Slots that are live at its instruction hold
  // values from here on; those of the others may be anything. Never collects.
  void Enter(InterpreterFrame& frame, const FrameLayout& layout,
             Address slots) {
    frame = {
        newest_, &layout, slots, 0, newest_ == nullptr ? 0 : newest_->depth + 1,
        true};
    newest_ = &frame;
  }
  // Takes the newest away: its caller runs again.
  // REQUIRES: there is one.
  void Leave() {
    newest_ = newest_->caller;
    if (newest_ != nullptr) newest_->ran = true;
  }
  // After a slot was written of a frame that waits for a call to return, as a
  // debugger may, or a closure that refers to its variables.
  void Wrote(InterpreterFrame& frame) {
    if (!frame.ran) noted_.push_back({&frame, frame.depth});
  }

  InterpreterFrame* newest() const { return newest_; }

  void AddSlots(gc::RootSlots& slots) override;
  void AfterCollection(const gc::NotedSlots& noted) override;
  std::string Describe(Address slot) override;

 private:
  // A frame that rests and may refer to young objects. It is gone if its depth
  // is above that of the newest frame that rests, and is not read then.
  struct Noted {
    InterpreterFrame* frame;
    std::uint32_t depth;
  };
  // A frame whose slots were added last, and which these are.
  struct Added {
    InterpreterFrame* frame;
    gc::RootSlots::Range slots;
  };

  void AddFrame(InterpreterFrame& frame, gc::RootSlots& slots);

  const std::size_t slot_bytes_;
  InterpreterFrame* newest_ = nullptr;
  std::vector<Noted> noted_;
  std::vector<Added> added_;
  std::unique_ptr<gc::RootSource, std::function<void(gc::RootSource*)>>
      registration_;
};

}  // namespace fledge::runtime
