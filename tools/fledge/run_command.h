// The `run` command: runs a Lambda program.
#pragma once

#include <span>
#include <string>

#include "tools/fledge/console.h"

namespace fledge::tools {

ExitStatus RunProgramCommand(std::span<const std::string> words);

}  // namespace fledge::tools
