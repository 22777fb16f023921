#include "runtime/lambda/text_order.h"

#include <algorithm>

#include "runtime/lambda/characters.h"

namespace fledge::lambda {

using runtime::Text;

namespace {

// The characters of a text, folded, one after the other.
class FoldedCharacters {
 public:
  explicit FoldedCharacters(Text text) : text_(text) {}

  // Nothing at the end.
  std::optional<char32_t> Next() {
    if (part_ == folded_.size()) {
      if (next_ == text_.length()) return std::nullopt;
      folded_ = FullFoldcase(text_.character(next_++));
      part_ = 0;
    }
    return folded_.begin()[part_++];
  }

 private:
  Text text_;
  std::size_t next_ = 0;
  CaseMapping folded_;
  std::size_t part_ = 0;
};

}  // namespace

std::strong_ordering CompareTexts(Text a, Text b) {
  return a.WithCharacters([&](auto left) {
    return b.WithCharacters([&](auto right) {
      return std::lexicographical_compare_three_way(
          left.begin(), left.end(), right.begin(), right.end(),
          [](char32_t one, char32_t other) { return one <=> other; });
    });
  });
}

std::strong_ordering CompareFoldedTexts(Text a, Text b) {
  FoldedCharacters left(a);
  FoldedCharacters right(b);
  while (true) {
    const std::optional<char32_t> one = left.Next();
    const std::optional<char32_t> other = right.Next();
    if (one != other) return one <=> other;  // The end comes first.
    if (!one) return std::strong_ordering::equal;
  }
}

std::optional<std::size_t> FindText(Text text, Text pattern, std::size_t from) {
  return text.WithCharacters(
      [&](auto characters) -> std::optional<std::size_t> {
        return pattern.WithCharacters(
            [&](auto sought) -> std::optional<std::size_t> {
              const auto found =
                  std::search(characters.begin() + from, characters.end(),
                              sought.begin(), sought.end());
              if (found == characters.end() && !sought.empty()) {
                return std::nullopt;
              }
              return found - characters.begin();
            });
      });
}

}  // namespace fledge::lambda
