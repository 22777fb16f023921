// Pretenuring: whether new objects are born in old space, not in the nursery.
//
// A nursery pays because most of it is dead when it is collected. Where nearly
// all is promoted, as from a cache or an index that is being filled, it only
// has each object copied, and the cards that its references dirtied visited.
// Then objects are born in holes of old space for a *spell*, a part of what
// lives there, after which one nursery is young again: a *probe*, which shows
// whether that is still so. Not more than the part of a spell that dies young
// is so wasted, until the next major collection.
//
// The decision is one for the heap, from the survival that a minor collection
// measures anyway, and needs no profile of places that allocate.
//
// Design: docs/design/young_space.md. Sources: S. Blackburn, S. Singhai,
// M. Hertz, K. McKinley, J. E. B. Moss, "Pretenuring for Java", OOPSLA 2001;
// D. Clifford, H. Payer, M. Stanton, B. Titzer, "Memento Mori: Dynamic
// Allocation-Site-Based Optimizations", ISMM 2015 (deciding again and again).
//
// Threads: with the world stopped.
#pragma once

#include <cstddef>

#include "gc/collection.h"
#include "gc/heap_options.h"

namespace fledge::gc {

class Pretenuring {
 public:
  // What has to be promoted of each nursery, per cent.
  static constexpr std::size_t kNearlyAll = 90;
  // It begins when so much was allocated since that was so, as a part of old
  // space: what is built for a while only, and then dropped, is not worth it.
  static constexpr std::size_t kSeenPart = 2;
  // A spell is such a part of old space, and of what that may grow by until its
  // next major collection: what dies in it brings that nearer.
  static constexpr std::size_t kSpellPart = 16;
  static constexpr std::size_t kGrowthPart = 8;
  // A shorter one is not worth it.
  static constexpr std::size_t kLeastSpellBytes = 8 * kMiB;

  explicit Pretenuring(Pretenure option)
      : adapts_(option == Pretenure::kAuto),
        on_(option == Pretenure::kOn),
        reason_(adapts_ ? PretenuringReason::kSteady
                        : PretenuringReason::kFixed) {}

  // Whether the objects of the next nursery are born old, and why.
  bool on() const { return on_; }
  PretenuringReason reason() const { return reason_; }
  // As much of a nursery of `bytes` as the spell has left.
  std::size_t Budget(std::size_t bytes) const;

  // Takes the outcome of a collection in, which left `old_bytes` of objects in
  // old space. `growth_bytes` is what they may grow by between major ones.
  void AfterCollection(const CollectionEvent& event, std::size_t old_bytes,
                       std::size_t growth_bytes);

 private:
  void Choose(bool on, PretenuringReason reason);

  const bool adapts_;
  bool on_;
  PretenuringReason reason_;
  // Bytes allocated since nearly all survived, and left of the spell.
  std::size_t seen_bytes_ = 0;
  std::size_t left_bytes_ = 0;
};

}  // namespace fledge::gc
