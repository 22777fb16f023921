// HugePageAllocator: for containers of the standard library whose elements are
// met in no order.
//
// A large table that is looked at here and there misses the TLB at each look;
// in huge pages it seldom does. A small one is the C++ library's as it is.
//
// Design: docs/design/memory.md.
//
// Threads: any; without state. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <new>

#include "allocator/base/address.h"
#include "allocator/os.h"

namespace fledge::allocator {

template <typename T>
class HugePageAllocator {
 public:
  using value_type = T;

  HugePageAllocator() = default;
  template <typename U>
  explicit HugePageAllocator(const HugePageAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLeastBytes) return static_cast<T*>(::operator new(bytes));
    void* const memory = ::operator new(bytes, kAlignment);
    SystemOs().PreferHugePages(
        {reinterpret_cast<Address>(memory), AlignDown(bytes, kPageBytes)});
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kLeastBytes) {
      ::operator delete(memory);
    } else {
      ::operator delete(memory, kAlignment);
    }
  }

  bool operator==(const HugePageAllocator&) const = default;

 private:
  static constexpr std::align_val_t kAlignment{2 * kMiB};
  // Of less, too large a part would be the unused end of the last page.
  static constexpr std::size_t kLeastBytes = 8 * kMiB;
};

}  // namespace fledge::allocator
