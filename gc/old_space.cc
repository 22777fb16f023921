#include "gc/old_space.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "allocator/poison.h"

namespace fledge::gc {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

}  // namespace

Address OldSpace::TryTakeBlock(bool immovable) {
  const Address address =
      memory_.TryAllocateBlock(allocator::BlockAllocator::Content::kAny);
  if (address == kNullAddress) return kNullAddress;
  const BlockIndex block = blocks_.IndexOf(address);
  BlockInfo& info = blocks_[block];
  info = BlockInfo{};
  info.kind = BlockKind::kOld;
  info.immovable = immovable;
  info.mark = mark_;
  ++used_block_count_;
  return address;
}

void OldSpace::Settle(OldBuffer& buffer) {
  if (buffer.bump == buffer.settled) return;
  Count(buffer.settled, buffer.bump - buffer.settled);
  buffer.settled = buffer.bump;
}

bool OldSpace::RefillFromHoles(OldBuffer& buffer, std::size_t bytes,
                               std::size_t most) {
  Settle(buffer);
  for (;; --most) {
    while (buffer.rest != nullptr) {
      const Address begin = reinterpret_cast<Address>(buffer.rest);
      const Address end = buffer.rest->end;
      buffer.rest = buffer.rest->next;
      if (end - begin < bytes) continue;
      allocator::Unpoison(RangeBetween(begin, end));
      buffer.bump = buffer.settled = begin;
      buffer.limit = end;
      return true;
    }
    BlockIndex block;
    if (most == 0 || buffer.immovable || !TakeRecyclable(block)) return false;
    buffer.rest = sweeper_.SweepBlock(block);
  }
}

bool OldSpace::TakeRecyclable(BlockIndex& block) {
  if (recyclable_.empty()) SortOut(kSortedAtOnce);
  if (recyclable_.empty()) return false;
  block = recyclable_.front();
  recyclable_.pop_front();
  return true;
}

Address OldSpace::TryAllocateSlow(OldBuffer& buffer, std::size_t bytes) {
  if (bytes > kMediumBytes) {
    // A medium object: the present hole may still serve smaller ones.
    if (buffer.overflow_limit - buffer.overflow_bump < bytes) {
      const Address block = TryTakeBlock(buffer.immovable);
      if (block == kNullAddress) {
        // Better a hole, if one is large enough, than no memory at all.
        if (!RefillFromHoles(buffer, bytes, kNoLimit)) return kNullAddress;
        return TryAllocate(buffer, bytes);
      }
      buffer.overflow_bump = block;
      buffer.overflow_limit = block + kBlockBytes;
    }
    const Address object = buffer.overflow_bump;
    buffer.overflow_bump += bytes;
    Count(object, bytes);
    return object;
  }
  if (!RefillFromHoles(buffer, bytes, kSweptAtOnce)) {
    const Address block = TryTakeBlock(buffer.immovable);
    if (block != kNullAddress) {
      buffer.bump = buffer.settled = block;
      buffer.limit = block + kBlockBytes;
    } else if (!RefillFromHoles(buffer, bytes, kNoLimit)) {
      return kNullAddress;
    }
  }
  return TryAllocate(buffer, bytes);
}

AddressRange OldSpace::TakeHole(BirthHoles& holes, std::size_t bytes) {
  while (holes.first != nullptr) {
    const auto begin = reinterpret_cast<Address>(holes.first);
    const Address end = holes.first->end;
    holes.first = holes.first->next;
    if (end - begin < bytes) continue;
    // The first line of each was written when its block was swept.
    const char* const next = reinterpret_cast<const char*>(holes.first);
    if (next != nullptr) {
      __builtin_prefetch(next + 64, 1);
      __builtin_prefetch(next + 128, 1);
    }
    allocator::Unpoison(RangeBetween(begin, end));
    return RangeBetween(begin, end);
  }
  return {};
}

void OldSpace::PutBack(BirthHoles& holes, AddressRange rest) {
  if (rest.bytes < kLeastHoleBytes) return;
  Hole* const hole = reinterpret_cast<Hole*>(rest.begin);
  *hole = {holes.first, rest.end()};
  holes.first = hole;
}

