#include "runtime/lambda/lexer.h"

#include <optional>
#include <string>

#include "runtime/lambda/number_syntax.h"
#include "runtime/lambda/symbol_syntax.h"
#include "runtime/lambda/text_literals.h"

namespace fledge::lambda {
namespace {

constexpr int kMostLabelDigits = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void Fail(Position at, const std::string& message) {
  throw SyntaxError(at, message);
}
[[noreturn]] void FailAtEnd(Position begin, const std::string& message) {
  throw IncompleteError(begin, message);
}

Token DatumToken(Position at, Syntax::Kind kind) {
  Token token;
  token.kind = Token::Kind::kDatum;
  token.at = at;
  token.datum.kind = kind;
  token.datum.at = at;
  return token;
}

Token NumberToken(Arena& arena, Position at, std::string_view word,
                  const NumberSyntax& number) {
  Token token = DatumToken(at, number.kind);
  token.datum.integer = number.integer;
  token.datum.number = number.number;
  if (number.kind == Syntax::Kind::kNumber) {
    token.datum.text = arena.Copy(word);
  }
  return token;
}

}  // namespace

Lexer::Lexer(std::string_view text, Position begin, Names& names,
             LetterCase letter_case)
    : cursor_(text, begin), names_(names), letter_case_(letter_case) {}

void Lexer::SkipAtmosphere() {
  const Position at = cursor_.at();
  if (cursor_.offset_bytes() == 0 && at.line == 1 && at.column == 1) {
    if (cursor_.IsAt("\xEF\xBB\xBF")) cursor_.SkipByteOrderMark();
    if (cursor_.IsAt("#!/") || cursor_.IsAt("#! ")) cursor_.TakeLine();
  }
  while (!cursor_.AtEnd()) {
    if (cursor_.Peek() == ';') {
      cursor_.TakeLine();
    } else if (cursor_.IsAt("#|")) {
      SkipBlockComment();
    } else if (cursor_.IsAt("#!")) {
      TakeDirective();
    } else if (IsSpace(cursor_.PeekCharacter())) {
      cursor_.Take();
    } else {
      return;
    }
  }
}

void Lexer::SkipBlockComment() {
  const Position begin = cursor_.at();
  cursor_.Take(2);
  for (int depth = 1; depth > 0;) {
    if (cursor_.AtEnd()) {
      FailAtEnd(begin, "this comment has no end: |# is missing");
    }
    const bool ends = cursor_.IsAt("|#");
    if (ends || cursor_.IsAt("#|")) {
      cursor_.Take(2);
      depth += ends ? -1 : 1;
    } else {
      cursor_.Take();
    }
  }
}

void Lexer::TakeDirective() {
  const Position begin = cursor_.at();
  const std::string_view word = cursor_.TakeWord();
  if (word == "#!fold-case") {
    letter_case_ = LetterCase::kFolded;
  } else if (word == "#!no-fold-case") {
    letter_case_ = LetterCase::kKept;
  } else {
    Fail(begin, "after #! comes fold-case or no-fold-case");
  }
}

Token Lexer::Mark(Token::Kind kind, std::size_t size, std::string_view text) {
  Token token;
  token.kind = kind;
  token.at = cursor_.at();
  token.text = text;
  cursor_.Take(size);
  return token;
}

Token Lexer::Next(Arena& arena) {
  using Kind = Token::Kind;
  SkipAtmosphere();
  const Position at = cursor_.at();
  if (cursor_.AtEnd()) return Mark(Kind::kEnd, 0);
  switch (cursor_.Peek()) {
    case '(':
      return Mark(Kind::kOpenList, 1);
    case ')':
      return Mark(Kind::kClose, 1);
    case '{':
      return Mark(Kind::kOpenMap, 1);
    case '}':
      return Mark(Kind::kCloseMap, 1);
    case '[':
    case ']':
      Fail(at, "lists are written with ( and ), not with [ and ]");
    case '\'':
      return Mark(Kind::kAbbreviation, 1, "quote");
    case '`':
      return Mark(Kind::kAbbreviation, 1, "quasiquote");
    case ',':
      return cursor_.IsAt(",@")
                 ? Mark(Kind::kAbbreviation, 2, "unquote-splicing")
                 : Mark(Kind::kAbbreviation, 1, "unquote");
    case '"': {
      Token token = DatumToken(at, Syntax::Kind::kString);
      token.datum.text = arena.Copy(TakeQuoted(cursor_, '"'));
      return token;
    }
    case '|': {
      Token token = DatumToken(at, Syntax::Kind::kSymbol);
      token.datum.name = names_.Intern(TakeQuoted(cursor_, '|'));
      return token;
    }
    case '#':
      return TakeHash(arena);
    default:
      return TakeWord(arena);
  }
}

Token Lexer::TakeHash(Arena& arena) {
  using Kind = Token::Kind;
  const Position at = cursor_.at();
  const char mark = cursor_.Peek(1);
  if (mark == '(') return Mark(Kind::kOpenVector, 2);
  if (mark == ';') return Mark(Kind::kSkip, 2);
  if (mark == '\\') {
    Token token = DatumToken(at, Syntax::Kind::kCharacter);
    token.datum.integer = TakeCharacterLiteral(cursor_, letter_case_);
    return token;
  }
  if (IsDigit(mark)) return TakeLabel();
  const std::string_view word = cursor_.TakeWord();
  if (word == "#" && cursor_.AtEnd()) {
    FailAtEnd(at, "after # comes what it is the beginning of");
  }
  const std::string folded = FoldCase(word);
  if (folded == "#u8" && cursor_.Peek() == '(') {
    Token token = Mark(Kind::kOpenBytevector, 1);
    token.at = at;
    return token;
  }
  const bool is_true = folded == "#t" || folded == "#true";
  if (is_true || folded == "#f" || folded == "#false") {
    Token token = DatumToken(at, Syntax::Kind::kBoolean);
    token.datum.integer = is_true ? 1 : 0;
    return token;
  }
  if (const auto number = ReadNumberSyntax(word)) {
    return NumberToken(arena, at, word, *number);
  }
  Fail(at, std::string(word) +
               " is no datum: #t, #f, #\\a, #(1 2), #u8(1 2), #x1F and the "
               "like are");
}

Token Lexer::TakeLabel() {
  Token token;
  token.at = cursor_.at();
  cursor_.Take();
  int digits = 0;
  for (; IsDigit(cursor_.Peek()); ++digits) {
    if (digits == kMostLabelDigits) {
      Fail(token.at, "a label has at most 9 digits");
    }
    token.integer = token.integer * 10 + (cursor_.Peek() - '0');
    cursor_.Take();
  }
  const std::string message = "after a label's number comes = or #";
  if (cursor_.AtEnd()) FailAtEnd(token.at, message);
  const char mark = cursor_.Peek();
  if (mark != '=' && mark != '#') Fail(token.at, message);
  token.kind = mark == '=' ? Token::Kind::kLabel : Token::Kind::kReference;
  cursor_.Take();
  return token;
}

Token Lexer::TakeWord(Arena& arena) {
  const Position at = cursor_.at();
  if (!IsConstituent(cursor_.PeekCharacter())) Fail(at, "nothing begins so");
  const std::string_view word = cursor_.TakeWord();
  if (word == ".") {
    Token token;
    token.kind = Token::Kind::kDot;
    token.at = at;
    return token;
  }
  if (const auto number = ReadNumberSyntax(word)) {
    return NumberToken(arena, at, word, *number);
  }
  return TakeSymbol(arena, at, word);
}

Token Lexer::TakeSymbol(Arena& arena, Position at, std::string_view word) {
  const std::string in_bars = "|" + std::string(word) + "|";
  if (BeginsLikeNumber(word)) {
    Fail(at, std::string(word) +
                 " is neither a number nor a symbol; as a symbol, write " +
                 in_bars);
  }
  if (!AreConstituents(word)) {
    Fail(at,
         "a symbol with such a character is written between bars: " + in_bars);
  }
  const std::string text =
      letter_case_ == LetterCase::kFolded ? FoldCase(word) : std::string(word);
  if (IsKeyword(word)) {
    Token token = DatumToken(at, Syntax::Kind::kKeyword);
    token.datum.text = arena.Copy(std::string_view(text).substr(1));
    return token;
  }
  Token token = DatumToken(at, Syntax::Kind::kSymbol);
  token.datum.name = names_.Intern(text);
  return token;
}

}  // namespace fledge::lambda
