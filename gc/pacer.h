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
// What objects own outside the heap weighs as they do: live bytes and due bytes
// include it. It may be released long after its owner was found dead.
//
// Threads: with the world stopped, but due() and ExternalIs(), which are called
// under the heap's lock.
#pragma once

#include <algorithm>
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
  static constexpr std::size_t kBalanceBytes = 768 * kMiB;

  // `growth_percent` of the live bytes is what old space may always grow by; 0:
  // by the rule above, at most by all of them, and a reserve.
  Pacer(std::size_t limit_bytes, unsigned growth_percent);

  // What the last major collection found, and what it cost.
  struct Cycle {
    std::size_t live_bytes = 0;       // Of objects in old space, afterwards.
    std::int64_t collection_ns = 0;   // It took so long.
    std::size_t allocated_bytes = 0;  // In old space and outside the heap,
    std::int64_t program_ns = 0;      // since the one before, so long ago.
    std::size_t external_bytes = 0;   // Outside the heap, as yet.
    // A collection in steps is planned to end with so much room left, of which
    // a quarter of the growth counts at most.
    std::size_t reserve_bytes = 0;
  };
  // Sets the next size at which a major collection is due.
  void AfterMajor(const Cycle& cycle);
  // Outside the heap are so many bytes now. What was released since the last
  // mark was not alive: the next collection comes as if that had seen it.
  void ExternalIs(std::size_t bytes) {
    if (bytes < external_bytes_) SetNext(live_bytes_, bytes);
  }

  // What the two may grow by until a collection is due, where so many bytes of
  // objects are in old space and so many outside the heap. The limit is of the
  // former.
  std::size_t RoomFor(std::size_t old_bytes,
                      std::size_t external_bytes = 0) const {
    const std::size_t bytes = old_bytes + external_bytes;
    return std::min(next_bytes_ - std::min(next_bytes_, bytes),
                    limit_next_bytes_ - std::min(limit_next_bytes_, old_bytes));
  }
  bool due(std::size_t old_bytes, std::size_t external_bytes = 0) const {
    return RoomFor(old_bytes, external_bytes) == 0;
  }
  // What was room after the last one.
  std::size_t growth_bytes() const {
    return RoomFor(live_bytes_, external_bytes_);
  }
  // The sum that makes one due if only old space grows.
  std::size_t next_major_bytes() const {
    return live_bytes_ + external_bytes_ + growth_bytes();
  }
  PaceReason reason() const { return reason_; }

 private:
  // A mean of what was seen, of which the last cycle is half.
  struct Mean {
    double bytes = 0;
    double ns = 0;
    void Add(std::size_t more_bytes, std::int64_t more_ns);
    double rate() const { return ns > 0 ? bytes / ns : 0; }
  };

  void SetNext(std::size_t live_bytes, std::size_t external_bytes);
  std::size_t Growth(std::size_t live_bytes, std::size_t external_bytes);

  const std::size_t limit_bytes_;
  const unsigned growth_percent_;
  Mean allocation_;
  Mean collection_;
  std::size_t live_bytes_ = 0;  // What the next two were set for.
  std::size_t external_bytes_ = 0;
  std::size_t reserve_bytes_ = 0;
  std::size_t next_bytes_ = 0;        // Of both,
  std::size_t limit_next_bytes_ = 0;  // and of objects, near the limit.
  PaceReason reason_ = PaceReason::kLeast;
};

}  // namespace fledge::gc
