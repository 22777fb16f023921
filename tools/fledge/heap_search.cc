#include "tools/fledge/heap_search.h"

#include <algorithm>

#include "allocator/base/address.h"

namespace fledge::tools {

std::optional<std::size_t> SmallestHeap(std::size_t guess_bytes,
                                        std::size_t least_bytes,
                                        std::size_t most_bytes,
                                        const RunsIn& runs_in) {
  constexpr std::size_t kUnit = 64 * kKiB;
  constexpr std::size_t kPrecision = 20;
  std::size_t too_small = least_bytes - kUnit;
  std::size_t enough = AlignUp(std::max(guess_bytes, least_bytes), kUnit);
  while (!runs_in(enough)) {
    if (enough >= most_bytes) return std::nullopt;
    too_small = enough;
    enough = std::min(AlignUp(2 * enough, kUnit), AlignUp(most_bytes, kUnit));
  }
  while (enough - too_small > std::max(kUnit, enough / kPrecision)) {
    const std::size_t middle =
        AlignUp(too_small + (enough - too_small) / 2, kUnit);
    (runs_in(middle) ? enough : too_small) = middle;
  }
  return enough;
}

}  // namespace fledge::tools
