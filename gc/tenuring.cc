#include "gc/tenuring.h"

#include <algorithm>

namespace fledge::gc {

void Tenuring::AfterMinor(const CollectionEvent& event) {
  // What came out of the nursery, as opposed to objects that were older: with a
  // threshold of 2 all of it was copied within young space; else what was aged
  // counts as if all of it had survived, which understates the rest.
  const std::size_t copied = event.survived_bytes + event.promoted_bytes;
  const std::size_t fresh = threshold_ == 2
                                ? event.survived_bytes
                                : copied - std::min(copied, aged_bytes_);
  aged_bytes_ = event.survived_bytes;
  if (!adapts_ || event.young_before_bytes == 0) return;

  const std::size_t survival = 100 * fresh / event.young_before_bytes;
  if (survival >= kNearlyAll) {
    Choose(kLeast, TenuringReason::kNearlyAll);
  } else if (survival < kFew) {
    Choose(kMost, TenuringReason::kFew);
  } else if ((threshold_ == kLeast && survival < kNoLongerNearlyAll) ||
             (threshold_ == kMost && survival >= kNoLongerFew)) {
    Choose(kDefault, TenuringReason::kUsual);
  } else {
    reason_ = TenuringReason::kSteady;
  }
}

void Tenuring::Choose(unsigned threshold, TenuringReason reason) {
  reason_ = threshold == threshold_ ? TenuringReason::kSteady : reason;
  threshold_ = threshold;
}

}  // namespace fledge::gc
