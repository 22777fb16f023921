// MemoryJson: what a program allocated and kept, for programs and for the
// report.
//
// Threads: pure functions.
#pragma once

#include <cstddef>

#include <nlohmann/json_fwd.hpp>

#include "tools/fledge/memory_profile.h"

namespace fledge::tools {

// With so many functions at most, and so many places of each; the sums are of
// all. The fields are those of summary.json: see docs/manual.md.
nlohmann::ordered_json MemoryJson(const MemoryProfile& profile,
                                  std::size_t most_functions,
                                  std::size_t most_places);

}  // namespace fledge::tools
