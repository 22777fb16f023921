// Block: the collector's unit of memory, aligned to its size.
//
// 64 KiB: sixteen pages, so that a block's bookkeeping is small beside it, and
// little enough that a heap of a few megabytes still has blocks to choose
// among. Design: docs/design/memory.md.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"

namespace fledge::allocator {

inline constexpr std::size_t kBlockShift = 16;
inline constexpr std::size_t kBlockBytes = std::size_t{1} << kBlockShift;
static_assert(kBlockBytes % kPageBytes == 0);

// A table beside the heap with so many bytes for each block, in block order.
// Its memory is committed together with the blocks' own.
struct SideTable {
  Address begin = kNullAddress;
  std::size_t bytes_per_block = 0;
};

}  // namespace fledge::allocator
