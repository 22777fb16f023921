#include "allocator/block_allocator.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "allocator/base/check.h"
#include "allocator/poison.h"

namespace fledge::allocator {

std::size_t BlockAllocator::BlockSet::Next(std::size_t i,
                                           std::size_t limit) const {
  while (i < limit) {
    const std::uint64_t rest = words_[i / 64] >> i % 64;
    if (rest != 0) {
      return std::min(limit,
                      i + static_cast<std::size_t>(std::countr_zero(rest)));
    }
    i = (i / 64 + 1) * 64;
  }
  return limit;
}

BlockAllocator::BlockAllocator(Os& os, MemoryAccount& account,
                               AddressRange range, Address table_origin,
                               std::vector<SideTable> tables)
    : os_(os),
      account_(account),
      range_(range),
      table_origin_(table_origin),
      tables_(std::move(tables)),
      block_count_(range.bytes >> kBlockShift),
      free_(block_count_),
      resident_(block_count_) {
  FLEDGE_CHECK(IsAligned(range.begin, kBlockBytes) &&
               IsAligned(range.bytes, kBlockBytes));
  os_.PreferSmallPages(range);
}

// Whoever is given these addresses next must find them unpoisoned.
BlockAllocator::~BlockAllocator() { Unpoison(committed()); }

// Half as much again, so that it is seldom: a request waits until the helper's
// populating is done, which may take 6 ms. It costs addresses, not memory; an
// OS that counts them may want less.
bool BlockAllocator::CommitThrough(std::size_t block_count) {
  if (block_count > block_count_) return false;
  const std::size_t wanted = block_count * kBlockBytes;
  const std::size_t committed = committed_bytes_;
  if (wanted <= committed) return true;
  const auto in_steps = [&](std::size_t bytes) {
    return std::min(range_.bytes, std::size_t{AlignUp(bytes, kCommitBytes)});
  };
  const std::size_t least = in_steps(wanted);
  const std::size_t generous =
      in_steps(std::max(wanted, committed + committed / 2));
  return CommitTo(generous) || (least < generous && CommitTo(least));
}

bool BlockAllocator::CommitTo(std::size_t bytes) {
  const AddressRange more =
      RangeBetween(range_.begin + committed_bytes_, range_.begin + bytes);
  // Tables first: a block without its bookkeeping would be of no use, while a
  // table ahead of its blocks is only untouched memory.
  for (const SideTable& table : tables_) {
    if (!os_.Commit(EntriesOf(more, table))) return false;
  }
  if (!os_.Commit(more)) return false;
  committed_bytes_.store(bytes, std::memory_order_release);
  return true;
}

// So that who allocates seldom has to.
void BlockAllocator::CommitAhead() {
  const std::lock_guard lock(mutex_);
  const std::size_t committed = committed_bytes_ >> kBlockShift;
  if (committed - fresh_ <= committed / 8) CommitThrough(committed + 1);
}

// In whole pages.
AddressRange BlockAllocator::EntriesOf(AddressRange blocks,
                                       const SideTable& table) const {
  const auto entry = [&](Address block) {
    return table.begin +
           ((block - table_origin_) >> kBlockShift) * table.bytes_per_block;
  };
  return RangeBetween(AlignDown(entry(blocks.begin), kPageBytes),
                      AlignUp(entry(blocks.end()), kPageBytes));
}

// The huge pages that `range` consists of, but for its ends.
AddressRange BlockAllocator::HugePagesIn(AddressRange range) const {
  const Address begin = AlignUp(
      std::max(range.begin, range_.begin + kSmallPagesBytes), kHugePageBytes);
  const Address end = AlignDown(range.end(), kHugePageBytes);
  return begin < end ? RangeBetween(begin, end) : AddressRange();
}

AddressRange BlockAllocator::HugePagesAround(AddressRange range) const {
  return RangeBetween(
      std::max(AlignDown(range.begin, kHugePageBytes), range_.begin),
      std::min(AlignUp(range.end(), kHugePageBytes), range_.end()));
}

Address BlockAllocator::TryAllocateBlock(Content content) {
  if (!account_.TryCharge(kBlockBytes)) return kNullAddress;
  const std::lock_guard lock(mutex_);
  std::size_t block;
  if (free_resident_count_ > 0) {
    block = FindResidentFree();
    free_.Remove(block);
    --free_count_;
    --free_resident_count_;
  } else if (free_count_ > 0) {
    block = free_.Next(lowest_free_, fresh_);
    lowest_free_ = block + 1;
    free_.Remove(block);
    --free_count_;
  } else if (CommitThrough(fresh_ + 1)) {
    block = fresh_++;
  } else {
    account_.Refund(kBlockBytes);
    return kNullAddress;
  }
  Unpoison({AddressOf(block), kBlockBytes});
  if (content == Content::kZero) MakeZero(block, kBlockBytes);
  resident_.Insert(block);
  return AddressOf(block);
}

std::size_t BlockAllocator::FindResidentFree() {
  std::size_t block = free_.Next(lowest_resident_free_, fresh_);
  while (!resident_.Contains(block)) block = free_.Next(block + 1, fresh_);
  lowest_resident_free_ = block + 1;
  return block;
}

std::size_t BlockAllocator::FindRun(std::size_t block_count) const {
  // First fit among the free blocks; a run at their end may go on into fresh
  // ones.
  for (std::size_t first = free_.Next(lowest_free_, fresh_); first < fresh_;) {
    std::size_t last = first + 1;
    while (last < fresh_ && last - first < block_count &&
           free_.Contains(last)) {
      ++last;
    }
    if (last - first == block_count || last == fresh_) return first;
    first = free_.Next(last, fresh_);
  }
  return fresh_;
}

AddressRange BlockAllocator::TryAllocateRun(std::size_t bytes) {
  const std::size_t run_bytes = AlignUp(bytes, kPageBytes);
  if (bytes == 0 || run_bytes < bytes || run_bytes > range_.bytes) return {};
  if (!account_.TryCharge(run_bytes)) return {};
  const std::size_t count = AlignUp(run_bytes, kBlockBytes) >> kBlockShift;
  std::unique_lock lock(mutex_);
  const std::size_t first = FindRun(count);
  if (!CommitThrough(first + count)) {
    account_.Refund(run_bytes);
    return {};
  }
  for (std::size_t block = first; block < std::min(first + count, fresh_);
       ++block) {
    free_.Remove(block);
    --free_count_;
    if (resident_.Contains(block)) --free_resident_count_;
  }
  fresh_ = std::max(fresh_, first + count);
  const AddressRange run{AddressOf(first), run_bytes};
  if (const AddressRange huge = HugePagesIn(run); !huge.empty()) {
    lock.unlock();
    os_.PreferHugePages(huge);
    lock.lock();
  }
  Unpoison(run);
  for (std::size_t block = first; block < first + count; ++block) {
    const std::size_t offset = (block - first) * kBlockBytes;
    MakeZero(block, std::min(kBlockBytes, run_bytes - offset));
    resident_.Insert(block);
  }
  return run;
}

void BlockAllocator::MakeZero(std::size_t block, std::size_t bytes) {
  if (!resident_.Contains(block)) return;  // Untouched pages read as zero.
  std::memset(reinterpret_cast<void*>(AddressOf(block)), 0, bytes);
}

void BlockAllocator::FreeBlock(Address block) { FreeRun({block, kBlockBytes}); }

void BlockAllocator::FreeRun(AddressRange run) {
  account_.Refund(run.bytes);
  const std::size_t count = AlignUp(run.bytes, kBlockBytes) >> kBlockShift;
  const std::lock_guard lock(mutex_);
  Poison(run);
  const std::size_t first = IndexOf(run.begin);
  for (std::size_t block = first; block < first + count; ++block) {
    FLEDGE_DCHECK(!free_.Contains(block));
    free_.Insert(block);
    if (resident_.Contains(block)) ++free_resident_count_;
  }
  free_count_ += count;
  lowest_free_ = std::min(lowest_free_, first);
  lowest_resident_free_ = std::min(lowest_resident_free_, first);
}

// Free blocks without memory, a step of neighbours at most, taken out of the
// free ones so that no one else touches them meanwhile.
AddressRange BlockAllocator::TakeForPopulating(std::size_t wanted_bytes) {
  const std::lock_guard lock(mutex_);
  const std::size_t wanted = AlignUp(wanted_bytes, kBlockBytes) >> kBlockShift;
  if (free_resident_count_ >= wanted) return {};
  std::size_t first = free_.Next(lowest_free_, fresh_);
  while (first < fresh_ && resident_.Contains(first)) {
    first = free_.Next(first + 1, fresh_);
  }
  std::size_t last = first;
  const std::size_t end = EndOfStep(first, wanted - free_resident_count_);
  while (last < end) {
    if (last < fresh_ && (!free_.Contains(last) || resident_.Contains(last))) {
      break;
    }
    if (last == fresh_) {
      if (!CommitThrough(fresh_ + 1)) break;
      ++fresh_;
    } else {
      free_.Remove(last);
      --free_count_;
    }
    ++last;
  }
  return RangeBetween(AddressOf(first), AddressOf(last));
}

// The rest of a huge page at a time, so that nobody meets a half of one that is
// being made; where pages are small no more than `missing`.
std::size_t BlockAllocator::EndOfStep(std::size_t first,
                                      std::size_t missing) const {
  if (AddressOf(first) < range_.begin + kSmallPagesBytes) {
    return first + std::min(missing, kStepBlocks);
  }
  return IndexOf(AlignUp(AddressOf(first + 1), kHugePageBytes));
}

void BlockAllocator::PopulateFree(std::size_t wanted_bytes) {
  while (PopulateFreeStep(wanted_bytes) == Progress::kMore) {
  }
}

BlockAllocator::Progress BlockAllocator::PopulateFreeStep(
    std::size_t wanted_bytes) {
  if (wanted_bytes > 0) CommitAhead();
  const AddressRange run = TakeForPopulating(wanted_bytes);
  if (run.empty()) return Progress::kDone;
  const bool populated = PopulateInHugePages(os_, run, HugePagesIn(run));
  // The tables too: they are read before they are written, and a page that
  // was only read is copied in the pause, with an interrupt to every thread.
  bool all_populated = populated;
  for (const SideTable& table : tables_) {
    all_populated = all_populated && os_.Populate(EntriesOf(run, table));
  }
  ReturnFree(run, populated ? Resident::kYes : Resident::kNo);
  return all_populated ? Progress::kMore : Progress::kRefused;
}

// The highest free blocks with memory below `search_end`, a step of neighbours
// at most, taken out of the free ones; none if no more than `keep_bytes` have
// memory.
AddressRange BlockAllocator::TakeForReleasing(std::size_t keep_bytes,
                                              std::size_t& search_end) {
  const std::lock_guard lock(mutex_);
  const std::size_t keep = keep_bytes >> kBlockShift;
  if (free_resident_count_ <= keep) return {};
  const auto is_candidate = [&](std::size_t block) {
    return free_.Contains(block) && resident_.Contains(block);
  };
  std::size_t last = std::min(search_end, fresh_);
  while (last > 0 && !is_candidate(last - 1)) --last;
  std::size_t first = last;
  while (first > 0 && last - first < kStepBlocks && is_candidate(first - 1) &&
         free_resident_count_ > keep) {
    --first;
    free_.Remove(first);
    resident_.Remove(first);
    --free_count_;
    --free_resident_count_;
  }
  search_end = first;
  return RangeBetween(AddressOf(first), AddressOf(last));
}

std::size_t BlockAllocator::ReleaseFree(std::size_t keep_bytes) {
  std::size_t released = 0;
  std::size_t search_end = block_count_;
  for (;;) {
    const AddressRange run = TakeForReleasing(keep_bytes, search_end);
    if (run.empty()) return released;
    const bool discarded = os_.Discard(run);
    // They may have been a large object's, of which nothing is there.
    os_.PreferSmallPages(HugePagesAround(run));
    ReturnFree(run, discarded ? Resident::kNo : Resident::kYes);
    if (!discarded) return released;
    released += run.bytes;
  }
}

void BlockAllocator::ReturnFree(AddressRange run, Resident resident) {
  const std::lock_guard lock(mutex_);
  const std::size_t first = IndexOf(run.begin);
  const std::size_t last = IndexOf(run.end());
  for (std::size_t block = first; block < last; ++block) {
    free_.Insert(block);
    if (resident == Resident::kYes) resident_.Insert(block);
  }
  free_count_ += last - first;
  lowest_free_ = std::min(lowest_free_, first);
  if (resident == Resident::kNo) return;
  free_resident_count_ += last - first;
  lowest_resident_free_ = std::min(lowest_resident_free_, first);
}

std::size_t BlockAllocator::free_resident_bytes() const {
  const std::lock_guard lock(mutex_);
  return free_resident_count_ * kBlockBytes;
}

}  // namespace fledge::allocator
