#include "gc/memory_helper.h"

#include <signal.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "allocator/base/check.h"

namespace fledge::gc {
namespace {

// Every helper of the process, because fork() concerns them all.
struct Registry {
  std::mutex mutex;
  std::vector<MemoryHelper*> helpers;

  Registry() {
    pthread_atfork(
        [] {
          Get().mutex.lock();
          for (MemoryHelper* helper : Get().helpers) helper->BeforeFork();
        },
        [] {
          for (MemoryHelper* helper : Get().helpers) {
            helper->AfterForkInParent();
          }
          Get().mutex.unlock();
        },
        [] {
          for (MemoryHelper* helper : Get().helpers) {
            helper->AfterForkInChild();
          }
          Get().mutex.unlock();
        });
  }

  static Registry& Get() {
    static Registry* const registry = new Registry;
    return *registry;
  }
};

}  // namespace

MemoryHelper::MemoryHelper(allocator::BlockAllocator& memory)
    : memory_(memory) {
  Registry& registry = Registry::Get();
  const std::lock_guard lock(registry.mutex);
  registry.helpers.push_back(this);
}

MemoryHelper::~MemoryHelper() {
  {
    Registry& registry = Registry::Get();
    const std::lock_guard lock(registry.mutex);
    std::erase(registry.helpers, this);
  }
  if (state_ != Thread::kRunning) return;
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
    if (state_ == Thread::kNotStarted) Start();
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
  state_ = pthread_create(&thread_, nullptr, run, this) == 0 ? Thread::kRunning
                                                             : Thread::kNone;
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
    {
      const std::lock_guard working(working_);
      memory_.PopulateFree(populate_bytes);
      memory_.ReleaseFree(keep_bytes);
    }
    lock.lock();
  }
}

void MemoryHelper::BeforeFork() {
  working_.lock();
  mutex_.lock();
}

void MemoryHelper::AfterForkInParent() {
  mutex_.unlock();
  working_.unlock();
}

void MemoryHelper::AfterForkInChild() {
  state_ = Thread::kNone;
  // The thread that waits on it is not there to leave it, and destroying a
  // condition variable waits for that.
  std::construct_at(&wake_);
  mutex_.unlock();
  working_.unlock();
}

}  // namespace fledge::gc
