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

void LargeSpace::EndMark(const ObjectBitmap& live) {
  for (const AddressRange& run : runs_) {
    if (!live.Test(run.begin)) dead_bytes_ += run.bytes;
  }
  to_sweep_ = runs_.size();
}

bool LargeSpace::Sweep(const ObjectBitmap& live, std::size_t objects) {
  for (; objects > 0 && to_sweep_ > 0; --objects) {
    const AddressRange run = runs_[--to_sweep_];
    if (live.Test(run.begin)) continue;
    const BlockIndex last = blocks_.IndexOf(run.end() - 1);
    for (BlockIndex block = blocks_.IndexOf(run.begin); block <= last;
         ++block) {
      blocks_[block] = BlockInfo{};
    }
    object_bytes_ -= run.bytes;
    dead_bytes_ -= run.bytes;
    memory_.FreeRun(run);
    // What takes its place was looked at, or was allocated since.
    runs_[to_sweep_] = runs_.back();
    runs_.pop_back();
  }
  return swept();
}

}  // namespace fledge::gc
