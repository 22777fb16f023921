// Text layout: strings that a program reads and changes by index, and views of
// them.
//
//                 +0        +8
//   text          header    characters of a byte each, zeros up to a multiple
//   wide text     header    characters of four bytes each, the same
//   moved text    header    text: wide text
//
// The characters of a text are Unicode's first 256, which are those of ISO
// 8859-1. When one is stored that does not fit, a wide text takes its place:
// the text becomes a moved text that refers to it and stays the object that the
// program knows. So the wide text is referred to by nothing else, and
// everything that reads or writes goes through Text, which follows. A wide text
// never moves on, and the empty text never has a reason to.
//
// A text, wide or not, may be constant: a literal, or a symbol's name.
//
// Design: docs/design/value_model.md. Views: runtime/object_layout.h.
//
// Threads: a text that one mutator changes must not be used by another
// meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "allocator/base/check.h"
#include "runtime/object_layout.h"

namespace fledge::runtime {

// Its bytes for each character.
enum class TextWidth : std::uint8_t { kNarrow = 1, kWide = 4 };

inline constexpr char32_t kLargestNarrowCharacter = 0xff;
constexpr TextWidth WidthFor(char32_t character) {
  return character <= kLargestNarrowCharacter ? TextWidth::kNarrow
                                              : TextWidth::kWide;
}

namespace internal {

// 0 for kText, and so on; more than kMovedText's for what is no text.
constexpr unsigned TextIndex(ObjectType type) {
  return static_cast<unsigned>(type) - static_cast<unsigned>(ObjectType::kText);
}
inline constexpr unsigned kConstantTextBit = 1;
inline constexpr unsigned kWideTextBit = 2;
inline constexpr unsigned kMovedTextIndex = TextIndex(ObjectType::kMovedText);

static_assert(TextIndex(ObjectType::kText) == 0);
static_assert(TextIndex(ObjectType::kConstantText) == kConstantTextBit);
static_assert(TextIndex(ObjectType::kWideText) == kWideTextBit);
static_assert(TextIndex(ObjectType::kWideConstantText) ==
              (kWideTextBit | kConstantTextBit));
static_assert(kMovedTextIndex == 4);

}  // namespace internal

// Whether it is what a program calls a string. The header is read.
inline bool IsText(Value value) {
  return value.IsReference() &&
         internal::TextIndex(TypeFrom(gc::LoadHeader(value.object()))) <=
             internal::kMovedTextIndex;
}

class MovedText : public View<ObjectType::kMovedText> {
 public:
  using View::View;

  Value text() const { return LoadSlot(text_slot()); }
  Value::Word* text_slot() const { return WordAt(0); }
};

// A text wherever it is now. Like all views it is a raw reference; besides, it
// is stale once the text has moved on to a wide one.
class Text {
 public:
  // REQUIRES: IsText(value).
  explicit Text(Value value)
      : object_(value.object()), header_(gc::LoadHeader(object_)) {
    FLEDGE_DCHECK(IsText(value), "an object of another type");
    if (TypeFrom(header_) == ObjectType::kMovedText) [[unlikely]] {
      object_ = MovedText(value).text().object();
      header_ = gc::LoadHeader(object_);
    }
  }

  // The characters are for the caller to store, before anything reads them.
  // REQUIRES: `length` characters of `width` are at most kLargestLength bytes.
  static Text Initialize(Address object, std::size_t length, TextWidth width) {
    const std::size_t bytes = length * static_cast<std::size_t>(width);
    const ObjectType type =
        width == TextWidth::kWide ? ObjectType::kWideText : ObjectType::kText;
    const Header header = MakeHeader(type, bytes);
    gc::StoreHeader(object, header);
    if (bytes != 0) {  // For the padding.
      reinterpret_cast<std::uint64_t*>(object + SizeFrom(header))[-1] = 0;
    }
    return Text(Value::Reference(object));
  }

  // Where the characters are: no reference to give to the program.
  Address object() const { return object_; }
  bool is_wide() const { return (index() & internal::kWideTextBit) != 0; }
  bool is_constant() const {
    return (index() & internal::kConstantTextBit) != 0;
  }
  TextWidth width() const {
    return is_wide() ? TextWidth::kWide : TextWidth::kNarrow;
  }
  // In characters.
  std::size_t length() const {
    return LengthFrom(header_) >> (is_wide() ? 2 : 0);
  }

  // REQUIRES: i < length().
  char32_t character(std::size_t i) const {
    FLEDGE_DCHECK(i < length());
    return is_wide() ? wide()[i] : narrow()[i];
  }
  // REQUIRES: i < length(), and WidthFor(character) is at most width().
  void SetCharacter(std::size_t i, char32_t character) const {
    FLEDGE_DCHECK(i < length() && WidthFor(character) <= width());
    if (is_wide()) {
      wide()[i] = character;
    } else {
      narrow()[i] = static_cast<std::uint8_t>(character);
    }
  }

  // Calls use() with a span of all characters, of std::uint8_t or of char32_t,
  // and returns what it returns.
  template <typename Use>
  decltype(auto) WithCharacters(Use&& use) const {
    if (is_wide()) return use(std::span<char32_t>(wide(), length()));
    return use(std::span<std::uint8_t>(narrow(), length()));
  }

  // From now on nothing may change it. REQUIRES: no other thread knows it.
  void MakeConstant() {
    const ObjectType type =
        is_wide() ? ObjectType::kWideConstantText : ObjectType::kConstantText;
    header_ = (header_ & ~(kTypeMask << kTypeShift)) |
              Header{static_cast<std::uint8_t>(type)} << kTypeShift;
    gc::StoreHeader(object_, header_);
  }

 private:
  unsigned index() const { return internal::TextIndex(TypeFrom(header_)); }
  std::uint8_t* narrow() const {
    return reinterpret_cast<std::uint8_t*>(object_ + kHeaderBytes);
  }
  char32_t* wide() const {
    return reinterpret_cast<char32_t*>(object_ + kHeaderBytes);
  }

  Address object_;
  Header header_;
};

static_assert(SizeOf(ObjectType::kText, 100) <= 120);
static_assert(SizeOf(ObjectType::kMovedText) <= SizeOf(ObjectType::kText, 1));

}  // namespace fledge::runtime
