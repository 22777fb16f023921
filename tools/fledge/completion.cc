#include "tools/fledge/completion.h"

#include <algorithm>
#include <vector>

#include "tools/fledge/units.h"

namespace fledge::tools {

std::string_view WordAtEnd(std::string_view line) {
  const std::size_t before = line.find_last_of(" \t\n()[]{}\"';`,@|");
  return before == std::string_view::npos ? line : line.substr(before + 1);
}

std::string CommonBegin(std::span<const std::string> words) {
  std::string_view common = words.front();
  for (const std::string_view word : words) {
    const auto end =
        std::mismatch(common.begin(), common.end(), word.begin(), word.end());
    common =
        common.substr(0, static_cast<std::size_t>(end.first - common.begin()));
  }
  // Where they differ within a character.
  std::size_t length = common.size();
  const std::string_view whole = words.front();
  while (length > 0 && length < whole.size() &&
         (static_cast<unsigned char>(whole[length]) & 0xc0) == 0x80) {
    --length;
  }
  return std::string(common.substr(0, length));
}

std::string WordColumns(std::span<const std::string> words,
                        std::size_t columns) {
  constexpr std::size_t kBetween = 2;
  std::vector<std::string> shown(words.begin(), words.end());
  std::sort(shown.begin(), shown.end());
  const std::size_t left_out =
      shown.size() - std::min(shown.size(), kMostWordsShown);
  shown.resize(shown.size() - left_out);
  std::size_t width = 1;
  for (const std::string& word : shown) {
    width = std::max(width, DisplayWidth(word));
  }
  const std::size_t across =
      std::max<std::size_t>(1, (columns + kBetween - 1) / (width + kBetween));
  const std::size_t lines = (shown.size() + across - 1) / across;
  std::string text;
  for (std::size_t line = 0; line < lines; ++line) {
    for (std::size_t i = line; i < shown.size(); i += lines) {
      const bool is_last = i + lines >= shown.size();
      text += is_last ? shown[i] : PadRight(shown[i], width + kBetween);
    }
    text += "\n";
  }
  if (left_out > 0) {
    text += "... and " + HumanCount(left_out) + " more\n";
  }
  return text;
}

}  // namespace fledge::tools
