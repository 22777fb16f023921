// Number parser: numbers from text, by the syntax of R7RS 7.1.1: radix 2, 8, 10
// and 16, exactness prefixes, rationals, decimals, infinities, complex numbers
// in rectangular and polar form; letters of either case.
//
// The reader and string->number share it. It works outside the heap, so a
// reader may look at numbers where there is none.
//
// Design: docs/design/numbers.md. Sources: R7RS, section 7.1.1; W. Clinger,
// "How to Read Floating Point Numbers Accurately", PLDI 1990, by
// std::from_chars. Errors: kSyntax, also for a denominator of 0 and for what
// has no exact value
// (#e+inf.0); kTooLarge. Threads: none. Costs: less than O(text^2).
#pragma once

#include <string_view>

#include "runtime/lambda/number.h"
#include "runtime/lambda/number_result.h"

namespace fledge::lambda {

struct ParsedNumber {
  Number number;
  NumberError error = NumberError::kNone;
};

// All of `text` is a number. A prefix in it goes before `radix`, which is one
// of the four.
ParsedNumber NumberFromText(std::string_view text, int radix = 10);

// The same in the heap. May collect, after it has read `text`.
NumberResult NumberFromText(Mutator& mutator, std::string_view text,
                            int radix = 10);

}  // namespace fledge::lambda
