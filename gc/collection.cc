#include "gc/collection.h"

namespace fledge::gc {

std::string_view NameOf(CollectionKind kind) {
  constexpr std::string_view kNames[] = {"minor", "major"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view NameOf(CollectionReason reason) {
  constexpr std::string_view kNames[] = {
      "nursery full",  "heap growth", "large object", "copy failed",
      "out of memory", "requested",   "stress"};
  static_assert(std::size(kNames) == kCollectionReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(Phase phase) {
  constexpr std::string_view kNames[] = {"prepare", "roots", "cards", "trace",
                                         "weak",    "sweep", "finish"};
  static_assert(std::size(kNames) == kPhaseCount);
  return kNames[static_cast<std::size_t>(phase)];
}

}  // namespace fledge::gc
