#include "gc/collection.h"

namespace fledge::gc {

std::string_view NameOf(CollectionKind kind) {
  constexpr std::string_view kNames[] = {"minor", "major"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view NameOf(CollectionReason reason) {
  constexpr std::string_view kNames[] = {
      "nursery full", "heap growth",   "large object",
      "copy failed",  "out of memory", "requested",
      "stress",       "sparse blocks", "external memory"};
  static_assert(std::size(kNames) == kCollectionReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(NurseryReason reason) {
  constexpr std::string_view kNames[] = {
      "fixed", "steady", "pause target", "pause room", "copying",
      "idle",  "futile", "small heap",   "cycle"};
  static_assert(std::size(kNames) == kNurseryReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(TenuringReason reason) {
  constexpr std::string_view kNames[] = {
      "fixed", "steady", "nearly all survive", "few survive", "usual"};
  static_assert(std::size(kNames) == kTenuringReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(PretenuringReason reason) {
  constexpr std::string_view kNames[] = {
      "fixed", "steady", "nearly all survive", "probe", "fewer survive"};
  static_assert(std::size(kNames) == kPretenuringReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(PaceReason reason) {
  constexpr std::string_view kNames[] = {"fixed", "least", "balance", "twice",
                                         "limit"};
  static_assert(std::size(kNames) == kPaceReasonCount);
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view NameOf(Phase phase) {
  constexpr std::string_view kNames[] = {"prepare", "roots", "cards", "trace",
                                         "weak",    "sweep", "finish"};
  static_assert(std::size(kNames) == kPhaseCount);
  return kNames[static_cast<std::size_t>(phase)];
}

std::string_view NameOf(CyclePart part) {
  constexpr std::string_view kNames[] = {"none", "start", "remark", "finish",
                                         "evacuate"};
  static_assert(std::size(kNames) == kCyclePartCount);
  return kNames[static_cast<std::size_t>(part)];
}

}  // namespace fledge::gc
