// Lexer: a text as the tokens of R7RS, section 7.1.1, and of maps: {:key 1}.
//
// Columns count characters. The text is UTF-8; bytes that are not are an error,
// in comments too. A first line that begins with #! and / or a space is a
// comment, so that a program can be a script; so is a byte order mark.
//
// Design: docs/design/lambda.md. Threads: one at a time. Errors: throws
// SyntaxError, or IncompleteError if the text ends within a token; after that
// there are no more tokens to be had.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/syntax.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

enum class LetterCase : std::uint8_t { kKept, kFolded };

struct Token {
  enum class Kind : std::uint8_t {
    kDatum,           // datum: one that has no parts
    kOpenList,        // (
    kOpenVector,      // #(
    kOpenBytevector,  // #u8(
    kOpenMap,         // {
    kClose,           // )
    kCloseMap,        // }
    kDot,
    kAbbreviation,  // text: the symbol that ' or its like stands for
    kSkip,          // #; which the next datum belongs to
    kLabel,         // #0= with its integer
    kReference,     // #0# with its integer
    kEnd,
  };

  Kind kind = Kind::kEnd;
  Position at;
  Syntax datum;
  std::string_view text;
  std::int64_t integer = 0;
};

class Lexer {
 public:
  // `text` is borrowed.
  Lexer(std::string_view text, std::uint32_t source, Names& names,
        LetterCase letter_case);

  // The next token, the texts of which are in `arena`; kEnd at the end, as
  // often as one asks.
  Token Next(Arena& arena);

  // Of what comes next.
  Position at() const { return at_; }
  std::size_t offset_bytes() const { return next_; }

 private:
  bool AtEnd() const { return next_ == text_.size(); }
  // The byte after `ahead` others; 0 past the end.
  char Peek(std::size_t ahead = 0) const {
    return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0';
  }
  char32_t PeekCharacter() const;
  char32_t Take();
  void Take(std::size_t count);

  void SkipScript();
  // Space and comments, but for #;.
  void SkipAtmosphere();
  void SkipBlockComment();
  void TakeDirective();
  bool IsDelimited() const;
  // Up to the next delimiter.
  std::string_view TakeWord();

  Token Mark(Token::Kind kind, std::size_t size, std::string_view text = {});
  Token TakeHash(Arena& arena);
  Token TakeLabel();
  Token TakeWordDatum(Arena& arena);
  Token TakeCharacter();
  Token TakeString(Arena& arena);
  Token TakeBarredSymbol();
  // After the backslash; nothing is added for the end of a line.
  void TakeEscape(std::string& text, Position begin);
  char32_t TakeHexEscape(Position begin);
  void SkipLineEnd(Position begin);

  std::string_view text_;
  std::size_t next_ = 0;
  Position at_;
  Names& names_;
  LetterCase letter_case_;
};

}  // namespace fledge::lambda
