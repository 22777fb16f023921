#include "gc/large_space.h"

namespace fledge::gc {

Address LargeSpace::TryAllocate(std::size_t bytes) {
  const AddressRange run = memory_.TryAllocateRun(bytes);
  if (run.empty()) return kNullAddress;
  const BlockIndex head = blocks_.IndexOf(run.begin);
  const BlockIndex last = blocks_.IndexOf(run.end() - 1);
  for (BlockIndex block = head; block <= last; ++block) {
    BlockInfo& info = blocks_[block];
    info = BlockInfo{};
    info.kind = block == head ? BlockKind::kLargeHead : BlockKind::kLargeTail;
    info.head = head;
  }
  runs_.push_back(run);
  object_bytes_ += run.bytes;
  return run.begin;
}

std::size_t LargeSpace::Sweep(const ObjectBitmap& marks) {
  return std::erase_if(runs_, [&](const AddressRange& run) {
    if (marks.Test(run.begin)) return false;
    const BlockIndex last = blocks_.IndexOf(run.end() - 1);
    for (BlockIndex block = blocks_.IndexOf(run.begin); block <= last;
         ++block) {
      blocks_[block] = BlockInfo{};
    }
    object_bytes_ -= run.bytes;
    memory_.FreeRun(run);
    return true;
  });
}

}  // namespace fledge::gc
