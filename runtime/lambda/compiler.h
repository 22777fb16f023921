// Compiler: from expressions to instructions.
//
// Design: docs/design/lambda.md. Source: R. Ierusalimschy, L. H. de Figueiredo,
// W. Celes, "The Implementation of Lua 5.0", 2005 (registers as a stack of
// locals and temporaries; calls whose arguments are the callee's registers).
//
// Threads: none.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/code_draft.h"
#include "runtime/lambda/expression.h"

namespace fledge::lambda {

// The code of a procedure without parameters that does what `program` says and
// returns its value. Analyses it, and may rewrite it. Throws SyntaxError where
// a procedure is too large.
//
// What a form of a program calls last is called in place of the form's own
// frame (kTail), as eval has to do, or above it (kAbove), so that what is
// raised there has the form for its place.
enum class LastCall : std::uint8_t { kTail, kAbove };
std::unique_ptr<CodeDraft> Compile(Arena& arena, Expression* program,
                                   LastCall last_call);

}  // namespace fledge::lambda
