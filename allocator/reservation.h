// Reservation: one range of address space, owned, without memory behind it.
//
// Design: docs/design/memory.md.
//
// Invariants:
//   [mem.one-range]  A heap's objects and side tables lie in one reservation,
//                    so that "is it in the heap?" is one comparison.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/os.h"

namespace fledge::allocator {

class Reservation {
 public:
  // Reserves `wanted_bytes`; if the OS refuses (valgrind, sanitizers and
  // RLIMIT_AS do), half of that and so on, but never less than `least_bytes`.
  // The result is empty() if even that is refused. Borrows `os`.
  static Reservation Create(Os& os, std::size_t wanted_bytes,
                            std::size_t least_bytes, std::size_t alignment);

  Reservation() = default;
  Reservation(Reservation&& other) noexcept;
  Reservation& operator=(Reservation&& other) noexcept;
  ~Reservation();

  AddressRange range() const { return range_; }
  bool empty() const { return range_.empty(); }

 private:
  Reservation(Os& os, AddressRange range) : os_(&os), range_(range) {}

  Os* os_ = nullptr;
  AddressRange range_;
};

}  // namespace fledge::allocator
