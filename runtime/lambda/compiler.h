// Compiler: from expressions to instructions.
//
// Design: docs/design/lambda.md. Source: R. Ierusalimschy, L. H. de Figueiredo,
// W. Celes, "The Implementation of Lua 5.0", 2005 (registers as a stack of
// locals and temporaries; calls whose arguments are the callee's registers).
//
// Threads: none.
#pragma once

#include <memory>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/code_draft.h"
#include "runtime/lambda/expression.h"

namespace fledge::lambda {

// The code of a procedure without parameters that does what `program` says and
// returns its value. Analyses it, and may rewrite it. Throws SyntaxError where
// a procedure is too large.
std::unique_ptr<CodeDraft> Compile(Arena& arena, Expression* program);

}  // namespace fledge::lambda
