// What the command lines of the compiler and of its programs have in common.
//
// Threads: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "docs/tutorial-llvm/thread.h"

namespace nest {

// Takes an option of the ones that all programs have off `arguments`: --gc and
// --stress with their KEY=VALUE, --collect-at-polls, --time. False if the first
// argument is none; `error` is set if it is malformed.
bool TakeOption(std::vector<std::string_view>& arguments, RunOptions& options,
                std::string& error);

// False if `text` is not a whole number of 64 bits.
bool ParseArgument(std::string_view text, std::int64_t& number);

// Says what is wrong with the command line or its files; the exit status.
int Misuse(const std::string& what);

}  // namespace nest
