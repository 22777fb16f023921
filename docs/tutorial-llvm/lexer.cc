#include "docs/tutorial-llvm/lexer.h"

#include <array>
#include <cctype>
#include <charconv>

namespace nest {
namespace {

// Longer ones first.
constexpr std::array<std::string_view, 28> kMarks = {
    "->", "::", "==", "!=", "<=", ">=", "&&", "||", "..", "(",
    ")",  "{",  "}",  "[",  "]",  ",",  ":",  ";",  ".",  "=",
    "<",  ">",  "+",  "-",  "*",  "/",  "%",  "!"};

bool IsLetter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

char Lexer::Take() {
  const char c = source_[next_++];
  if (c == '\n') {
    ++at_.line;
    at_.column = 1;
  } else {
    ++at_.column;
  }
  return c;
}

void Lexer::SkipSpace() {
  while (next_ < source_.size()) {
    if (Peek() == '#') {
      while (next_ < source_.size() && Peek() != '\n') Take();
    } else if (std::isspace(static_cast<unsigned char>(Peek())) != 0) {
      Take();
    } else {
      return;
    }
  }
}

void Lexer::TakeInteger(Token& token) {
  token.kind = Token::Kind::kInteger;
  while (IsDigit(Peek())) token.text += Take();
  const char* const end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, token.number).ec != std::errc()) {
    throw SourceError{token.at, "the number is larger than 2^63 - 1"};
  }
}

void Lexer::TakeText(Token& token) {
  token.kind = Token::Kind::kText;
  Take();
  while (Peek() != '"') {
    if (next_ == source_.size() || Peek() == '\n') {
      throw SourceError{token.at, "the text has no end on its line"};
    }
    char c = Take();
    if (c == '\\') {
      const char escaped = next_ < source_.size() ? Take() : '\0';
      switch (escaped) {
        case 'n':
          c = '\n';
          break;
        case 't':
          c = '\t';
          break;
        case '"':
        case '\\':
          c = escaped;
          break;
        default:
          throw SourceError{at_, "after \\ comes n, t, \" or \\"};
      }
    }
    token.text += c;
  }
  Take();
}

Token Lexer::Next() {
  SkipSpace();
  Token token;
  token.at = at_;
  if (next_ == source_.size()) return token;
  const char first = Peek();
  if (IsLetter(first)) {
    token.kind = Token::Kind::kName;
    while (IsLetter(Peek()) || IsDigit(Peek())) token.text += Take();
  } else if (IsDigit(first)) {
    TakeInteger(token);
  } else if (first == '"') {
    TakeText(token);
  } else {
    token.kind = Token::Kind::kMark;
    for (const std::string_view mark : kMarks) {
      if (source_.substr(next_).substr(0, mark.size()) != mark) continue;
      for (std::size_t i = 0; i < mark.size(); ++i) token.text += Take();
      return token;
    }
    throw SourceError{at_, "no token begins here"};
  }
  return token;
}

}  // namespace nest
