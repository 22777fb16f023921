#include "runtime/lambda/text_case.h"

#include <string>

#include "runtime/lambda/characters.h"

namespace fledge::lambda {
namespace {

constexpr char32_t kCapitalSigma = 0x3a3;
constexpr char32_t kFinalSigma = 0x3c2;

// A copy outside the heap, so that nothing moves while the length is found out.
template <typename Map>
Value TryMap(Mutator& mutator, Text text, Map&& map) {
  std::u32string mapped;
  mapped.reserve(text.length());
  for (std::size_t i = 0; i < text.length(); ++i) {
    for (const char32_t character : map(i)) mapped.push_back(character);
  }
  return TryMakeText(mutator, mapped);
}

// Whether character `i` comes after a letter of its word, and before none.
bool EndsWord(Text text, std::size_t i) {
  std::size_t before = i;
  while (before > 0 && IsCaseIgnorable(text.character(before - 1))) --before;
  if (before == 0 || !IsCased(text.character(before - 1))) return false;
  std::size_t after = i + 1;
  while (after < text.length() && IsCaseIgnorable(text.character(after))) {
    ++after;
  }
  return after == text.length() || !IsCased(text.character(after));
}

}  // namespace

Value TryUpcaseText(Mutator& mutator, Local text) {
  const Text from(text.get());
  return TryMap(mutator, from,
                [&](std::size_t i) { return FullUpcase(from.character(i)); });
}

Value TryDowncaseText(Mutator& mutator, Local text) {
  const Text from(text.get());
  return TryMap(mutator, from, [&](std::size_t i) {
    const char32_t character = from.character(i);
    if (character == kCapitalSigma && EndsWord(from, i)) {
      CaseMapping mapping;
      mapping.Add(kFinalSigma);
      return mapping;
    }
    return FullDowncase(character);
  });
}

Value TryFoldText(Mutator& mutator, Local text) {
  const Text from(text.get());
  return TryMap(mutator, from,
                [&](std::size_t i) { return FullFoldcase(from.character(i)); });
}

}  // namespace fledge::lambda
