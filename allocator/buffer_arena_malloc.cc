// Buffers from malloc, each known by its address: sanitizers see them one by
// one, and what the owner forgot is freed at the end as it is with jemalloc.

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_set>

#include "allocator/base/check.h"
#include "allocator/buffer_arena.h"

namespace fledge::allocator {
namespace {

class MallocArena final : public BufferArena {
 public:
  ~MallocArena() override {
    for (void* const buffer : buffers_) std::free(buffer);
  }

  void* TryAllocate(std::size_t bytes, std::size_t alignment) override {
    void* buffer = nullptr;
    if (posix_memalign(&buffer, alignment, bytes) != 0) return nullptr;
    const std::lock_guard lock(mutex_);
    buffers_.insert(buffer);
    held_bytes_ += BytesOf(buffer);
    return buffer;
  }

  // Moves always, so that what keeps the old address is found.
  void* TryReallocate(void* buffer, std::size_t bytes,
                      std::size_t alignment) override {
    void* const moved = TryAllocate(bytes, alignment);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, buffer, std::min(bytes, BytesOf(buffer)));
    Free(buffer);
    return moved;
  }

  void Free(void* buffer) override {
    const std::lock_guard lock(mutex_);
    FLEDGE_CHECK(buffers_.erase(buffer) == 1,
                 "a buffer was freed twice, or is another heap's");
    held_bytes_ -= BytesOf(buffer);
    std::free(buffer);
  }

  std::size_t BytesOf(const void* buffer) const override {
    return malloc_usable_size(const_cast<void*>(buffer));
  }

  void ReleaseFree() override {}

  std::size_t held_bytes() const override {
    const std::lock_guard lock(mutex_);
    return held_bytes_;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_set<void*> buffers_;
  std::size_t held_bytes_ = 0;
};

}  // namespace

std::unique_ptr<BufferArena> TryMakeBufferArena(Os&) {
  return std::make_unique<MallocArena>();
}

}  // namespace fledge::allocator
