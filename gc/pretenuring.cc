#include "gc/pretenuring.h"

#include <algorithm>

#include "allocator/block.h"

namespace fledge::gc {

std::size_t Pretenuring::Budget(std::size_t bytes) const {
  if (!adapts_ || !on_) return bytes;
  return std::min(bytes, std::max(left_bytes_, allocator::kBlockBytes));
}

void Pretenuring::AfterCollection(const CollectionEvent& event,
                                  std::size_t old_bytes,
                                  std::size_t growth_bytes) {
  if (!adapts_) return;
  reason_ = PretenuringReason::kSteady;
  if (event.born_old_bytes != 0) {
    seen_bytes_ += event.born_old_bytes;
    left_bytes_ -= std::min(left_bytes_, event.born_old_bytes);
    if (left_bytes_ == 0) Choose(false, PretenuringReason::kProbe);
    return;
  }
  // Only a minor collection with this threshold tells what was promoted of the
  // nursery alone.
  if (event.kind == CollectionKind::kMajor || event.young_before_bytes == 0) {
    return;
  }
  if (event.tenuring_threshold != 1 ||
      100 * event.promoted_bytes < kNearlyAll * event.young_before_bytes) {
    if (seen_bytes_ != 0) Choose(false, PretenuringReason::kFewer);
    seen_bytes_ = 0;
    return;
  }
  seen_bytes_ += event.young_before_bytes;
  const std::size_t spell =
      std::min(old_bytes / kSpellPart, growth_bytes / kGrowthPart);
  if (spell < kLeastSpellBytes || seen_bytes_ < old_bytes / kSeenPart) return;
  left_bytes_ = spell;
  Choose(true, PretenuringReason::kNearlyAll);
}

void Pretenuring::Choose(bool on, PretenuringReason reason) {
  on_ = on;
  reason_ = reason;
}

}  // namespace fledge::gc
