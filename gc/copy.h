// CopyObject: moves the bytes of one object.
//
// Most objects have a few words, for which a call to memcpy costs more than
// the copy. Design: docs/design/tracing.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "allocator/base/address.h"

namespace fledge::gc {

// REQUIRES: `bytes` is a multiple of 8; the ranges do not overlap.
inline void CopyObject(Address to, Address from, std::size_t bytes) {
  constexpr std::size_t kCallBytes = 256;
  if (bytes > kCallBytes) {
    std::memcpy(reinterpret_cast<void*>(to),
                reinterpret_cast<const void*>(from), bytes);
    return;
  }
  // Through a register, lest the compiler make the loop a call after all.
  const Address shift = to - from;
  const Address end = from + bytes;
  do {
    std::uint64_t word;
    std::memcpy(&word, reinterpret_cast<const void*>(from), sizeof(word));
    asm("" : "+r"(word));
    std::memcpy(reinterpret_cast<void*>(from + shift), &word, sizeof(word));
    from += sizeof(word);
  } while (from != end);
}

}  // namespace fledge::gc
