// Pacer: when the next major collection is due.
//
// Design: docs/design/pacing.md. Threads: with the world stopped, but due(),
// which is called under the heap's lock.
#pragma once

#include <algorithm>
#include <cstddef>

#include "allocator/base/address.h"

namespace fledge::gc {

class Pacer {
 public:
  // The least that old space grows by between two major collections.
  static constexpr std::size_t kLeastGrowthBytes = 16 * kMiB;

  explicit Pacer(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {
    AfterMajor(0);
  }

  // Sets the next size at which a major collection is due, from the bytes of
  // objects that the last one left.
  void AfterMajor(std::size_t live_bytes) {
    const std::size_t growth = std::max(live_bytes, kLeastGrowthBytes);
    // Near the limit, collect when half of what is left is used.
    const std::size_t left = limit_bytes_ - std::min(limit_bytes_, live_bytes);
    next_major_bytes_ = live_bytes + std::min(growth, left / 2);
  }

  bool due(std::size_t old_bytes) const {
    return old_bytes >= next_major_bytes_;
  }
  std::size_t next_major_bytes() const { return next_major_bytes_; }

 private:
  const std::size_t limit_bytes_;
  std::size_t next_major_bytes_ = 0;
};

}  // namespace fledge::gc
