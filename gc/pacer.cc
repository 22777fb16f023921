#include "gc/pacer.h"

#include <algorithm>
#include <cmath>

namespace fledge::gc {

Pacer::Pacer(std::size_t limit_bytes, unsigned growth_percent)
    : limit_bytes_(limit_bytes), growth_percent_(growth_percent) {
  AfterMajor({});
}

void Pacer::AfterMajor(const Cycle& cycle) {
  allocation_.Add(cycle.allocated_bytes, cycle.program_ns);
  collection_.Add(cycle.live_bytes, cycle.collection_ns);
  reserve_bytes_ = cycle.reserve_bytes;
  SetNext(cycle.live_bytes, cycle.external_bytes);
}

void Pacer::SetNext(std::size_t live_bytes, std::size_t external_bytes) {
  live_bytes_ = live_bytes;
  external_bytes_ = external_bytes;
  std::size_t growth = Growth(live_bytes, external_bytes);
  if (growth_percent_ == 0) growth += std::min(reserve_bytes_, growth / 4);
  // Near the limit, collect when half of what is left is used.
  const std::size_t left = limit_bytes_ - std::min(limit_bytes_, live_bytes);
  if (growth > left / 2) reason_ = PaceReason::kLimit;
  next_bytes_ = live_bytes + external_bytes + growth;
  limit_next_bytes_ = live_bytes + left / 2;
}

std::size_t Pacer::Growth(std::size_t live_bytes, std::size_t external_bytes) {
  const std::size_t all_bytes = live_bytes + external_bytes;
  if (growth_percent_ != 0) {
    const std::size_t growth = all_bytes / 100 * growth_percent_ +
                               all_bytes % 100 * growth_percent_ / 100;
    reason_ =
        growth < kLeastGrowthBytes ? PaceReason::kLeast : PaceReason::kFixed;
    return std::max(growth, kLeastGrowthBytes);
  }
  // A collection costs what is in the heap.
  const double live = static_cast<double>(live_bytes);
  const double all = static_cast<double>(all_bytes);
  double growth = all;
  reason_ = PaceReason::kTwice;
  if (allocation_.rate() > 0 && collection_.rate() > 0) {
    const double balance = std::sqrt(live * static_cast<double>(kBalanceBytes) *
                                     allocation_.rate() / collection_.rate());
    if (balance < all) {
      growth = balance;
      reason_ = PaceReason::kBalance;
    }
  }
  if (growth < static_cast<double>(kLeastGrowthBytes)) {
    reason_ = PaceReason::kLeast;
    return kLeastGrowthBytes;
  }
  return static_cast<std::size_t>(growth);
}

void Pacer::Mean::Add(std::size_t more_bytes, std::int64_t more_ns) {
  if (more_ns <= 0) return;
  bytes = (bytes + static_cast<double>(more_bytes)) / 2;
  ns = (ns + static_cast<double>(more_ns)) / 2;
}

}  // namespace fledge::gc
