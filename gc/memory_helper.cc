#include "gc/memory_helper.h"

#include <signal.h>

#include "allocator/base/check.h"

namespace fledge::gc {

MemoryHelper::~MemoryHelper() {
  if (!started_) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  pthread_join(thread_, nullptr);
}

void MemoryHelper::Request(std::size_t populate_bytes, std::size_t keep_bytes) {
  FLEDGE_DCHECK(populate_bytes <= keep_bytes);
  {
    const std::lock_guard lock(mutex_);
    populate_bytes_ = populate_bytes;
    keep_bytes_ = keep_bytes;
    requested_ = true;
    if (!started_) Start();
  }
  wake_.notify_one();
}

// pthread_create and not std::thread: a refusal is no error here. The thread
// takes no signals, which are the embedder's.
void MemoryHelper::Start() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto run = [](void* self) -> void* {
    static_cast<MemoryHelper*>(self)->Run();
    return nullptr;
  };
  started_ = pthread_create(&thread_, nullptr, run, this) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void MemoryHelper::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return requested_ || ending_; });
    if (ending_) return;
    requested_ = false;
    const std::size_t populate_bytes = populate_bytes_;
    const std::size_t keep_bytes = keep_bytes_;
    lock.unlock();
    memory_.PopulateFree(populate_bytes);
    memory_.ReleaseFree(keep_bytes);
    lock.lock();
  }
}

}  // namespace fledge::gc
