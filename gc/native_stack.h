// NativeStack: where the machine stack of a thread lies.
//
// Only the verifier asks, to find out who holds a stale reference: native
// stacks are never roots. Platform code: native_stack_linux.cc.
#pragma once

#include "allocator/base/address.h"

namespace fledge::gc {

// The whole stack of the calling thread; empty if unknown.
AddressRange CurrentThreadStack();

}  // namespace fledge::gc
