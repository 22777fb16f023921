// StackSegments: memory for the frames of one stack of an interpreter.
//
// A chain of segments, each twice as long as the one before, so that a stack
// begins with what a few frames take and grows without moving one. A frame that
// does not fit begins a segment; the last one that was emptied is kept, so that
// calls and returns across the border of two take no memory and free none.
//
//   oldest ◄── older ◄── newest: frame, frame, top │ free
//
// Design: docs/design/stacks.md. Source: R. Hieb, R. K. Dybvig, C. Bruggeman,
// "Representing Control in the Presence of First-Class Continuations", PLDI
// 1990.
//
// Threads: one at a time.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/external_memory.h"

namespace fledge::runtime {

class StackSegments {
 public:
  // Without memory.
  StackSegments() = default;
  // From `memory`, which it borrows; the first segment is of `first_bytes`.
  StackSegments(allocator::ExternalMemory& memory, std::size_t first_bytes)
      : memory_(&memory), next_bytes_(first_bytes) {}
  StackSegments(StackSegments&& other) noexcept;
  StackSegments& operator=(StackSegments&&) = delete;
  ~StackSegments();

  // `size_bytes`, a multiple of 8, none of them set; null if there is no
  // memory. A compare and an add where the segment has room.
  Address TryPush(std::size_t size_bytes) {
    if (end_ - top_ < size_bytes) [[unlikely]]
      return PushSlow(size_bytes);
    const Address at = top_;
    top_ += size_bytes;
    return at;
  }
  // Frees what was pushed last and not freed yet.
  void Pop(Address at) {
    top_ = at;
    if (at == begin_) [[unlikely]]
      PopSlow();
  }

  // Bytes that it has from `memory`, but for what that rounds up.
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Segment {
    Segment* older;
    Address older_top;
    Address end;
  };

  Address PushSlow(std::size_t size_bytes);
  void PopSlow();
  void Free(Segment* segment);

  allocator::ExternalMemory* memory_ = nullptr;
  Segment* newest_ = nullptr;
  Segment* empty_ = nullptr;  // The last that was emptied.
  // Of the newest. An oldest one is never left, so it has no begin.
  Address begin_ = kNullAddress;
  Address top_ = kNullAddress;
  Address end_ = kNullAddress;
  std::size_t next_bytes_ = 0;
  std::size_t held_bytes_ = 0;
};

}  // namespace fledge::runtime
