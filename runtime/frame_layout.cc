#include "runtime/frame_layout.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::runtime {

void FrameLayout::AddLiveness(std::uint32_t instruction,
                              std::span<const std::uint32_t> live) {
  FLEDGE_CHECK(points_.empty() || instruction > points_.back().instruction,
               "liveness is added in the order of instructions");
  std::vector<std::uint64_t> bits(words());
  for (const std::uint32_t i : live) {
    FLEDGE_CHECK(i < slot_count_, "a live slot that the frame does not have");
    bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  // Most instructions change nothing.
  if (!points_.empty() &&
      std::equal(bits.begin(), bits.end(),
                 bits_.begin() + points_.back().first_word)) {
    return;
  }
  points_.push_back({instruction, static_cast<std::uint32_t>(bits_.size())});
  bits_.insert(bits_.end(), bits.begin(), bits.end());
}

const std::uint64_t* FrameLayout::BitsAt(std::uint32_t instruction) const {
  const auto next =
      std::upper_bound(points_.begin(), points_.end(), instruction,
                       [](std::uint32_t at, const Point& point) {
                         return at < point.instruction;
                       });
  if (next == points_.begin()) return nullptr;
  return bits_.data() + std::prev(next)->first_word;
}

}  // namespace fledge::runtime
