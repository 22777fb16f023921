// `fledge stress`: runs a workload twice, as usual and under stress with the
// verifier on, and compares the results.
//
// Threads: one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/fledge/console.h"

namespace fledge::tools {

// `words` are those behind the command. kOk only if the results are equal. The
// line that repeats the run, with its seed, is printed before it, since a heap
// that is wrong aborts.
ExitStatus StressCommand(std::span<const std::string> words);

// "the results differ in line 2: unstressed 'a', stressed 'b'". Of texts that
// differ only in how they end it names the line behind both.
std::string Difference(std::string_view unstressed, std::string_view stressed);

// `words` as a line for a shell, with quotes where it needs them.
std::string ShellLine(std::span<const std::string> words);

}  // namespace fledge::tools
