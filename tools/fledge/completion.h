// Completion: the word that is typed, what it may become, and how that is
// shown.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fledge::tools {

// The end of `line` that is in no form but its own: a symbol, a keyword, or a
// number. May be empty.
std::string_view WordAtEnd(std::string_view line);

// What all begin with, in whole characters of UTF-8. REQUIRES: there is one.
std::string CommonBegin(std::span<const std::string> words);

// `words` sorted down columns, for a terminal with so many; lines with their
// ends. Of very many the first ones, and how many more there are.
inline constexpr std::size_t kMostWordsShown = 200;
std::string WordColumns(std::span<const std::string> words,
                        std::size_t columns);

}  // namespace fledge::tools
