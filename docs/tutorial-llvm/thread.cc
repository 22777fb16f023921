#include "docs/tutorial-llvm/thread.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "runtime/exit_frame.h"

template class fledge::gc::Heap<nest::ObjectModel>;

namespace nest {
namespace {

using fledge::Address;
using fledge::gc::CollectionKind;
using fledge::gc::MutatorFields;
using fledge::runtime::ExitFrame;

// Compiled code knows its mutator; this leads from there to the rest.
thread_local Thread* current = nullptr;

}  // namespace

// What follows is called by compiled code. What may collect makes an ExitFrame
// before anything else: the walk begins there.

extern "C" [[gnu::noinline]] Address nest_allocate_slow(MutatorFields*,
                                                        std::uint64_t bytes) {
  const ExitFrame exit(current->frames().newest_address());
  const Address object = current->mutator().Allocate(bytes);
  current->RequestPoll();
  return object;
}

extern "C" [[gnu::noinline]] void nest_safepoint(MutatorFields*) {
  const ExitFrame exit(current->frames().newest_address());
  current->mutator().Safepoint();
  if (current->collects_at_polls()) {
    current->mutator().Collect(CollectionKind::kMinor);
    current->RequestPoll();
  }
}

// These do not collect: leaves, for the compiler.

extern "C" void nest_print_integer(std::int64_t number) {
  std::printf("%lld", static_cast<long long>(number));
}
extern "C" void nest_print_text(const char* text, std::uint64_t bytes) {
  std::fwrite(text, 1, bytes, stdout);
}
// Frames of compiled code are still there, so nothing is destroyed.
extern "C" [[noreturn]] void nest_fail(const char* message) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", message);
  std::_Exit(1);
}

Thread::Thread(const RunOptions& options)
    : options_(options),
      heap_(options.heap),
      mutator_(heap_),
      registry_(heap_),
      frames_(registry_, fledge::runtime::Returns::kPolled) {
  // Where its polls at return find the watermark.
  mutator_.code_fields()->embedder = &frames_.fields();
  current = this;
}

Thread::~Thread() { current = nullptr; }

void Thread::RequestPoll() {
  if (options_.collect_at_polls) {
    mutator_.stop_request().store(1, std::memory_order_relaxed);
  }
}

void Thread::Run(Main* main, std::int64_t argument) {
  RequestPoll();
  const auto begin = std::chrono::steady_clock::now();
  main(mutator_.code_fields(), argument);
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - begin;
  std::fflush(stdout);
  if (options_.times) {
    std::fprintf(stderr, "%.4f s, %zu collections\n", took.count(),
                 collections());
  }
}

std::size_t Thread::collections() const {
  return heap_.collections(CollectionKind::kMinor) +
         heap_.collections(CollectionKind::kMajor);
}

std::vector<std::pair<std::string, void*>> RuntimeFunctions() {
  return {
      {"nest_allocate_slow", reinterpret_cast<void*>(&nest_allocate_slow)},
      {"nest_safepoint", reinterpret_cast<void*>(&nest_safepoint)},
      {"nest_print_integer", reinterpret_cast<void*>(&nest_print_integer)},
      {"nest_print_text", reinterpret_cast<void*>(&nest_print_text)},
      {"nest_fail", reinterpret_cast<void*>(&nest_fail)},
  };
}

}  // namespace nest
