#include <sys/resource.h>

#include <cstdio>

#include "tools/fledge/process_memory.h"

namespace fledge::tools {
namespace {

constexpr std::uint64_t kBytesPerUnit = 1024;  // Both sources count KiB.

// The peak of this address space. getrusage() would also count the process
// that exec() replaced, which may have been a large one.
std::uint64_t HighWaterMark() {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  if (status == nullptr) return 0;
  char line[256];
  unsigned long long units = 0;
  while (std::fgets(line, sizeof line, status) != nullptr) {
    if (std::sscanf(line, "VmHWM: %llu kB", &units) == 1) break;
  }
  std::fclose(status);
  return units * kBytesPerUnit;
}

}  // namespace

std::uint64_t PeakResidentBytes() {
  if (const std::uint64_t bytes = HighWaterMark(); bytes != 0) return bytes;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * kBytesPerUnit;
}

}  // namespace fledge::tools
