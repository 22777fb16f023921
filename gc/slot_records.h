// SlotRecords: lists of slots, in address space reserved when the heap is made.
//
// A cycle records slots while the world is stopped, and gives them all up at
// once. With memory of the C library's it would ask the OS for more in a pause,
// and have to wait there until the memory helper has populated a huge page.
//
//   List ──► chunk ──► chunk ──► null        the last one is filled
//
// What was touched once is kept for the next cycle, which needs about as much.
//
// Design: docs/design/incremental_marking.md. Threads: one at a time.
#pragma once

#include <array>
#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/os.h"
#include "allocator/reservation.h"

namespace fledge::gc {

class SlotRecords {
  struct Chunk;

 public:
  // Belongs to one SlotRecords. A copy is the same list.
  class List {
   public:
    std::size_t size() const { return size_; }

   private:
    friend SlotRecords;
    Chunk* last_ = nullptr;
    std::size_t size_ = 0;
  };

  // Room for `wanted_bytes`, for half of that and so on where the OS refuses,
  // or for none. Borrows `os`.
  SlotRecords(allocator::Os& os, std::size_t wanted_bytes) {
    if (wanted_bytes == 0) return;
    memory_ = allocator::Reservation::Create(
        os, AlignUp(wanted_bytes, kPageBytes), kPageBytes, kPageBytes);
    std::size_t bytes = memory_.range().bytes;
    while (bytes > 0 && !os.Commit({memory_.range().begin, bytes})) {
      bytes = AlignDown(bytes / 2, kPageBytes);
    }
    next_ = reinterpret_cast<Chunk*>(memory_.range().begin);
    limit_ = next_ + bytes / sizeof(Chunk);
  }

  SlotRecords(const SlotRecords&) = delete;
  SlotRecords& operator=(const SlotRecords&) = delete;

  // Appends `slot` to `list`; false if there is no room.
  [[nodiscard]] bool Append(List& list, Address slot) {
    const std::size_t i = list.size_ % kChunkSlots;
    if (i == 0 && !AddChunk(list)) [[unlikely]]
      return false;
    list.last_->slots[i] = slot;
    ++list.size_;
    return true;
  }

  // Gives up one list, for others to use its memory.
  void Free(List& list) {
    while (Chunk* const chunk = list.last_) {
      list.last_ = chunk->previous;
      chunk->previous = free_;
      free_ = chunk;
    }
    list = {};
  }

  // Gives up every list.
  void Clear() {
    free_ = nullptr;
    next_ = reinterpret_cast<Chunk*>(memory_.range().begin);
  }

  // Calls `visit(Address)` for each slot, in some order.
  template <typename Visitor>
  static void Visit(const List& list, Visitor&& visit) {
    std::size_t left = list.size_;
    for (const Chunk* chunk = list.last_; chunk != nullptr;
         chunk = chunk->previous) {
      const std::size_t count = (left - 1) % kChunkSlots + 1;
      for (std::size_t i = 0; i < count; ++i) visit(chunk->slots[i]);
      left -= count;
    }
  }

 private:
  static constexpr std::size_t kChunkSlots = 31;

  struct Chunk {
    Chunk* previous;  // Full; or the next free one.
    std::array<Address, kChunkSlots> slots;
  };
  static_assert(sizeof(Chunk) == 256);

  [[gnu::noinline]] bool AddChunk(List& list) {
    Chunk* chunk = free_;
    if (chunk != nullptr) {
      free_ = chunk->previous;
    } else if (next_ < limit_) {
      chunk = next_++;
    } else {
      return false;
    }
    chunk->previous = list.last_;
    list.last_ = chunk;
    return true;
  }

  allocator::Reservation memory_;
  Chunk* next_ = nullptr;  // Never used since the last Clear().
  Chunk* limit_ = nullptr;
  Chunk* free_ = nullptr;
};

}  // namespace fledge::gc
