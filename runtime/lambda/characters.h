// Characters: what Unicode knows of each, as R7RS asks for it.
//
// Categories, cases and folding are those of libutf8proc; what it has not, as
// letters that are marks, is in runtime/lambda/character_ranges.h. Every
// function takes any code point, and none allocates.
//
// Design: docs/design/lambda.md. Source: R7RS small, section 6.6; The Unicode
// Standard 15, sections 3.13 (case mappings, final sigma) and 4 (properties).
//
// Threads: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace fledge::lambda {

// Unicode's properties Alphabetic, White_Space, Uppercase and Lowercase.
bool IsAlphabetic(char32_t character);
bool IsWhitespace(char32_t character);
bool IsUppercase(char32_t character);
bool IsLowercase(char32_t character);

// Whether it is a letter, mark, number, punctuation or symbol, so that it can
// be seen; of marks, with the character before them.
bool IsGraphic(char32_t character);
bool IsMark(char32_t character);

// What a decimal digit of any script stands for.
std::optional<int> DigitValue(char32_t character);

// A character for a character: itself, where its other case is several.
char32_t Upcase(char32_t character);
char32_t Downcase(char32_t character);
char32_t Foldcase(char32_t character);

// What one character of a text becomes: up to three.
class CaseMapping {
 public:
  void Add(char32_t character) { characters_[size_++] = character; }

  const char32_t* begin() const { return characters_.data(); }
  const char32_t* end() const { return characters_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<char32_t, 4> characters_ = {};
  std::size_t size_ = 0;
};

CaseMapping FullUpcase(char32_t character);
// A sigma is not the last of its word; the text knows better
// (runtime/lambda/text_case.h).
CaseMapping FullDowncase(char32_t character);
CaseMapping FullFoldcase(char32_t character);

// Whether it is of either case, or of the third, of titles.
bool IsCased(char32_t character);
// Whether words go on over it, as over an apostrophe.
bool IsCaseIgnorable(char32_t character);

}  // namespace fledge::lambda
