// ChainedPlaces: a hash table's places in the order in which they were added,
// with chains by hash beside them.
//
//   index    [ 3 | - | 0 | - ]        the first place of each chain
//   places   [ ..., hash, next ] ...
//
// As many places as chains. A place stays in its chain, and keeps its number,
// until the table is built anew: what it held may be gone long before.
//
// Design: docs/design/weak_tables.md. Sources: D. Knuth, The Art of Computer
// Programming 3, section 6.4 (chaining); CPython's dictionaries (the order).
//
// Threads: none of its own.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/huge_page_allocator.h"

namespace fledge::runtime {

// A Place has `hash` and `next`, 32 bits each; the latter belongs to the
// chains.
template <typename Place>
class ChainedPlaces {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t size() const {
    return static_cast<std::uint32_t>(places_.size());
  }
  Place& operator[](std::uint32_t i) { return places_[i]; }
  const Place& operator[](std::uint32_t i) const { return places_[i]; }

  // The first place with that hash that is_wanted(place), or kNone. Of places
  // with the same hash, the one that was added last comes first.
  template <typename Predicate>
  std::uint32_t Find(std::uint32_t hash, Predicate&& is_wanted) const {
    if (index_.empty()) return kNone;
    return FindFrom(index_[hash & (index_.size() - 1)], hash, is_wanted);
  }
  // The next one after place `i`, of the same hash.
  template <typename Predicate>
  std::uint32_t FindNext(std::uint32_t i, Predicate&& is_wanted) const {
    return FindFrom(places_[i].next, places_[i].hash, is_wanted);
  }

  bool full() const { return places_.size() == index_.size(); }
  // Returns its number. REQUIRES: !full().
  std::uint32_t Add(Place place) {
    std::uint32_t& first = index_[place.hash & (index_.size() - 1)];
    place.next = first;
    first = size();
    places_.push_back(std::move(place));
    return first;
  }

  // Leaves out the places that are not is_wanted(place), and makes room for as
  // many as remain. Returns the new number of each, or kNone.
  template <typename Predicate>
  std::vector<std::uint32_t> Rebuild(Predicate&& is_wanted) {
    constexpr std::size_t kLeastCapacity = 8;
    const auto wanted = static_cast<std::size_t>(
        std::count_if(places_.begin(), places_.end(), is_wanted));
    const std::size_t capacity =
        std::max(kLeastCapacity, std::bit_ceil(2 * wanted));
    std::vector<std::uint32_t> moved(places_.size(), kNone);
    Vector<Place> old = std::exchange(places_, {});
    places_.reserve(capacity);
    index_ = Vector<std::uint32_t>(capacity, kNone);
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (is_wanted(old[i])) moved[i] = Add(std::move(old[i]));
    }
    return moved;
  }

 private:
  template <typename T>
  using Vector = std::vector<T, allocator::HugePageAllocator<T>>;

  template <typename Predicate>
  std::uint32_t FindFrom(std::uint32_t i, std::uint32_t hash,
                         Predicate& is_wanted) const {
    for (; i != kNone; i = places_[i].next) {
      if (places_[i].hash == hash && is_wanted(places_[i])) break;
    }
    return i;
  }

  Vector<Place> places_;
  Vector<std::uint32_t> index_;  // A power of two of them, or none.
};

}  // namespace fledge::runtime
