#include "runtime/text_contents.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "runtime/hash.h"

namespace fledge::runtime {
namespace {

// Characters that are hashed at once.
constexpr std::size_t kInWord = 8;

// As HashText() of the low bytes, and besides of what does not fit there, so
// that a wide text of narrow characters has the hash of a narrow one.
std::uint64_t HashWide(std::span<const char32_t> characters) {
  std::uint64_t hash = characters.size();
  while (!characters.empty()) {
    const std::size_t count = std::min(kInWord, characters.size());
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    for (std::size_t i = 0; i < count; ++i) {
      low |= std::uint64_t{characters[i] & kLargestNarrowCharacter} << (8 * i);
      // At most 13 bits of a character are left, so each bit of it counts.
      high = high * 0x2001 + (characters[i] >> 8);
    }
    if (high != 0) hash = HashWord(hash ^ ~high);
    hash = HashWord(hash ^ low) + 0x9e37'79b9'7f4a'7c15;
    characters = characters.subspan(count);
  }
  return HashWord(hash);
}

}  // namespace

bool HaveSameCharacters(Text a, Text b) {
  if (a.object() == b.object()) return true;
  if (a.length() != b.length()) return false;
  return a.WithCharacters([&](auto one) {
    return b.WithCharacters([&](auto other) {
      if constexpr (sizeof(one[0]) == sizeof(other[0])) {
        return one.empty() ||
               std::memcmp(one.data(), other.data(), one.size_bytes()) == 0;
      } else {
        return std::equal(one.begin(), one.end(), other.begin(),
                          [](char32_t x, char32_t y) { return x == y; });
      }
    });
  });
}

std::uint64_t HashOf(Text text) {
  return text.WithCharacters([](auto characters) {
    if constexpr (sizeof(characters[0]) == 1) {
      return HashText({reinterpret_cast<const char*>(characters.data()),
                       characters.size()});
    } else {
      return HashWide(characters);
    }
  });
}

}  // namespace fledge::runtime
