// Out of memory: what a heap at its limit says, and whom it asks. Declared in
// gc/heap_core.h.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>

#include "gc/heap_core.h"

namespace fledge::gc {
namespace {

void AppendBytes(std::string& text, std::size_t bytes) {
  char buffer[32];
  if (bytes < kMiB / 10) {
    std::snprintf(buffer, sizeof(buffer), "%zu bytes", bytes);
  } else {
    std::snprintf(buffer, sizeof(buffer), "%.1f MB",
                  static_cast<double>(bytes) / static_cast<double>(kMiB));
  }
  text += buffer;
}

void PrintAndAbort(const OutOfMemory& failure) {
  std::fprintf(stderr, "fledge: %s\n", failure.Message().c_str());
  std::abort();
}

}  // namespace

std::string OutOfMemory::Message() const {
  std::string text = "out of memory: the limit of ";
  AppendBytes(text, limit_bytes);
  text += " leaves no room for ";
  AppendBytes(text, requested_bytes);
  // Nothing was counted if the policy does not collect.
  text += live.objects != 0 ? "; live are " : "; in use are ";
  AppendBytes(text, live.objects != 0 ? live.bytes : used_bytes);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, live.rows.size()); ++i) {
    text += i == 0 ? ", most of it " : ", ";
    text += live.rows[i].type;
    text += " (";
    AppendBytes(text, live.rows[i].bytes);
    text += ")";
  }
  return text;
}

void HeapCore::SetOutOfMemoryHandler(OutOfMemoryHandler handler) {
  const std::lock_guard lock(mutex_);
  out_of_memory_ = handler ? std::move(handler) : PrintAndAbort;
}

bool HeapCore::AllowBeyondLimit() {
  // Address space is reserved for twice the limit.
  const std::size_t step =
      std::max(account_.limit_bytes() / 16, 4 * kBlockBytes);
  const std::size_t most = account_.limit_bytes() / 2;
  const std::size_t allowed = account_.allowance_bytes() + step;
  if (allowed > most) return false;
  account_.SetAllowance(allowed);
  return true;
}

void HeapCore::CallOutOfMemoryHandler(MutatorCore& self,
                                      std::size_t size_bytes) {
  OutOfMemory failure;
  failure.requested_bytes = size_bytes;
  failure.limit_bytes = account_.limit_bytes();
  failure.used_bytes = used_bytes();
  failure.live = Summarize(self);
  OutOfMemoryHandler handler;
  {
    const std::lock_guard lock(mutex_);
    handler = out_of_memory_;
  }
  handler(failure);
}

}  // namespace fledge::gc
