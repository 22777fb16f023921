// Definitions of libraries: from (define-library name declaration ...) to a
// Library whose body the host has.
//
// All of a library's imports hold in all of its body, wherever they are
// written, and all its definitions too. A name that is bound nowhere in the
// library is an error.
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time.
#pragma once

#include "runtime/lambda/arena.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// Adds the library, complete; the form and its expansion are in `arena`. Throws
// SyntaxError, and then there is no such library.
void DefineLibrary(Libraries& libraries, const Syntax& form, Arena& arena);

}  // namespace fledge::lambda
