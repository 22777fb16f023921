// Texts: making and changing the strings of programs.
//
// A text is narrow, a byte for each character, until a character is stored that
// does not fit; what is made is as narrow as it can be. TryMake...() returns
// empty, and the others false, if there is no memory, also for a length that no
// heap could hold; a text is then as it was. What takes a mutator may collect.
// A character is a Unicode scalar value. Costs are O(length), where nothing
// else is said.
//
// Design: docs/design/value_model.md, docs/design/lambda.md. Layout:
// runtime/text_layout.h.
//
// Threads: by the mutator's thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/heap.h"
#include "runtime/lambda/primitive.h"
#include "runtime/lambda/range.h"
#include "runtime/text_layout.h"
#include "runtime/value.h"

namespace fledge::lambda {

using runtime::IsText;
using runtime::Local;
using runtime::Mutator;
using runtime::Text;
using runtime::TextWidth;

// Its characters are for the caller to store, before anything reads them.
Value TryMakeText(Mutator& mutator, std::size_t length, TextWidth width);
// `length` characters that are all `fill`.
Value TryMakeText(Mutator& mutator, std::size_t length, char32_t fill);
// A copy. REQUIRES: `characters` are not in the heap, where they would move.
Value TryMakeText(Mutator& mutator, std::u32string_view characters);
// REQUIRES: `bytes` are UTF-8 (runtime/lambda/text_encoding.h) and not in the
// heap.
Value TryMakeTextOfUtf8(Mutator& mutator, std::string_view bytes);
// The same, never to be changed: a literal, or a symbol's name.
Value TryMakeConstantText(Mutator& mutator, std::string_view bytes);

// A copy of the characters in `range`, which may be changed.
// REQUIRES: `text` has them.
Value TryCopyText(Mutator& mutator, Local text, Range range);
// One after the other. REQUIRES: all arguments are texts.
Value TryAppendTexts(Mutator& mutator, Arguments texts);

// REQUIRES of what follows: `text` is not constant, and has character `i`, or
// the characters in `range`.

// O(1), but for the first character that does not fit.
bool TrySetCharacter(Mutator& mutator, Local text, std::size_t i,
                     char32_t character);
// Makes all of `range` `fill`.
bool TryFillText(Mutator& mutator, Local text, Range range, char32_t fill);
// Copies the characters of `from` in `range` to `text`, from its character `at`
// on. Both may be the same, and the places overlap.
bool TryCopyCharacters(Mutator& mutator, Local text, std::size_t at, Local from,
                       Range range);
// Makes it wide, if it is not.
bool TryWiden(Mutator& mutator, Local text);

}  // namespace fledge::lambda
