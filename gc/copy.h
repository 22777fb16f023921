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
  using Word = std::uint64_t;
  using Words [[gnu::vector_size(16)]] = Word;
  if (bytes > kCallBytes) {
    std::memcpy(reinterpret_cast<void*>(to),
                reinterpret_cast<const void*>(from), bytes);
    return;
  }
  const auto copy = [&](auto word, std::size_t at) {
    std::memcpy(&word, reinterpret_cast<const void*>(from + at), sizeof(word));
    std::memcpy(reinterpret_cast<void*>(to + at), &word, sizeof(word));
  };
  // An odd word, then pairs of words.
  std::size_t copied = 0;
  if ((bytes & sizeof(Word)) != 0) {
    copy(Word(), 0);
    copied = sizeof(Word);
  }
  while (copied != bytes) {
    copy(Words(), copied);
    copied += sizeof(Words);
    // Lest the compiler make the loop a call after all.
    asm("" : "+r"(copied));
  }
}

}  // namespace fledge::gc
