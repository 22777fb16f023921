// Switching between machine stacks.
//
// What the calling convention lets a function change is the caller's to save,
// so a switch saves the few registers that it does not, on the stack that is
// left, and goes on with those of the other: about 20 instructions.
//
// Unwinders find the callers of a parked stack as of any, and end at the base
// of a stack.
//
// Design: docs/design/stacks.md. Platform code: stack_switch_x86_64.cc.
//
// Threads: a stack is run by one at a time.
#pragma once

#include "allocator/base/address.h"

namespace fledge::runtime {

using StackEntry = void (*)(void* argument);

// Where a switch to fresh `memory` calls entry(argument), which never returns.
// The highest 16 bytes are left as they are.
// REQUIRES: the end of `memory` is aligned to 16, and it has 128 bytes.
Address PrepareStack(AddressRange memory, StackEntry entry, void* argument);

// Stores in `*from` where the running stack is left, and goes on at `to`, which
// PrepareStack() or a switch has said. Returns when another goes on at `*from`.
void SwitchStack(Address* from, Address to);

}  // namespace fledge::runtime
