// `fledge profile`: runs a workload, prints its pauses and its heap, and writes
// a report, a trace and a summary.
//
// Threads: one.
#pragma once

#include <span>
#include <string>

#include "tools/fledge/console.h"

namespace fledge::tools {

// `words` are those behind the command. Whatever is wrong with them, the
// places to write to included, is found before anything runs.
ExitStatus ProfileCommand(std::span<const std::string> words);

}  // namespace fledge::tools
