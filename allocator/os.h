// What Fledge asks of the operating system for memory, and nothing else.
//
// An interface, so that a test can refuse the k-th request (every request may
// fail, and no object may be lost when one does). Calls are rare, one for
// megabytes or for a block, so an indirect call costs nothing.
//
// Design: docs/design/memory.md. Threads: all calls are thread-safe.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"

namespace fledge::allocator {

// What the hardware translates at once, where the OS has such pages.
inline constexpr std::size_t kHugePageBytes = 2 * kMiB;

class Os {
 public:
  virtual ~Os() = default;

  // Reserves address space without memory behind it, aligned to `alignment`
  // (a power of two, at least a page). Empty if the OS refuses.
  virtual AddressRange Reserve(std::size_t bytes, std::size_t alignment) = 0;

  // Gives back what Reserve() returned, whole.
  virtual void Release(AddressRange range) = 0;

  // Makes pages readable and writable; they read as zero and cost memory only
  // once touched. False if the OS refuses; the range is then as it was.
  [[nodiscard]] virtual bool Commit(AddressRange pages) = 0;

  // Drops the content of committed pages: they stay accessible and read as
  // zero. False if the OS refuses; the content is then undefined.
  virtual bool Discard(AddressRange pages) = 0;

  // Touches committed pages ahead of use, so that no one waits for the first
  // touch of each (2 us a page). A hint: false if nothing was done.
  virtual bool Populate(AddressRange pages) = 0;

  // Asks for huge pages in a range: at first touch, and later instead of small
  // ones, during which who touches what the process has waits, for some 5 ms. A
  // hint.
  virtual void PreferHugePages(AddressRange range) = 0;

  // Asks for small pages in a range from now on; huge ones that are there stay.
  // A hint.
  virtual void PreferSmallPages(AddressRange range) = 0;

  // Makes committed pages inaccessible, or accessible again, keeping content.
  virtual void SetAccessible(AddressRange pages, bool accessible) = 0;

  // Bytes of memory this process may use: physical memory, or less where a
  // control group or resource limit says so.
  virtual std::size_t MemoryBytes() = 0;

  // Bytes of the cache that a core has for itself (its second level), or a
  // usual size where the machine does not say.
  virtual std::size_t CacheBytes() = 0;
};

// Touches committed `pages` ahead of use, and asks for huge pages in `huge`,
// the whole ones among them, only meanwhile: they stay huge, and small pages
// that come later are not joined. A hint, like Populate().
inline bool PopulateInHugePages(Os& os, AddressRange pages, AddressRange huge) {
  if (huge.empty()) return os.Populate(pages);
  os.PreferHugePages(huge);
  const bool populated = os.Populate(pages);
  os.PreferSmallPages(huge);
  return populated;
}

// The operating system itself. Lives forever.
Os& SystemOs();

}  // namespace fledge::allocator
