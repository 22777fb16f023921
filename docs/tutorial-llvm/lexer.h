// Lexer: a program's text as tokens.
//
// Threads: none. Errors: throws SourceError.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "docs/tutorial-llvm/source_error.h"

namespace nest {

struct Token {
  enum class Kind : std::uint8_t { kName, kInteger, kText, kMark, kEnd };

  Kind kind = Kind::kEnd;
  Position at;
  std::string text;  // A name, keywords too; a mark; a text's content.
  std::int64_t number = 0;

  // True of keywords and marks that are written as `words`.
  bool Is(std::string_view words) const {
    return (kind == Kind::kName || kind == Kind::kMark) && text == words;
  }
};

class Lexer {
 public:
  // `source` is borrowed.
  explicit Lexer(std::string_view source) : source_(source) {}

  // The next token; kEnd at the end, as often as one asks.
  Token Next();

 private:
  char Peek(std::size_t ahead = 0) const {
    return next_ + ahead < source_.size() ? source_[next_ + ahead] : '\0';
  }
  char Take();
  void SkipSpace();
  void TakeText(Token& token);
  void TakeInteger(Token& token);

  std::string_view source_;
  std::size_t next_ = 0;
  Position at_;
};

}  // namespace nest
