// Number printer: the text of a number, which NumberFromText() reads as the
// same number again.
//
// Exact numbers are written in the digits of a radix. Floats are decimals, the
// shortest that are read as the same float. R7RS has no syntax for them in
// another radix, so there they are written as fractions with a prefix that
// makes them inexact: 0.5 in radix 2 is #i1/10.
//
// Design: docs/design/numbers.md. Sources: R7RS, section 7.1.1; decimal.h.
// Errors: none. Threads: reads only. Costs: less than O(digits^2).
#pragma once

#include <string>

#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

// Never collects. REQUIRES: IsNumber(number); radix is 2 to 36.
std::string TextOf(Value number, int radix = 10);

}  // namespace fledge::lambda
