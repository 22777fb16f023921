#include "tools/fledge/interrupt.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "tools/fledge/console.h"

namespace fledge::tools {
namespace {

// What the handler prints, ready made: it may allocate nothing.
std::array<char, 256> line;
std::size_t line_bytes = 0;

// If stderr takes nothing, nobody is left to tell.
void WriteRaw(const char* text, std::size_t bytes) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, bytes);
}

void EndNow(int) {
  if (progress_line_shown()) WriteRaw(kClearLine.data(), kClearLine.size());
  WriteRaw(line.data(), line_bytes);
  _exit(static_cast<int>(ExitStatus::kInterrupted));
}

}  // namespace

InterruptGuard::InterruptGuard(std::string_view message) {
  const std::string text = "fledge: " + std::string(message) + "\n";
  line_bytes = std::min(text.size(), line.size());
  std::copy_n(text.begin(), line_bytes, line.begin());

  sigaction(SIGINT, nullptr, &before_);
  if (before_.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = EndNow;
  sigaction(SIGINT, &action, nullptr);
}

InterruptGuard::~InterruptGuard() { sigaction(SIGINT, &before_, nullptr); }

InterruptDelay::InterruptDelay() {
  sigset_t delayed;
  sigemptyset(&delayed);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&delayed, signal);
  }
  pthread_sigmask(SIG_BLOCK, &delayed, &before_);
}

InterruptDelay::~InterruptDelay() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace fledge::tools
