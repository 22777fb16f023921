#include "gc/young_space.h"

#include <algorithm>
#include <utility>

#include "allocator/poison.h"

namespace fledge::gc {

YoungSpace::YoungSpace(AddressRange range, BlockTable& blocks,
                       allocator::MemoryAccount& account, allocator::Os& os,
                       FromSpace from_space)
    : range_(range),
      blocks_(blocks),
      account_(account),
      os_(os),
      from_space_(from_space),
      first_(blocks.IndexOf(range.begin)),
      last_(blocks.IndexOf(range.end())),
      next_nursery_(first_),
      next_survivor_(last_),
      touched_{first_, last_},
      recent_(touched_),
      previous_(touched_) {
  allocator::Poison(range_);
  os_.PreferSmallPages(range_);
}

// Whoever is given these addresses next must find them unpoisoned.
YoungSpace::~YoungSpace() { allocator::Unpoison(range_); }

Address YoungSpace::TryTakeBlock(BlockIndex block, BlockKind kind,
                                 std::uint8_t age) {
  if (!account_.TryCharge(kBlockBytes)) return kNullAddress;
  BlockInfo& info = blocks_[block];
  info = BlockInfo{};
  info.kind = kind;
  info.age = age;
  used_.push_back(block);
  touched_.Add(block, kind);
  recent_.Add(block, kind);
  allocator::Unpoison(blocks_.RangeOf(block));
  return blocks_.AddressOf(block);
}

AddressRange YoungSpace::TakeNurseryBuffer(std::size_t least_bytes) {
  FLEDGE_DCHECK(least_bytes <= kBlockBytes);
  if (!has_budget()) return {};
  while (!holes_.empty()) {
    const AddressRange hole = holes_.back();
    holes_.pop_back();
    taken_bytes_ += hole.bytes;
    if (hole.bytes >= least_bytes) return hole;
  }
  do {
    for (; next_nursery_ < last_; ++next_nursery_) {
      if (blocks_[next_nursery_].kind != BlockKind::kUnused) continue;
      const Address block = TryTakeBlock(next_nursery_, BlockKind::kNursery, 0);
      if (block == kNullAddress) return {};
      const std::size_t bytes = std::clamp(
          AlignUp(budget_bytes_ - std::min(budget_bytes_, taken_bytes_),
                  kPageBytes),
          AlignUp(least_bytes, kPageBytes), kBlockBytes);
      taken_bytes_ += bytes;
      return {block, bytes};
    }
  } while (ReviveQuarantined());
  return {};
}

Address YoungSpace::TryTakeSurvivorBlock(std::uint8_t age) {
  do {
    while (next_survivor_ > first_) {
      if (blocks_[next_survivor_ - 1].kind == BlockKind::kUnused) {
        ++to_blocks_;
        return TryTakeBlock(next_survivor_ - 1, BlockKind::kSurvivor, age);
      }
      --next_survivor_;
    }
  } while (ReviveQuarantined());
  return kNullAddress;
}

bool YoungSpace::ReviveQuarantined() {
  if (quarantine_.empty()) return false;
  const BlockIndex block = quarantine_.front();
  quarantine_.pop_front();
  if (from_space_ == FromSpace::kProtected) {
    os_.SetAccessible(blocks_.RangeOf(block), true);
  }
  blocks_[block].kind = BlockKind::kUnused;
  next_nursery_ = std::min(next_nursery_, block);
  next_survivor_ = std::max(next_survivor_, block + 1);
  return true;
}

std::vector<BlockIndex> YoungSpace::StartCollection() {
  holes_.clear();
  next_nursery_ = first_;
  next_survivor_ = last_;
  from_blocks_ = used_.size();
  to_blocks_ = 0;
  return std::exchange(used_, {});
}

void YoungSpace::FreeFromBlock(BlockIndex block) {
  account_.Refund(kBlockBytes);
  blocks_[block] = BlockInfo{};
  blocks_.set_membership(block, Membership());
  if (from_space_ != FromSpace::kReused) {
    blocks_[block].kind = BlockKind::kQuarantined;
    if (from_space_ == FromSpace::kProtected) {
      os_.SetAccessible(blocks_.RangeOf(block), false);
    }
    quarantine_.push_back(block);
    return;
  }
  allocator::Poison(blocks_.RangeOf(block));
  next_nursery_ = std::min(next_nursery_, block);
  next_survivor_ = std::max(next_survivor_, block + 1);
}

void YoungSpace::KeepFromBlock(BlockIndex block,
                               const std::vector<AddressRange>& holes) {
  blocks_[block].kind = BlockKind::kNursery;
  blocks_[block].age = 0;
  blocks_.set_membership(block, Membership());
  used_.push_back(block);
  holes_.insert(holes_.end(), holes.begin(), holes.end());
}

void YoungSpace::SetNurseryBudget(std::size_t bytes) {
  budget_bytes_ = bytes;
  taken_bytes_ = 0;
}

// So many blocks are worth touching ahead, where `taken` were taken and `bytes`
// may be.
BlockIndex YoungSpace::BlocksAhead(std::size_t taken, std::size_t bytes) const {
  if (from_space_ != FromSpace::kReused || taken < kBlocksAlone) return 0;
  const std::size_t left = std::min(bytes, account_.left_bytes());
  return static_cast<BlockIndex>(std::min(left, kAheadBytes) / kBlockBytes);
}

AddressRange YoungSpace::TakeNurseryAhead() {
  const BlockIndex next = next_nursery_ + 1;
  const BlockIndex begin = std::max(touched_.nursery_end, next);
  const BlockIndex ahead = BlocksAhead(
      next - first_, budget_bytes_ - std::min(budget_bytes_, taken_bytes_));
  const BlockIndex end = std::min(next + ahead, touched_.survivors_begin);
  if (end <= begin || begin - next > ahead / 2) return {};
  AddressRange fresh =
      RangeBetween(blocks_.AddressOf(begin), blocks_.AddressOf(end));
  // So that the next time begins with a whole huge page.
  const Address whole = AlignDown(fresh.end(), allocator::kHugePageBytes);
  if (whole > fresh.begin) fresh = RangeBetween(fresh.begin, whole);
  touched_.nursery_end = blocks_.IndexOf(fresh.end());
  recent_.nursery_end = std::max(recent_.nursery_end, touched_.nursery_end);
  return fresh;
}

AddressRange YoungSpace::TakeSurvivorsAhead() {
  const BlockIndex next = next_survivor_ - 1;
  const BlockIndex end = std::min(touched_.survivors_begin, next);
  // No more is copied than there was.
  const std::size_t most = from_blocks_ - std::min(from_blocks_, to_blocks_);
  const BlockIndex ahead =
      std::min(BlocksAhead(to_blocks_, most * kBlockBytes), next - first_);
  const BlockIndex begin = std::max(next - ahead, touched_.nursery_end);
  if (end <= begin || next - end > ahead / 2) return {};
  AddressRange fresh =
      RangeBetween(blocks_.AddressOf(begin), blocks_.AddressOf(end));
  const Address whole = AlignUp(fresh.begin, allocator::kHugePageBytes);
  if (whole < fresh.end()) fresh = RangeBetween(whole, fresh.end());
  touched_.survivors_begin = blocks_.IndexOf(fresh.begin);
  recent_.survivors_begin =
      std::min(recent_.survivors_begin, touched_.survivors_begin);
  return fresh;
}

void YoungSpace::ReleaseUnused(CollectionKind kind) {
  // What verification reads must stay.
  if (from_space_ != FromSpace::kReused) return;
  Extent keep{std::max(recent_.nursery_end, previous_.nursery_end),
              std::min(recent_.survivors_begin, previous_.survivors_begin)};
  BlockIndex slice = kReleaseSlice;
  if (kind == CollectionKind::kMajor) {
    slice = last_ - first_;
    // A budget that goes up and down a little, as it does without minor
    // collections, is no reason to give memory back and touch it again.
    const std::size_t budget_blocks = budget_bytes_ / kBlockBytes + 1;
    if (touched_.nursery_end - first_ > 2 * budget_blocks) {
      keep.nursery_end = static_cast<BlockIndex>(first_ + budget_blocks);
    } else {
      keep.nursery_end = touched_.nursery_end;
    }
  } else if (++collections_in_window_ == kReleaseWindow) {
    collections_in_window_ = 0;
    previous_ = std::exchange(recent_, {first_, last_});
  }
  if (touched_.nursery_end > keep.nursery_end) {
    const BlockIndex end = touched_.nursery_end;
    touched_.nursery_end = end - std::min(slice, end - keep.nursery_end);
    Release(touched_.nursery_end, end);
  }
  if (touched_.survivors_begin < keep.survivors_begin) {
    const BlockIndex begin = touched_.survivors_begin;
    touched_.survivors_begin =
        begin + std::min(slice, keep.survivors_begin - begin);
    Release(begin, touched_.survivors_begin);
  }
}

// Of the blocks in [begin, end), those without an object.
void YoungSpace::Release(BlockIndex begin, BlockIndex end) {
  while (begin < end) {
    BlockIndex unused_end = begin;
    while (unused_end < end && blocks_[unused_end].kind == BlockKind::kUnused) {
      ++unused_end;
    }
    if (unused_end > begin) {
      // If the OS refuses, the memory is only not given back.
      os_.Discard(RangeBetween(blocks_.AddressOf(begin),
                               blocks_.AddressOf(unused_end)));
    }
    begin = unused_end + 1;
  }
}

}  // namespace fledge::gc
