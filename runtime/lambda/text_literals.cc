#include "runtime/lambda/text_literals.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/lambda/character_names.h"
#include "runtime/lambda/syntax_error.h"

namespace fledge::lambda {
namespace {

// Nothing unless all of `digits` are some, and they are a character's.
std::optional<char32_t> CodePointOf(std::string_view digits) {
  std::uint32_t code_point = 0;
  const char* const end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, code_point, 16);
  if (result.ec != std::errc() || result.ptr != end ||
      !IsCharacter(code_point)) {
    return std::nullopt;
  }
  return code_point;
}

// What is between two marks, from the first of them on.
class QuotedText {
 public:
  QuotedText(TextCursor& cursor, char mark)
      : cursor_(cursor), begin_(cursor.at()), mark_(mark) {}

  std::string Take() {
    cursor_.Take();
    while (true) {
      CheckEnd(mark_ == '"' ? "this string has no end: \" is missing"
                            : "this symbol has no end: | is missing");
      const char32_t c = cursor_.Take();
      if (c == static_cast<unsigned char>(mark_)) return std::move(text_);
      if (c == '\\') {
        TakeEscape();
      } else if (c == '\r') {
        // Each end of a line is one newline, however the file has it.
        if (cursor_.Peek() == '\n') cursor_.Take();
        text_ += '\n';
      } else {
        AppendUtf8(text_, c);
      }
    }
  }

 private:
  void CheckEnd(const std::string& message) const {
    if (cursor_.AtEnd()) throw IncompleteError(begin_, message);
  }

  // After the backslash; nothing is added for the end of a line.
  void TakeEscape() {
    CheckEnd("the text ends after \\");
    const Position at = cursor_.at();
    switch (cursor_.PeekCharacter()) {
      case 'a':
        text_ += '\a';
        break;
      case 'b':
        text_ += '\b';
        break;
      case 't':
        text_ += '\t';
        break;
      case 'n':
        text_ += '\n';
        break;
      case 'r':
        text_ += '\r';
        break;
      case '"':
      case '\\':
      case '|':
        text_ += cursor_.Peek();
        break;
      case 'x':
      case 'X':
        TakeHexEscape();
        return;
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        SkipLineEnd();
        return;
      default:
        throw SyntaxError(at,
                          "after \\ comes a, b, t, n, r, \", \\, |, x and a "
                          "code point, or the end of a line");
    }
    cursor_.Take();
  }

  void TakeHexEscape() {
    const Position at = cursor_.at();
    cursor_.Take();
    const std::size_t first = cursor_.offset_bytes();
    while (!cursor_.AtEnd() && cursor_.Peek() != ';' &&
           cursor_.Peek() != mark_) {
      cursor_.Take();
    }
    CheckEnd("the text ends after \\x");
    const auto code_point = CodePointOf(cursor_.Since(first));
    if (cursor_.Peek() != ';' || !code_point.has_value()) {
      throw SyntaxError(
          at, "a code point is written as \\x41; and is a character's");
    }
    AppendUtf8(text_, *code_point);
    cursor_.Take();
  }

  void SkipLineEnd() {
    const Position at = cursor_.at();
    SkipBlanks();
    CheckEnd("the text ends after \\");
    if (cursor_.Peek() != '\n' && cursor_.Peek() != '\r') {
      throw SyntaxError(at, "after \\ and space comes the end of the line");
    }
    if (cursor_.Take() == '\r' && cursor_.Peek() == '\n') cursor_.Take();
    SkipBlanks();
  }
  void SkipBlanks() {
    while (cursor_.Peek() == ' ' || cursor_.Peek() == '\t') cursor_.Take();
  }

  TextCursor& cursor_;
  Position begin_;
  char mark_;
  std::string text_;
};

}  // namespace

std::string TakeQuoted(TextCursor& cursor, char mark) {
  return QuotedText(cursor, mark).Take();
}

char32_t TakeCharacterLiteral(TextCursor& cursor, LetterCase letter_case) {
  const Position begin = cursor.at();
  cursor.Take(2);
  if (cursor.AtEnd()) {
    throw IncompleteError(begin, "after #\\ comes a character");
  }
  // The first is taken whatever it is: #\( is a character.
  const std::size_t first_offset = cursor.offset_bytes();
  const char32_t first = cursor.Take();
  if (cursor.IsDelimited()) return first;
  cursor.TakeWord();
  const std::string_view word = cursor.Since(first_offset);
  if (first == 'x' || first == 'X') {
    const auto code_point = CodePointOf(word.substr(1));
    if (code_point.has_value()) return *code_point;
  }
  const std::string name =
      letter_case == LetterCase::kFolded ? FoldCase(word) : std::string(word);
  for (const auto& [known, code_point] : kCharacterNames) {
    if (name == known) return code_point;
  }
  throw SyntaxError(begin, "there is no character #\\" + std::string(word));
}

}  // namespace fledge::lambda
