#include "runtime/lambda/atom_text.h"

#include <array>
#include <charconv>
#include <string>

#include "runtime/lambda/character_names.h"
#include "runtime/lambda/characters.h"
#include "runtime/lambda/number_memory.h"
#include "runtime/lambda/number_printer.h"
#include "runtime/lambda/stream.h"
#include "runtime/lambda/symbol_syntax.h"
#include "runtime/lambda/utf8.h"
#include "runtime/object_layout.h"
#include "runtime/port_layout.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {

using runtime::Is;
using runtime::ObjectType;
using runtime::Value;

namespace {

void AddHex(PrintBuffer& buffer, char32_t character) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                 std::uint32_t{character}, 16);
  buffer.Add(std::string_view(digits.data(), end.ptr));
}

// The letter of an escape, or 0.
char EscapeLetter(char32_t character) {
  switch (character) {
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    default:
      return 0;
  }
}

// Of what is between two marks.
void AddQuotedCharacter(PrintBuffer& buffer, char32_t character, char mark) {
  if (character == static_cast<unsigned char>(mark) || character == '\\') {
    buffer.Add(U'\\');
    buffer.Add(character);
  } else if (character >= 0x20 && character < 0x7f) [[likely]] {
    buffer.Add(character);
  } else if (const char letter = EscapeLetter(character)) {
    buffer.Add(U'\\');
    buffer.Add(static_cast<char32_t>(letter));
  } else if (IsGraphic(character)) {
    buffer.Add(character);
  } else {
    buffer.Add("\\x");
    AddHex(buffer, character);
    buffer.Add(U';');
  }
}

// Calls use(character) for each of `bytes`, which are UTF-8, until the buffer
// wants no more; what is not, stands for U+FFFD.
template <typename Use>
void ForEachCharacter(const PrintBuffer& buffer, std::string_view bytes,
                      Use&& use) {
  constexpr char32_t kReplacement = 0xfffd;
  for (std::size_t i = 0; i < bytes.size() && !buffer.IsDone();) {
    const DecodedCharacter decoded = DecodeUtf8(bytes, i);
    use(decoded.size_bytes == 0 ? kReplacement : decoded.code_point);
    i += decoded.size_bytes == 0 ? 1 : decoded.size_bytes;
  }
}

// `for_each` calls its argument with each character.
template <typename ForEach>
void AddText(PrintBuffer& buffer, PrintStyle style, ForEach&& for_each) {
  if (style == PrintStyle::kDisplayed) {
    for_each([&](char32_t character) { buffer.Add(character); });
    return;
  }
  buffer.Add(U'"');
  for_each(
      [&](char32_t character) { AddQuotedCharacter(buffer, character, '"'); });
  buffer.Add(U'"');
}

void AddText(PrintBuffer& buffer, Value value, PrintStyle style) {
  runtime::Text(value).WithCharacters([&](auto characters) {
    AddText(buffer, style, [&](auto&& use) {
      for (const char32_t character : characters) {
        if (buffer.IsDone()) return;
        use(character);
      }
    });
  });
}

void AddSymbol(PrintBuffer& buffer, std::string_view name, PrintStyle style) {
  bool is_plain = style == PrintStyle::kDisplayed || IsPlainSymbol(name);
  if (is_plain && style == PrintStyle::kWritten) {
    ForEachCharacter(buffer, name, [&](char32_t character) {
      is_plain = is_plain && IsGraphic(character);
    });
  }
  if (is_plain) {
    buffer.Add(name);
    return;
  }
  buffer.Add(U'|');
  ForEachCharacter(buffer, name, [&](char32_t character) {
    AddQuotedCharacter(buffer, character, '|');
  });
  buffer.Add(U'|');
}

void AddCharacter(PrintBuffer& buffer, char32_t character, PrintStyle style) {
  if (style == PrintStyle::kDisplayed) return buffer.Add(character);
  buffer.Add("#\\");
  for (const CharacterName& named : kCharacterNames) {
    if (named.character == character) return buffer.Add(named.name);
  }
  // A mark would sit on the backslash.
  if (IsGraphic(character) && !IsMark(character)) return buffer.Add(character);
  buffer.Add(U'x');
  AddHex(buffer, character);
}

