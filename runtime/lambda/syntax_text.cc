#include "runtime/lambda/syntax_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "runtime/lambda/symbol_syntax.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {
namespace {

std::string Hex(std::uint64_t number) {
  std::array<char, 16> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return std::string(digits.data(), end.ptr);
}

std::string FloatText(double number) {
  if (std::isnan(number)) return "+nan.0";
  if (std::isinf(number)) return number > 0 ? "+inf.0" : "-inf.0";
  std::array<char, 32> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
  std::string text(digits.data(), end.ptr);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// Between two marks, which are escaped in it.
std::string Quoted(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      quoted += "\\x" + Hex(static_cast<unsigned char>(c)) + ";";
    } else {
      quoted += c;
    }
  }
  return quoted + mark;
}

std::string CharacterText(std::int64_t code_point) {
  if (code_point == ' ') return "#\\space";
  if (code_point == '\n') return "#\\newline";
  if (code_point < 0x20 || code_point == 0x7F) {
    return "#\\x" + Hex(static_cast<std::uint64_t>(code_point));
  }
  std::string text = "#\\";
  AppendUtf8(text, static_cast<char32_t>(code_point));
  return text;
}

class Writer {
 public:
  explicit Writer(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void Write(const Syntax& syntax) {
    if (depth_ == kMaxWrittenDepth || text_.size() > max_bytes_) {
      text_ += "...";
      return;
    }
    ++depth_;
    WriteHere(syntax);
    --depth_;
  }

  std::string text_;

 private:
  using Kind = Syntax::Kind;

  void WriteHere(const Syntax& syntax) {
    switch (syntax.kind) {
      case Kind::kNil:
        text_ += "()";
        break;
      case Kind::kBoolean:
        text_ += syntax.integer != 0 ? "#t" : "#f";
        break;
      case Kind::kInteger:
        text_ += std::to_string(syntax.integer);
        break;
      case Kind::kFloat:
        text_ += FloatText(syntax.number);
        break;
      case Kind::kNumber:
        text_ += syntax.text;
        break;
      case Kind::kCharacter:
        text_ += CharacterText(syntax.integer);
        break;
      case Kind::kString:
        text_ += Quoted(syntax.text, '"');
        break;
      case Kind::kSymbol:
      case Kind::kAlias: {
        const std::string_view name = SymbolOf(syntax)->text;
        text_ += IsPlainSymbol(name) ? std::string(name) : Quoted(name, '|');
        break;
      }
      case Kind::kKeyword:
        text_ += ":" + std::string(syntax.text);
        break;
      case Kind::kPair:
        WriteList(syntax);
        break;
      case Kind::kVector:
        WriteItems("#(", syntax, ")");
        break;
      case Kind::kMap:
        WriteItems("{", syntax, "}");
        break;
      case Kind::kBytevector:
        WriteBytes(syntax.text);
        break;
      case Kind::kLabelled:
        text_ += "#" + std::to_string(syntax.integer) + "=";
        Write(*syntax.first);
        break;
      case Kind::kReference:
        text_ += "#" + std::to_string(syntax.integer) + "#";
        break;
      case Kind::kEndOfFile:
        text_ += "#<end of file>";
        break;
      case Kind::kValue:
        text_ += "#<value " + std::to_string(syntax.integer) + ">";
        break;
    }
  }

  void WriteList(const Syntax& list) {
    text_ += "(";
    const Syntax* rest = &list;
    for (; rest->Is(Kind::kPair); rest = rest->rest) {
      if (rest != &list) text_ += " ";
      Write(*rest->first);
      if (text_.size() > max_bytes_) return;
    }
    if (!rest->Is(Kind::kNil)) {
      text_ += " . ";
      Write(*rest);
    }
    text_ += ")";
  }

  void WriteItems(std::string_view open, const Syntax& syntax,
                  std::string_view close) {
    text_ += open;
    for (const Syntax* item : syntax.items) {
      if (item != syntax.items.front()) text_ += " ";
      Write(*item);
      if (text_.size() > max_bytes_) return;
    }
    text_ += close;
  }

  void WriteBytes(std::string_view bytes) {
    text_ += "#u8(";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i > 0) text_ += " ";
      text_ += std::to_string(static_cast<unsigned char>(bytes[i]));
    }
    text_ += ")";
  }

  std::size_t max_bytes_;
  int depth_ = 0;
};

}  // namespace

std::string TextOf(const Syntax& syntax, std::size_t max_bytes) {
  Writer writer(max_bytes);
  writer.Write(syntax);
  return writer.text_;
}

const Name* SymbolOf(const Syntax& identifier) {
  const Syntax* symbol = &identifier;
  while (symbol->Is(Syntax::Kind::kAlias)) symbol = symbol->alias->identifier;
  return symbol->name;
}

}  // namespace fledge::lambda
