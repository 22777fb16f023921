// ExternalMemory: the buffers outside the heap that objects of one heap own.
//
// A string's bytes, an array's backing store: memory that must not move, or
// that others write to. It is taken from an arena of the heap's own, so that it
// is counted for each heap, may be refused, and is released with the heap,
// whoever forgot to free it. The embedder's malloc is not replaced.
//
// The arena is made with the first buffer: a heap without external memory
// costs nothing.
//
// Design: docs/design/external_memory.md. Source: jemalloc, J. Evans, "A
// Scalable Concurrent malloc(3) Implementation for FreeBSD", BSDCan 2006; its
// explicit arenas and extent hooks.
//
// Invariants:
//   [em.counted]  A buffer's bytes are in the account while it is out.
//   [em.refused]  A buffer that cannot be had leaves everything as it was.
//   [em.whole]    With the object every byte goes back to the OS, freed or not.
//
// Threads: all calls are thread-safe, but the destructor. A buffer may be freed
// by another thread than allocated it. Nothing here collects, moves a buffer
// that is not reallocated, or waits for a collection.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

#include "allocator/buffer_arena.h"
#include "allocator/external_bytes.h"
#include "allocator/os.h"

namespace fledge::allocator {

class ExternalMemory {
 public:
  // Of every buffer, as with malloc.
  static constexpr std::size_t kLeastAlignment = alignof(std::max_align_t);

  // Counts in `bytes`, under the tag "buffers". Borrows both.
  ExternalMemory(Os& os, ExternalBytes& bytes);
  // Frees the buffers that are out, so that dropping a heap with all that is in
  // it is no leak. Time is in proportion to their number.
  ~ExternalMemory();
  ExternalMemory(const ExternalMemory&) = delete;
  ExternalMemory& operator=(const ExternalMemory&) = delete;

  // A buffer of at least `size_bytes`, none of them set; 0 are taken for 1.
  // Null if the OS refuses, or has not as much memory in all. The caller owns
  // it until Free() or the end of this object.
  // REQUIRES: `alignment` is a power of two.
  [[nodiscard]] void* TryAllocate(std::size_t size_bytes,
                                  std::size_t alignment = kLeastAlignment);

  // The buffer with another size, perhaps elsewhere: its content is kept as far
  // as both sizes go, and the old address is no longer valid. Null as above;
  // the buffer is then as it was.
  // REQUIRES: `buffer` is one of this object's, not null.
  [[nodiscard]] void* TryReallocate(void* buffer, std::size_t size_bytes,
                                    std::size_t alignment = kLeastAlignment);

  // Null is nothing to free. REQUIRES: `buffer` is one of this object's, and is
  // freed once; sanitizing builds check it.
  void Free(void* buffer);

  // What `buffer` has room for, and is counted with.
  std::size_t BytesOf(const void* buffer) const {
    return arena_.load(std::memory_order_acquire)->BytesOf(buffer);
  }

  // Gives the memory of freed buffers back to the OS at once. By itself this
  // happens to 8 MiB and more when they are freed, and to others some 10 s
  // after, as long as buffers are allocated and freed. Meant for the end of a
  // collection and for idle times; those who allocate meanwhile may wait.
  void ReleaseFree();

  // Bytes of buffers that are out. Never waits.
  std::size_t used_bytes() const { return bytes_.bytes(tag_); }
  // Bytes that have memory: of buffers that are out, and of freed ones until
  // they are given back. The first 2 MiB of the arena's records are left out,
  // as they are mostly untouched.
  std::size_t held_bytes() const;

 private:
  bool HasRoomFor(std::size_t size_bytes, std::size_t alignment) const;
  // Null if it is not there and cannot be made.
  BufferArena* Arena() {
    BufferArena* const arena = arena_.load(std::memory_order_acquire);
    return arena != nullptr ? arena : ArenaSlow();
  }
  BufferArena* ArenaSlow();

  Os& os_;
  const std::size_t most_bytes_;
  ExternalBytes& bytes_;
  const ExternalBytes::Tag tag_;
  std::atomic<BufferArena*> arena_{nullptr};  // Written once, under mutex_.
  std::mutex mutex_;
};

}  // namespace fledge::allocator
