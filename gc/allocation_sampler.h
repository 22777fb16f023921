// AllocationSampler: what an embedder hears of a few allocations, chosen so
// that they stand for all of them.
//
//   class Profile : public gc::AllocationSampler {
//     void OnAllocation(std::size_t size_bytes, gc::SiteId) override {
//       where_ = WhereTheProgramIs();  // What no collector can know.
//     }
//     void OnInitialized(Address object) override { ... its type ... }
//   };
//   mutator.SampleAllocations(profile, {.interval_bytes = 64 * kKiB});
//
// Samples are points in the stream of bytes that a mutator allocates, whose
// distances are drawn from an exponential distribution: an object is sampled if
// a point lies in it, with a probability that follows from its size alone,
// whatever was allocated before it. SampleWeight() of it is how many objects of
// its size a sample stands for, so that sums of weights are unbiased.
//
// A mutator finds points by its limit, which ends at the next one: an
// allocation that is not sampled runs the instructions that it runs without a
// sampler.
//
// Design: docs/design/allocation_samples.md. Sources: Google's tcmalloc and
// Go's runtime, whose heap profiles sample so; V8's SamplingHeapProfiler.
//
// Invariants:
//   [as.memoryless]  The distance to the next point does not depend on what was
//                    sampled.
//   [as.pending]     A sampled object is shown before anything may move it.
//
// Threads: OnAllocation() by the mutator's. OnInitialized() by the same, or
// with the world stopped by the one that collects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "allocator/base/address.h"

namespace fledge::gc {

// Names a place in the program that allocates, for profiles and pretenuring.
using SiteId = std::uint16_t;
inline constexpr SiteId kNoSite = 0;

class AllocationSampler {
 public:
  virtual ~AllocationSampler() = default;

  // An object is being allocated and has no content yet: notes where the
  // program is. Never collects, and allocates nothing on the heap.
  virtual void OnAllocation(std::size_t size_bytes, SiteId site) = 0;
  // That object, which has its content now and has not moved. Follows each
  // OnAllocation() of a mutator, before its next one and before any collection.
  // May call Mutator::NoteWeak(), and otherwise as above.
  virtual void OnInitialized(Address object) = 0;
};

struct SamplingOptions {
  std::size_t interval_bytes = 64 * kKiB;  // Between two points, on average.
  std::uint64_t seed = 1;  // The same seed and program: the same samples.
};

// How many objects a sampled one of `size_bytes` stands for, itself included.
double SampleWeight(std::size_t size_bytes, std::size_t interval_bytes);

// The samples of one mutator: for MutatorCore.
class AllocationSamples {
 public:
  // Borrows `sampler`. Its mutator has allocated so many bytes.
  AllocationSamples(AllocationSampler& sampler, const SamplingOptions& options,
                    std::size_t allocated_bytes)
      : sampler_(sampler),
        interval_bytes_(options.interval_bytes),
        random_(options.seed) {
    AdvanceFrom(allocated_bytes);
  }

  // How many more bytes may be allocated without reaching the next point.
  std::size_t RoomAfter(std::size_t allocated_bytes) const {
    return next_point_ - allocated_bytes;
  }
  // After `object` was allocated, and the mutator's bytes with it, and before
  // it has its content.
  void Allocated(Address object, std::size_t size_bytes, SiteId site,
                 std::size_t allocated_bytes) {
    if (allocated_bytes <= next_point_) return;
    pending_ = object;
    sampler_.OnAllocation(size_bytes, site);
    AdvanceFrom(allocated_bytes);
  }
  // Before anything may collect, and before the next is allocated.
  void ShowPending() {
    if (pending_ == kNullAddress) return;
    const Address object = pending_;
    pending_ = kNullAddress;
    sampler_.OnInitialized(object);
  }

 private:
  void AdvanceFrom(std::size_t allocated_bytes);

  AllocationSampler& sampler_;
  const std::size_t interval_bytes_;
  std::mt19937_64 random_;
  // In bytes that the mutator has allocated; an object that ends behind it is
  // sampled.
  std::size_t next_point_ = 0;
  Address pending_ = kNullAddress;
};

}  // namespace fledge::gc
