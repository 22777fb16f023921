// Hashes of contents: the same in every run and on every heap, since they
// depend on no address.
//
// They are for hash tables that nobody attacks: fast, well mixed, not keyed.
//
// Design: docs/design/value_model.md. Source: the finisher is that of
// MurmurHash3 (A. Appleby, public domain). Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fledge::runtime {

// Every bit of `word` changes about half of the result's bits.
constexpr std::uint64_t HashWord(std::uint64_t word) {
  word ^= word >> 33;
  word *= 0xff51'afd7'ed55'8ccd;
  word ^= word >> 33;
  word *= 0xc4ce'b9fe'1a85'ec53;
  return word ^ (word >> 33);
}

// Of the bytes, eight at a time. Costs O(text).
inline std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = text.size();
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t bytes = text.size() < 8 ? text.size() : 8;
    std::memcpy(&word, text.data(), bytes);
    hash = HashWord(hash ^ word) + 0x9e37'79b9'7f4a'7c15;
    text.remove_prefix(bytes);
  }
  return HashWord(hash);
}

}  // namespace fledge::runtime
