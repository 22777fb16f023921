// Map keys: what the maps of programs take as keys.
//
// Design: docs/design/lambda_extensions.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/lambda/primitive.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// For errors.
inline constexpr std::string_view kMapKeys =
    "a keyword, symbol, string, character, boolean, () or a small integer";

// Whether argument `i` is a key; raises if it is none.
bool CheckMapKey(Vm& vm, const Arguments& arguments, std::size_t i);

// The same, to be stored: a string that may change becomes a copy that may not.
// May collect.
bool FixMapKey(Vm& vm, Arguments& arguments, std::size_t i);

}  // namespace fledge::lambda
