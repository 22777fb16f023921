// ObjectBitmap: one bit for each possible object address of a heap.
//
// Two of them lie beside every heap. The *live bitmap* says which addresses of
// old space hold an object, so that a card's objects are found without walking
// memory that may hold dead ones; over young space it says which objects were
// kept in place. The *mark bitmap* says which objects this cycle has reached.
// After marking the two change places.
//
// One bit in 64 of the heap (1.6%). A 256-byte card is half a word.
//
// Design: docs/design/side_tables.md. Source: the GC Handbook, 2nd ed.,
// section 2.4 (bitmap marking).
//
// Threads: no two threads may write the same word at a time; set-up under the
// heap's lock or with the world stopped.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "allocator/base/check.h"

namespace fledge::gc {

class ObjectBitmap {
 public:
  static constexpr std::size_t kGranuleBytes = 8;
  static constexpr std::size_t kBytesPerWord = 64 * kGranuleBytes;
  // Bytes of bitmap for `heap_bytes` of heap.
  static constexpr std::size_t SizeFor(std::size_t heap_bytes) {
    return heap_bytes / kGranuleBytes / 8;
  }

  // Borrows `words`: SizeFor(range.bytes) bytes, zero, for `range`.
  ObjectBitmap(AddressRange range, std::uint64_t* words)
      : begin_(range.begin), words_(words) {}

  bool Test(Address object) const {
    return (words_[WordOf(object)] >> BitOf(object) & 1) != 0;
  }
  void Set(Address object) {
    words_[WordOf(object)] |= std::uint64_t{1} << BitOf(object);
  }
  void Clear(Address object) {
    words_[WordOf(object)] &= ~(std::uint64_t{1} << BitOf(object));
  }
  // The same while the world runs: any thread may test, and who sets a bit
  // holds the heap's lock, or has the bit's block for births.
  bool TestShared(Address object) const {
    const std::uint64_t word =
        std::atomic_ref(words_[WordOf(object)]).load(std::memory_order_relaxed);
    return (word >> BitOf(object) & 1) != 0;
  }
  void SetShared(Address object) {
    const std::atomic_ref word(words_[WordOf(object)]);
    word.store(word.load(std::memory_order_relaxed) | std::uint64_t{1}
                                                          << BitOf(object),
               std::memory_order_relaxed);
  }
  // Sets the bit; true if it was clear.
  bool TestAndSet(Address object) {
    std::uint64_t& word = words_[WordOf(object)];
    const std::uint64_t bit = std::uint64_t{1} << BitOf(object);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }

  // The lowest set address in [from, limit), or `limit`.
  // REQUIRES: both are multiples of kGranuleBytes.
  Address FindNext(Address from, Address limit) const {
    std::size_t i = WordOf(from);
    std::uint64_t rest = words_[i] & ~std::uint64_t{0} << BitOf(from);
    while (rest == 0) {
      ++i;
      if (AddressOfWord(i) >= limit) return limit;
      rest = words_[i];
    }
    const Address found = AddressOfWord(i) + Granules(std::countr_zero(rest));
    return found < limit ? found : limit;
  }

  // The highest set address in [floor, from), or kNullAddress.
  Address FindPrevious(Address from, Address floor) const {
    if (from <= floor) return kNullAddress;
    const Address last = from - kGranuleBytes;
    std::size_t i = WordOf(last);
    std::uint64_t rest = words_[i] & ~std::uint64_t{0} >> (63 - BitOf(last));
    while (rest == 0) {
      if (AddressOfWord(i) <= floor) return kNullAddress;
      rest = words_[--i];
    }
    const Address found =
        AddressOfWord(i) + Granules(63 - std::countl_zero(rest));
    return found >= floor ? found : kNullAddress;
  }

  // Calls visit(object) for each set address in `range`, lowest first; `visit`
  // may set and clear bits outside the word it was called for.
  // REQUIRES: both ends are multiples of kBytesPerWord.
  template <typename Visitor>
  void VisitRange(AddressRange range, Visitor&& visit) const {
    const std::size_t last = WordOf(range.end());
    for (std::size_t i = WordOf(range.begin); i < last; ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        visit(AddressOfWord(i) + Granules(std::countr_zero(rest)));
      }
    }
  }

  // REQUIRES for these three: both ends are multiples of kBytesPerWord.
  void ClearRange(AddressRange range);
  void CopyRange(AddressRange range, const ObjectBitmap& from);
  bool AnyIn(AddressRange range) const;

  const void* WordAddressOf(Address object) const {
    return &words_[WordOf(object)];
  }

  // REQUIRES: both cover the same range.
  void SwapWith(ObjectBitmap& other) {
    FLEDGE_CHECK(begin_ == other.begin_);
    std::uint64_t* const words = words_;
    words_ = other.words_;
    other.words_ = words;
  }

 private:
  static Address Granules(int count) {
    return static_cast<Address>(count) * kGranuleBytes;
  }
  std::size_t WordOf(Address object) const {
    return (object - begin_) / kBytesPerWord;
  }
  std::size_t BitOf(Address object) const {
    return (object - begin_) / kGranuleBytes % 64;
  }
  Address AddressOfWord(std::size_t i) const {
    return begin_ + i * kBytesPerWord;
  }

  Address begin_;
  std::uint64_t* words_;
};

}  // namespace fledge::gc
