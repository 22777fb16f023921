#include "runtime/lambda/text_encoding.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>

#include "allocator/base/check.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

using runtime::Text;

namespace {

constexpr bool IsAscii(char32_t character) { return character < 0x80; }

// Takes the first character off `bytes`; false if they do not begin with one.
bool TakeCharacter(std::string_view& bytes, char32_t& character) {
  character = static_cast<std::uint8_t>(bytes.front());
  if (IsAscii(character)) {
    bytes.remove_prefix(1);
    return true;
  }
  const DecodedCharacter decoded = DecodeUtf8(bytes, 0);
  if (decoded.size_bytes == 0) return false;
  bytes.remove_prefix(decoded.size_bytes);
  character = decoded.code_point;
  return true;
}

// How many bytes of ASCII `bytes` begin with, at least: all but a few.
std::size_t AsciiPrefix(std::string_view bytes) {
  constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
  std::size_t length = 0;
  std::uint64_t word = 0;
  for (; length + sizeof word <= bytes.size(); length += sizeof word) {
    std::memcpy(&word, bytes.data() + length, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return length;
}

constexpr std::size_t Utf8BytesOf(char32_t character) {
  return 1 + (character > 0x7f) + (character > 0x7ff) + (character > 0xffff);
}

}  // namespace

Utf8Extent MeasureUtf8(std::string_view bytes) {
  Utf8Extent extent;
  std::string_view rest = bytes;
  char32_t character = 0;
  extent.characters = AsciiPrefix(bytes);
  rest.remove_prefix(extent.characters);
  while (!rest.empty() && TakeCharacter(rest, character)) {
    ++extent.characters;
    extent.largest = std::max(extent.largest, character);
  }
  extent.valid_bytes = bytes.size() - rest.size();
  return extent;
}

void DecodeUtf8Into(Text text, std::string_view bytes) {
  text.WithCharacters([&](auto characters) {
    using Stored = typename decltype(characters)::value_type;
    if (characters.size() == bytes.size()) {  // All of them are of ASCII.
      std::ranges::transform(bytes, characters.begin(), [](char byte) {
        return static_cast<Stored>(byte);
      });
      bytes = {};
      return;
    }
    for (auto& to : characters) {
      char32_t character = 0;
      const bool is_valid = TakeCharacter(bytes, character);
      FLEDGE_DCHECK(is_valid, "the text is not UTF-8");
      static_cast<void>(is_valid);
      to = static_cast<Stored>(character);
    }
  });
  FLEDGE_DCHECK(bytes.empty());
}

std::size_t Utf8Bytes(Text text, Range range) {
  return text.WithCharacters([&](auto characters) {
    std::size_t bytes = 0;
    for (const char32_t character :
         characters.subspan(range.begin, range.size())) {
      bytes += Utf8BytesOf(character);
    }
    return bytes;
  });
}

void EncodeUtf8Into(std::span<std::uint8_t> bytes, Text text, Range range) {
  text.WithCharacters([&](auto characters) {
    std::uint8_t* to = bytes.data();
    for (const char32_t character :
         characters.subspan(range.begin, range.size())) {
      if (IsAscii(character)) {
        *to++ = static_cast<std::uint8_t>(character);
      } else {
        to +=
            utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), to);
      }
    }
    FLEDGE_DCHECK(to == bytes.data() + bytes.size());
  });
}

std::string Utf8Of(Text text) {
  const Range whole = {0, text.length()};
  std::string bytes(Utf8Bytes(text, whole), '\0');
  EncodeUtf8Into({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()},
                 text, whole);
  return bytes;
}

}  // namespace fledge::lambda
