// Constant calls: what procedures of the library return for constants, found
// without a heap.
//
// Of numbers those are known that fit a small integer or are floats, so that
// what is found here is what the procedure itself would find; an exact result
// may have up to 127 bits.
//
// Design: docs/design/constant_folding.md. Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// What Global::folding is for a procedure of the library; 0 is none.
std::uint8_t FoldingIndex(std::string_view name);

// Null if it is not known, or an error. REQUIRES: `folding` is not 0.
const Syntax* ValueOfCall(Arena& arena, std::uint8_t folding,
                          std::span<const Syntax* const> arguments);

// Whether it is true as a test; nothing if that is not known.
std::optional<bool> TruthOf(const Syntax& constant);

// Whether a program cannot tell the constant from another of the same text.
bool IsCopied(const Syntax& constant);

}  // namespace fledge::lambda
