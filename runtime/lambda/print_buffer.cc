#include "runtime/lambda/print_buffer.h"

#include "runtime/lambda/utf8.h"

namespace fledge::lambda {
namespace {

// The largest number of bytes up to `limit` that ends between characters.
std::size_t CutBytes(std::string_view text, std::size_t limit) {
  const auto is_within = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  while (limit > 0 && is_within(limit)) --limit;
  return limit;
}

}  // namespace

void PrintBuffer::Add(char32_t character) {
  if (character < 0x80) {
    text_ += static_cast<char>(character);
  } else {
    AppendUtf8(text_, character);
  }
  FlushIfLarge();
}

void PrintBuffer::Flush() {
  const bool is_too_long = text_.size() > left_bytes_;
  if (is_too_long) {
    text_.resize(CutBytes(text_, left_bytes_));
    text_ += "...";
  }
  if (!is_done_ && !text_.empty() && !sink_.Append(text_)) is_done_ = true;
  left_bytes_ -= is_too_long ? left_bytes_ : text_.size();
  is_done_ = is_done_ || is_too_long;
  text_.clear();
}

}  // namespace fledge::lambda
