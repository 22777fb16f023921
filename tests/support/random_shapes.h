// RandomShapes: what a random program allocates.
//
// Most objects are small. Some have sizes at which the collector changes its
// mind: a card, the largest hole that is not worth a visit, a stretch of a
// large array, the largest that begins young, a block, whole pages.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "gc/card_table.h"
#include "gc/mutator_core.h"
#include "gc/old_space.h"
#include "tests/support/model_traits.h"

namespace fledge {

struct Shape {
  std::size_t slots = 0;
  std::size_t raw_bytes = 0;
};

struct ShapeOptions {
  std::size_t largest_object_bytes = 256 * kKiB;
  // One in so many objects, on average, is of any size up to the largest, and
  // one in so many about a size that matters.
  std::uint64_t one_in_large = 400;
  std::uint64_t one_in_critical = 400;
};

inline constexpr std::array<std::size_t, 10> kCriticalBytes = {
    gc::CardTable::kCardBytes,
    gc::OldSpace::kLeastHoleBytes,
    gc::OldSpace::kMediumBytes,
    kPageBytes,
    16 * kKiB,  // The tracer scans larger ones a stretch at a time.
    gc::kLargestYoungBytes,
    gc::kBlockBytes,
    gc::kBlockBytes + kPageBytes,
    2 * gc::kBlockBytes,
    4 * gc::kBlockBytes,
};

template <HasModelTraits M, typename Source>
Shape RandomShape(Source& choices, const ShapeOptions& options) {
  using Traits = ModelTraits<M>;
  constexpr std::size_t kSlotBytes = sizeof(typename M::Value);
  const std::size_t largest = options.largest_object_bytes;
  if (choices.OneIn(options.one_in_large)) {
    return choices.OneIn(2)
               ? Shape{choices.Below(largest / kSlotBytes), choices.Below(64)}
               : Shape{choices.Below(8), choices.Below(largest)};
  }
  if (choices.OneIn(options.one_in_critical)) {
    const std::size_t critical =
        std::min(choices.Pick(kCriticalBytes), largest);
    // Of slots or of raw bytes, some bytes more or less.
    const bool of_slots = choices.OneIn(2);
    const std::size_t few = choices.Below(8);
    const std::size_t room =
        critical + choices.Below(128) -
        std::min(critical, Traits::SizeFor(few, of_slots ? 16 : 0) + 64);
    return of_slots ? Shape{few + room / kSlotBytes, choices.Below(16)}
                    : Shape{few, room};
  }
  if (choices.OneIn(20)) return {choices.Below(600), choices.Below(2048)};
  if (choices.OneIn(4)) return {choices.Below(33), choices.Below(256)};
  return {choices.Below(5), choices.OneIn(2) ? choices.Below(48) : 0};
}

// Leaf objects have no slots, but not every object without slots is one.
template <typename Source>
gc::AllocationKind RandomKind(Source& choices, Shape shape) {
  using gc::AllocationKind;
  const bool leaf = shape.slots == 0 && !choices.OneIn(4);
  if (choices.OneIn(64)) {
    return leaf ? AllocationKind::kLeafImmovable
                : AllocationKind::kTracedImmovable;
  }
  if (choices.OneIn(32)) {
    return leaf ? AllocationKind::kLeafOld : AllocationKind::kTracedOld;
  }
  return leaf ? AllocationKind::kLeaf : AllocationKind::kTraced;
}

}  // namespace fledge
