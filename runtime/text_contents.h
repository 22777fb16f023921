// Text contents: whether texts are equal, and their hash.
//
// Whether a text is wide makes no difference. Nothing here collects or
// allocates; costs are O(length).
//
// Design: docs/design/value_model.md. Layout: runtime/text_layout.h.
//
// Threads: as there.
#pragma once

#include <cstdint>

#include "runtime/text_layout.h"

namespace fledge::runtime {

bool HaveSameCharacters(Text a, Text b);

// Equal for equal texts, the same in every run.
std::uint64_t HashOf(Text text);

}  // namespace fledge::runtime
