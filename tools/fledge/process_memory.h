// ProcessMemory: what the OS says this process takes.
//
// Threads: any.
#pragma once

#include <cstdint>

namespace fledge::tools {

// The most memory that was resident at once since the program began, in bytes;
// 0 if the OS does not say.
std::uint64_t PeakResidentBytes();

}  // namespace fledge::tools
