#include "allocator/reservation.h"

#include <algorithm>
#include <utility>

namespace fledge::allocator {

Reservation Reservation::Create(Os& os, std::size_t wanted_bytes,
                                std::size_t least_bytes,
                                std::size_t alignment) {
  std::size_t bytes = std::max(wanted_bytes, least_bytes);
  for (;;) {
    const AddressRange range = os.Reserve(bytes, alignment);
    if (!range.empty()) return Reservation(os, range);
    if (bytes == least_bytes) return Reservation();
    bytes = std::max(least_bytes, AlignDown(bytes / 2, kPageBytes));
  }
}

Reservation::Reservation(Reservation&& other) noexcept
    : os_(other.os_), range_(std::exchange(other.range_, {})) {}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
  std::swap(os_, other.os_);
  std::swap(range_, other.range_);
  return *this;
}

Reservation::~Reservation() {
  if (!range_.empty()) os_->Release(range_);
}

}  // namespace fledge::allocator
