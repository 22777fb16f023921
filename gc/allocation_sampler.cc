#include "gc/allocation_sampler.h"

#include <cmath>

namespace fledge::gc {

double SampleWeight(std::size_t size_bytes, std::size_t interval_bytes) {
  return -1 / std::expm1(-static_cast<double>(size_bytes) /
                         static_cast<double>(interval_bytes));
}

// An object of n bytes is sampled if the distance, rounded down, is less than
// n: exactly if the distance is.
void AllocationSamples::AdvanceFrom(std::size_t allocated_bytes) {
  constexpr double kUnit = 0x1p-53;
  const double uniform = static_cast<double>(random_() >> 11) * kUnit;
  const double distance =
      -std::log1p(-uniform) * static_cast<double>(interval_bytes_);
  next_point_ = allocated_bytes + static_cast<std::size_t>(distance);
}

}  // namespace fledge::gc