void AddImmediate(PrintBuffer& buffer, Value value, PrintStyle style) {
  if (value.IsSmallInteger()) {
    buffer.Add(std::to_string(value.integer()));
  } else if (value.IsCharacter()) {
    AddCharacter(buffer, value.character(), style);
  } else if (value.IsBoolean()) {
    buffer.Add(value.IsTrue() ? "#t" : "#f");
  } else if (value.IsNil()) {
    buffer.Add("()");
  } else if (value.IsUndefined()) {
    buffer.Add("#<undefined>");
  } else if (value.IsEndOfFile()) {
    buffer.Add("#<end of file>");
  } else {
    buffer.Add("#<nothing>");  // Empty or deleted.
  }
}

void AddBytes(PrintBuffer& buffer, Value value) {
  buffer.Add("#u8(");
  bool is_first = true;
  for (const std::uint8_t byte : runtime::Bytes(value).bytes()) {
    if (buffer.IsDone()) return;
    if (!is_first) buffer.Add(U' ');
    is_first = false;
    buffer.Add(std::to_string(byte));
  }
  buffer.Add(U')');
}

// #<what>, or #<what name>.
void AddNamed(PrintBuffer& buffer, std::string_view what, Value name) {
  buffer.Add("#<");
  buffer.Add(what);
  if (name.IsReference()) {
    buffer.Add(U' ');
    AddName(buffer, name);
  }
  buffer.Add(U'>');
}

Value NameOfClosure(Value closure) {
  return runtime::Template(runtime::Closure(closure).closure_template()).name();
}

Value NameOfProcedure(Value procedure) {
  if (Is(procedure, ObjectType::kClosure)) return NameOfClosure(procedure);
  if (Is(procedure, ObjectType::kPrimitive)) {
    return runtime::PrimitiveObject(procedure).name();
  }
  const runtime::CaseLambda cases(procedure);
  return cases.length() == 0 ? Value() : NameOfClosure(cases.closure(0));
}

void AddPort(PrintBuffer& buffer, Value value) {
  auto* const stream = static_cast<Stream*>(runtime::Port(value).stream());
  buffer.Add(stream->is_open() ? "#<" : "#<closed ");
  if (stream->content() == StreamContent::kBytes) buffer.Add("binary ");
  buffer.Add(stream->input() != nullptr ? "input port " : "output port ");
  ForEachCharacter(buffer, stream->name(),
                   [&](char32_t character) { buffer.Add(character); });
  buffer.Add(U'>');
}

}  // namespace

void AddName(PrintBuffer& buffer, Value name) {
  if (Is(name, ObjectType::kSymbol)) {
    buffer.Add(runtime::Symbol(name).name().text());
  } else if (Is(name, ObjectType::kString)) {
    buffer.Add(runtime::String(name).text());
  } else if (runtime::IsText(name)) {
    AddText(buffer, name, PrintStyle::kDisplayed);
  } else {
    buffer.Add(U'?');
  }
}

void AddAtom(PrintBuffer& buffer, Value value, PrintStyle style) {
  if (!value.IsReference()) return AddImmediate(buffer, value, style);
  if (runtime::IsText(value)) return AddText(buffer, value, style);
  if (KindOf(value) != NumberKind::kNone) return buffer.Add(TextOf(value));
  const ObjectType type = runtime::TypeFrom(gc::LoadHeader(value.object()));
  switch (type) {
    case ObjectType::kString: {
      const std::string_view text = runtime::String(value).text();
      return AddText(buffer, style,
                     [&](auto&& use) { ForEachCharacter(buffer, text, use); });
    }
    case ObjectType::kSymbol:
      return AddSymbol(buffer, runtime::Symbol(value).name().text(), style);
    case ObjectType::kKeyword:
      buffer.Add(U':');
      return AddName(buffer, runtime::Keyword(value).symbol().value());
    case ObjectType::kBytes:
      return AddBytes(buffer, value);
    case ObjectType::kVector:
      return buffer.Add("#()");
    case ObjectType::kMap:
      return buffer.Add("{}");
    case ObjectType::kRecord:
      return AddNamed(
          buffer, "record",
          runtime::RecordType(runtime::Record(value).type()).name());
    case ObjectType::kRecordType:
      return AddNamed(buffer, "record type", runtime::RecordType(value).name());
    case ObjectType::kClosure:
    case ObjectType::kPrimitive:
    case ObjectType::kCaseLambda:
      return AddNamed(buffer, "procedure", NameOfProcedure(value));
    case ObjectType::kPort:
      return AddPort(buffer, value);
    case ObjectType::kTemplate:
      return AddNamed(buffer, "template", runtime::Template(value).name());
    case ObjectType::kGlobal:
      return AddNamed(buffer, "global", runtime::Global(value).name());
    default:
      return AddNamed(buffer, runtime::ShapeOf(type).name, Value());
  }
}

}  // namespace fledge::lambda
