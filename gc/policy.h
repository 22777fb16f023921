// Policy: how spaces and collections are arranged, as three answers.
//
//               collects  generational  copies old space   so
//   nogc        no        -             -                  ends at the limit
//   semispace   yes       no            yes                every collection
//                                                          copies all there is
//   gencopy     yes       yes           yes                old space is copied
//                                                          whole
//   genimmix    yes       yes           no                 old space is marked,
//                                                          sparse blocks copied
//
// The spaces and the tracer are the same for all: what differs is how much the
// mutators may allocate before a collection, which kind it is, and which blocks
// of old space join its collection set. So "halves" are sets of blocks, and a
// pinned object's block is marked in place where the others are copied.
//
// Design: docs/design/heap.md.
#pragma once

#include "gc/heap_options.h"

namespace fledge::gc {

struct PolicyTraits {
  bool collects;
  bool generational;  // Has minor collections, and so a barrier.
  bool copies_old;    // Every major collection evacuates every block it can.
};

constexpr PolicyTraits TraitsOf(Policy policy) {
  switch (policy) {
    case Policy::kNoGc:
      return {.collects = false, .generational = false, .copies_old = false};
    case Policy::kSemispace:
      return {.collects = true, .generational = false, .copies_old = true};
    case Policy::kGenCopy:
      return {.collects = true, .generational = true, .copies_old = true};
    case Policy::kGenImmix:
      break;
  }
  return {.collects = true, .generational = true, .copies_old = false};
}

}  // namespace fledge::gc
