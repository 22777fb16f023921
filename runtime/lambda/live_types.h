// Live types: what is in the heap, by the types that programs know.
//
// What belongs to one object alone, and what no program can get, counts with
// that object, though it is one of its own: the parts of a map or hash table,
// the characters of a string that has moved, the name of a symbol.
//
// Design: docs/design/allocation_samples.md. Threads: the machine's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/heap.h"

namespace fledge::lambda {

struct LiveType {
  std::string name;
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
};

// Exact, with most bytes first: runs a major collection and walks over the
// heap. Empty if the policy does not collect.
std::vector<LiveType> LiveTypes(runtime::Heap& heap, runtime::Mutator& mutator);

}  // namespace fledge::lambda
