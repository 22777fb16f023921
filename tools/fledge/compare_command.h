// `fledge compare`: one workload under several policies and heap sizes.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/fledge/console.h"

namespace fledge::tools {

ExitStatus CompareCommand(std::span<const std::string> words);

// One item of --heap: so many times the smallest heap that the workload runs
// in ("1.5x"), or a size ("64M").
struct HeapSize {
  std::string text;
  double factor = 0;  // 0: `bytes` says it.
  std::size_t bytes = 0;
};

// Takes "1.5x,2x,64M" apart. Returns what was wrong, and what would be right,
// or nothing.
std::optional<std::string> TakeHeapSizes(std::string_view text,
                                         std::vector<HeapSize>& sizes);

}  // namespace fledge::tools
