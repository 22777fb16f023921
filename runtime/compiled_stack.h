// CompiledStack: the frames of compiled code on one machine stack.
//
// They are found by a walk from the newest exit frame. What was walked is kept:
// an older frame that has not run since is as it was, so it need not be walked
// again, nor visited in a minor collection unless it refers to young objects.
// Those below the *watermark* have run:
//
//   higher addresses     | frames that rest, as walked last time  |
//   watermark ──►        +----------------------------------------+
//                        | frames that ran: walked in every pause |
//   newest exit frame ──►+----------------------------------------+
//
// A frame of a parked stack does not run. One of a stack that runs does when a
// call returns to it: code that polls at return moves the watermark then
// (CompiledFields); of other code every frame counts as one that ran.
//
// Design: docs/design/stack_maps.md. Source: P. Cheng, R. Harper, P. Lee,
// "Generational Stack Collection and Profile-Driven Pretenuring", PLDI 1998;
// for polls at return, E. Österlund, "ZGC: Concurrent Thread-Stack Processing",
// JEP 376, 2020.
//
// Invariants:
//   [sm.polled]  A frame whose return address of the call it waits for is at
//                the watermark or above has not run since it came to rest.
//
// Threads: as in runtime/stack_frames.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/exit_frame.h"
#include "runtime/frame.h"
#include "runtime/frame_walker.h"
#include "runtime/stack_frames.h"

namespace fledge::runtime {

class CompiledStack : public StackFrames {
 public:
  // Borrows `walker`.
  CompiledStack(FrameWalker& walker, Returns returns)
      : walker_(walker), returns_(returns) {}

  // A thread goes on with it, or parks it: while it runs, the fields are the
  // thread's.
  void Run(CompiledFields& of_thread);
  void Park();

  const ExitRecord* newest() const { return fields_->newest; }

  void AddSlots(gc::RootSlots& slots) override;
  void NoteFrames(gc::RootScope scope, const gc::NotedSlots& noted,
                  std::size_t first, Then then) override;
  // As RootSource::Describe().
  std::string Describe(Address slot);
  // Every frame, newest first. World stopped.
  std::vector<Frame> Frames();

 private:
  struct Walked {
    Frame frame;
    CodeRegistry::FoundSite found;
  };

  // Whether it has not run since it came to rest.
  bool Rests(const Frame& frame) const {
    return frame.stack_pointer - sizeof(Address) >= fields_->watermark;
  }
  void WalkFrames();
  template <typename Visitor>
  void VisitFrames(gc::RootScope scope, Visitor&& visit) const;

  FrameWalker& walker_;
  const Returns returns_;
  CompiledFields parked_;
  CompiledFields* fields_ = &parked_;
  std::vector<Walked> walked_;        // Oldest first.
  std::size_t resting_ = 0;           // The first of those.
  std::vector<std::uint32_t> noted_;  // Of them, by index, ascending.
};

}  // namespace fledge::runtime
