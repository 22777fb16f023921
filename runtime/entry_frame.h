// EntryFrame: where native code enters compiled code that an exception may
// leave.
//
// An exception that passes compiled frames ends them without their polls at
// return, and leaves the exit records there that compiled code wrote by itself.
// So a native function that enters compiled code, where one may pass, puts an
// EntryFrame on its stack first. When that ends, by whatever means, the newest
// exit record is again what it was, and the frames between are known to be
// gone:
//
//   try {
//     const EntryFrame entry(frames.fields());
//     compiled(argument);
//   } catch (const Error& error) {
//     ...                           // May collect, and enter compiled code.
//   }
//
// It does not matter where the exception is caught, as it ends every EntryFrame
// that it passes. longjmp() ends none: who goes on after that restores `newest`
// and calls ReturnTo() with an address of its own frame.
//
// Design: docs/design/stack_maps.md.
//
// Invariants:
//   [sm.entry]  When a native function goes on after an exception, frames below
//               its own are below the watermark.
//
// Threads: a thread's own.
#pragma once

#include "allocator/base/address.h"
#include "runtime/compiled_fields.h"

namespace fledge::runtime {

class EntryFrame {
 public:
  // `fields` are CompiledFrames::fields() of this thread. Always inline, so
  // that the frame is that of the function that enters.
  [[gnu::always_inline]] explicit EntryFrame(CompiledFields& fields)
      : fields_(fields),
        newest_(fields.newest),
        frame_(reinterpret_cast<Address>(__builtin_frame_address(0))) {}
  ~EntryFrame() {
    fields_.newest = newest_;
    fields_.ReturnTo(frame_);
  }

  EntryFrame(const EntryFrame&) = delete;
  EntryFrame& operator=(const EntryFrame&) = delete;

 private:
  CompiledFields& fields_;
  const ExitRecord* const newest_;
  const Address frame_;
};

}  // namespace fledge::runtime
