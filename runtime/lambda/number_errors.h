// What a machine raises where an operation on numbers failed.
//
// Design: docs/design/numbers.md. Threads: the machine's. May collect.
#pragma once

#include "runtime/lambda/number_result.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// Returns what a primitive then returns, empty. REQUIRES: `error` is of the
// result, not of an operand: neither kWrongType nor kSyntax.
Value RaiseNumberError(Vm& vm, NumberError error);

}  // namespace fledge::lambda
