// InterruptGuard: while it lives, SIGINT ends the program at once with a line
// and status 130, and never in the middle of writing results.
//
// A signal that the parent has switched off (nohup, a shell's background job)
// stays off.
//
// Threads: one guard at a time, made and destroyed by the main thread.
#pragma once

#include <csignal>
#include <string_view>

namespace fledge::tools {

class InterruptGuard {
 public:
  // `message` is the line without "fledge: " and newline.
  explicit InterruptGuard(std::string_view message);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction before_ {};
};

// While it lives, signals that end a program wait. For what takes a moment and
// should be whole. REQUIRES: no other thread runs that could take them.
class InterruptDelay {
 public:
  InterruptDelay();
  ~InterruptDelay();
  InterruptDelay(const InterruptDelay&) = delete;
  InterruptDelay& operator=(const InterruptDelay&) = delete;

 private:
  sigset_t before_;
};

}  // namespace fledge::tools
