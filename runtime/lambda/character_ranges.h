// Character ranges: the properties of characters that libutf8proc has not.
//
// Design: docs/design/lambda.md. Source: the Unicode Character Database 14,
// PropList.txt and WordBreakProperty.txt, and what version 15 adds.
//
// Threads: constants.
#pragma once

#include <span>

namespace fledge::lambda {

// From `first` to `last`, both included.
struct CharacterRange {
  char32_t first;
  char32_t last;
};

// Of no category that says so, in order of characters: marks that are vowels,
// raised small letters, capitals in squares and circles.
std::span<const CharacterRange> OtherAlphabetic();
std::span<const CharacterRange> OtherLowercase();
std::span<const CharacterRange> OtherUppercase();
// MidLetter, MidNumLet and Single_Quote.
std::span<const CharacterRange> MiddlesOfWords();

// O(log ranges). REQUIRES: `ranges` are in order.
bool IsIn(char32_t character, std::span<const CharacterRange> ranges);

}  // namespace fledge::lambda
