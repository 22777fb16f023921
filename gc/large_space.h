// Large space: objects of more than half a block, each with pages of its own.
//
// They are born old and never copied. Each begins at the start of a block, so
// that a card or an interior address finds its object through the block table.
//
// Design: docs/design/large_space.md. Threads: under the heap's lock, or with
// the world stopped.
#pragma once

#include <cstddef>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block_allocator.h"
#include "gc/block_table.h"
#include "gc/object_bitmap.h"

namespace fledge::gc {

class LargeSpace {
 public:
  LargeSpace(allocator::BlockAllocator& memory, BlockTable& blocks)
      : memory_(memory), blocks_(blocks) {}

  LargeSpace(const LargeSpace&) = delete;
  LargeSpace& operator=(const LargeSpace&) = delete;

  // Zeroed memory for an object of `bytes`, or kNullAddress.
  Address TryAllocate(std::size_t bytes);

  // A mark has ended: objects without a bit in `live` are dead and count as
  // such, but are only freed by Sweep(). O(objects).
  void EndMark(const ObjectBitmap& live);
  // Frees the dead ones among the next `objects`; the bit of an object that was
  // allocated since must be set. True if none is left to look at.
  bool Sweep(const ObjectBitmap& live, std::size_t objects);
  bool swept() const { return to_sweep_ == 0; }

  // The object of which `address` is a part.
  // REQUIRES: `address` lies in a block of large space.
  Address ObjectAt(Address address) const {
    return blocks_.AddressOf(blocks_.InfoOf(address).head);
  }

  // Start addresses and page-rounded sizes, in no order.
  const std::vector<AddressRange>& runs() const { return runs_; }
  std::size_t object_bytes() const { return object_bytes_ - dead_bytes_; }

 private:
  allocator::BlockAllocator& memory_;
  BlockTable& blocks_;
  std::vector<AddressRange> runs_;
  std::size_t object_bytes_ = 0;
  std::size_t dead_bytes_ = 0;  // Of these, of dead objects.
  std::size_t to_sweep_ = 0;    // Runs below are still to be looked at.
};

}  // namespace fledge::gc
