// `fledge workloads` and `fledge options`: what there is to run and to set.
//
// Threads: one.
#pragma once

#include <span>
#include <string>

#include "tools/fledge/console.h"

namespace fledge::tools {

// `words` are those behind the command; it takes none but --help.
ExitStatus WorkloadsCommand(std::span<const std::string> words);
ExitStatus OptionsCommand(std::span<const std::string> words);

}  // namespace fledge::tools
