// MemoryHelper: the thread that touches fresh pages and gives back unused ones.
//
// The first touch of a page costs more than all else that a collection does
// with it, and giving memory back costs as much again; both can be done by
// someone who is not waited for. The helper owns no heap state: it works on the
// block allocator's free blocks and on pages whose content it leaves alone, and
// a heap without it (in the child after fork(), or where no thread can be made)
// is slower, not wrong.
//
// Design: docs/design/memory.md. Threads: Request() and Touch()
// from any thread.
//
// Invariants:
//   [mh.content]   What it touches keeps its content, whoever uses it
//   meanwhile. [mh.optional]  Nothing waits for the helper but the heap's
//   destructor, and
//                  fork(), for one step.
#pragma once

#include <pthread.h>

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
  // `keep_bytes` have memory. Replaces a request that was not yet taken up.
  // REQUIRES: populate_bytes <= keep_bytes.
  void Request(std::size_t populate_bytes, std::size_t keep_bytes);

  // Asks to touch `pages`, committed ones of the heap that may be in use, ahead
  // of who will need them. Replaces a request that was not yet taken up.
  void Touch(AddressRange pages);

  // Around fork(), called for every helper of the process: no lock that the
  // child needs may be held by a thread that the child does not have.
  void BeforeFork();
  void AfterForkInParent();
  void AfterForkInChild();

 private:
  enum class Thread : std::uint8_t { kNotStarted, kRunning, kNone };

  struct FreeBlocks {
    std::size_t populate_bytes;
    std::size_t keep_bytes;
  };
  struct Work {
    std::optional<FreeBlocks> free_blocks;
    AddressRange pages;
  };

  void Wake();
  void Start();
  void Run();
  void TouchNow(AddressRange pages);

  allocator::Os& os_;
  allocator::BlockAllocator& memory_;
  std::mutex working_;  // Held while the thread works.
  std::mutex mutex_;    // Guards the rest.
  std::condition_variable wake_;
  bool has_work_ = false;
  bool ending_ = false;
  Work work_;
  Thread state_ = Thread::kNotStarted;
  pthread_t thread_;
};

}  // namespace fledge::gc
