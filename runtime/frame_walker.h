// FrameWalker: from where compiled code was left to the frames that wait.
//
// From each exit frame it walks up compiled frames until one was called by
// native code, and looks up the stack map of each by its return address. What
// cannot be walked or looked up ends the process with a line that says where: a
// frame that is missed is a reference that is not updated.
//
// How it walks is said for each code (FrameWalk). In a verified heap the caller
// that was found is compared with what is known otherwise: the unwind table
// where the code has both, and the frame's size where the map has it; and
// native frames between exit frames are walked too, to find compiled ones that
// no exit frame led to.
//
// Design: docs/design/stack_maps.md.
//
// Invariants:
//   [sm.walk]  A walk meets every compiled frame between an exit frame and
//              native code, or ends the process.
//
// Threads: one at a time, with the world stopped.
#pragma once

#include <string>

#include "allocator/base/address.h"
#include "runtime/code_registry.h"
#include "runtime/exit_frame.h"
#include "runtime/frame.h"
#include "runtime/unwind_table_walker.h"

namespace fledge::runtime {

class FrameWalker {
 public:
  // REQUIRES: destroyed before the registry.
  explicit FrameWalker(CodeRegistry& registry) : registry_(registry) {}

  // Calls visit(frame, found site) for every compiled frame that `newest` and
  // the exit frames before it lead to, newest first, until it returns false.
  template <typename Visitor>
  void Walk(const ExitRecord* newest, Visitor&& visit) {
    for (const ExitRecord* exit = newest; exit != nullptr;
         exit = exit->previous) {
      Frame frame{exit->return_address, exit->stack_pointer,
                  exit->frame_pointer};
      CheckExit(frame);
      FrameWalk walk = FrameWalk::kFramePointer;
      while (const CodeRegistry::FoundSite found =
                 registry_.Find(frame.return_address)) {
        if (!visit(frame, found)) return;
        walk = found.code->walk;
        Step(frame, found);
      }
      CheckEnd(frame, walk, exit->previous);
    }
  }

  CodeRegistry& registry() { return registry_; }
  // Ends the process: something is wrong where a call returns.
  [[noreturn]] void Fail(Address return_address, const std::string& what);

 private:
  void CheckExit(const Frame& frame);
  void Step(Frame& frame, const CodeRegistry::FoundSite& found);
  void CheckCaller(const Frame& frame, const Frame& caller,
                   const CodeRegistry::FoundSite& found);
  void CheckEnd(const Frame& frame, FrameWalk walk, const ExitRecord* older);
  void CheckNativeFrames(Frame frame, const ExitRecord* older);

  CodeRegistry& registry_;
  UnwindTableWalker table_walker_;
};

}  // namespace fledge::runtime
