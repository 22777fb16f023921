#include "runtime/lambda/lexer.h"

#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "runtime/lambda/number_syntax.h"

namespace fledge::lambda {
namespace {

constexpr std::pair<std::string_view, char32_t> kCharacterNames[] = {
    {"alarm", 0x07},  {"backspace", 0x08}, {"delete", 0x7F},
    {"escape", 0x1B}, {"newline", 0x0A},   {"null", 0x00},
    {"return", 0x0D}, {"space", 0x20},     {"tab", 0x09},
};

constexpr int kMostLabelDigits = 9;

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsDelimiter(char32_t c) {
  return IsSpace(c) ||
         (c < 0x80 &&
          std::string_view("()[]{}\";|'`,").find(static_cast<char>(c)) !=
              std::string_view::npos);
}

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }

// Whether symbols may have it.
bool IsConstituent(char32_t c) {
  if (c >= 0x80) return c >= 0xA0 && c != 0xFEFF;
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) ||
         std::string_view("!$%&*/:<=>?^_~+-.@#").find(static_cast<char>(c)) !=
             std::string_view::npos;
}

// Whether a symbol that begins so looks as if a number was meant.
bool BeginsLikeNumber(std::string_view word) {
  if (word[0] == '+' || word[0] == '-') word.remove_prefix(1);
  if (!word.empty() && word[0] == '.') word.remove_prefix(1);
  return !word.empty() && IsDigit(static_cast<unsigned char>(word[0]));
}

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

}  // namespace

Lexer::Lexer(std::string_view text, std::uint32_t source, Names& names,
             LetterCase letter_case)
    : text_(text), at_{source, 1, 1}, names_(names), letter_case_(letter_case) {
  SkipScript();
}

void Lexer::SkipScript() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) next_ = kByteOrderMark.size();
  if (Peek() != '#' || Peek(1) != '!') return;
  if (Peek(2) != '/' && Peek(2) != ' ') return;
  while (!AtEnd() && Peek() != '\n') Take();
}

char32_t Lexer::PeekCharacter() const {
  const DecodedCharacter decoded = DecodeUtf8(text_, next_);
  if (decoded.size_bytes == 0) Fail(at_, "this is not UTF-8");
  return decoded.code_point;
}

char32_t Lexer::Take() {
  const DecodedCharacter decoded = DecodeUtf8(text_, next_);
  if (decoded.size_bytes == 0) Fail(at_, "this is not UTF-8");
  next_ += decoded.size_bytes;
  const char32_t c = decoded.code_point;
  if (c == '\n' || (c == '\r' && Peek() != '\n')) {
    ++at_.line;
    at_.column = 1;
  } else {
    ++at_.column;
  }
  return c;
}

void Lexer::Take(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) Take();
}

bool Lexer::IsDelimited() const {
  return AtEnd() || IsDelimiter(PeekCharacter());
}

std::string_view Lexer::TakeWord() {
  const std::size_t begin = next_;
  while (!IsDelimited()) Take();
  return text_.substr(begin, next_ - begin);
}

void Lexer::SkipAtmosphere() {
  while (!AtEnd()) {
    if (Peek() == ';') {
      while (!AtEnd() && Peek() != '\n' && Peek() != '\r') Take();
    } else if (Peek() == '#' && Peek(1) == '|') {
      SkipBlockComment();
    } else if (Peek() == '#' && Peek(1) == '!') {
      TakeDirective();
    } else if (IsSpace(PeekCharacter())) {
      Take();
    } else {
      return;
    }
  }
}

void Lexer::SkipBlockComment() {
  const Position begin = at_;
  Take(2);
  for (int depth = 1; depth > 0;) {
    if (AtEnd()) FailAtEnd(begin, "this comment has no end: |# is missing");
    if (Peek() == '|' && Peek(1) == '#') {
      Take(2);
      --depth;
    } else if (Peek() == '#' && Peek(1) == '|') {
      Take(2);
      ++depth;
    } else {
      Take();
    }
  }
}

void Lexer::TakeDirective() {
  const Position begin = at_;
  const std::string_view word = TakeWord();
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
  token.at = at_;
  token.text = text;
  Take(size);
  return token;
}

