// BlockAllocator: hands out blocks, and runs of them for large objects.
//
// It owns a range of address space and commits it from the bottom, side tables
// along with it, so that the number of OS mappings stays constant whatever the
// heap does. Freed blocks keep their memory until ReleaseFree(). Those that
// have memory are handed out first, the lowest of them, which keeps the heap
// dense.
//
// A run takes whole blocks of address space but charges and touches only the
// pages it needs: a large object is found from any of its blocks, and 36 KiB
// cost 36 KiB.
//
// Design: docs/design/memory.md. Threads: all calls are thread-safe.
//
// Invariants:
//   [mem.charged]   Every block or page handed out is charged to the account,
//                   before it is handed out.
//   [mem.prefix]    Committed memory is a prefix of the range, and the side
//                   tables' memory for it is committed too.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block.h"
#include "allocator/memory_account.h"
#include "allocator/os.h"

namespace fledge::allocator {

class BlockAllocator {
 public:
  // Memory is committed in multiples of this size, of which there are more the
  // more is committed: one OS request for 64 blocks, or half as many as there
  // are.
  static constexpr std::size_t kCommitBytes = 4 * kMiB;

  // Further from the begin than this, what is populated ahead and what holds
  // large objects is in huge pages where the OS has them. A heap that stays
  // smaller hardly misses in the translation buffer, and would pay for the
  // unused part of its last huge page. A block that is taken before it was
  // populated has small pages: its first touch is in somebody's way, and that
  // of a huge page may take the machine 6 ms. They stay small, as the OS makes
  // everybody wait while it joins them.
  static constexpr std::size_t kSmallPagesBytes = 16 * kMiB;

  enum class Content : std::uint8_t { kAny, kZero };

  // PopulateFree() and ReleaseFree() go by steps of so many blocks at most, or
  // of a huge page, so that no one waits long for the blocks of a step.
  static constexpr std::size_t kStepBlocks = 16;

  // Manages `range` (aligned to blocks, inaccessible). A table in `tables` has
  // its first entry for the block at `table_origin`. Borrows `os`, `account`.
  BlockAllocator(Os& os, MemoryAccount& account, AddressRange range,
                 Address table_origin, std::vector<SideTable> tables);

  ~BlockAllocator();
  BlockAllocator(const BlockAllocator&) = delete;
  BlockAllocator& operator=(const BlockAllocator&) = delete;

  // A block, or kNullAddress when the account's limit or the OS says no.
  Address TryAllocateBlock(Content content);

  // `bytes` (rounded up to pages) of zeroed memory at the start of a block,
  // or an empty range. O(blocks) in the worst case.
  AddressRange TryAllocateRun(std::size_t bytes);

  void FreeBlock(Address block);
  // REQUIRES: `run` was returned by TryAllocateRun(), whole.
  void FreeRun(AddressRange run);

  // Touches the memory of free blocks ahead of their use, lowest first, until
  // `wanted_bytes` of free blocks have memory or the OS refuses. No block is
  // charged. Meant for a helper thread: takes 0.1 to 0.5 ms a megabyte, during
  // which others allocate undisturbed.
  void PopulateFree(std::size_t wanted_bytes);
  // A step of it. kMore if there may be more to do.
  enum class Progress : std::uint8_t { kMore, kDone, kRefused };
  Progress PopulateFreeStep(std::size_t wanted_bytes);

  // Gives the memory of free blocks back to the OS, highest first, until at
  // most `keep_bytes` of free blocks still have memory. Returns the bytes
  // given back. Meant for a helper thread, like PopulateFree().
  std::size_t ReleaseFree(std::size_t keep_bytes);

  // Bytes of free blocks that still have memory.
  std::size_t free_resident_bytes() const;

  AddressRange range() const { return range_; }
  // The part of range() that has been committed so far.
  AddressRange committed() const {
    return {range_.begin, committed_bytes_.load(std::memory_order_acquire)};
  }

 private:
  // A set of block indices, 64 to a word.
  class BlockSet {
   public:
    explicit BlockSet(std::size_t blocks) : words_((blocks + 63) / 64) {}
    bool Contains(std::size_t i) const { return words_[i / 64] >> i % 64 & 1; }
    void Insert(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << i % 64; }
    void Remove(std::size_t i) {
      words_[i / 64] &= ~(std::uint64_t{1} << i % 64);
    }
    // The first member at or after `i`, or `limit`.
    std::size_t Next(std::size_t i, std::size_t limit) const;

   private:
    std::vector<std::uint64_t> words_;
  };

  bool CommitThrough(std::size_t block_count);
  bool CommitTo(std::size_t bytes);
  void CommitAhead();
  AddressRange EntriesOf(AddressRange blocks, const SideTable& table) const;
  AddressRange HugePagesIn(AddressRange range) const;
  AddressRange HugePagesAround(AddressRange range) const;
  std::size_t EndOfStep(std::size_t first, std::size_t missing) const;
  std::size_t FindRun(std::size_t block_count) const;
  std::size_t FindResidentFree();
  AddressRange TakeForPopulating(std::size_t wanted_bytes);
  AddressRange TakeForReleasing(std::size_t keep_bytes,
                                std::size_t& search_end);
  enum class Resident : std::uint8_t { kNo, kYes };
  void ReturnFree(AddressRange run, Resident resident);
  void MakeZero(std::size_t block, std::size_t bytes);
  Address AddressOf(std::size_t block) const {
    return range_.begin + block * kBlockBytes;
  }
  std::size_t IndexOf(Address block) const {
    return (block - range_.begin) >> kBlockShift;
  }

  Os& os_;
  MemoryAccount& account_;
  const AddressRange range_;
  const Address table_origin_;
  const std::vector<SideTable> tables_;
  const std::size_t block_count_;

  mutable std::mutex mutex_;
  std::atomic<std::size_t> committed_bytes_{0};  // Written under mutex_.
  std::size_t fresh_ = 0;  // Blocks from here on were never handed out.
  BlockSet free_;          // Below fresh_: not handed out.
  BlockSet resident_;      // Below fresh_: may hold content.
  std::size_t free_count_ = 0;
  std::size_t free_resident_count_ = 0;
  std::size_t lowest_free_ = 0;           // No free block below it.
  std::size_t lowest_resident_free_ = 0;  // No free block with memory below it.
};

}  // namespace fledge::allocator
