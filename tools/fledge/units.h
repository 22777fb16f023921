// Units: figures as people read them, three digits and a unit.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fledge::tools {

std::string HumanDuration(std::int64_t duration_ns);  // "1.23 ms", "0 ns"
std::string HumanBytes(std::uint64_t bytes);          // "64.0 MiB", "512 B"
std::string HumanRate(double bytes_per_second);       // "3.01 GiB/s"
std::string HumanCount(std::uint64_t count);          // "1,234", "302 M"
std::string HumanShare(double share);                 // 0.081: "8.1%"

// How many columns `text`, UTF-8 of no double width, takes on a terminal.
std::size_t DisplayWidth(std::string_view text);

// `text` with spaces before or after it up to `width` columns.
std::string PadLeft(std::string_view text, std::size_t width);
std::string PadRight(std::string_view text, std::size_t width);

}  // namespace fledge::tools
