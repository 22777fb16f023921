// Several values where one would be: what (values a b) makes, and what a
// continuation is given that takes several arguments.
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include "runtime/heap.h"
#include "runtime/lambda/primitive.h"

namespace fledge::lambda {

// The argument if it is one, or else an object with all of them. May collect.
Value MakeValues(runtime::Mutator& mutator, const Arguments& arguments);

}  // namespace fledge::lambda
