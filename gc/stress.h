// Stress: decides at which allocations a stressed heap collects.
//
// A specification with its seed makes the same decisions in every run, so that
// a failure is found again from one line.
//
// Design: docs/design/stress.md. Threads: decisions are taken under a lock of
// its own, in the order in which mutators come.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>

#include "gc/collection.h"
#include "gc/heap_options.h"

namespace fledge::gc {

class Stress {
 public:
  explicit Stress(const StressOptions& options)
      : options_(options), random_(options.seed) {}

  // Called at each allocation: the collection to run before it, if any.
  std::optional<CollectionKind> AtAllocation();
  // How many items the marker advances by before an allocation: mostly none or
  // a few, seldom many.
  std::size_t StepItems();
  // Whether a cycle whose marker has something left ends in this pause.
  bool EndsEarly();

 private:
  const StressOptions options_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::uint64_t allocations_ = 0;
  std::uint64_t collections_ = 0;
};

}  // namespace fledge::gc
