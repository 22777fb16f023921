// MemoryText: what a program allocated and kept, as two short tables for
// people.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "tools/fledge/memory_profile.h"

namespace fledge::tools {

// Rows of a table; what is not among them is summed in one more.
inline constexpr std::size_t kRowsOfMemoryText = 10;

// A table by type and one by function, in lines that begin with two spaces.
std::string MemoryText(const MemoryProfile& profile);

}  // namespace fledge::tools
