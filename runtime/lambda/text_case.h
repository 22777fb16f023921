// Text case: texts in capitals, small letters, and folded, by Unicode's full
// mappings, so that their length may change: "Straße" is "STRASSE".
//
// Each returns a new text, or empty if there is no memory; it may collect, and
// costs O(length).
//
// Design: docs/design/lambda.md. Source: The Unicode Standard, section 3.13.
//
// Threads: by the mutator's thread.
#pragma once

#include "runtime/lambda/texts.h"

namespace fledge::lambda {

Value TryUpcaseText(Mutator& mutator, Local text);
// A capital sigma that ends a word is ς.
Value TryDowncaseText(Mutator& mutator, Local text);
// As comparing without regard to case wants it.
Value TryFoldText(Mutator& mutator, Local text);

}  // namespace fledge::lambda
