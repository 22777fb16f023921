// Pacer: when the next major collection is due.
//
// A heap that may grow by E bytes between two major collections pays for them
// in proportion to 1/E, and for memory in proportion to E. Where the sum is
// least, E is the square root of
//
//   live bytes * (rate of allocation in old space / speed of collection) * k
//
// so a program that seldom allocates old objects gets a small heap, and a large
// heap grows by a smaller part of itself. k is the price of memory, the same
// for every heap, so that several share what there is without knowing of each
// other.
//
// Design: docs/design/pacing.md. Source: M. Kirisame, P. Shenoy, P. Panchekha,
// "Optimal Heap Limits for Reducing Browser Memory Use", OOPSLA 2022
// (MemBalancer, arXiv 2204.10455).
//
// Threads: with the world stopped, but due(), which is called under the heap's
// lock.
#pragma once

#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "gc/collection.h"

namespace fledge::gc {

class Pacer {
 public:
  // The least that old space grows by between two major collections.
  static constexpr std::size_t kLeastGrowthBytes = 16 * kMiB;
  // k above. A heap with so many bytes of live objects doubles if it allocates
  // as fast as they are collected.
  static constexpr std::size_t kBalanceBytes = 2 * kGiB;

  // `growth_percent` of the live bytes is what old space may always grow by; 0:
  // by the rule above, at most by all of them.
  Pacer(std::size_t limit_bytes, unsigned growth_percent);

  // What the last major collection found, and what it cost.
  struct Cycle {
    std::size_t live_bytes = 0;       // Of objects in old space, afterwards.
    std::int64_t collection_ns = 0;   // It took so long.
    std::size_t allocated_bytes = 0;  // In old space, since the one before,
    std::int64_t program_ns = 0;      // which is so long ago.
  };
  // Sets the next size at which a major collection is due.
  void AfterMajor(const Cycle& cycle);

  bool due(std::size_t old_bytes) const {
    return old_bytes >= next_major_bytes_;
  }
  std::size_t next_major_bytes() const { return next_major_bytes_; }
  PaceReason reason() const { return reason_; }

 private:
  // A mean of what was seen, of which the last cycle is half.
  struct Mean {
    double bytes = 0;
    double ns = 0;
    void Add(std::size_t more_bytes, std::int64_t more_ns);
    double rate() const { return ns > 0 ? bytes / ns : 0; }
  };

  std::size_t Growth(std::size_t live_bytes);

  const std::size_t limit_bytes_;
  const unsigned growth_percent_;
  Mean allocation_;
  Mean collection_;
  std::size_t next_major_bytes_ = 0;
  PaceReason reason_ = PaceReason::kLeast;
};

}  // namespace fledge::gc
