// The top level: the forms of a program or a REPL, one after the other.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include "runtime/lambda/arena.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/expression.h"
#include "runtime/lambda/libraries.h"

namespace fledge::lambda {

// What to run for a form of `space`: nothing (kUnspecified) if it is a
// definition of syntax or an import, which take effect here. The expression, in
// `arena`, refers to the form. Throws SyntaxError; then `space` is as it was.
Expression* ExpandTopLevel(Libraries& libraries, Namespace& space,
                           const Syntax& form, Arena& arena);

}  // namespace fledge::lambda
