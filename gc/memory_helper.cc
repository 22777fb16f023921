#include "gc/memory_helper.h"

#include <signal.h>

#include <algorithm>
#include <memory>
#include <utility>
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

MemoryHelper::MemoryHelper(allocator::Os& os, allocator::BlockAllocator& memory)
    : os_(os), memory_(memory) {
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
  const std::lock_guard lock(mutex_);
  work_.free_blocks = {populate_bytes, keep_bytes};
  Wake();
}

void MemoryHelper::Touch(AddressRange pages) {
  const std::lock_guard lock(mutex_);
  work_.pages = pages;
  Wake();
}

// With mutex_ held.
void MemoryHelper::Wake() {
  has_work_ = true;
  if (state_ == Thread::kNotStarted) Start();
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
    wake_.wait(lock, [&] { return has_work_ || ending_; });
    if (ending_) return;
    has_work_ = false;
    const Work work = std::exchange(work_, {});
    lock.unlock();
    {
      const std::lock_guard working(working_);
      TouchNow(work.pages);
      if (work.free_blocks) {
        memory_.PopulateFree(work.free_blocks->populate_bytes);
        memory_.ReleaseFree(work.free_blocks->keep_bytes);
      }
    }
    lock.lock();
  }
}

// A huge page, or the part of one, at a time: who comes to it meanwhile waits.
void MemoryHelper::TouchNow(AddressRange pages) {
  while (!pages.empty()) {
    const Address end = std::min(
        AlignUp(pages.begin + 1, allocator::kHugePageBytes), pages.end());
    const AddressRange step = RangeBetween(pages.begin, end);
    const bool is_whole = step.bytes == allocator::kHugePageBytes;
    const AddressRange huge = is_whole ? step : AddressRange();
    if (!allocator::PopulateInHugePages(os_, step, huge)) return;
    pages = RangeBetween(end, pages.end());
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
