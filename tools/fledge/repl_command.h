// The `repl` command: a prompt of Lambda.
#pragma once

#include <span>
#include <string>

#include "tools/fledge/console.h"

namespace fledge::tools {

ExitStatus ReplCommand(std::span<const std::string> words);

}  // namespace fledge::tools
