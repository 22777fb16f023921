// BlockTable: what each block of the reservation is used for.
//
// The tracers ask one question of it for every reference they meet, whether
// the target's block is in the collection set, so that answer has a byte array
// of its own; the rest is read once a block.
//
// Design: docs/design/heap.md. Threads: written with the world stopped or
// under the heap's lock.
#pragma once

#include <atomic>
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

// Where the collection under way evacuates a block's objects to: old space, or
// survivor blocks of an age. Never 0.
using Destination = std::uint8_t;
inline constexpr Destination kToOldSpace = 1;
constexpr Destination ToSurvivors(unsigned age) {
  return static_cast<Destination>(kToOldSpace + age);
}
// REQUIRES: not kToOldSpace.
constexpr std::uint8_t AgeAt(Destination destination) {
  return static_cast<std::uint8_t>(destination - kToOldSpace);
}
// More than any: ages are 1 to 3.
inline constexpr std::size_t kDestinations = 5;

// Whether the collection under way evacuates a block's objects, and where to.
class Membership {
 public:
  constexpr Membership() = default;  // Outside the collection set.
  static constexpr Membership Of(Destination destination) {
    return Membership(destination);
  }
  // Not a member yet: the cycle under way will evacuate the block, and records
  // the slots that refer into it.
  static constexpr Membership Candidate() { return Membership(kCandidateBit); }
  // A member some of whose objects stay: their mark bits are set.
  constexpr Membership WithKept() const {
    return Membership(static_cast<std::uint8_t>(byte_ | kKeptBit));
  }

  constexpr bool is_member() const { return (byte_ & ~kCandidateBit) != 0; }
  constexpr bool is_candidate() const { return byte_ == kCandidateBit; }
  constexpr bool has_kept() const { return (byte_ & kKeptBit) != 0; }
  // REQUIRES: is_member().
  constexpr Destination destination() const {
    return static_cast<Destination>(byte_ & ~kKeptBit);
  }
  bool operator==(const Membership&) const = default;

 private:
  static constexpr std::uint8_t kKeptBit = 0x80;
  static constexpr std::uint8_t kCandidateBit = 0x40;
  explicit constexpr Membership(std::uint8_t byte) : byte_(byte) {}

  std::uint8_t byte_ = 0;
};

struct BlockInfo {
  BlockKind kind = BlockKind::kUnused;
  std::uint8_t age = 0;     // Young blocks: survivals of its objects.
  bool immovable = false;   // Never a candidate: see AllocationKind.
  bool has_pinned = false;  // During a collection: an object in it is.
  bool has_kept = false;    // Young: live bits name objects kept here.
  bool overflowed = false;  // Holds objects the work stack had no room for: see
                            // tracer.h.
  bool unscanned = false;   // The same, of the marker: see marker.h.
  std::uint8_t mark = 0;    // Old: the last mark, modulo 256, that it is sorted
                            // out by.
  bool vacated = false;     // Old: was evacuated, and is not yet free.
  bool relaid = false;      // Old, large head: an object in it changed its
                            // layout since the cycle began.
  std::uint32_t live_bytes = 0;    // Old: at the last mark, and added since.
                                   // Survivor: filled from the block's begin.
  std::uint32_t marked_bytes = 0;  // Old: by the mark under way, until the
                                   // block is sorted out.
  BlockIndex head = 0;             // Large: the block with the header.
                                   // Candidate: see candidates.h.
};
static_assert(sizeof(BlockInfo) == 24);

class BlockTable {
 public:
  // Borrows both arrays: an entry per block of the reservation from `origin`.
  BlockTable(Address origin, std::span<BlockInfo> infos,
             std::span<Membership> memberships)
      : origin_(origin),
        infos_(infos),
        memberships_(memberships),
        memberships_from_zero_(memberships.data() - (origin >> kBlockShift)) {}

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

  // By any thread.
  void NoteLayoutChange(Address object) {
    std::atomic_ref<bool>(InfoOf(object).relaid)
        .store(true, std::memory_order_relaxed);
  }

  Membership membership(BlockIndex block) const { return memberships_[block]; }
  Membership MembershipOf(Address address) const {
    return memberships_from_zero_[address >> kBlockShift];
  }
  void set_membership(BlockIndex block, Membership membership) {
    memberships_[block] = membership;
  }

 private:
  const Address origin_;
  const std::span<BlockInfo> infos_;
  const std::span<Membership> memberships_;
  // Where the array would begin if it covered all addresses from zero.
  const Membership* const memberships_from_zero_;
};

}  // namespace fledge::gc
