// StackMemory: memory for many machine stacks.
//
// Stacks are cut from slabs, each one mapping and of stacks of one size, so
// that the number of mappings follows the bytes and not the stacks. A stack
// takes memory by the page, as far as it was ever used, and gives it back when
// it is freed.
//
//   slab, 16 MiB:  [ stack | stack | stack | ... ]
//                      ◄── │    ◄── └ canary: its highest word
//
// There is no guard page between stacks: that would be a mapping for each, of
// which a process has 65,530 at most by default. One that overflows writes over
// the canary of the one below; whoever switches to or from that sees it.
//
// Design: docs/design/stacks.md.
//
// Invariants:
//   [st.canary]  The highest word of a stack in use is the canary.
//
// Threads: all calls are thread-safe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/external_bytes.h"
#include "allocator/os.h"
#include "allocator/reservation.h"

namespace fledge::runtime {

class StackMemory {
 public:
  static constexpr std::size_t kSlabBytes = 16 * kMiB;
  static constexpr std::size_t kLeastBytes = 2 * kPageBytes;
  static constexpr std::size_t kMostBytes = kSlabBytes / 4;

  // Counts stacks that are out in `bytes`, under the tag "stacks". Borrows
  // both.
  StackMemory(allocator::Os& os, allocator::ExternalBytes& bytes)
      : os_(os), bytes_(bytes), tag_(bytes.TagOf("stacks")) {}
  ~StackMemory();
  StackMemory(const StackMemory&) = delete;
  StackMemory& operator=(const StackMemory&) = delete;

  // Memory for a stack of at least so many bytes, a power of two; empty if the
  // OS refuses, or it is more than kMostBytes.
  AddressRange TryAllocate(std::size_t size_bytes);
  void Free(AddressRange stack);

  // False if the stack above has overflowed into `stack`, which is in use.
  static bool IsIntact(AddressRange stack) {
    return *CanaryOf(stack) == kCanary;
  }

  std::size_t slab_count() const { return slabs_.size(); }

 private:
  static constexpr std::uint64_t kCanary = 0x5ca1'ab1e'0ddb'a115;
  static std::uint64_t* CanaryOf(AddressRange stack) {
    return reinterpret_cast<std::uint64_t*>(stack.end()) - 1;
  }

  struct Slab {
    allocator::Reservation memory;
    std::size_t stack_bytes;
    std::size_t fresh;          // Stacks that were never used: the last ones.
    std::vector<Address> free;  // Others.

    bool is_full() const { return fresh == 0 && free.empty(); }
    bool is_empty() const {
      return fresh + free.size() == kSlabBytes / stack_bytes;
    }
  };

  std::vector<Address>& RoomyFor(std::size_t stack_bytes) {
    return roomy_[std::countr_zero(stack_bytes)];
  }
  // One with a free stack; null if the OS refuses.
  Slab* SlabFor(std::size_t stack_bytes);

  allocator::Os& os_;
  allocator::ExternalBytes& bytes_;
  const allocator::ExternalBytes::Tag tag_;
  std::mutex mutex_;
  std::map<Address, Slab> slabs_;  // By begin.
  // Slabs with free stacks, by the logarithm of the stacks' size.
  std::vector<Address> roomy_[64];
};

}  // namespace fledge::runtime
