// Buffers from an arena of jemalloc's for each heap. Its extents come from Os
// through hooks, so that they can be refused, counted, and released as a whole.

// The header's functions as je_NAME; none of malloc's.
#define JEMALLOC_NO_RENAME
#include <jemalloc/jemalloc.h>

#include <atomic>
#include <bit>
#include <cstdio>
#include <mutex>
#include <vector>

#include "allocator/base/check.h"
#include "allocator/buffer_arena.h"

// The names of the copy that cmake/FledgeJemalloc.cmake makes.
extern "C" {

decltype(je_mallocx) fledge_je_mallocx;
decltype(je_rallocx) fledge_je_rallocx;
decltype(je_dallocx) fledge_je_dallocx;
decltype(je_sallocx) fledge_je_sallocx;
decltype(je_mallctl) fledge_je_mallctl;

// The copy takes its settings from here, where a jemalloc of the embedder's
// asks for MALLOC_CONF and /etc/malloc.conf. Threads have no caches, as a cache
// mixes arenas, and no arenas of their own.
char* fledge_je_secure_getenv(const char*) {
  static char settings[] = "tcache:false,narenas:1,retain:true";
  return settings;
}
ssize_t fledge_je_readlink(const char*, char*, std::size_t) { return -1; }

}  // extern "C"

namespace fledge::allocator {
namespace {

Address AddressOf(const void* pointer) {
  return reinterpret_cast<Address>(pointer);
}

class JemallocArena final : public BufferArena {
 public:
  explicit JemallocArena(Os& os) : os_(os), hooks_(kHooks, this) {}

  ~JemallocArena() override {
    if (is_made_) FLEDGE_CHECK(Control("destroy") == 0);
    for (const AddressRange mapping : mappings_) os_.Release(mapping);
  }

  // False if the OS refuses, or the process has as many arenas as can be.
  bool TryMake() {
    extent_hooks_t* hooks = &hooks_;
    std::size_t size = sizeof index_;
    is_made_ = fledge_je_mallctl("arenas.create", &index_, &size, &hooks,
                                 sizeof hooks) == 0;
    // A huge page for the arena's own records has been mapped by now, of which
    // a small part will be touched.
    held_bytes_ = 0;
    return is_made_;
  }

  void* TryAllocate(std::size_t bytes, std::size_t alignment) override {
    return fledge_je_mallocx(bytes, Flags(alignment));
  }
  void* TryReallocate(void* buffer, std::size_t bytes,
                      std::size_t alignment) override {
    return fledge_je_rallocx(buffer, bytes, Flags(alignment));
  }
  void Free(void* buffer) override {
    fledge_je_dallocx(buffer, MALLOCX_TCACHE_NONE);
  }
  std::size_t BytesOf(const void* buffer) const override {
    return fledge_je_sallocx(buffer, 0);
  }

  void ReleaseFree() override { FLEDGE_CHECK(Control("purge") == 0); }
  std::size_t held_bytes() const override { return held_bytes_; }

 private:
  // What jemalloc is given, so that the functions below find their arena.
  struct Hooks : extent_hooks_t {
    Hooks(const extent_hooks_t& hooks, JemallocArena* owner)
        : extent_hooks_t(hooks), arena(owner) {}
    JemallocArena* const arena;
  };
  static JemallocArena& ArenaOf(extent_hooks_t* hooks) {
    return *static_cast<Hooks*>(hooks)->arena;
  }

  // All of an extent can be used at once; what jemalloc calls committed is what
  // counts as held. As freed extents stay mapped, and each mapping is larger
  // than the last, there are few of them.
  static void* Allocate(extent_hooks_t* hooks, void* at, std::size_t bytes,
                        std::size_t alignment, bool* zero, bool* commit,
                        unsigned) {
    if (at != nullptr) return nullptr;
    JemallocArena& arena = ArenaOf(hooks);
    const AddressRange mapping = arena.os_.Reserve(bytes, alignment);
    if (mapping.empty()) return nullptr;
    if (!arena.os_.Commit(mapping)) {
      arena.os_.Release(mapping);
      return nullptr;
    }
    {
      const std::lock_guard lock(arena.mutex_);
      arena.mappings_.push_back(mapping);
    }
    *zero = true;
    if (*commit) arena.held_bytes_ += bytes;
    return reinterpret_cast<void*>(mapping.begin);
  }
  // True refuses, in these four.
  static bool Commit(extent_hooks_t* hooks, void*, std::size_t, std::size_t,
                     std::size_t bytes, unsigned) {
    ArenaOf(hooks).held_bytes_ += bytes;
    return false;
  }
  static bool Decommit(extent_hooks_t* hooks, void* extent, std::size_t,
                       std::size_t offset, std::size_t bytes, unsigned) {
    JemallocArena& arena = ArenaOf(hooks);
    if (!arena.os_.Discard({AddressOf(extent) + offset, bytes})) return true;
    arena.held_bytes_ -= bytes;
    return false;
  }
  static bool Split(extent_hooks_t*, void*, std::size_t, std::size_t,
                    std::size_t, bool, unsigned) {
    return false;
  }
  static bool Merge(extent_hooks_t*, void*, std::size_t, void*, std::size_t,
                    bool, unsigned) {
    return false;
  }
  static constexpr extent_hooks_t kHooks = {
      .alloc = Allocate,
      .dalloc = nullptr,   // Stays mapped.
      .destroy = nullptr,  // Is released by the destructor.
      .commit = Commit,
      .decommit = Decommit,
      .purge_lazy = nullptr,
      .purge_forced = nullptr,
      .split = Split,
      .merge = Merge};

  int Flags(std::size_t alignment) const {
    return MALLOCX_ARENA(index_) | MALLOCX_TCACHE_NONE |
           MALLOCX_LG_ALIGN(std::countr_zero(alignment));
  }

  int Control(const char* action) const {
    char name[32];
    std::snprintf(name, sizeof name, "arena.%u.%s", index_, action);
    return fledge_je_mallctl(name, nullptr, nullptr, nullptr, 0);
  }

  Os& os_;
  Hooks hooks_;
  bool is_made_ = false;
  unsigned index_ = 0;
  std::atomic<std::size_t> held_bytes_{0};
  std::mutex mutex_;  // Guards mappings_. The last lock: jemalloc holds others.
  std::vector<AddressRange> mappings_;
};

}  // namespace

std::unique_ptr<BufferArena> TryMakeBufferArena(Os& os) {
  auto arena = std::make_unique<JemallocArena>(os);
  if (!arena->TryMake()) return nullptr;
  return arena;
}

}  // namespace fledge::allocator
