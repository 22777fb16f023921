// HeapSearch: the smallest heap that a workload runs in.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace fledge::tools {

// Whether a run with this limit, in bytes, ends well.
using RunsIn = std::function<bool(std::size_t limit_bytes)>;

// The smallest multiple of 64 KiB that `runs_in` says yes to, and at most a
// twentieth more: doubles from `guess_bytes` to a limit that is enough, then
// halves the distance to one that is not. Nothing below `least_bytes` is tried.
// Nothing if `most_bytes` are not enough. REQUIRES: guess_bytes > 0;
// least_bytes is such a multiple; what runs in a heap runs in a larger one.
std::optional<std::size_t> SmallestHeap(std::size_t guess_bytes,
                                        std::size_t least_bytes,
                                        std::size_t most_bytes,
                                        const RunsIn& runs_in);

}  // namespace fledge::tools
