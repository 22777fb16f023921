// NurserySize: how much mutators may allocate between two minor collections.
//
// A nursery as large as the cache makes the mutator fastest, and its pauses
// short; a large one gives objects more time to die, so that less is copied.
// Which of them wins is the program's affair and changes while it runs, so the
// size follows what the last few collections cost:
//
//   a pause longer than 3/4 of the target     half of it, or less
//   copying takes a large part of the time    twice of it, if the pauses that
//                                             this predicts keep the target
//   collections take next to no time          half of it, down to the cache
//   even the largest hardly lets anything die down to the cache, for a while
//
// Design: docs/design/young_space.md. Sources: A. Appel, "Simple Generational
// Garbage Collection and Fast Allocation", SP&E 1989 (a nursery as large as
// memory allows); the GC Handbook, 2nd ed., section 9.7 (adapting).
//
// Threads: with the world stopped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "gc/collection.h"

namespace fledge::gc {

class NurserySize {
 public:
  // Beyond the last-level cache each allocation misses. Larger sizes were not
  // tried.
  static constexpr std::size_t kMostBytes = 64 * kMiB;
  // A heap of little old data does not get a nursery that is larger than this:
  // memory ought to be in proportion to what lives.
  static constexpr std::size_t kMostForSmallHeaps = 8 * kMiB;

  struct Limits {
    std::size_t least_bytes;  // May be less than a block.
    std::size_t cache_bytes;  // To begin with, and for who allocates garbage.
    std::size_t most_bytes;
    std::int64_t pause_target_ns;
  };

  // Stays at `bytes`.
  static NurserySize Fixed(std::size_t bytes);
  // REQUIRES: least <= cache <= most.
  static NurserySize Adaptive(const Limits& limits);

  std::size_t bytes() const { return bytes_; }
  // What mutators may allocate until the next collection, which will copy
  // `survivor_bytes` of the last one once more: a part of an adapting size is
  // theirs, half of it at most.
  std::size_t Budget(std::size_t survivor_bytes) const;
  // The largest that it may become.
  std::size_t most_bytes() const { return limits_.most_bytes; }

  // Takes in what a minor collection cost, and chooses the next size. Returns
  // why it is what it is.
  struct Cost {
    std::int64_t pause_ns = 0;
    std::int64_t mutator_ns = 0;      // Since the collection before.
    std::size_t allocated_bytes = 0;  // Of nursery, since then.
    std::size_t copied_bytes = 0;     // Survived and promoted.
    std::size_t old_bytes = 0;        // In old space, afterwards.
  };
  NurseryReason AfterMinor(const Cost& cost);
  // The same after a major collection that left `old_bytes`.
  NurseryReason AfterMajor(std::size_t old_bytes);
  // For the cycle that starts now: what the last cycle left of it, and at most
  // half of `usual`, as remarks have twice as many dirty cards.
  NurseryReason StartCycle(const NurserySize& usual);

 private:
  // What is judged together: single collections differ too much.
  static constexpr int kWindow = 4;
  // Parts of the time, in per cent.
  static constexpr std::int64_t kMuchTime = 12;
  static constexpr std::int64_t kLittleTime = 2;
  // Parts of the nursery.
  static constexpr std::size_t kNearlyAll = 80;
  static constexpr int kWindowsUntilNextTry = 64;

  NurserySize(const Limits& limits, std::size_t bytes)
      : limits_(limits), bytes_(bytes) {}

  // Pauses of one size vary: who aims at the target misses it half of the
  // time.
  std::int64_t aim_ns() const { return limits_.pause_target_ns / 4 * 3; }

  NurseryReason Judge();
  // What old space is worth.
  std::size_t Most(std::size_t old_bytes) const;

  Limits limits_;
  std::size_t bytes_;
  // Of the present window.
  int collections_ = 0;
  std::int64_t longest_pause_ns_ = 0;
  std::int64_t pauses_ns_ = 0;
  std::int64_t mutator_ns_ = 0;
  std::size_t allocated_bytes_ = 0;
  std::size_t copied_bytes_ = 0;
  std::size_t old_bytes_ = 0;
  int windows_to_wait_ = 0;  // Until it may grow again.
};

}  // namespace fledge::gc
