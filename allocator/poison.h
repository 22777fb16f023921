// Poisoning: telling AddressSanitizer which heap memory holds no object.
//
// Without AddressSanitizer all of it compiles to nothing. Which of
// poison_asan.cc and poison_none.cc is built is the build's choice.
#pragma once

#include "allocator/base/address.h"

namespace fledge::allocator {

void Poison(AddressRange range);
void Unpoison(AddressRange range);

}  // namespace fledge::allocator
