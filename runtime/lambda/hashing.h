// Hashing: hashes of any values, for tables that compare them with eq?, eqv? or
// equal?.
//
// What is equivalent has the same hash, whatever collections move. Hashes of
// objects that have none of their contents are their identity hashes
// (runtime/identity_hash.h). Nothing here collects.
//
// Design: docs/design/lambda_extensions.md.
//
// Threads: by the machine's, of objects that no other changes meanwhile.
#pragma once

#include <cstdint>

#include "runtime/value.h"

namespace fledge::lambda {

std::uint32_t EqHash(runtime::Value value);
std::uint32_t EqvHash(runtime::Value value);
// Looks at a bounded number of parts, so that deep and circular data cost no
// more than others; what differs only beyond them has the same hash. Strings
// and bytevectors are looked at whole.
std::uint32_t EqualHash(runtime::Value value);

// Whether EqHash() or EqvHash() would have to give the object an identity hash:
// then it is in no table that goes by them.
bool LacksIdentityHash(runtime::Value value);

}  // namespace fledge::lambda
