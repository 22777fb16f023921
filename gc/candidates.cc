#include "gc/candidates.h"

#include "gc/heap_core.h"

namespace fledge::gc {

// A block at most this full is worth evacuating.
constexpr std::size_t kSparseBytes = kBlockBytes / 2;
// Sparse blocks that waste less of old space are left to be allocated into,
// unless what they waste is much beside the memory left.
constexpr std::size_t kWastedPart = 16;
constexpr std::size_t kMissedPart = 4;

void ChooseCandidates(HeapCore& heap, bool all,
                      std::vector<BlockIndex>& candidates) {
  const BlockTable& blocks = heap.blocks();
  all = all || heap.policy().copies_old || heap.options().stress.evacuate_all;
  heap.VisitPins(
      [&](Address object) { heap.blocks().InfoOf(object).has_pinned = true; });
  candidates.clear();
  heap.old().VisitUsedBlocks([&](BlockIndex block) {
    const BlockInfo& info = blocks[block];
    if (info.immovable || info.has_pinned) return;
    if (all || info.live_bytes <= kSparseBytes) candidates.push_back(block);
  });
  heap.VisitPins(
      [&](Address object) { heap.blocks().InfoOf(object).has_pinned = false; });
  std::sort(candidates.begin(), candidates.end(),
            [&](BlockIndex a, BlockIndex b) {
              return blocks[a].live_bytes < blocks[b].live_bytes;
            });
  const std::size_t left = heap.account().left_bytes();
  std::size_t room = heap.policy().copies_old ? left : left / 2;
  std::size_t count = 0;
  std::size_t gained_bytes = 0;
  while (count < candidates.size() &&
         blocks[candidates[count]].live_bytes <= room) {
    const std::size_t live = blocks[candidates[count++]].live_bytes;
    room -= live;
    gained_bytes += kBlockBytes - live;
  }
  const std::size_t used = heap.old().used_block_count() * kBlockBytes;
  const bool is_worth_it =
      gained_bytes >= std::min(used / kWastedPart, left / kMissedPart);
  candidates.resize(all || is_worth_it ? count : 0);
}

}  // namespace fledge::gc
