#include "runtime/lambda/text_cursor.h"

#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsDelimiter(char32_t c) {
  constexpr std::string_view kDelimiters = "()[]{}\";|'`,";
  return IsSpace(c) || (c < 0x80 && kDelimiters.find(static_cast<char>(c)) !=
                                        std::string_view::npos);
}

char32_t TextCursor::PeekCharacter() const {
  const DecodedCharacter decoded = DecodeUtf8(text_, next_);
  if (decoded.size_bytes == 0) throw SyntaxError(at_, "this is not UTF-8");
  return decoded.code_point;
}

bool TextCursor::IsDelimited() const {
  return AtEnd() || IsDelimiter(PeekCharacter());
}

char32_t TextCursor::Take() {
  const char32_t c = PeekCharacter();
  next_ += SizeInUtf8(c);
  if (c == '\n' || (c == '\r' && Peek() != '\n')) {
    ++at_.line;
    at_.column = 1;
  } else {
    ++at_.column;
  }
  return c;
}

void TextCursor::Take(std::size_t characters) {
  for (std::size_t i = 0; i < characters; ++i) Take();
}

void TextCursor::TakeLine() {
  while (!AtEnd() && Peek() != '\n' && Peek() != '\r') Take();
}

std::string_view TextCursor::TakeWord() {
  const std::size_t begin = next_;
  while (!IsDelimited()) Take();
  return Since(begin);
}

}  // namespace fledge::lambda
