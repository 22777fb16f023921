// InterpreterStack: the frames of one stack of an interpreter.
//
// Each frame has a record, InterpreterFrame, that names its slots, their layout
// (which of them are live at which instruction) and the instruction that it is
// at; the records are a list from the newest to the oldest.
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
// Of a stack that is parked all frames rest after a collection.
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
// Threads: as in runtime/stack_frames.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "runtime/frame_layout.h"
#include "runtime/stack_frames.h"
#include "runtime/stack_segments.h"

namespace fledge::runtime {

// Most likely it is on the interpreter's stack, before the slots.
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
  bool noted = false;
};

class InterpreterStack final : public StackFrames {
 public:
  explicit InterpreterStack(std::size_t slot_bytes, StackSegments memory = {})
      : slot_bytes_(slot_bytes), memory_(std::move(memory)) {}

  void Enter(InterpreterFrame& frame, const FrameLayout& layout,
             Address slots) {
    frame = {
        newest_, &layout, slots, 0, newest_ == nullptr ? 0 : newest_->depth + 1,
        true,    false};
    newest_ = &frame;
  }
  void EnterFrom(InterpreterFrame& caller, InterpreterFrame& frame,
                 const FrameLayout& layout, Address slots) {
    frame = {&caller, &layout, slots, 0, caller.depth + 1, true, false};
    newest_ = &frame;
  }
  void Leave() {
    newest_ = newest_->caller;
    if (newest_ != nullptr) newest_->ran = true;
  }
  void LeaveTo(InterpreterFrame& caller) {
    newest_ = &caller;
    caller.ran = true;
  }
  // Takes all frames away.
  void LeaveAll() { newest_ = nullptr; }
  // Takes away the frames below the newest.
  // REQUIRES: there is one.
  void LeaveCallers() {
    newest_->caller = nullptr;
    newest_->depth = 0;
  }
  void Wrote(InterpreterFrame& frame) {
    if (!frame.ran) Note(frame);
  }
  // A thread goes on with it.
  void Run() {
    if (newest_ != nullptr) newest_->ran = true;
  }

  InterpreterFrame* newest() const { return newest_; }
  StackSegments& memory() { return memory_; }
  std::size_t slot_bytes() const { return slot_bytes_; }

  void AddSlots(gc::RootSlots& slots) override;
  void NoteFrames(gc::RootScope scope, const gc::NotedSlots& noted,
                  std::size_t first, Then then) override;
  // As RootSource::Describe().
  std::string Describe(Address slot) const;

 private:
  // A frame that rests and may refer to young objects. It is gone if its depth
  // is above that of the newest frame that rests, and is not read then.
  struct Noted {
    InterpreterFrame* frame;
    std::uint32_t depth;
  };

  void Note(InterpreterFrame& frame) {
    if (frame.noted) return;
    frame.noted = true;
    noted_.push_back({&frame, frame.depth});
  }
  template <typename Visitor>
  void VisitFrames(gc::RootScope scope, Visitor&& visit) const;

  const std::size_t slot_bytes_;
  InterpreterFrame* newest_ = nullptr;
  std::vector<Noted> noted_;
  StackSegments memory_;  // Of none if its frames are elsewhere.
};

}  // namespace fledge::runtime
