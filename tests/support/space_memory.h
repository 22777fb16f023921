// SpaceMemory: real memory for a test of one space, without a heap.
//
// A small reservation as HeapCore lays it out: an unused block, young space,
// old and large space, then the side tables, which the spaces' blocks need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "allocator/block_allocator.h"
#include "allocator/memory_account.h"
#include "allocator/reservation.h"
#include "gc/block_table.h"
#include "gc/object_bitmap.h"
#include "tests/support/fake_os.h"

namespace fledge {

class SpaceMemory {
 public:
  static constexpr std::size_t kYoungBlocks = 16;
  static constexpr std::size_t kOldBlocks = 128;
  static constexpr std::size_t kBlocks = 1 + kYoungBlocks + kOldBlocks;
  static constexpr std::size_t kBlockBytes = allocator::kBlockBytes;

  explicit SpaceMemory(std::size_t limit_bytes = kBlocks * kBlockBytes)
      : account_(limit_bytes),
        infos_(kBlocks),
        memberships_(kBlocks),
        words_(gc::ObjectBitmap::SizeFor(kBlocks * kBlockBytes) /
               sizeof(std::uint64_t)),
        reservation_(allocator::Reservation::Create(
            os_, kBlocks * kBlockBytes, kBlocks * kBlockBytes, kBlockBytes)),
        blocks_(origin(), infos_, memberships_),
        bits_(reservation_.range(), words_.data()),
        memory_(os_, account_,
                RangeBetween(young().end(), reservation_.range().end()),
                origin(), {}) {
    FLEDGE_CHECK(!reservation_.empty() && os_.Commit(young()));
  }

  SpaceMemory(const SpaceMemory&) = delete;
  SpaceMemory& operator=(const SpaceMemory&) = delete;

  AddressRange young() const {
    return {origin() + kBlockBytes, kYoungBlocks * kBlockBytes};
  }

  FakeOs& os() { return os_; }
  allocator::MemoryAccount& account() { return account_; }
  gc::BlockTable& blocks() { return blocks_; }
  gc::ObjectBitmap& bits() { return bits_; }
  allocator::BlockAllocator& memory() { return memory_; }

 private:
  Address origin() const { return reservation_.range().begin; }

  FakeOs os_;
  allocator::MemoryAccount account_;
  std::vector<gc::BlockInfo> infos_;
  std::vector<gc::Membership> memberships_;
  std::vector<std::uint64_t> words_;
  allocator::Reservation reservation_;
  gc::BlockTable blocks_;
  gc::ObjectBitmap bits_;
  allocator::BlockAllocator memory_;
};

}  // namespace fledge
