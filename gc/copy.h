// CopyObject, CopySmallObject: move the bytes of one object.
//
// Most objects have a few words, for which a call to memcpy costs more than
// the copy: they have a function of their own. Design: docs/design/tracing.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "allocator/base/address.h"

namespace fledge::gc {

// REQUIRES for both: `bytes` is a multiple of 8; the ranges do not overlap.

// For a few words: without a call.
inline void CopySmallObject(Address to, Address from, std::size_t bytes) {
  using Word = std::uint64_t;
  using Words [[gnu::vector_size(16)]] = Word;
  const auto copy = [&](auto word, std::size_t at) {
    std::memcpy(&word, reinterpret_cast<const void*>(from + at), sizeof(word));
    std::memcpy(reinterpret_cast<void*>(to + at), &word, sizeof(word));
  };
  if (bytes < sizeof(Words)) return copy(Word(), 0);
  // Pairs of words, the last of which may overlap the one before.
  const std::size_t last = bytes - sizeof(Words);
  copy(Words(), 0);
  for (std::size_t at = sizeof(Words); at < last; at += sizeof(Words)) {
    copy(Words(), at);
    // Lest the compiler make the loop a call after all.
    asm("" : "+r"(at));
  }
  copy(Words(), last);
}

inline void CopyObject(Address to, Address from, std::size_t bytes) {
  std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from),
              bytes);
}

}  // namespace fledge::gc
