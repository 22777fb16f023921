// ExitFrame: where compiled code was left for native code.
//
// A walk of compiled frames begins where compiled code called out: that is
// known exactly only to who was called. So a native function that compiled code
// calls, and that may collect, puts an ExitFrame on its stack first. From there
// frames are walked up to the one that native code entered, and from there on
// in the next exit frame, older than that:
//
//   compiled ── native: ExitFrame ── compiled ── native: ExitFrame ── collects
//                          older  ◄───────────────  newest
//
// A JIT may write the record by itself, in its stub for calls: ExitRecord has
// fixed offsets, and CompiledFrames::newest_address() says where the newest is.
// Where its code polls at return, so does the stub, like ExitFrame.
//
// Design: docs/design/stack_maps.md. Source: the Java VM's "last Java frame"
// anchors (HotSpot's JavaFrameAnchor).
//
// Invariants:
//   [sm.exit]  When a collection may begin, every compiled frame of a thread is
//              between one of its exit frames and the native frame that
//              entered it.
//
// Threads: a thread changes its own; a collection reads them in its pause.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "runtime/compiled_fields.h"

namespace fledge::runtime {

struct ExitRecord {
  const ExitRecord* previous = nullptr;
  Address return_address = kNullAddress;  // Into compiled code,
  Address stack_pointer = kNullAddress;   // and the registers when the call
  Address frame_pointer = kNullAddress;   // returns there.
};

static_assert(offsetof(ExitRecord, previous) == 0);
static_assert(offsetof(ExitRecord, return_address) == 8);
static_assert(offsetof(ExitRecord, stack_pointer) == 16);
static_assert(offsetof(ExitRecord, frame_pointer) == 24);

// In a function that compiled code calls, until it returns.
class ExitFrame {
 public:
  // `newest` is CompiledFrames::newest_address() of this thread.
  // REQUIRES: the function is called by compiled code, directly, and not
  // inlined. Always inline, so that the frame is that function's.
  [[gnu::always_inline]] explicit ExitFrame(const ExitRecord** newest)
      : newest_(newest) {
    // Asking for the frame's address makes the compiler keep it.
    const auto* const saved =
        static_cast<const Address*>(__builtin_frame_address(0));
    record_ = {*newest, saved[1], reinterpret_cast<Address>(saved + 2),
               saved[0]};
    *newest = &record_;
  }
  [[gnu::always_inline]] ~ExitFrame() {
    // The newest is the first of them.
    auto* const fields = reinterpret_cast<CompiledFields*>(newest_);
    fields->newest = record_.previous;
    fields->ReturnTo(record_.stack_pointer);
  }

  ExitFrame(const ExitFrame&) = delete;
  ExitFrame& operator=(const ExitFrame&) = delete;

 private:
  const ExitRecord** const newest_;
  ExitRecord record_;
};

}  // namespace fledge::runtime
