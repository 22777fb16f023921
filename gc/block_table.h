// BlockTable: what each block of the reservation is used for.
//
// The tracers ask one question of it for every reference they meet, whether
// the target's block is in the collection set, so that answer has a byte array
// of its own; the rest is read once a block.
//
// Design: docs/design/heap.md. Threads: written with the world stopped or
// under the heap's lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/block.h"

namespace fledge::gc {

using allocator::kBlockBytes;
using allocator::kBlockShift;

using BlockIndex = std::uint32_t;

enum class BlockKind : std::uint8_t {
  kUnused = 0,  // Free, or not yet committed.
  kNursery,
  kSurvivor,  // Young; its objects have survived `age` collections.
  kOld,
  kLargeHead,    // The first block of a large object,
  kLargeTail,    // and the others.
  kQuarantined,  // From-space of an earlier collection, kept for reports.
};

// Whether a block's objects are evacuated by the collection under way.
enum class Membership : std::uint8_t {
  kOutside = 0,
  kMember,
  kMemberWithKept,  // Some of its objects stay: their mark bits are set.
};

struct BlockInfo {
  BlockKind kind = BlockKind::kUnused;
  std::uint8_t age = 0;          // Young blocks: survivals of its objects.
  bool immovable = false;        // Never a candidate: see AllocationKind.
  std::uint32_t live_bytes = 0;  // Old: at the last mark, and added since.
                                 // Survivor: filled from the block's begin.
  BlockIndex head = 0;           // Large: the block with the header.
  bool has_pinned = false;       // During a collection: an object in it is.
  bool has_kept = false;         // Young: live bits name objects kept here.
  bool overflowed = false;       // Holds objects the work stack had no room
                                 // for: see tracer.h.
};
static_assert(sizeof(BlockInfo) == 16);

class BlockTable {
 public:
  // Borrows both arrays: an entry per block of the reservation from `origin`.
  BlockTable(Address origin, std::span<BlockInfo> infos,
             std::span<Membership> memberships)
      : origin_(origin), infos_(infos), memberships_(memberships) {}

  BlockIndex IndexOf(Address address) const {
    return static_cast<BlockIndex>((address - origin_) >> kBlockShift);
  }
  Address AddressOf(BlockIndex block) const {
    return origin_ + (Address{block} << kBlockShift);
  }
  AddressRange RangeOf(BlockIndex block) const {
    return {AddressOf(block), kBlockBytes};
  }

  BlockInfo& operator[](BlockIndex block) { return infos_[block]; }
  const BlockInfo& operator[](BlockIndex block) const { return infos_[block]; }
  BlockInfo& InfoOf(Address address) { return infos_[IndexOf(address)]; }
  const BlockInfo& InfoOf(Address address) const {
    return infos_[IndexOf(address)];
  }

  Membership membership(BlockIndex block) const { return memberships_[block]; }
  Membership MembershipOf(Address address) const {
    return memberships_[IndexOf(address)];
  }
  void set_membership(BlockIndex block, Membership membership) {
    memberships_[block] = membership;
  }

 private:
  const Address origin_;
  const std::span<BlockInfo> infos_;
  const std::span<Membership> memberships_;
};

}  // namespace fledge::gc
