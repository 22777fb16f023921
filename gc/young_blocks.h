// What becomes of the from-blocks of young space when a trace has ended.
//
// Design: docs/design/young_space.md.
#pragma once

#include <vector>

#include "allocator/base/address.h"
#include "allocator/poison.h"
#include "gc/block_table.h"
#include "gc/heap_core.h"
#include "gc/object_model.h"

namespace fledge::gc {

// The parts of a block that no object of `bits` covers, lowest first, if they
// have at least `least_bytes`.
template <ObjectModel Model, typename Visitor>
void VisitHoles(const Model& model, const ObjectBitmap& bits,
                AddressRange block, std::size_t least_bytes, Visitor&& visit) {
  Address free = block.begin;
  const auto close = [&](Address end) {
    if (end - free >= least_bytes) visit(RangeBetween(free, end));
  };
  bits.VisitRange(block, [&](Address object) {
    close(object);
    free =
        object + model.SizeFrom(LoadHeader(object, std::memory_order_acquire));
  });
  close(block.end());
}

// Frees the blocks that hold nothing, and gives the holes of those that hold
// kept objects to the nursery. Live bits of young space name the kept objects
// afterwards; their mark bits are clear.
template <ObjectModel Model>
void ReleaseFromBlocks(const Model& model, HeapCore& heap,
                       const std::vector<BlockIndex>& from) {
  // Smaller holes would cost more than they give.
  constexpr std::size_t kLeastHoleBytes = 128;
  std::vector<AddressRange> holes;
  for (const BlockIndex block : from) {
    const AddressRange range = heap.blocks().RangeOf(block);
    const bool kept = heap.blocks().membership(block).has_kept();
    if (heap.blocks()[block].has_kept) heap.live().ClearRange(range);
    if (!kept) {
      heap.young().FreeFromBlock(block);
      continue;
    }
    heap.live().CopyRange(range, heap.marks());
    heap.marks().ClearRange(range);
    heap.blocks()[block].has_kept = true;
    holes.clear();
    VisitHoles(model, heap.live(), range, kLeastHoleBytes,
               [&](AddressRange hole) { holes.push_back(hole); });
    heap.young().KeepFromBlock(block, holes);
  }
}

}  // namespace fledge::gc
