// Old space: blocks of promoted objects, whose holes are filled by bumping.
//
// When a mark has ended, blocks are *sorted out*, lowest first, all at once or
// some at a time: a block is free (given back), full, or *recyclable*: it has
// holes between its live objects that are worth filling. Holes are found
// when a block is *swept*, which happens just before the first allocation into
// it, and are linked through their own memory. Allocation bumps through the
// holes of recyclable blocks, lowest block first, then through fresh blocks; an
// object that is too large for the present hole goes to an overflow block, so
// that one medium object does not throw away holes.
//
// Design: docs/design/old_space.md. Source: S. Blackburn and K. McKinley,
// "Immix: A Mark-Region Garbage Collector", PLDI 2008; here holes are exact,
// from the live bitmap, instead of rounded to lines.
//
// Invariants:
//   [os.bitmap]  The live bitmap of old space has a bit for each object whose
//                memory may not be reused, and for nothing else.
//   [os.hole]    A linked hole overlaps no object of the live bitmap.
//
// Threads: under the heap's lock, or with the world stopped, but for a
// mutator's own BirthHoles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block_allocator.h"
#include "gc/block_table.h"
#include "gc/object_bitmap.h"

namespace fledge::gc {

// Free memory inside a block of old space, with its description in it.
struct Hole {
  Hole* next;
  Address end;
};

// Finds the holes of a block; implemented where the object model is known.
class BlockSweeper {
 public:
  virtual ~BlockSweeper() = default;
  // The holes of `block` by the live bitmap, linked, lowest first; null if
  // there is none of at least OldSpace::kLeastHoleBytes.
  virtual Hole* SweepBlock(BlockIndex block) = 0;
};

// One user's place in old space: the hole it bumps through, those after it in
// the same block, and an overflow block.
struct OldBuffer {
  Address bump = kNullAddress;
  Address limit = kNullAddress;
  Address settled = kNullAddress;  // Up to here objects are accounted for.
  Hole* rest = nullptr;
  Address overflow_bump = kNullAddress;
  Address overflow_limit = kNullAddress;
  bool immovable = false;  // Its blocks are never evacuated.
};

// Holes that one mutator fills without the heap's lock, where its objects are
// born old.
struct BirthHoles {
  Hole* first = nullptr;
  std::size_t uncounted_bytes = 0;  // Of objects born in such holes.

  bool FirstHasRoom(std::size_t bytes) const {
    return first != nullptr &&
           first->end - reinterpret_cast<Address>(first) >= bytes;
  }
};

class OldSpace {
 public:
  // Smaller holes are not worth a visit.
  static constexpr std::size_t kLeastHoleBytes = 48;
  // Larger objects do not throw away what is left of a hole.
  static constexpr std::size_t kMediumBytes = 256;
  // A block with more live bytes is full.
  static constexpr std::size_t kRecyclableLiveBytes =
      kBlockBytes - kBlockBytes / 8;
  static_assert(kLeastHoleBytes >= sizeof(Hole));

  OldSpace(allocator::BlockAllocator& memory, BlockTable& blocks,
           BlockSweeper& sweeper)
      : memory_(memory), blocks_(blocks), sweeper_(sweeper) {}

  OldSpace(const OldSpace&) = delete;
  OldSpace& operator=(const OldSpace&) = delete;

  // Memory for an object, with any content, or kNullAddress when there is
  // none. The caller sets the live bit.
  // REQUIRES: bytes <= kBlockBytes, and a multiple of the object alignment.
  Address TryAllocate(OldBuffer& buffer, std::size_t bytes) {
    const Address object = buffer.bump;
    if (buffer.limit - object < bytes) [[unlikely]] {
      return TryAllocateSlow(buffer, bytes);
    }
    buffer.bump = object + bytes;
    return object;
  }

  // Accounts for what was allocated through the buffer so far: object_bytes()
  // and `live_bytes` of its block do not know of it before.
  void Settle(OldBuffer& buffer);

  // Settles, and gives up what is left of the buffer; the holes are found again
  // when the block is swept next.
  void Retire(OldBuffer& buffer);

