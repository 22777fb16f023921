// Exhaustion: how the program ends when a heap's limit is too small.
#pragma once

#include "gc/heap_core.h"

namespace fledge::tools {

// Ends the process with a line and status 1. What runs cannot go on without the
// memory, and nothing that it left behind needs to be taken down.
[[noreturn]] void EndOutOfMemory(const gc::OutOfMemory& failure);

}  // namespace fledge::tools
