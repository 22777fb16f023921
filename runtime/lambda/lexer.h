// Lexer: a text as the tokens of R7RS, section 7.1.1, and of maps: {:key 1}.
//
// Columns count characters. The text is UTF-8; bytes that are not are an error,
// in comments too. A first line that begins with #! and / or a space is a
// comment, so that a program can be a script; so is a byte order mark.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError, or IncompleteError if the text ends within a token; after that
// there are no more tokens to be had.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/syntax.h"
#include "runtime/lambda/text_cursor.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

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
  // `text` is borrowed; `begin` is where it begins: line 1, column 1 of its
  // source if it is a whole one.
  Lexer(std::string_view text, Position begin, Names& names,
        LetterCase letter_case);

  // The next token, the texts of which are in `arena`; kEnd at the end, as
  // often as one asks.
  Token Next(Arena& arena);

  // Of what comes next.
  Position at() const { return cursor_.at(); }
  std::size_t offset_bytes() const { return cursor_.offset_bytes(); }
  // As it is for what comes next.
  LetterCase letter_case() const { return letter_case_; }

 private:
  // Space and comments, but for #;.
  void SkipAtmosphere();
  void SkipBlockComment();
  void TakeDirective();

  Token Mark(Token::Kind kind, std::size_t size, std::string_view text = {});
  Token TakeHash(Arena& arena);
  Token TakeLabel();
  Token TakeWord(Arena& arena);
  Token TakeSymbol(Arena& arena, Position at, std::string_view word);

  TextCursor cursor_;
  Names& names_;
  LetterCase letter_case_;
};

}  // namespace fledge::lambda
