#include <sanitizer/asan_interface.h>

#include "allocator/poison.h"

namespace fledge::allocator {

void Poison(AddressRange range) {
  __asan_poison_memory_region(reinterpret_cast<void*>(range.begin),
                              range.bytes);
}
void Unpoison(AddressRange range) {
  __asan_unpoison_memory_region(reinterpret_cast<void*>(range.begin),
                                range.bytes);
}

}  // namespace fledge::allocator
