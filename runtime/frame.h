// Frame: a frame of compiled code that is suspended in a call.
//
//          higher addresses
//   +----------------------------+
//   | return address to caller   |
//   | caller's frame pointer     | <- frame pointer, if the code keeps one
//   | slots, saved registers ... |
//   | arguments of the call      | <- stack pointer, when the call returns
//   +----------------------------+
//   | return address             |    of the call it is suspended in
//
// On x86-64.
//
// Design: docs/design/stack_maps.md. Threads: values only.
#pragma once

#include "allocator/base/address.h"
#include "runtime/stack_map.h"

namespace fledge::runtime {

struct Frame {
  Address return_address = kNullAddress;  // In the frame's own function.
  Address stack_pointer = kNullAddress;
  Address frame_pointer = kNullAddress;

  Address AddressOf(FrameSlot slot) const {
    const Address base = slot.base == FrameRegister::kStackPointer
                             ? stack_pointer
                             : frame_pointer;
    return base + static_cast<Address>(static_cast<std::intptr_t>(slot.offset));
  }
  bool operator==(const Frame&) const = default;
};

// Sets `frame` to its caller's; false, and unchanged, if its frame pointer is
// not one. REQUIRES: the function keeps its frame pointer. About 1 ns.
inline bool StepByFramePointer(Frame& frame) {
  const Address at = frame.frame_pointer;
  if (at < frame.stack_pointer || !IsAligned(at, sizeof(Address))) return false;
  const Address* const saved = reinterpret_cast<const Address*>(at);
  frame = {saved[1], at + 2 * sizeof(Address), saved[0]};
  return true;
}

}  // namespace fledge::runtime
