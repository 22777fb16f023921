// Awaited: objects that are not known to be alive yet, and the entries of weak
// sets for which that would matter.
//
// An entry whose key is not reached waits here for the key. When a tracer
// reaches an object it asks whether somebody waits for it, so each entry is
// looked at once more and no more: ephemerons take time linear in their number,
// however they are chained.
//
// Design: docs/design/weak_sets.md. Sources: A. Barros and R. Ierusalimschy,
// "Eliminating Cycles in Weak Tables", JUCS 2008; the GC Handbook, 2nd ed.,
// section 12.2 (ephemerons); the table of unmarked keys is that of V8 and
// SpiderMonkey.
//
// Threads: one, with the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "allocator/base/address.h"

namespace fledge::gc {

class Awaited {
 public:
  // An entry of a weak set, by the set's number in the pause under way.
  struct Entry {
    std::uint32_t set;
    std::uint32_t index;
  };

  bool empty() const { return count_ == 0; }

  // `entry` waits for `object`. O(1) expected.
  void Add(Address object, Entry entry) {
    if (4 * (count_ + 1) > 3 * places_.size()) Grow();
    Place& place = Find(object);
    if (place.object == kNullAddress) {
      place = {object, kNone};
      ++count_;
    }
    waiting_.push_back({entry, place.first});
    place.first = static_cast<std::uint32_t>(waiting_.size() - 1);
  }

  // `object` was reached: who waited for it is ready.
  void Reach(Address object) {
    if (places_.empty()) return;
    Place& place = Find(object);
    while (place.first != kNone) {
      const Waiting& waiting = waiting_[place.first];
      ready_.push_back(waiting.entry);
      place.first = waiting.next;
    }
  }

  // Takes those that are ready.
  std::vector<Entry> TakeReady() { return std::exchange(ready_, {}); }

  // Forgets all, and gives the memory back.
  void Clear() { *this = Awaited(); }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::size_t kLeastPlaces = 64;

  // Places of objects that were reached stay, without anybody waiting.
  struct Place {
    Address object = kNullAddress;
    std::uint32_t first = kNone;
  };
  struct Waiting {
    Entry entry;
    std::uint32_t next;  // For the same object.
  };

  // The object's place, or the empty one that would be.
  Place& Find(Address object) {
    const std::size_t mask = places_.size() - 1;
    std::size_t i = FirstPlace(object) & mask;
    while (places_[i].object != kNullAddress && places_[i].object != object) {
      i = (i + 1) & mask;
    }
    return places_[i];
  }
  // Objects that lie beside each other have places beside each other, as they
  // are often reached one after the other; what is far apart is scattered.
  static std::size_t FirstPlace(Address object) {
    constexpr unsigned kNearBits = 5;
    const std::uint64_t granule = object >> 3;
    const std::uint64_t scattered =
        (granule >> kNearBits) * 0x9e37'79b9'7f4a'7c15 >> 24;
    return (scattered << kNearBits) ^ (granule & ((1u << kNearBits) - 1)) ^
           (scattered >> 35);
  }

  void Grow() {
    const std::size_t wanted =
        places_.empty() ? kLeastPlaces : 2 * places_.size();
    const std::vector<Place> old =
        std::exchange(places_, std::vector<Place>(wanted));
    for (const Place& place : old) {
      if (place.object != kNullAddress) Find(place.object) = place;
    }
  }

  std::vector<Place> places_;  // A power of two of them.
  std::size_t count_ = 0;      // Of objects.
  std::vector<Waiting> waiting_;
  std::vector<Entry> ready_;
};

}  // namespace fledge::gc
