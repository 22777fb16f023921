// CrashNote: says how to repeat a random test when the process dies in it.
//
// A collector's fault most often shows as a signal, behind which no message of
// the test framework is printed. While a note is in scope, its thread's death
// by SIGSEGV, SIGBUS, SIGILL, SIGFPE or SIGABRT prints one line to stderr with
// the seed and the number of the operation, and then goes its usual way.
//
// Threads: one note per thread at a time; several threads may have one.
#pragma once

#include <atomic>
#include <cstdint>

namespace fledge {

class CrashNote {
 public:
  // `what` names the test and must live as long as the note.
  CrashNote(const char* what, std::uint64_t seed);
  ~CrashNote();

  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

  void set_operation(std::uint64_t operation) {
    operation_.store(operation, std::memory_order_relaxed);
  }

  // For the signal handler: writes the line. Async-signal-safe.
  void Print() const;

 private:
  const char* const what_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> operation_{0};
};

}  // namespace fledge