AddressRange OldSpace::TryTakeHoles(BirthHoles& holes, std::size_t bytes,
                                    std::size_t& taken_bytes) {
  Settle(holes);
  const auto sweep = [&](std::size_t most) -> AddressRange {
    BlockIndex block;
    for (; most > 0 && TakeRecyclable(block); --most) {
      holes.first = sweeper_.SweepBlock(block);
      std::size_t sum = 0;
      for (const Hole* hole = holes.first; hole != nullptr; hole = hole->next) {
        sum += hole->end - reinterpret_cast<Address>(hole);
      }
      const AddressRange hole = TakeHole(holes, bytes);
      if (hole.empty()) continue;
      taken_bytes = sum;
      return hole;
    }
    return {};
  };
  if (bytes <= kMediumBytes) {
    const AddressRange hole = sweep(kSweptAtOnce);
    if (!hole.empty()) return hole;
  }
  const Address block = TryTakeBlock(false);
  if (block == kNullAddress) {
    const AddressRange hole = TakeHole(holes, bytes);
    return hole.empty() ? sweep(kNoLimit) : hole;
  }
  taken_bytes = kBlockBytes;
  return {block, kBlockBytes};
}

void OldSpace::Retire(OldBuffer& buffer) {
  Settle(buffer);
  const bool immovable = buffer.immovable;
  buffer = OldBuffer{};
  buffer.immovable = immovable;
}

void OldSpace::FreeBlock(BlockIndex block) {
  FLEDGE_DCHECK(blocks_[block].kind == BlockKind::kOld);
  blocks_[block] = BlockInfo{};
  --used_block_count_;
  memory_.FreeBlock(blocks_.AddressOf(block));
}

std::vector<BlockIndex> OldSpace::used_blocks() const {
  std::vector<BlockIndex> used;
  used.reserve(used_block_count_);
  VisitUsedBlocks([&](BlockIndex block) { used.push_back(block); });
  return used;
}

void OldSpace::StartMark() {
  FLEDGE_DCHECK(sorted_out());
  is_marking_ = true;
  born_marked_bytes_ = 0;
  std::erase_if(recyclable_, [&](BlockIndex block) {
    const Membership membership = blocks_.membership(block);
    return membership.is_member() || membership.is_candidate();
  });
}

void OldSpace::AbandonMark() {
  is_marking_ = false;
  for (const BlockIndex block : used_blocks()) {
    blocks_[block].marked_bytes = 0;
    blocks_[block].unscanned = false;
  }
}

void OldSpace::EndMark() {
  is_marking_ = false;
  marked_bytes_ = 0;
  allocated_bytes_ = 0;
  const BlockIndex begin = blocks_.IndexOf(memory_.committed().begin);
  const BlockIndex end = blocks_.IndexOf(memory_.committed().end());
  for (BlockIndex block = begin; block < end; ++block) {
    marked_bytes_ += blocks_[block].marked_bytes;
  }
  ++mark_;
  recyclable_.clear();  // Of those left some are full now, and some are free.
  next_to_sort_ = begin;
}

void OldSpace::Vacate(BlockIndex block, std::size_t kept_bytes) {
  BlockInfo& info = blocks_[block];
  // It was not allocated into, so the last mark counted all of it.
  marked_bytes_ -= info.live_bytes - kept_bytes;
  info.live_bytes = static_cast<std::uint32_t>(kept_bytes);
  info.vacated = kept_bytes == 0;
}

void OldSpace::SortOutAgain(const std::vector<BlockIndex>& blocks) {
  FLEDGE_DCHECK(sorted_out());
  for (const BlockIndex block : blocks) {
    BlockInfo& info = blocks_[block];
    info.mark = static_cast<std::uint8_t>(mark_ - 1);
    info.marked_bytes = info.live_bytes;
    info.vacated = false;
    next_to_sort_ = std::min(next_to_sort_, block);
  }
}

bool OldSpace::SortOut(std::size_t blocks) {
  if (sorted_out()) return true;
  const BlockIndex end = blocks_.IndexOf(memory_.committed().end());
  for (; blocks > 0 && next_to_sort_ < end; --blocks, ++next_to_sort_) {
    BlockInfo& info = blocks_[next_to_sort_];
    // One that was taken since the mark ended is not for sorting.
    if (info.kind != BlockKind::kOld || info.mark == mark_) continue;
    info.mark = mark_;
    info.live_bytes = std::exchange(info.marked_bytes, 0);
    if (blocks_.membership(next_to_sort_).is_candidate()) continue;
    if (info.live_bytes == 0) {
      FreeBlock(next_to_sort_);
    } else if (!info.immovable && info.live_bytes < kRecyclableLiveBytes) {
      recyclable_.push_back(next_to_sort_);
    }
  }
  if (next_to_sort_ == end) next_to_sort_ = kNoBlock;
  return sorted_out();
}

}  // namespace fledge::gc
