// StackFrames: the frames of one stack, as the collector is shown them.
//
// A stack is run by a thread, or parked. While it runs, a root source shows its
// frames; while it is parked they count for as long as its Stack object is
// reached (runtime/stacks.h). Both need the same of it: the slots of its
// frames, of all or of those that a minor collection has to see.
//
// Design: docs/design/stacks.md.
//
// Threads: written by the thread that runs it, or parks it; read with the world
// stopped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gc/root_sources.h"

namespace fledge::runtime {

class StackFrames {
 public:
  // What becomes of the frames whose slots were shown.
  enum class Then : std::uint8_t {
    kRest,  // Each rests from now on, but for the newest of one that runs.
    kNote,  // As they were, but noted if they were not.
  };

  StackFrames() = default;
  virtual ~StackFrames() = default;
  StackFrames(const StackFrames&) = delete;
  StackFrames& operator=(const StackFrames&) = delete;

  // Adds the slots of every frame, or if slots.scope() is kNoted of those that
  // ran since they last came to rest, and of those that are noted.
  virtual void AddSlots(gc::RootSlots& slots) = 0;
  // The same frames again, when their slots are up to date: notes those that
  // have a slot that is noted. AddSlots() added the first one at `first`.
  virtual void NoteFrames(gc::RootScope scope, const gc::NotedSlots& noted,
                          std::size_t first, Then then) = 0;

  // Whether a thread runs it.
  bool is_running() const { return is_running_; }
  void set_running(bool is_running) { is_running_ = is_running; }
  // Which of the stacks it is one of.
  std::uint32_t place() const { return place_; }
  void set_place(std::uint32_t place) { place_ = place; }

 private:
  std::uint32_t place_ = 0;
  bool is_running_ = false;
};

}  // namespace fledge::runtime
