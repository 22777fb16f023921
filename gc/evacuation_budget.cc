#include "gc/evacuation_budget.h"

#include <algorithm>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

// Takes `sample` into an estimate of what is slow. One that is far out, as when
// the machine was busy otherwise, counts no more than one four times as slow.
void TakeIn(double sample, double* estimate) {
  constexpr double kFarOut = 4;
  if (sample > *estimate) {
    if (*estimate > 0) sample = std::min(sample, kFarOut * *estimate);
    *estimate += (sample - *estimate) / 2;
  } else {
    *estimate += (sample - *estimate) / 16;
  }
}

// By the byte of nursery a pause with hardly any would look very slow.
double ReckonedBytes(std::size_t nursery_bytes) {
  constexpr std::size_t kLeastBytes = 256 * kKiB;
  return static_cast<double>(std::max(nursery_bytes, kLeastBytes));
}

}  // namespace

std::size_t EvacuationBudget::BytesBeside(std::size_t nursery_bytes) const {
  const std::int64_t left_ns =
      std::max(target_ns_ / 8, target_ns_ / 4 * 3 - MinorNs(nursery_bytes));
  return static_cast<std::size_t>(static_cast<double>(left_ns) / ns_per_byte_);
}

std::int64_t EvacuationBudget::MinorNs(std::size_t nursery_bytes) const {
  return static_cast<std::int64_t>(minor_ns_per_byte_ *
                                   ReckonedBytes(nursery_bytes));
}

void EvacuationBudget::AfterMinor(std::size_t nursery_bytes,
                                  std::int64_t pause_ns) {
  TakeIn(static_cast<double>(pause_ns) / ReckonedBytes(nursery_bytes),
         &minor_ns_per_byte_);
}

void EvacuationBudget::AfterEvacuation(std::size_t nursery_bytes,
                                       std::size_t cost_bytes,
                                       std::int64_t pause_ns) {
  if (cost_bytes == 0) return;
  // What is left when a minor collection was faster than was reckoned.
  const std::int64_t least_ns = pause_ns / 16;
  const std::int64_t spent_ns =
      std::max(least_ns, pause_ns - MinorNs(nursery_bytes));
  TakeIn(static_cast<double>(spent_ns) / static_cast<double>(cost_bytes),
         &ns_per_byte_);
}

}  // namespace fledge::gc
