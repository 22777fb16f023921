// Tenuring: after how many minor collections an object is promoted.
//
// An object below the threshold is copied within young space and has another
// chance to die there. That pays where few objects survive a first time. Where
// nearly all do, as while a large structure is being built or a cache filled,
// it only copies everything once more. So the threshold follows the part of the
// nursery that the last minor collection found alive.
//
// Design: docs/design/young_space.md. Source: D. Ungar and F. Jackson,
// "Tenuring Policies for Generation-Based Storage Reclamation", OOPSLA 1988.
//
// Threads: with the world stopped.
#pragma once

#include <cstddef>

#include "gc/collection.h"

namespace fledge::gc {

class Tenuring {
 public:
  static constexpr unsigned kLeast = 1;
  static constexpr unsigned kDefault = 2;
  static constexpr unsigned kMost = 3;

  // `fixed` is the threshold for good; 0: it adapts.
  explicit Tenuring(unsigned fixed)
      : adapts_(fixed == 0),
        threshold_(adapts_ ? kDefault : fixed),
        reason_(adapts_ ? TenuringReason::kSteady : TenuringReason::kFixed) {}

  unsigned threshold() const { return threshold_; }
  TenuringReason reason() const { return reason_; }

  // Takes the outcome of a minor collection in. REQUIRES: it ran with
  // threshold().
  void AfterMinor(const CollectionEvent& event);
  // A major collection left no survivors in young space.
  void AfterMajor() { aged_bytes_ = 0; }

 private:
  // Parts of the nursery, per cent. Between them the threshold stays, so that
  // it does not swing.
  static constexpr std::size_t kNearlyAll = 70;
  static constexpr std::size_t kNoLongerNearlyAll = 40;
  static constexpr std::size_t kFew = 5;
  static constexpr std::size_t kNoLongerFew = 15;

  void Choose(unsigned threshold, TenuringReason reason);

  const bool adapts_;
  unsigned threshold_;
  TenuringReason reason_;
  std::size_t aged_bytes_ = 0;  // Survivors that were in young space before.
};

}  // namespace fledge::gc
