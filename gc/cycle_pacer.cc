#include "gc/cycle_pacer.h"

#include <algorithm>

namespace fledge::gc {

void CyclePacer::AfterMinor(std::size_t nursery_bytes,
                            std::size_t promoted_bytes) {
  if (nursery_bytes == 0) return;
  const double part =
      static_cast<double>(promoted_bytes) / static_cast<double>(nursery_bytes);
  promoted_part_ += (part - promoted_part_) / 8;
}

std::size_t CyclePacer::StartRoom(std::size_t live_bytes,
                                  std::size_t growth_bytes) const {
  // Twice the room that it takes at the least rate, see Start().
  const std::size_t wanted = static_cast<std::size_t>(
      2 * static_cast<double>(live_bytes) * promoted_part_ / kLeastRate);
  return std::clamp(wanted, growth_bytes / 16, growth_bytes / 2);
}

void CyclePacer::SetRates(std::size_t left_bytes, std::size_t room_bytes) {
  const std::size_t until_reserve =
      room_bytes - std::min(room_bytes, reserve_bytes_);
  const double rate = static_cast<double>(left_bytes) /
                      static_cast<double>(std::max(
                          {until_reserve, room_bytes / 8, std::size_t{1}}));
  is_late_ = room_bytes < reserve_bytes_ / 2;
  old_rate_ = std::clamp(rate, kLeastRate, kMostRate);
  young_rate_ = std::clamp(rate * promoted_part_, kLeastRate, kMostRate);
}

}  // namespace fledge::gc
