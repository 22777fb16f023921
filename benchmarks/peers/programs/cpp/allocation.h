// Allocation: what differs between the C++ programs that free by hand, on any
// malloc, and those that leave it to the Boehm-Demers-Weiser collector. Built
// with PEERS_BDWGC defined, they are the latter.
#pragma once

#include <cstddef>

#ifdef PEERS_BDWGC
#include <gc/gc.h>
#else
#include <cstdlib>
#endif

namespace fledge::peers {

#ifdef PEERS_BDWGC

// A program that need not free must not walk what it drops either: not having
// to is what it has a collector for.
inline constexpr bool kFreesByHand = false;

inline void StartAllocation() { GC_INIT(); }
inline void* Allocate(std::size_t bytes) { return GC_MALLOC(bytes); }
// Memory in which there are no pointers, so that nobody looks for them.
inline void* AllocateData(std::size_t bytes) { return GC_MALLOC_ATOMIC(bytes); }
inline void Free(void*) {}

#else

inline constexpr bool kFreesByHand = true;

inline void StartAllocation() {}
inline void* Allocate(std::size_t bytes) { return std::malloc(bytes); }
inline void* AllocateData(std::size_t bytes) { return std::malloc(bytes); }
inline void Free(void* memory) { std::free(memory); }

#endif

}  // namespace fledge::peers
