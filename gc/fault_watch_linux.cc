#include <signal.h>

#include <mutex>
#include <vector>

#include "allocator/base/check.h"
#include "gc/fault_watch.h"

namespace fledge::gc {
namespace {

struct Entry {
  const FaultWatch* watch;
  AddressRange range;
  FaultWatch::Callback callback;
  void* context;
};

// Read by the handler without the lock: a fault in a watched range comes from a
// thread that uses the heap, and heaps under stress are not made and destroyed
// while another one faults.
std::mutex mutex;
std::vector<Entry>* const entries = new std::vector<Entry>;
struct sigaction previous;

void Handle(int signal, siginfo_t* info, void* context) {
  const Address address = reinterpret_cast<Address>(info->si_addr);
  for (const Entry& entry : *entries) {
    if (entry.range.Contains(address)) {
      entry.callback(entry.context, address);
      return;
    }
  }
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else {
    // The default action, when the access is tried again.
    ::signal(SIGSEGV, SIG_DFL);
  }
}

}  // namespace

FaultWatch::FaultWatch(AddressRange range, Callback callback, void* context) {
  const std::lock_guard lock(mutex);
  if (entries->empty()) {
    struct sigaction action = {};
    action.sa_sigaction = Handle;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    FLEDGE_CHECK(sigaction(SIGSEGV, &action, &previous) == 0);
  }
  entries->push_back({this, range, callback, context});
}

FaultWatch::~FaultWatch() {
  const std::lock_guard lock(mutex);
  std::erase_if(*entries,
                [&](const Entry& entry) { return entry.watch == this; });
  if (entries->empty()) sigaction(SIGSEGV, &previous, nullptr);
}

}  // namespace fledge::gc
