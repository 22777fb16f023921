// TextCursor: a place in a text that is read from left to right.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError where the text is not UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/lambda/syntax_error.h"

namespace fledge::lambda {

class TextCursor {
 public:
  // At the beginning of `text`, which is borrowed.
  TextCursor(std::string_view text, std::uint32_t source)
      : TextCursor(text, Position{source, 1, 1}) {}
  // The same for a text that begins at `begin` of a longer one.
  TextCursor(std::string_view text, Position begin) : text_(text), at_(begin) {}

  bool AtEnd() const { return next_ == text_.size(); }
  // The byte after `ahead` others; 0 past the end.
  char Peek(std::size_t ahead = 0) const {
    return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0';
  }
  // Whether the text goes on so.
  bool IsAt(std::string_view words) const {
    return text_.substr(next_).starts_with(words);
  }
  // REQUIRES: !AtEnd().
  char32_t PeekCharacter() const;
  // Whether a symbol or number that comes before ends here: by space, a
  // parenthesis, or the like.
  bool IsDelimited() const;

  // REQUIRES: !AtEnd().
  char32_t Take();
  // Before anything is taken. It is no character of the text.
  void SkipByteOrderMark() { next_ += 3; }
  // REQUIRES: so many characters come.
  void Take(std::size_t characters);
  void TakeLine();
  // What comes up to the next delimiter.
  std::string_view TakeWord();
  // What has been taken since the cursor was at `offset_bytes`.
  std::string_view Since(std::size_t offset_bytes) const {
    return text_.substr(offset_bytes, next_ - offset_bytes);
  }

  // Of what comes next; columns count characters.
  Position at() const { return at_; }
  std::size_t offset_bytes() const { return next_; }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  Position at_;
};

bool IsSpace(char32_t c);
// Whether a symbol or number ends before it.
bool IsDelimiter(char32_t c);

}  // namespace fledge::lambda
