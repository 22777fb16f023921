// Type names: what a program in Lambda calls the type of an object: "pair",
// "string", "flonum", "record point". What programs cannot have, such as code,
// is named for what it is.
//
// Design: docs/design/allocation_samples.md. Threads: pure functions; never
// collect.
#pragma once

#include <string>
#include <string_view>

#include "allocator/base/address.h"
#include "runtime/object_header.h"

namespace fledge::lambda {

// Without the names of records.
std::string_view NameOfType(runtime::ObjectType type);

// REQUIRES: the object has its content, and so has a record's type.
std::string TypeNameOf(Address object);

}  // namespace fledge::lambda
