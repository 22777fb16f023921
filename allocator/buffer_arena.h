// BufferArena: where the buffers of a heap's external memory come from.
//
// An interface with two makers. The build chooses one by file: jemalloc's
// arenas in buffer_arena_jemalloc.cc, and malloc in buffer_arena_malloc.cc,
// which sanitizers see into. Only ExternalMemory uses it.
//
// Design: docs/design/external_memory.md. Threads: all calls are thread-safe
// but the destructor.
#pragma once

#include <cstddef>
#include <memory>

#include "allocator/os.h"

namespace fledge::allocator {

class BufferArena {
 public:
  // Gives back all memory, that of buffers which were not freed included.
  virtual ~BufferArena() = default;

  // A buffer, or null. REQUIRES: bytes > 0, and `alignment` is a power of two,
  // at least that of a pointer; so for TryReallocate().
  virtual void* TryAllocate(std::size_t bytes, std::size_t alignment) = 0;
  // Null leaves `buffer` as it was.
  virtual void* TryReallocate(void* buffer, std::size_t bytes,
                              std::size_t alignment) = 0;
  virtual void Free(void* buffer) = 0;

  // What `buffer` has room for: at least what was asked for.
  virtual std::size_t BytesOf(const void* buffer) const = 0;

  // Gives memory that no buffer uses back to the OS.
  virtual void ReleaseFree() = 0;
  // Bytes that have memory, or had it and did not give it back.
  virtual std::size_t held_bytes() const = 0;
};

// Null if the OS refuses. Borrows `os`.
std::unique_ptr<BufferArena> TryMakeBufferArena(Os& os);

}  // namespace fledge::allocator
