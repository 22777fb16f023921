#include "gc/stress.h"

namespace fledge::gc {

std::optional<CollectionKind> Stress::AtAllocation() {
  const std::lock_guard lock(mutex_);
  ++allocations_;
  const bool now =
      (options_.every != 0 && allocations_ % options_.every == 0) ||
      (options_.random != 0 && random_() % options_.random == 0);
  if (!now) return std::nullopt;
  ++collections_;
  return options_.major != 0 && collections_ % options_.major == 0
             ? CollectionKind::kMajor
             : CollectionKind::kMinor;
}

}  // namespace fledge::gc
