#include "gc/candidates.h"

#include "gc/heap_core.h"

namespace fledge::gc {

// A block at most this full is worth evacuating.
constexpr std::size_t kSparseBytes = kBlockBytes / 2;

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
  std::size_t room = heap.account().left_bytes();
  if (!heap.policy().copies_old) room /= 2;
  std::size_t count = 0;
  while (count < candidates.size() &&
         blocks[candidates[count]].live_bytes <= room) {
    room -= blocks[candidates[count++]].live_bytes;
  }
  candidates.resize(count);
}

}  // namespace fledge::gc
