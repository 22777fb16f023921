#include "tools/fledge/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace fledge::tools {
namespace {

// The first error of printing to stdout: later ones follow from it.
int stdout_errno = 0;

std::atomic<bool> shows_progress = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void WriteToStderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

// `text` without what would break the line or drive a terminal.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      line += c;
      continue;
    }
    char escape[sizeof "\\xff"];
    std::snprintf(escape, sizeof escape, "\\x%02x", byte);
    line += escape;
  }
  return line;
}

}  // namespace

void ClaimStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The least free number is this stream's. Writing to it still fails, which
    // is what the user gets to know.
    if (open("/dev/null", O_RDONLY) != stream) return;
  }
}

void Print(std::string_view text) {
  ShowProgressLine("");
  const bool printed =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
      std::fflush(stdout) == 0;
  if (!printed && stdout_errno == 0) stdout_errno = errno;
}

void ShowProgressLine(std::string_view line) {
  if (line.empty() ? !progress_line_shown() : isatty(STDERR_FILENO) == 0) {
    return;
  }
  WriteToStderr(std::string(kClearLine) + std::string(line));
  std::fflush(stderr);
  shows_progress.store(!line.empty(), std::memory_order_relaxed);
}

bool progress_line_shown() {
  return shows_progress.load(std::memory_order_relaxed);
}

void PrintNote(std::string_view note) {
  ShowProgressLine("");
  WriteToStderr(OneLine(note) + "\n");
}

void PrintError(std::string_view message) {
  PrintNote("fledge: " + std::string(message));
}

ExitStatus BadInput(std::string_view message) {
  PrintError(message);
  return ExitStatus::kBadInput;
}

ExitStatus Failed(std::string_view message) {
  PrintError(message);
  return ExitStatus::kFailed;
}

ExitStatus StatusAfterPrinting(ExitStatus status) {
  if (stdout_errno == 0) return status;
  return Failed(std::string("stdout: cannot be written: ") +
                std::strerror(stdout_errno));
}

std::string QuotePath(std::string_view path) {
  return "'" + std::string(path) + "'";
}

}  // namespace fledge::tools
