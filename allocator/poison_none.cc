#include "allocator/poison.h"

namespace fledge::allocator {

void Poison(AddressRange) {}
void Unpoison(AddressRange) {}

}  // namespace fledge::allocator
