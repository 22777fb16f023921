// Import sets: the names that an import brings, and what they mean.
//
//   (scheme base)   (only set name ...)   (except set name ...)
//   (prefix set name)   (rename set (name new) ...)
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError.
#pragma once

#include <cstdint>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

// Whether names may be imported that mean something else already.
enum class ImportConflict : std::uint8_t { kHides, kIsError };

// The sets of (import set ...), whose libraries are loaded.
void Import(Libraries& libraries, const Syntax& form, Namespace& into,
            ImportConflict conflict);

}  // namespace fledge::lambda
