// Syntax as text, for messages and tests; the reader reads it back.
//
// An alias is written as the symbol that it stands for. What is nested deeper
// than kMaxWrittenDepth is written as "...".
//
// Design: docs/design/lambda.md. Threads: any.
#pragma once

#include <string>

#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

constexpr int kMaxWrittenDepth = 500;

// O(length of the text), which may be exponential in the size of what a macro
// made.
std::string TextOf(const Syntax& syntax);

// The name of a symbol or of what an alias stands for.
// REQUIRES: identifier.IsIdentifier().
const Name* SymbolOf(const Syntax& identifier);

}  // namespace fledge::lambda
