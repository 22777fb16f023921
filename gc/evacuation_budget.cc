#include "gc/evacuation_budget.h"

#include <algorithm>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

// By which a rate is corrected after it took `part` of what was reckoned. What
// is far out, as when the machine was busy otherwise, counts as four times.
double CorrectionFor(double part) {
  constexpr double kFarOut = 4;
  return part > 1 ? 1 + (std::min(part, kFarOut) - 1) / 2 : 1 - (1 - part) / 16;
}

// By the byte of nursery a pause with hardly any would look very slow.
double ReckonedBytes(std::size_t nursery_bytes) {
  constexpr std::size_t kLeastBytes = 256 * kKiB;
  return static_cast<double>(std::max(nursery_bytes, kLeastBytes));
}

}  // namespace

std::size_t EvacuationBudget::BytesBeside(std::size_t nursery_bytes) const {
  const auto target_ns = static_cast<double>(target_ns_);
  const double left_ns =
      std::max(target_ns / 8, target_ns / 2 - MinorNs(nursery_bytes));
  return static_cast<std::size_t>(left_ns / ns_per_byte_);
}

double EvacuationBudget::MinorNs(std::size_t nursery_bytes) const {
  return minor_ns_per_byte_ * ReckonedBytes(nursery_bytes);
}

void EvacuationBudget::AfterMinor(std::size_t nursery_bytes,
                                  std::int64_t pause_ns) {
  const double seen =
      static_cast<double>(pause_ns) / ReckonedBytes(nursery_bytes);
  if (minor_ns_per_byte_ > 0) {
    minor_ns_per_byte_ *= CorrectionFor(seen / minor_ns_per_byte_);
  } else {
    minor_ns_per_byte_ = seen;
  }
}

std::int64_t EvacuationBudget::AfterEvacuation(std::size_t nursery_bytes,
                                               std::size_t cost_bytes,
                                               std::int64_t pause_ns) {
  const double minor_ns = MinorNs(nursery_bytes);
  const double reckoned_ns =
      minor_ns + ns_per_byte_ * static_cast<double>(cost_bytes);
  const double part = static_cast<double>(pause_ns) / reckoned_ns;
  minor_ns_per_byte_ *= CorrectionFor(part);
  ns_per_byte_ *= CorrectionFor(part);
  return static_cast<std::int64_t>(minor_ns * part);
}

}  // namespace fledge::gc
