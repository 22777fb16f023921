// Program inputs: any bytes, as a program for reader, expander and compiler.
//
// Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fledge::lambda {

// Programs that use every form.
const std::vector<std::string>& GoodPrograms();

// Reads and expands the forms of a program until one of them is wrong. Says
// what is wrong with what the expander made, or with the place of the error;
// nothing if all is well.
std::optional<std::string> RunProgramInput(std::string_view program);

}  // namespace fledge::lambda
