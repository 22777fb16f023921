// Constant folding: what of a program is known before it runs is done when it
// is compiled.
//
//   (* 60 60 24)                   '86400
//   (if (zero? 1) (f) (g))         (g)
//   (let ((n 10)) (vector-ref v n))  (vector-ref v '10)
//   (begin 1 (f))                  (f)
//
// Calls are those of procedures of the library that nobody can redefine. What
// would raise an error is left alone, so that the error comes when the program
// gets there, with its place.
//
// Design: docs/design/constant_folding.md. Threads: none.
#pragma once

#include "runtime/lambda/arena.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/stack_limit.h"

namespace fledge::lambda {

// Rewrites `program`, which has not been analysed yet. O(nodes). Throws
// SyntaxError where `stack` is used up.
void FoldConstants(Arena& arena, Lambda& program, const StackLimit& stack);

}  // namespace fledge::lambda
