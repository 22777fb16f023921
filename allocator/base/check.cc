#include "allocator/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace fledge {

void CheckFailed(const char* file, int line, const char* condition,
                 const char* message) {
  std::fprintf(stderr, "fledge: %s:%d: check failed: %s%s%s\n", file, line,
               condition, *message == '\0' ? "" : ": ", message);
  std::fflush(stderr);
  std::abort();
}

}  // namespace fledge
