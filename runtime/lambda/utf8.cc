#include "runtime/lambda/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace fledge::lambda {

DecodedCharacter DecodeUtf8(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const char32_t first = byte(at);
  if (first < 0x80) return {first, 1};
  std::size_t size = 0;
  char32_t smallest = 0;
  char32_t code_point = 0;
  if ((first & 0xE0) == 0xC0) {
    size = 2;
    smallest = 0x80;
    code_point = first & 0x1F;
  } else if ((first & 0xF0) == 0xE0) {
    size = 3;
    smallest = 0x800;
    code_point = first & 0x0F;
  } else if ((first & 0xF8) == 0xF0) {
    size = 4;
    smallest = 0x10000;
    code_point = first & 0x07;
  } else {
    return {};
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code_point = code_point << 6 | (byte(at + i) & 0x3F);
  }
  if (code_point < smallest || !IsCharacter(code_point)) return {};
  return {code_point, size};
}

void AppendUtf8(std::string& text, char32_t code_point) {
  const auto append = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
    append(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  } else {
    append(0xF0 | code_point >> 18);
    append(0x80 | (code_point >> 12 & 0x3F));
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  }
}

std::string FoldCase(std::string_view text) {
  std::string folded(text);
  const auto is_ascii = [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  };
  if (std::all_of(text.begin(), text.end(), is_ascii)) {
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
  }
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &mapped, UTF8PROC_CASEFOLD);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(
      mapped, &std::free);
  if (size >= 0) {
    folded.assign(reinterpret_cast<const char*>(mapped),
                  static_cast<std::size_t>(size));
  }
  return folded;
}

}  // namespace fledge::lambda
