// CompiledFrames: the frames of compiled code on a thread's stack, as roots.
//
// From each exit frame it walks up compiled frames until one was called by
// native code, looks up the stack map of each by its return address, and gives
// the collector their slots. What cannot be walked or looked up ends the
// process with a line that says where: a frame that is missed is a reference
// that is not updated.
//
// How it walks is said for each code (FrameWalk). In a verified heap the caller
// that was found is compared with what is known otherwise: the unwind table
// where the code has both, and the frame's size where the map has it; and
// native frames between exit frames are walked too, to find compiled ones that
// no exit frame led to.
//
// Design: docs/design/stack_maps.md.
//
// Invariants: [sm.exit], and
//   [sm.walk]  A walk meets every compiled frame between an exit frame and
//              native code, or ends the process.
//
// Threads: made, used and destroyed by the thread whose frames they are, which
// is attached to the heap; walked in a pause by the collecting thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "allocator/base/address.h"
#include "gc/root_sources.h"
#include "runtime/code_registry.h"
#include "runtime/exit_frame.h"
#include "runtime/frame.h"
#include "runtime/unwind_table_walker.h"

namespace fledge::runtime {

class CompiledFrames : public gc::RootSource {
 public:
  // REQUIRES: destroyed before the registry, when no exit frame is left.
  explicit CompiledFrames(CodeRegistry& registry);
  ~CompiledFrames() override;

  CompiledFrames(const CompiledFrames&) = delete;
  CompiledFrames& operator=(const CompiledFrames&) = delete;

  // For ExitFrame, and for code that writes its own records.
  const ExitRecord** newest_address() { return &newest_; }

  void AddSlots(gc::RootSlots& slots) override;
  std::string Describe(Address slot) override;

  // Every compiled frame, newest first. World stopped.
  std::vector<Frame> Frames();

 private:
  template <typename Visitor>
  void Walk(Visitor&& visit);
  void Step(Frame& frame, const CodeRegistry::FoundSite& found);
  void CheckCaller(const Frame& frame, const Frame& caller,
                   const CodeRegistry::FoundSite& found);
  void CheckNativeFrames(Frame frame, const ExitRecord* older);
  [[noreturn]] void Fail(Address return_address, const std::string& what);

  CodeRegistry& registry_;
  const ExitRecord* newest_ = nullptr;
  UnwindTableWalker table_walker_;
  std::unique_ptr<gc::RootSource, std::function<void(gc::RootSource*)>>
      registration_;
};

}  // namespace fledge::runtime
