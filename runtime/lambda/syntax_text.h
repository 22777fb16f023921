// Syntax as text, for messages and tests; the reader reads it back.
//
// An alias is written as the symbol that it stands for. What is nested deeper
// than kMaxWrittenDepth, or comes after the size that is asked for, is written
// as "...": what macros make may have an exponential size.
//
// Design: docs/design/lambda_syntax.md. Threads: any.
#pragma once

#include <cstddef>
#include <string>

#include "runtime/lambda/syntax.h"

namespace fledge::lambda {

constexpr int kMaxWrittenDepth = 500;

// O(size of the text).
std::string TextOf(const Syntax& syntax, std::size_t max_bytes = 100'000);

// The name of a symbol or of what an alias stands for.
// REQUIRES: identifier.IsIdentifier().
const Name* SymbolOf(const Syntax& identifier);

}  // namespace fledge::lambda
