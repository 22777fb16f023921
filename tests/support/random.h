// Random: a small generator whose numbers are the same everywhere.
//
// The distributions of <random> may differ between standard libraries, so that
// a seed printed by one build would not repeat the failure in another. This
// generator is SplitMix64 and everything on top of it is written out.
//
// Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number
// Generators", OOPSLA 2014.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "allocator/base/check.h"

namespace fledge {

// What can be chosen by a row of numbers, wherever they come from: `Source` has
// Below(bound), 0 to `bound` - 1, and exhausted(), true once there are no more.
template <typename Source>
class Choices {
 public:
  // `first` to `last`, both included. REQUIRES: first <= last.
  std::uint64_t Between(std::uint64_t first, std::uint64_t last) {
    return first + source().Below(last - first + 1);
  }

  // True once in `n` times, on average. REQUIRES: n > 0.
  bool OneIn(std::uint64_t n) { return source().Below(n) == 0; }

  // An element of an array or of something like it.
  // REQUIRES: it has one.
  template <typename Sequence>
  decltype(auto) Pick(Sequence&& sequence) {
    return sequence[source().Below(std::size(sequence))];
  }

 private:
  Source& source() { return static_cast<Source&>(*this); }
};

class Random : public Choices<Random> {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // There are always more.
  static constexpr bool exhausted() { return false; }

  // Any 64 bits.
  std::uint64_t Next() {
    state_ += 0x9e37'79b9'7f4a'7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58'476d'1ce4'e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d0'49bb'1331'11eb;
    return mixed ^ (mixed >> 31);
  }

  // 0 to `bound` - 1. The remainder's bias does not matter to a test.
  // REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound) {
    FLEDGE_DCHECK(bound > 0);
    return Next() % bound;
  }

 private:
  std::uint64_t state_;
};

}  // namespace fledge
