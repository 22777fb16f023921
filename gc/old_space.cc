#include "gc/old_space.h"

#include <algorithm>
#include <functional>

#include "allocator/poison.h"

namespace fledge::gc {

Address OldSpace::TryTakeBlock(bool immovable) {
  const Address address =
      memory_.TryAllocateBlock(allocator::BlockAllocator::Content::kAny);
  if (address == kNullAddress) return kNullAddress;
  const BlockIndex block = blocks_.IndexOf(address);
  BlockInfo& info = blocks_[block];
  info = BlockInfo{};
  info.kind = BlockKind::kOld;
  info.immovable = immovable;
  used_.push_back(block);
  return address;
}

void OldSpace::Settle(OldBuffer& buffer) {
  if (buffer.bump == buffer.settled) return;
  Count(buffer.settled, buffer.bump - buffer.settled);
  buffer.settled = buffer.bump;
}

bool OldSpace::RefillFromHoles(OldBuffer& buffer, std::size_t bytes) {
  Settle(buffer);
  for (;;) {
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
    if (buffer.immovable || recyclable_.empty()) return false;
    const BlockIndex block = recyclable_.back();
    recyclable_.pop_back();
    buffer.rest = sweeper_.SweepBlock(block);
  }
}

Address OldSpace::TryAllocateSlow(OldBuffer& buffer, std::size_t bytes) {
  if (bytes > kMediumBytes) {
    // A medium object: the present hole may still serve smaller ones.
    if (buffer.overflow_limit - buffer.overflow_bump < bytes) {
      const Address block = TryTakeBlock(buffer.immovable);
      if (block == kNullAddress) {
        // Better a hole, if one is large enough, than no memory at all.
        if (!RefillFromHoles(buffer, bytes)) return kNullAddress;
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
  if (!RefillFromHoles(buffer, bytes)) {
    const Address block = TryTakeBlock(buffer.immovable);
    if (block == kNullAddress) return kNullAddress;
    buffer.bump = buffer.settled = block;
    buffer.limit = block + kBlockBytes;
  }
  return TryAllocate(buffer, bytes);
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
  memory_.FreeBlock(blocks_.AddressOf(block));
}

void OldSpace::StartMark() {
  std::erase_if(recyclable_, [&](BlockIndex block) {
    return blocks_.membership(block).is_member();
  });
  for (const BlockIndex block : used_) blocks_[block].live_bytes = 0;
}

std::size_t OldSpace::AfterMark() {
  marked_bytes_ = 0;
  allocated_bytes_ = 0;
  const std::size_t before = used_.size();
  std::erase_if(used_, [&](BlockIndex block) {
    if (blocks_[block].live_bytes != 0) return false;
    FreeBlock(block);
    return true;
  });
  std::sort(used_.begin(), used_.end(), std::greater<>());
  recyclable_.clear();  // Of those left some are full now, and some are free.
  for (const BlockIndex block : used_) {
    BlockInfo& info = blocks_[block];
    marked_bytes_ += info.live_bytes;
    if (!info.immovable && info.live_bytes < kRecyclableLiveBytes) {
      recyclable_.push_back(block);
    }
  }
  return before - used_.size();
}

}  // namespace fledge::gc