  // For objects of mutators that are born old. TakeHole(): one of `holes` with
  // room for `bytes`, or an empty range; smaller ones before it are given up.
  // PutBack(): what is left of one. CountBirths(): `born`, in a block of those
  // holes, is full of objects. All three are for the owner of `holes`, or with
  // the world stopped.
  static AddressRange TakeHole(BirthHoles& holes, std::size_t bytes);
  static void PutBack(BirthHoles& holes, AddressRange rest);
  void CountBirths(BirthHoles& holes, AddressRange born) {
    BlockInfo& info = blocks_.InfoOf(born.begin);
    info.live_bytes += static_cast<std::uint32_t>(born.bytes);
    if (is_marking_) {
      info.marked_bytes += static_cast<std::uint32_t>(born.bytes);
    }
    holes.uncounted_bytes += born.bytes;
  }
  // The same when none of `holes` has room: fills it with a block's. For a
  // medium object a block, and the holes stay. `taken_bytes` is all of it.
  AddressRange TryTakeHoles(BirthHoles& holes, std::size_t bytes,
                            std::size_t& taken_bytes);
  // object_bytes() does not know of births before.
  void Settle(BirthHoles& holes) {
    allocated_bytes_ += holes.uncounted_bytes;
    if (is_marking_) born_marked_bytes_ += holes.uncounted_bytes;
    holes.uncounted_bytes = 0;
  }

  // Takes `block` out of use. REQUIRES: no live object, no buffer in it.
  void FreeBlock(BlockIndex block);

  // A mark. StartMark() when candidates are members of the collection set:
  // they are not allocated into. Whoever marks counts in `marked_bytes`; what
  // is allocated meanwhile counts as marked. EndMark() adds them up; then
  // blocks are to be sorted out. O(blocks). REQUIRES: StartMark(): all are
  // sorted out. EndMark(): buffers are retired.
  void StartMark();
  void EndMark();
  // Forgets what was counted.
  void AbandonMark();

  // Sorts out up to `blocks` blocks, free ones included: frees those without a
  // live object, makes sparse ones recyclable. True if all are.
  bool SortOut(std::size_t blocks);
  bool sorted_out() const { return next_to_sort_ == kNoBlock; }

  // A block was evacuated but for so many bytes of kept objects; it stays in
  // use until it is sorted out again.
  void Vacate(BlockIndex block, std::size_t kept_bytes);
  // Blocks that were candidates are to be sorted out like any other.
  // REQUIRES: sorted_out().
  void SortOutAgain(const std::vector<BlockIndex>& blocks);

  // Calls `visit(BlockIndex)` for each block in use, in address order. Takes no
  // memory. O(committed blocks).
  template <typename Visitor>
  void VisitUsedBlocks(Visitor&& visit) const {
    const BlockIndex end = blocks_.IndexOf(memory_.committed().end());
    for (BlockIndex block = blocks_.IndexOf(memory_.committed().begin);
         block < end; ++block) {
      if (blocks_[block].kind == BlockKind::kOld) visit(block);
    }
  }
  std::vector<BlockIndex> used_blocks() const;
  std::size_t used_block_count() const { return used_block_count_; }
  // Bytes of objects: found by the last mark, and allocated since.
  std::size_t object_bytes() const { return marked_bytes_ + allocated_bytes_; }
  // Of them, those that were born in holes during the mark under way.
  std::size_t born_marked_bytes() const { return born_marked_bytes_; }

 private:
  static constexpr BlockIndex kNoBlock = ~BlockIndex{0};
  // Blocks looked at for one to fill before a fresh one is taken, and blocks
  // swept for a hole: together some hundred microseconds' work, as whoever
  // allocates is in a pause.
  static constexpr std::size_t kSortedAtOnce = 64;
  static constexpr std::size_t kSweptAtOnce = 4;

  Address TryAllocateSlow(OldBuffer& buffer, std::size_t bytes);
  // Sweeps up to `most` blocks.
  bool RefillFromHoles(OldBuffer& buffer, std::size_t bytes, std::size_t most);
  Address TryTakeBlock(bool immovable);
  void Count(Address object, std::size_t bytes) {
    BlockInfo& info = blocks_.InfoOf(object);
    info.live_bytes += static_cast<std::uint32_t>(bytes);
    if (is_marking_) info.marked_bytes += static_cast<std::uint32_t>(bytes);
    allocated_bytes_ += bytes;
  }

  allocator::BlockAllocator& memory_;
  BlockTable& blocks_;
  BlockSweeper& sweeper_;
  bool TakeRecyclable(BlockIndex& block);

  std::size_t used_block_count_ = 0;
  std::deque<BlockIndex> recyclable_;   // Lowest first: taken from the front.
  BlockIndex next_to_sort_ = kNoBlock;  // None below is, if there are any.
  std::uint8_t mark_ = 0;               // The last mark that ended, modulo 256.
  std::size_t born_marked_bytes_ = 0;
  bool is_marking_ = false;
  std::size_t marked_bytes_ = 0;
  std::size_t allocated_bytes_ = 0;
};

}  // namespace fledge::gc