Token Lexer::Next(Arena& arena) {
  SkipAtmosphere();
  using Kind = Token::Kind;
  if (AtEnd()) return Mark(Kind::kEnd, 0);
  switch (Peek()) {
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
      Fail(at_, "lists are written with ( and ), not with [ and ]");
    case '\'':
      return Mark(Kind::kAbbreviation, 1, "quote");
    case '`':
      return Mark(Kind::kAbbreviation, 1, "quasiquote");
    case ',':
      return Peek(1) == '@' ? Mark(Kind::kAbbreviation, 2, "unquote-splicing")
                            : Mark(Kind::kAbbreviation, 1, "unquote");
    case '"':
      return TakeString(arena);
    case '|':
      return TakeBarredSymbol();
    case '#':
      return TakeHash(arena);
    default:
      return TakeWordDatum(arena);
  }
}

Token Lexer::TakeHash(Arena& arena) {
  using Kind = Token::Kind;
  const char mark = Peek(1);
  if (mark == '(') return Mark(Kind::kOpenVector, 2);
  if (mark == ';') return Mark(Kind::kSkip, 2);
  if (mark == '\\') return TakeCharacter();
  if (IsDigit(static_cast<unsigned char>(mark))) return TakeLabel();
  const Position begin = at_;
  if (AtEnd() || next_ + 1 == text_.size()) {
    FailAtEnd(begin, "after # comes what it is the beginning of");
  }
  const std::string_view word = TakeWord();
  const std::string folded = FoldCase(word);
  if (folded == "#u8" && Peek() == '(') {
    Token token = Mark(Kind::kOpenBytevector, 1);
    token.at = begin;
    return token;
  }
  const bool is_true = folded == "#t" || folded == "#true";
  if (is_true || folded == "#f" || folded == "#false") {
    Token token = DatumToken(begin, Syntax::Kind::kBoolean);
    token.datum.integer = is_true ? 1 : 0;
    return token;
  }
  const std::optional<NumberSyntax> number = ParseNumber(word);
  if (!number.has_value()) {
    Fail(begin, std::string(word) +
                    " is no datum: #t, #f, #\\a, #(1 2), "
                    "#u8(1 2), #x1F and the like are");
  }
  Token token = DatumToken(begin, number->kind);
  token.datum.integer = number->integer;
  token.datum.number = number->number;
  if (number->kind == Syntax::Kind::kNumber) {
    token.datum.text = arena.Copy(word);
  }
  return token;
}

Token Lexer::TakeLabel() {
  Token token;
  token.at = at_;
  Take();
  int digits = 0;
  for (; IsDigit(static_cast<unsigned char>(Peek())); ++digits) {
    if (digits == kMostLabelDigits) {
      Fail(token.at, "a label has at most 9 digits");
    }
    token.integer = token.integer * 10 + (Peek() - '0');
    Take();
  }
  if (AtEnd()) FailAtEnd(token.at, "after a label's number comes = or #");
  if (Peek() != '=' && Peek() != '#') {
    Fail(token.at, "after a label's number comes = or #");
  }
  token.kind = Peek() == '=' ? Token::Kind::kLabel : Token::Kind::kReference;
  Take();
  return token;
}

Token Lexer::TakeWordDatum(Arena& arena) {
  const Position begin = at_;
  if (!IsConstituent(PeekCharacter())) Fail(begin, "nothing begins so");
  const std::string_view word = TakeWord();
  if (word == ".") {
    Token token;
    token.kind = Token::Kind::kDot;
    token.at = begin;
    return token;
  }
  if (const auto number = ParseNumber(word)) {
    Token token = DatumToken(begin, number->kind);
    token.datum.integer = number->integer;
    token.datum.number = number->number;
    if (number->kind == Syntax::Kind::kNumber) {
      token.datum.text = arena.Copy(word);
    }
    return token;
  }
  if (BeginsLikeNumber(word)) {
    Fail(begin, std::string(word) +
                    " is neither a number nor a symbol; as a "
                    "symbol, write |" +
                    std::string(word) + "|");
  }
  for (std::size_t i = 0; i < word.size();) {
    const DecodedCharacter decoded = DecodeUtf8(word, i);
    if (!IsConstituent(decoded.code_point)) {
      Fail(begin, "a symbol with such a character is written between bars: |" +
                      std::string(word) + "|");
    }
    i += decoded.size_bytes;
  }
  // ::: is a symbol, which some name an ellipsis with.
  const bool is_keyword = word.size() > 1 && word[0] == ':' && word[1] != ':';
  const std::string text =
      letter_case_ == LetterCase::kFolded ? FoldCase(word) : std::string(word);
  if (is_keyword) {
    Token token = DatumToken(begin, Syntax::Kind::kKeyword);
    token.datum.text = arena.Copy(std::string_view(text).substr(1));
    return token;
  }
  Token token = DatumToken(begin, Syntax::Kind::kSymbol);
  token.datum.name = names_.Intern(text);
  return token;
}

