// UnwindTableWalker: from a frame to its caller by the tables that compilers
// write for exceptions and debuggers (.eh_frame), for code that keeps no frame
// pointer.
//
// By libunwind. It is given the registers that are known of a suspended frame,
// and no others: compilers spill references at statepoints, and describe frames
// by the stack pointer or the frame pointer.
//
// Design: docs/design/stack_maps.md. Platform code:
// unwind_table_walker_linux.cc.
//
// Threads: one; any number of walkers may walk at a time.
#pragma once

#include <memory>

#include "runtime/frame.h"

namespace fledge::runtime {

class UnwindTableWalker {
 public:
  UnwindTableWalker();
  ~UnwindTableWalker();

  // Sets `frame` to its caller's; false, and unchanged, if there is no table
  // for it, or no caller. About 0.5 us, and more if `frame` is not the one that
  // the last call left.
  bool Step(Frame& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether there is a table for the function that a call from it returns to.
bool HasUnwindTable(Address return_address);

}  // namespace fledge::runtime
