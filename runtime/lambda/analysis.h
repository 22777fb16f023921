// Analysis: what the compiler has to know of a program before it emits code.
//
//   loops      a procedure that is only ever called in place of a return to the
//              same frame is a loop: its calls are jumps, it needs no closure
//   captures   which variables of outer procedures each one uses
//   boxes      which variables are assigned, or used before they have a value:
//              they are in boxes, as closures and continuations have copies of
//              frames' registers and have to share what changes
//
// A call of a lambda expression becomes a let on the way.
//
// Design: docs/design/lambda.md. Sources: R. K. Dybvig, "Three Implementation
// Models for Scheme", 1987; O. Waddell, D. Sarkar, R. K. Dybvig, "Fixing
// Letrec", 2005 (what of a letrec needs no box).
//
// Threads: none.
#pragma once

#include "runtime/lambda/expression.h"
#include "runtime/lambda/stack_limit.h"

namespace fledge::lambda {

// Fills in what expression.h says is the analysis's. `program` has no
// parameters. O(nodes * nesting). Throws SyntaxError where `stack` is used up.
void Analyse(Lambda& program, const StackLimit& stack);

}  // namespace fledge::lambda
