// Retained size: the bytes that an object alone keeps alive, which a collection
// would free if the object went.
//
// Two walks over the heap with the world stopped: from the roots to all that is
// reached without the object, then from the object to all that was not. Weak
// sets keep in both what they would keep in a collection.
//
// Design: docs/design/lambda_extensions.md. Threads: any mutator's.
#pragma once

#include <cstddef>

#include "runtime/heap.h"
#include "runtime/value.h"

namespace fledge::runtime {

// In the heap, with the object itself; 0 for an immediate. What the object owns
// outside the heap is not counted. Never collects. O(heap), and a bit for each
// word of it, outside the heap.
std::size_t RetainedSize(Mutator& mutator, Value value);

}  // namespace fledge::runtime
