// Young space: the nursery and the survivor space, in one reserved range.
//
// Mutators bump-allocate in nursery blocks, which are taken from the bottom of
// the range, so that a nursery reuses the same lines of the cache from one
// collection to the next. A collection copies survivors into blocks taken from
// the top. Age is a property of a block: it is the number of collections that
// its objects have survived, and no header bit is needed for it.
//
// Objects that must stay (pinned, or a copy failed) keep their block; what is
// free between them is given to the nursery again as *holes*.
//
// Design: docs/design/young_space.md. Sources: the GC Handbook, 2nd ed.,
// section 9.6 (recording age) and chapter 7 (allocation buffers).
//
// Invariants:
//   [ys.range]   "Is it young?" is range().Contains(address), whatever the
//                nursery's present size.
//   [ys.age]     All objects of a survivor block have survived as many
//                collections as its age says.
//
// Threads: mutators call TakeNurseryBuffer() and TakeNurseryAhead() under the
// heap's lock; all else needs the world stopped.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/memory_account.h"
#include "allocator/os.h"
#include "gc/block_table.h"
#include "gc/collection.h"

namespace fledge::gc {

class YoungSpace {
 public:
  // What becomes of blocks that a collection left empty: used again at once, or
  // only when no other is left, with their content, which an error report
  // wants; or that and inaccessible meanwhile.
  enum class FromSpace : std::uint8_t { kReused, kQuarantined, kProtected };

  // Manages `range`, whose memory and side tables are committed. Borrows all.
  YoungSpace(AddressRange range, BlockTable& blocks,
             allocator::MemoryAccount& account, allocator::Os& os,
             FromSpace from_space);
  ~YoungSpace();

  // The next stretch of nursery with room for `least_bytes`, or an empty range
  // when the nursery is used up, or memory is.
  // REQUIRES: least_bytes <= kBlockBytes.
  AddressRange TakeNurseryBuffer(std::size_t least_bytes);

  // The same of memory elsewhere, where objects are born old instead: whether
  // the nursery is not used up, and that so much was taken.
  bool has_budget() const { return taken_bytes_ < budget_bytes_; }
  void CountTaken(std::size_t bytes) { taken_bytes_ += bytes; }

  // An empty block for objects that have now survived `age` collections, or
  // kNullAddress.
  Address TryTakeSurvivorBlock(std::uint8_t age);

  // Collection, in this order: StartCollection() makes every block in use a
  // from-block and returns them; then, for each, FreeFromBlock() or
  // KeepFromBlock(); then SetNurseryBudget().
  std::vector<BlockIndex> StartCollection();
  void FreeFromBlock(BlockIndex block);
  // The block stays, as nursery; `holes` are its free parts.
  void KeepFromBlock(BlockIndex block, const std::vector<AddressRange>& holes);
  // Sets how many bytes mutators may take until the next collection.
  void SetNurseryBudget(std::size_t bytes);
  // Memory that was not touched yet and that mutators will come to soon, for
  // someone to touch ahead of them; empty if there is none, or it was returned
  // before. To be asked after TakeNurseryBuffer(), under the same lock.
  AddressRange TakeNurseryAhead();
  // The same of what survivors are copied to, after TryTakeSurvivorBlock().
  AddressRange TakeSurvivorsAhead();
  // Gives the OS back what young space had memory for and does not need. After
  // a minor collection a slice of what was not used for some time; after a
  // major one all beyond the budget, if that is more than half, and beyond what
  // survivors lately took.
  void ReleaseUnused(CollectionKind kind);

  AddressRange range() const { return range_; }
  bool Contains(Address address) const { return range_.Contains(address); }
  // Blocks with objects in them: nursery and survivors.
  const std::vector<BlockIndex>& used_blocks() const { return used_; }
  // Nursery bytes handed out since the last collection.
  std::size_t nursery_taken_bytes() const { return taken_bytes_; }
  std::size_t nursery_budget_bytes() const { return budget_bytes_; }
  // A usual buffer's: a block, or all of a nursery that is smaller.
  std::size_t buffer_bytes() const {
    return std::min(allocator::kBlockBytes, budget_bytes_);
  }
  // At most so much of the range has memory, but for what was given back while
  // somebody was about to touch it.
  std::size_t touched_bytes() const {
    return (touched_.nursery_end - first_ + last_ - touched_.survivors_begin) *
           allocator::kBlockBytes;
  }

 private:
  // How much is touched ahead: what mutators allocate in a millisecond, and a
  // collection copies in two. Not for the first blocks, as a heap that stays
  // small needs no helper.
  static constexpr std::size_t kAheadBytes = 4 * kMiB;
  static constexpr BlockIndex kBlocksAlone = 4;
  // A slice of ReleaseUnused(): a tenth of a millisecond.
  static constexpr BlockIndex kReleaseSlice = kMiB / allocator::kBlockBytes;
  // Minor collections for which memory must be unused. The first touch of a
  // page costs ten times what giving it back does.
  static constexpr int kReleaseWindow = 64;

  // The two ends of the range that blocks were taken from, or touched ahead.
  struct Extent {
    BlockIndex nursery_end;      // Nursery blocks lie below,
    BlockIndex survivors_begin;  // survivor blocks at or above.
    void Add(BlockIndex block, BlockKind kind) {
      if (kind == BlockKind::kNursery) {
        nursery_end = std::max(nursery_end, block + 1);
      } else {
        survivors_begin = std::min(survivors_begin, block);
      }
    }
  };

  BlockIndex BlocksAhead(std::size_t taken, std::size_t bytes) const;
  void Release(BlockIndex begin, BlockIndex end);
  Address TryTakeBlock(BlockIndex block, BlockKind kind, std::uint8_t age);
  bool ReviveQuarantined();

  const AddressRange range_;
  BlockTable& blocks_;
  allocator::MemoryAccount& account_;
  allocator::Os& os_;
  const FromSpace from_space_;
  const BlockIndex first_;  // Blocks of the range: [first_, last_).
  const BlockIndex last_;

  std::vector<BlockIndex> used_;
  std::vector<AddressRange> holes_;    // Not yet handed out.
  std::deque<BlockIndex> quarantine_;  // Oldest in front.
  BlockIndex next_nursery_;            // No unused block below,
  BlockIndex next_survivor_;           // or at or above.
  Extent touched_;                     // Since that memory was given back.
  Extent recent_;                      // In the present window of collections.
  Extent previous_;                    // In the one before.
  int collections_in_window_ = 0;
  std::size_t budget_bytes_ = 0;
  std::size_t taken_bytes_ = 0;
  std::size_t from_blocks_ = 0;  // Of the last collection, or this one,
  std::size_t to_blocks_ = 0;    // and taken by it.
};

}  // namespace fledge::gc
