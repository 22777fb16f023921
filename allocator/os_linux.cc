#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "allocator/base/check.h"
#include "allocator/os.h"

namespace fledge::allocator {
namespace {

void* Pointer(Address address) { return reinterpret_cast<void*>(address); }

// A byte count from a control-group file; absent or "max" is no limit.
std::size_t ReadLimit(const char* path) {
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
  if (std::FILE* file = std::fopen(path, "re")) {
    unsigned long long value = 0;
    if (std::fscanf(file, "%llu", &value) == 1) bytes = value;
    std::fclose(file);
  }
  return bytes;
}

class LinuxOs final : public Os {
 public:
  LinuxOs() {
    FLEDGE_CHECK(sysconf(_SC_PAGESIZE) == static_cast<long>(kPageBytes),
                 "Fledge needs 4 KiB pages");
  }

  AddressRange Reserve(std::size_t bytes, std::size_t alignment) override {
    const std::size_t padded = bytes + alignment - kPageBytes;
    if (padded < bytes) return {};
    void* const mapped =
        mmap(nullptr, padded, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) return {};
    const Address raw = reinterpret_cast<Address>(mapped);
    const Address begin = AlignUp(raw, alignment);
    if (begin != raw) munmap(Pointer(raw), begin - raw);
    const Address end = begin + bytes;
    if (end != raw + padded) munmap(Pointer(end), raw + padded - end);
    return {begin, bytes};
  }

  void Release(AddressRange range) override {
    munmap(Pointer(range.begin), range.bytes);
  }

  bool Commit(AddressRange pages) override {
    return mprotect(Pointer(pages.begin), pages.bytes,
                    PROT_READ | PROT_WRITE) == 0;
  }

  bool Discard(AddressRange pages) override {
    return madvise(Pointer(pages.begin), pages.bytes, MADV_DONTNEED) == 0;
  }

  bool Populate(AddressRange pages) override {
    return madvise(Pointer(pages.begin), pages.bytes, MADV_POPULATE_WRITE) == 0;
  }

  void PreferHugePages(AddressRange range) override {
    madvise(Pointer(range.begin), range.bytes, MADV_HUGEPAGE);
  }

  void PreferSmallPages(AddressRange range) override {
    madvise(Pointer(range.begin), range.bytes, MADV_NOHUGEPAGE);
  }

  void SetAccessible(AddressRange pages, bool accessible) override {
    const int access = accessible ? PROT_READ | PROT_WRITE : PROT_NONE;
    FLEDGE_CHECK(mprotect(Pointer(pages.begin), pages.bytes, access) == 0);
  }

  std::size_t MemoryBytes() override {
    std::size_t bytes = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
                        static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    for (const char* path : {"/sys/fs/cgroup/memory.max",
                             "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
      bytes = std::min(bytes, ReadLimit(path));
    }
    rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
      bytes = std::min<std::size_t>(bytes, limit.rlim_cur);
    }
    return bytes;
  }

  std::size_t CacheBytes() override {
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return bytes > 0 ? static_cast<std::size_t>(bytes) : kMiB;
  }
};

}  // namespace

Os& SystemOs() {
  static LinuxOs* const os = new LinuxOs;  // Outlives every static heap.
  return *os;
}

}  // namespace fledge::allocator
