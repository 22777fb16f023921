// ReturnAddressTable: from the return address of a frame to its stack map.
//
// An open-addressed hash table with linear probing, at most half full, from
// which entries are removed without leaving marks: those behind the hole move
// up (Knuth, algorithm 6.4R). A look-up of an address that is there takes one
// cache line in most cases.
//
// Design: docs/design/stack_maps.md. Source: D. Knuth, "The Art of Computer
// Programming", volume 3, section 6.4.
//
// Invariants:
//   [sm.probe]  Between an entry and the place that its address hashes to there
//               is no empty entry.
//
// Threads: none; its owner says who may look while who changes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/address.h"

namespace fledge::runtime {

class ReturnAddressTable {
 public:
  struct Entry {
    Address return_address = kNullAddress;  // Null: the entry is empty.
    std::uint32_t code = 0;                 // What the owner makes of it.
    std::uint32_t site = 0;
  };
  static_assert(sizeof(Entry) == 16);

  // Null if it is not there.
  const Entry* Find(Address return_address) const {
    if (entries_.empty()) return nullptr;
    for (std::size_t i = HomeOf(return_address);; i = After(i)) {
      const Entry& entry = entries_[i];
      if (entry.return_address == return_address) return &entry;
      if (entry.return_address == kNullAddress) return nullptr;
    }
  }

  // False if the address is there already; then nothing was added.
  // REQUIRES: not the null address. O(1), or O(size) where it grows.
  bool Add(const Entry& entry);
  // REQUIRES: it is there.
  void Remove(Address return_address);

  std::size_t size() const { return size_; }

 private:
  std::size_t After(std::size_t i) const {
    return (i + 1) & (entries_.size() - 1);
  }
  // Fibonacci hashing: the upper bits of a product.
  std::size_t HomeOf(Address address) const {
    return static_cast<std::size_t>((address * 0x9e3779b97f4a7c15u) >> shift_);
  }
  void Grow();

  std::vector<Entry> entries_;  // A power of two, or none.
  std::size_t size_ = 0;
  unsigned shift_ = 64;  // 64 less the logarithm of entries_.size().
};

}  // namespace fledge::runtime
