// MemoryHelper: the thread that touches fresh pages and gives back unused ones.
//
// The first touch of a page costs more than all else that a collection does
// with it, and giving memory back costs as much again; both can be done by
// someone who is not waited for. The helper owns no heap state: it works on the
// block allocator's free blocks and on pages whose content it leaves alone, and
// a heap without it (in the child after fork(), or where no thread can be made)
// is slower, not wrong.
//
// Design: docs/design/memory.md. Threads: requests from any thread.
//
// Invariants:
//   [mh.content]   What it touches keeps its content, whoever uses it then.
//   [mh.optional]  Nothing waits for the helper but the heap's destructor, and
//                  fork(), for one step.
#pragma once

#include <pthread.h>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

#include "allocator/base/address.h"
#include "allocator/block_allocator.h"
#include "allocator/os.h"

namespace fledge::gc {

class MemoryHelper {
 public:
  // Borrows both. The thread starts with the first request.
  MemoryHelper(allocator::Os& os, allocator::BlockAllocator& memory);
  ~MemoryHelper();
  MemoryHelper(const MemoryHelper&) = delete;
  MemoryHelper& operator=(const MemoryHelper&) = delete;

  // Asks that of the free blocks at least `populate_bytes` and at most
  // `keep_bytes` have memory. Replaces a request that was not yet done.
  // REQUIRES: populate_bytes <= keep_bytes.
  void Request(std::size_t populate_bytes, std::size_t keep_bytes);

  // What follows is of who is using memory up: it goes before what Request()
  // asked for, and is ignored if the OS refused since the last Request().

  // Asks that of the free blocks at least `populate_bytes` have memory.
  void RequestMore(std::size_t populate_bytes);

  // Asks to touch `pages`, committed ones of the heap that may be in use,
  // beginning at their lower or their upper end. Replaces a request of the same
  // direction that was not yet done.
  enum class Direction : std::uint8_t { kUpwards, kDownwards };
  void Touch(AddressRange pages, Direction direction);

  // Around fork(), called for every helper of the process: no lock that the
  // child needs may be held by a thread that the child does not have.
  void BeforeFork();
  void AfterForkInParent();
  void AfterForkInChild();

 private:
  enum class Thread : std::uint8_t { kNotStarted, kRunning, kNone };

  struct FreeBlocks {
    std::size_t populate_bytes;
    std::optional<std::size_t> keep_bytes;  // None: all.
  };
  struct Work {
    std::array<AddressRange, 2> pages;  // By Direction.
    std::optional<FreeBlocks> blocks;
    bool empty() const {
      return pages[0].empty() && pages[1].empty() && !blocks;
    }
  };

  template <typename Change>
  void Ask(Change&& change);
  void Start();
  void Run();
  bool DoStep(Work& work);
  bool TouchStep(AddressRange& pages, Direction direction);

  allocator::Os& os_;
  allocator::BlockAllocator& memory_;
  std::mutex working_;  // Held while the thread works.
  std::mutex mutex_;    // Guards the rest.
  std::condition_variable wake_;
  bool ending_ = false;
  bool is_refused_ = false;  // Since the last Request().
  Work work_;
  Thread state_ = Thread::kNotStarted;
  pthread_t thread_;
};

}  // namespace fledge::gc
