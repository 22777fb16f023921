// UTF-8: code points of a text and back.
//
// Design: docs/design/lambda_syntax.md. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fledge::lambda {

constexpr char32_t kLargestCodePoint = 0x10FFFF;

// Whether there is such a character: surrogates are none.
constexpr bool IsCharacter(std::uint64_t code_point) {
  return code_point <= kLargestCodePoint &&
         (code_point < 0xD800 || code_point > 0xDFFF);
}

struct DecodedCharacter {
  char32_t code_point = 0;
  std::size_t size_bytes = 0;  // 0: the bytes are not UTF-8.
};

// The character that begins at byte `at`. Overlong forms and surrogates are not
// UTF-8.
// REQUIRES: at < text.size().
DecodedCharacter DecodeUtf8(std::string_view text, std::size_t at);

// In bytes. REQUIRES: IsCharacter(code_point).
constexpr std::size_t SizeInUtf8(char32_t code_point) {
  return code_point < 0x80      ? 1
         : code_point < 0x800   ? 2
         : code_point < 0x10000 ? 3
                                : 4;
}

// REQUIRES: IsCharacter(code_point).
void AppendUtf8(std::string& text, char32_t code_point);

enum class LetterCase : std::uint8_t { kKept, kFolded };

// The text as comparing without regard to case wants it: Unicode's full case
// folding. O(length). REQUIRES: `text` is UTF-8.
std::string FoldCase(std::string_view text);

}  // namespace fledge::lambda