Token Lexer::TakeCharacter() {
  Token token = DatumToken(at_, Syntax::Kind::kCharacter);
  const Position begin = at_;
  Take(2);
  if (AtEnd()) FailAtEnd(begin, "after #\\ comes a character");
  // The first is taken whatever it is: #\( is a character.
  const std::size_t word_begin = next_;
  const char32_t first = Take();
  token.datum.integer = first;
  if (IsDelimited()) return token;
  TakeWord();
  const std::string_view word = text_.substr(word_begin, next_ - word_begin);
  if (first == 'x' || first == 'X') {
    std::uint32_t code_point = 0;
    const char* const end = word.data() + word.size();
    const auto result = std::from_chars(word.data() + 1, end, code_point, 16);
    if (result.ec == std::errc() && result.ptr == end &&
        IsCharacter(code_point)) {
      token.datum.integer = code_point;
      return token;
    }
  }
  const std::string name =
      letter_case_ == LetterCase::kFolded ? FoldCase(word) : std::string(word);
  for (const auto& [known, code_point] : kCharacterNames) {
    if (name == known) {
      token.datum.integer = code_point;
      return token;
    }
  }
  Fail(begin, "there is no character #\\" + std::string(word));
}

Token Lexer::TakeString(Arena& arena) {
  Token token = DatumToken(at_, Syntax::Kind::kString);
  const Position begin = at_;
  Take();
  std::string text;
  while (true) {
    if (AtEnd()) FailAtEnd(begin, "this string has no end: \" is missing");
    const char32_t c = Take();
    if (c == '"') break;
    if (c == '\\') {
      TakeEscape(text, begin);
    } else if (c == '\r') {
      // Each end of a line is one newline, however the file has it.
      if (Peek() == '\n') Take();
      text += '\n';
    } else {
      AppendUtf8(text, c);
    }
  }
  token.datum.text = arena.Copy(text);
  return token;
}

Token Lexer::TakeBarredSymbol() {
  Token token = DatumToken(at_, Syntax::Kind::kSymbol);
  const Position begin = at_;
  Take();
  std::string text;
  while (true) {
    if (AtEnd()) FailAtEnd(begin, "this symbol has no end: | is missing");
    const char32_t c = Take();
    if (c == '|') break;
    if (c == '\\') {
      TakeEscape(text, begin);
    } else {
      AppendUtf8(text, c);
    }
  }
  token.datum.name = names_.Intern(text);
  return token;
}

void Lexer::TakeEscape(std::string& text, Position begin) {
  if (AtEnd()) FailAtEnd(begin, "the text ends after \\");
  const Position at = at_;
  switch (PeekCharacter()) {
    case 'a':
      text += '\a';
      break;
    case 'b':
      text += '\b';
      break;
    case 't':
      text += '\t';
      break;
    case 'n':
      text += '\n';
      break;
    case 'r':
      text += '\r';
      break;
    case '"':
    case '\\':
    case '|':
      text += Peek();
      break;
    case 'x':
    case 'X':
      AppendUtf8(text, TakeHexEscape(begin));
      return;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      SkipLineEnd(begin);
      return;
    default:
      Fail(at,
           "after \\ comes a, b, t, n, r, \", \\, |, x and a code point, "
           "or the end of a line");
  }
  Take();
}

char32_t Lexer::TakeHexEscape(Position begin) {
  const Position at = at_;
  Take();
  const std::size_t first = next_;
  while (!AtEnd() && Peek() != ';' && Peek() != '"' && Peek() != '|') Take();
  if (AtEnd()) FailAtEnd(begin, "the text ends after \\x");
  const std::string_view digits = text_.substr(first, next_ - first);
  const char* const end = digits.data() + digits.size();
  std::uint32_t code_point = 0;
  const auto result = std::from_chars(digits.data(), end, code_point, 16);
  if (Peek() != ';' || result.ec != std::errc() || result.ptr != end ||
      !IsCharacter(code_point)) {
    Fail(at, "a code point is written as \\x41; and is a character's");
  }
  Take();
  return code_point;
}

void Lexer::SkipLineEnd(Position begin) {
  const Position at = at_;
  const auto skip_blanks = [&] {
    while (Peek() == ' ' || Peek() == '\t') Take();
  };
  skip_blanks();
  if (AtEnd()) FailAtEnd(begin, "the text ends after \\");
  if (Peek() != '\n' && Peek() != '\r') {
    Fail(at, "after \\ and space comes the end of the line");
  }
  if (Take() == '\r' && Peek() == '\n') Take();
  skip_blanks();
}

}  // namespace fledge::lambda
