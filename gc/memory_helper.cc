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
  Ask([&] {
    is_refused_ = false;
    work_.blocks = {populate_bytes, keep_bytes};
  });
}

void MemoryHelper::RequestMore(std::size_t populate_bytes) {
  Ask([&] {
    if (is_refused_) return;
    FreeBlocks blocks = work_.blocks.value_or(FreeBlocks{});
    blocks.populate_bytes = std::max(blocks.populate_bytes, populate_bytes);
    if (blocks.keep_bytes) {
      blocks.keep_bytes = std::max(*blocks.keep_bytes, populate_bytes);
    }
    work_.blocks = blocks;
  });
}

void MemoryHelper::Touch(AddressRange pages, Direction direction) {
  Ask([&] {
    if (is_refused_) return;
    work_.pages[static_cast<std::size_t>(direction)] = pages;
  });
}

template <typename Change>
void MemoryHelper::Ask(Change&& change) {
  {
    const std::lock_guard lock(mutex_);
    change();
    if (work_.empty()) return;
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

// A step at a time, so that what is asked for meanwhile comes first.
void MemoryHelper::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return !work_.empty() || ending_; });
    if (ending_) return;
    Work work = std::exchange(work_, {});
    lock.unlock();
    bool granted;
    {
      const std::lock_guard working(working_);
      granted = DoStep(work);
    }
    lock.lock();
    if (!granted) {
      is_refused_ = true;
      work_.pages = {};
      continue;
    }
    // What is left, where nothing was asked for in its place.
    for (std::size_t i = 0; i < work.pages.size(); ++i) {
      if (work_.pages[i].empty()) work_.pages[i] = work.pages[i];
    }
    if (!work_.blocks) work_.blocks = work.blocks;
  }
}

// The first step of `work`, which is then what is left of it. False if the OS
// refuses.
bool MemoryHelper::DoStep(Work& work) {
  for (const Direction direction :
       {Direction::kUpwards, Direction::kDownwards}) {
    AddressRange& pages = work.pages[static_cast<std::size_t>(direction)];
    if (!pages.empty()) return TouchStep(pages, direction);
  }
  using Progress = allocator::BlockAllocator::Progress;
  const FreeBlocks blocks = *work.blocks;
  const Progress progress = memory_.PopulateFreeStep(blocks.populate_bytes);
  if (progress == Progress::kMore) return true;
  if (blocks.keep_bytes) memory_.ReleaseFree(*blocks.keep_bytes);
  work.blocks.reset();
  return progress == Progress::kDone;
}

// A huge page of `pages`, or the part of one.
bool MemoryHelper::TouchStep(AddressRange& pages, Direction direction) {
  using allocator::kHugePageBytes;
  AddressRange step;
  if (direction == Direction::kUpwards) {
    const Address end =
        std::min(AlignUp(pages.begin + 1, kHugePageBytes), pages.end());
    step = RangeBetween(pages.begin, end);
    pages = RangeBetween(end, pages.end());
  } else {
    const Address begin =
        std::max(AlignDown(pages.end() - 1, kHugePageBytes), pages.begin);
    step = RangeBetween(begin, pages.end());
    pages = RangeBetween(pages.begin, begin);
  }
  const bool is_whole = step.bytes == kHugePageBytes;
  return allocator::PopulateInHugePages(os_, step,
                                        is_whole ? step : AddressRange());
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
