#include "tests/support/crash_note.h"

#include <signal.h>
#include <unistd.h>

#include <cstring>
#include <iterator>
#include <mutex>

#include "allocator/base/check.h"

namespace fledge {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

thread_local const CrashNote* thread_note = nullptr;

// The handlers found when the first note came, put back when the last one goes
// or when a signal comes: a sanitizer's report must not be lost.
std::mutex install_mutex;
int notes = 0;
struct sigaction previous[std::size(kSignals)];

void RestoreHandlers() {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], &previous[i], nullptr);
  }
}

// Returns, so that the faulting instruction, or abort(), raises the signal
// again and the previous handler sees it.
void HandleSignal(int) {
  RestoreHandlers();
  if (thread_note != nullptr) thread_note->Print();
}

// A line of fixed size, put together without anything that allocates.
class Line {
 public:
  void Append(const char* text) {
    while (*text != '\0' && size_ < sizeof bytes_) bytes_[size_++] = *text++;
  }
  void Append(std::uint64_t number) {
    char digits[21];
    std::size_t first = sizeof digits - 1;
    digits[first] = '\0';
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    Append(digits + first);
  }
  void Write() const {
    [[maybe_unused]] const auto written = write(STDERR_FILENO, bytes_, size_);
  }

 private:
  char bytes_[256];
  std::size_t size_ = 0;
};

}  // namespace

CrashNote::CrashNote(const char* what, std::uint64_t seed)
    : what_(what), seed_(seed) {
  FLEDGE_CHECK(thread_note == nullptr, "a thread has one crash note");
  thread_note = this;
  const std::lock_guard lock(install_mutex);
  if (notes++ > 0) return;
  struct sigaction action;
  std::memset(&action, 0, sizeof action);
  action.sa_handler = HandleSignal;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], &action, &previous[i]);
  }
}

CrashNote::~CrashNote() {
  thread_note = nullptr;
  const std::lock_guard lock(install_mutex);
  if (--notes == 0) RestoreHandlers();
}

void CrashNote::Print() const {
  Line line;
  line.Append("died in ");
  line.Append(what_);
  line.Append(", operation ");
  line.Append(operation_.load(std::memory_order_relaxed));
  line.Append("; repeat with FLEDGE_TEST_SEED=");
  line.Append(seed_);
  line.Append("\n");
  line.Write();
}

}  // namespace fledge
