// TextTable: rows of text in aligned columns, for people.
//
// Threads: pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace fledge::tools {

// A line for each of `rows`, indented by two, columns two apart; nothing stands
// behind the last text of a line. Rows may differ in length.
std::string TextTable(std::span<const std::vector<std::string>> rows);

}  // namespace fledge::tools
