#include "tools/fledge/user_interrupt.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>

#include "tools/fledge/console.h"

namespace fledge::tools {
namespace {

constexpr int kMostIgnored = 2;

// What the handler may touch.
std::atomic<lambda::Vm*> running = nullptr;
std::atomic<int> count_while_running = 0;
std::atomic<bool> was_at_prompt = false;
static_assert(std::atomic<lambda::Vm*>::is_always_lock_free);
static_assert(std::atomic<lambda::Interruption>::is_always_lock_free);

void Handle(int) {
  lambda::Vm* const vm = running.load(std::memory_order_relaxed);
  if (vm == nullptr) {
    was_at_prompt.store(true, std::memory_order_relaxed);
    return;
  }
  if (count_while_running.fetch_add(1, std::memory_order_relaxed) ==
      kMostIgnored) {
    constexpr std::string_view kLine =
        "\nfledge: the program does not stop, so all was ended\n";
    [[maybe_unused]] const ssize_t written =
        write(STDERR_FILENO, kLine.data(), kLine.size());
    _exit(static_cast<int>(ExitStatus::kInterrupted));
  }
  vm->Interrupt(lambda::Interruption::kByUser);
}

}  // namespace

UserInterrupt::UserInterrupt() {
  // Without SA_RESTART: the prompt stops waiting.
  struct sigaction action {};
  action.sa_handler = Handle;
  sigaction(SIGINT, &action, &before_);
}

UserInterrupt::~UserInterrupt() { sigaction(SIGINT, &before_, nullptr); }

bool UserInterrupt::TakeAtPrompt() {
  return was_at_prompt.exchange(false, std::memory_order_relaxed);
}

bool UserInterrupt::was_running() {
  return count_while_running.load(std::memory_order_relaxed) > 0;
}

UserInterrupt::Running::Running(lambda::Vm& vm) {
  vm.Interrupt(lambda::Interruption::kNone);
  count_while_running.store(0, std::memory_order_relaxed);
  running.store(&vm, std::memory_order_relaxed);
}

UserInterrupt::Running::~Running() {
  running.store(nullptr, std::memory_order_relaxed);
}

}  // namespace fledge::tools
