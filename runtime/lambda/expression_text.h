// Expressions as text, for tests and debugging.
//
// Local variables have a number, counted for each name as they are met, so that
// what is bound to what can be read off:
//
//   (let ((x 1)) (set! x 2) (car x))
//   => (let ((x.0 '1)) (begin (set! x.0 '2) (car x.0)))
//
// Design: docs/design/lambda_syntax.md. Threads: any.
#pragma once

#include <string>

#include "runtime/lambda/expression.h"

namespace fledge::lambda {

// O(size). Recursive: not for programs that nobody has looked at.
std::string TextOf(const Expression& expression);

}  // namespace fledge::lambda
