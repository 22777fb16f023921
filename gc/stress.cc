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

std::size_t Stress::StepItems() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t bits = random_();
  if (bits % 4 != 0) return 0;
  return bits / 4 % 16 == 0 ? bits / 64 % 4096 : bits / 64 % 8;
}

bool Stress::EndsEarly() {
  const std::lock_guard lock(mutex_);
  return random_() % 8 == 0;
}

}  // namespace fledge::gc
