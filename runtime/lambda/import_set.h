// ImportSet: the names that an import brings, and what they mean.
//
//   (scheme base)   (only set name ...)   (except set name ...)
//   (prefix set name)   (rename set (name new) ...)
//
// Design: docs/design/lambda_syntax.md. Threads: one at a time. Errors: throws
// SyntaxError.
#pragma once

#include <unordered_map>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

using ImportSet = std::unordered_map<const Name*, Denotation>;

// Loads the library.
ImportSet ReadImportSet(Libraries& libraries, const Syntax& syntax);

// Whether names may be imported that mean something else already.
enum class ImportConflict : std::uint8_t { kHides, kIsError };

// The sets of (import set ...).
void Import(Libraries& libraries, const Syntax& form, Namespace& into,
            ImportConflict conflict);

}  // namespace fledge::lambda
