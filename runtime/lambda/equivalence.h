// Equivalence: eqv? and equal?.
//
// None of this collects, or recurs on the C++ stack.
//
// Design: docs/design/lambda.md. Sources: R7RS small, section 6.1; M. D. Adams,
// R. K. Dybvig, "Efficient Nondestructive Equality Checking for Trees and
// Graphs", ICFP 2008 (trees at full speed for a while and classes of equal
// objects for a while, by turns).
//
// Threads: by the machine's, of objects that no other changes meanwhile.
#pragma once

#include "runtime/value.h"

namespace fledge::lambda {

using runtime::Value;

// The same object, the same immediate, or numbers that no operation tells
// apart.
bool AreEqv(Value a, Value b);

// Equivalent, or pairs, vectors, strings or bytevectors whose parts are equal,
// circular ones too. O(size of the smaller), or a little more.
bool AreEqual(Value a, Value b);

}  // namespace fledge::lambda
