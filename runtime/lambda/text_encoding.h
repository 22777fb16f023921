// Text encoding: the characters of texts as UTF-8 and back.
//
// UTF-8 is that of RFC 3629: no overlong forms, no surrogates, nothing above
// U+10FFFF. None of this collects; costs are O(length).
//
// Design: docs/design/lambda.md. Threads: pure functions; of texts as
// runtime/text_layout.h has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/lambda/range.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {

// What a text of some UTF-8 takes.
struct Utf8Extent {
  std::size_t characters = 0;
  char32_t largest = 0;  // Or another of ASCII, if it is of ASCII.
  // Less than all bytes: there begins what is no UTF-8.
  std::size_t valid_bytes = 0;

  runtime::TextWidth width() const { return runtime::WidthFor(largest); }
};

Utf8Extent MeasureUtf8(std::string_view bytes);

// REQUIRES: `bytes` is UTF-8, of as many characters as `text` has, which are of
// its width.
void DecodeUtf8Into(runtime::Text text, std::string_view bytes);

// Bytes of the characters in `range`, as UTF-8.
std::size_t Utf8Bytes(runtime::Text text, Range range);

// REQUIRES: `bytes` are as many as Utf8Bytes() says.
void EncodeUtf8Into(std::span<std::uint8_t> bytes, runtime::Text text,
                    Range range);

// The whole text.
std::string Utf8Of(runtime::Text text);

}  // namespace fledge::lambda
