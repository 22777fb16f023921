#include "tools/fledge/plain_lines.h"

#include <unistd.h>

#include <cerrno>

namespace fledge::tools {

LineOutcome PlainLines::Read(const std::string&, std::string& line) {
  line.clear();
  while (true) {
    char byte = 0;
    const ssize_t count = read(descriptor_, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      return line.empty() ? LineOutcome::kEnd : LineOutcome::kLine;
    }
    if (byte == '\n') return LineOutcome::kLine;
    line += byte;
  }
}

}  // namespace fledge::tools
