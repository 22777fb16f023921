#include "runtime/lambda/texts.h"

#include <algorithm>

#include "runtime/identity_hash.h"
#include "runtime/lambda/text_encoding.h"
#include "runtime/objects.h"

namespace fledge::lambda {

using runtime::kLargestLength;

namespace {

TextWidth WidthFor(std::u32string_view characters) {
  for (const char32_t character : characters) {
    if (runtime::WidthFor(character) == TextWidth::kWide) {
      return TextWidth::kWide;
    }
  }
  return TextWidth::kNarrow;
}

// What those in `range` take, which may be less than the text has.
TextWidth WidthFor(Text text, Range range) {
  if (!text.is_wide()) return TextWidth::kNarrow;
  return text.WithCharacters([&](auto characters) {
    for (const char32_t character :
         characters.subspan(range.begin, range.size())) {
      if (runtime::WidthFor(character) == TextWidth::kWide) {
        return TextWidth::kWide;
      }
    }
    return TextWidth::kNarrow;
  });
}

// REQUIRES: `text` is wide enough.
void Copy(Text text, std::size_t at, Text from, Range range) {
  text.WithCharacters([&](auto to) {
    from.WithCharacters([&](auto characters) {
      using To = typename decltype(to)::value_type;
      const auto first = characters.begin() + range.begin;
      const auto last = characters.begin() + range.end;
      const auto narrowed = [](char32_t c) { return static_cast<To>(c); };
      // They overlap only if both are one text, where nothing is narrowed.
      if (text.object() == from.object() && at > range.begin) {
        std::transform(
            std::make_reverse_iterator(last), std::make_reverse_iterator(first),
            std::make_reverse_iterator(to.begin() + at + range.size()),
            narrowed);
      } else {
        std::transform(first, last, to.begin() + at, narrowed);
      }
    });
  });
}

}  // namespace

Value TryMakeText(Mutator& mutator, std::size_t length, TextWidth width) {
  if (length > kLargestLength / static_cast<std::size_t>(width)) return Value();
  const std::size_t bytes = length * static_cast<std::size_t>(width);
  const Address object = mutator.TryAllocate(
      runtime::SizeOf(ObjectType::kText, bytes), gc::AllocationKind::kLeaf);
  if (object == kNullAddress) return Value();
  Text::Initialize(object, length, width);
  return Value::Reference(object);
}

Value TryMakeText(Mutator& mutator, std::size_t length, char32_t fill) {
  const Value made = TryMakeText(mutator, length, runtime::WidthFor(fill));
  if (made.IsEmpty()) return made;
  Text(made).WithCharacters([&](auto characters) {
    using Stored = typename decltype(characters)::value_type;
    std::ranges::fill(characters, static_cast<Stored>(fill));
  });
  return made;
}

Value TryMakeText(Mutator& mutator, std::u32string_view characters) {
  const Value made =
      TryMakeText(mutator, characters.size(), WidthFor(characters));
  if (made.IsEmpty()) return made;
  Text(made).WithCharacters([&](auto to) {
    using Stored = typename decltype(to)::value_type;
    std::ranges::transform(characters, to.begin(), [](char32_t character) {
      return static_cast<Stored>(character);
    });
  });
  return made;
}

Value TryMakeTextOfUtf8(Mutator& mutator, std::string_view bytes) {
  const Utf8Extent extent = MeasureUtf8(bytes);
  FLEDGE_DCHECK(extent.valid_bytes == bytes.size(), "the text is not UTF-8");
  const Value made = TryMakeText(mutator, extent.characters, extent.width());
  if (!made.IsEmpty()) DecodeUtf8Into(Text(made), bytes);
  return made;
}

Value TryMakeConstantText(Mutator& mutator, std::string_view bytes) {
  const Value made = TryMakeTextOfUtf8(mutator, bytes);
  if (!made.IsEmpty()) Text(made).MakeConstant();
  return made;
}

Value TryCopyText(Mutator& mutator, Local text, Range range) {
  const Value made =
      TryMakeText(mutator, range.size(), WidthFor(Text(text.get()), range));
  if (!made.IsEmpty()) Copy(Text(made), 0, Text(text.get()), range);
  return made;
}

Value TryAppendTexts(Mutator& mutator, Arguments texts) {
  std::size_t length = 0;
  TextWidth width = TextWidth::kNarrow;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Text text(texts[i]);
    length += text.length();
    width = std::max(width, WidthFor(text, {0, text.length()}));
  }
  const Value made = TryMakeText(mutator, length, width);
  if (made.IsEmpty()) return made;
  std::size_t at = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Text text(texts[i]);
    Copy(Text(made), at, text, {0, text.length()});
    at += text.length();
  }
  return made;
}

bool TrySetCharacter(Mutator& mutator, Local text, std::size_t i,
                     char32_t character) {
  if (runtime::WidthFor(character) > Text(text.get()).width()) [[unlikely]] {
    if (!TryWiden(mutator, text)) return false;
  }
  Text(text.get()).SetCharacter(i, character);
  return true;
}

bool TryFillText(Mutator& mutator, Local text, Range range, char32_t fill) {
  if (range.size() == 0) return true;
  if (runtime::WidthFor(fill) > Text(text.get()).width()) {
    if (!TryWiden(mutator, text)) return false;
  }
  Text(text.get()).WithCharacters([&](auto characters) {
    using Stored = typename decltype(characters)::value_type;
    std::ranges::fill(characters.subspan(range.begin, range.size()),
                      static_cast<Stored>(fill));
  });
  return true;
}

bool TryCopyCharacters(Mutator& mutator, Local text, std::size_t at, Local from,
                       Range range) {
  if (WidthFor(Text(from.get()), range) > Text(text.get()).width()) {
    if (!TryWiden(mutator, text)) return false;
  }
  Copy(Text(text.get()), at, Text(from.get()), range);
  return true;
}

bool TryWiden(Mutator& mutator, Local text) {
  const std::size_t length = Text(text.get()).length();
  if (Text(text.get()).is_wide() || length == 0) return true;
  const Value made = TryMakeText(mutator, length, TextWidth::kWide);
  if (made.IsEmpty()) return false;
  // It is narrow, so it is where the program knows it.
  const Address object = text.get().object();
  FLEDGE_DCHECK(!Text(text.get()).is_constant());
  Copy(Text(made), 0, Text(text.get()), {0, length});
  const gc::Header header = runtime::KeepIdentityHash(
      object, runtime::MakeHeader(ObjectType::kMovedText));
  // The slot is there before the header says so.
  *reinterpret_cast<Value::Word*>(object + runtime::kHeaderBytes) = made.word();
  mutator.ChangeLayout(object, header);
  return true;
}

}  // namespace fledge::lambda
