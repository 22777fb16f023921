#include "runtime/lambda/symbol_syntax.h"

#include <cstddef>

#include "runtime/lambda/number_syntax.h"
#include "runtime/lambda/text_cursor.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool IsConstituent(char32_t c) {
  constexpr std::string_view kMarks = "!$%&*/:<=>?^_~+-.@#";
  if (c >= 0x80) return c >= 0xA0 && c != 0xFEFF && !IsSpace(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         IsDigit(static_cast<char>(c)) ||
         kMarks.find(static_cast<char>(c)) != std::string_view::npos;
}

bool AreConstituents(std::string_view word) {
  for (std::size_t i = 0; i < word.size();) {
    const DecodedCharacter decoded = DecodeUtf8(word, i);
    if (decoded.size_bytes == 0 || !IsConstituent(decoded.code_point)) {
      return false;
    }
    i += decoded.size_bytes;
  }
  return true;
}

bool BeginsLikeNumber(std::string_view word) {
  if (word[0] == '+' || word[0] == '-') word.remove_prefix(1);
  if (!word.empty() && word[0] == '.') word.remove_prefix(1);
  return !word.empty() && IsDigit(word[0]);
}

// ::: is a symbol, which some name an ellipsis with.
bool IsKeyword(std::string_view word) {
  return word.size() > 1 && word[0] == ':' && word[1] != ':';
}

bool IsPlainSymbol(std::string_view name) {
  return !name.empty() && name != "." && name[0] != '#' && !IsKeyword(name) &&
         AreConstituents(name) && !BeginsLikeNumber(name) &&
         !ReadNumberSyntax(name).has_value();
}

}  // namespace fledge::lambda
