#include "tools/fledge/exhaustion.h"

#include <cstdio>
#include <cstdlib>

#include "tools/fledge/console.h"

namespace fledge::tools {

void EndOutOfMemory(const gc::OutOfMemory& failure) {
  PrintError(failure.Message());
  std::fflush(stdout);
  std::fflush(stderr);
  std::_Exit(static_cast<int>(ExitStatus::kFailed));
}

}  // namespace fledge::tools
