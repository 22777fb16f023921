#include "runtime/lambda/characters.h"

#include <utf8proc.h>

#include "runtime/lambda/character_ranges.h"

namespace fledge::lambda {
namespace {

constexpr char32_t kSharpS = 0xdf;
constexpr char32_t kCapitalIWithDot = 0x130;

utf8proc_category_t CategoryOf(char32_t character) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(character));
}

CaseMapping Single(char32_t character) {
  CaseMapping mapping;
  mapping.Add(character);
  return mapping;
}

}  // namespace

bool IsAlphabetic(char32_t character) {
  switch (CategoryOf(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return IsUppercase(character) || IsLowercase(character) ||
             IsIn(character, OtherAlphabetic());
  }
}

bool IsWhitespace(char32_t character) {
  if (character <= 0x20) {
    return character == 0x20 || (character >= 0x09 && character <= 0x0d);
  }
  const utf8proc_category_t category = CategoryOf(character);
  return character == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
         category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool IsUppercase(char32_t character) {
  const utf8proc_category_t category = CategoryOf(character);
  if (category == UTF8PROC_CATEGORY_LU) return true;
  // Roman numerals and letters in circles are no letters, and have cases.
  if (category != UTF8PROC_CATEGORY_LT && Upcase(character) == character &&
      Downcase(character) != character) {
    return true;
  }
  return IsIn(character, OtherUppercase());
}

bool IsLowercase(char32_t character) {
  if (CategoryOf(character) == UTF8PROC_CATEGORY_LL) return true;
  if (Downcase(character) == character && Upcase(character) != character) {
    return true;
  }
  return IsIn(character, OtherLowercase());
}

bool IsGraphic(char32_t character) {
  const utf8proc_category_t category = CategoryOf(character);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO;
}

bool IsMark(char32_t character) {
  const utf8proc_category_t category = CategoryOf(character);
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

std::optional<int> DigitValue(char32_t character) {
  if (CategoryOf(character) != UTF8PROC_CATEGORY_ND) return std::nullopt;
  // Digits come in rows of ten, from zero on, sometimes several rows at once.
  int before = 0;
  while (CategoryOf(character - 1) == UTF8PROC_CATEGORY_ND) {
    --character;
    ++before;
  }
  return before % 10;
}

char32_t Upcase(char32_t character) {
  // utf8proc has a capital that Unicode does not map to.
  if (character == kSharpS) return character;
  return static_cast<char32_t>(
      utf8proc_toupper(static_cast<utf8proc_int32_t>(character)));
}

char32_t Downcase(char32_t character) {
  return static_cast<char32_t>(
      utf8proc_tolower(static_cast<utf8proc_int32_t>(character)));
}

char32_t Foldcase(char32_t character) {
  const CaseMapping folded = FullFoldcase(character);
  if (folded.size() == 1) return *folded.begin();
  return character == kCapitalIWithDot ? character : Downcase(character);
}

CaseMapping FullUpcase(char32_t character) {
  const CaseMapping folded = FullFoldcase(character);
  // What folds to several characters is, unless it is a capital itself, those
  // characters joined or with marks, and has no capital of its own.
  if (folded.size() == 1 || CategoryOf(character) == UTF8PROC_CATEGORY_LU) {
    return Single(Upcase(character));
  }
  CaseMapping mapping;
  for (const char32_t part : folded) mapping.Add(Upcase(part));
  return mapping;
}

CaseMapping FullDowncase(char32_t character) {
  // The one capital whose small letter is several.
  if (character == kCapitalIWithDot) return FullFoldcase(character);
  return Single(Downcase(character));
}

CaseMapping FullFoldcase(char32_t character) {
  if (character < 0x80) {
    const bool is_capital = character >= U'A' && character <= U'Z';
    return Single(is_capital ? character - U'A' + U'a' : character);
  }
  utf8proc_int32_t folded[4];
  int unused = 0;
  const utf8proc_ssize_t size =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(character), folded,
                              4, UTF8PROC_CASEFOLD, &unused);
  if (size < 1 || size > 3) return Single(character);
  CaseMapping mapping;
  for (utf8proc_ssize_t i = 0; i < size; ++i) {
    mapping.Add(static_cast<char32_t>(folded[i]));
  }
  return mapping;
}

bool IsCased(char32_t character) {
  return IsUppercase(character) || IsLowercase(character) ||
         CategoryOf(character) == UTF8PROC_CATEGORY_LT;
}

bool IsCaseIgnorable(char32_t character) {
  switch (CategoryOf(character)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return IsIn(character, MiddlesOfWords());
  }
}

}  // namespace fledge::lambda
