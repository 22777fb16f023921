// SyntaxOfValue: the form that a value is, for eval.
//
// A value that no program can write, as a procedure, becomes Syntax::kValue,
// which stands for itself: its number is its place in `others`.
//
// Design: docs/design/lambda_syntax.md. Threads: the machine's. Never collects.
#pragma once

#include <vector>

#include "runtime/lambda/arena.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/syntax.h"
#include "runtime/value.h"

namespace fledge::lambda {

// In `arena`; all its parts are at `at`. Appends to `others`. Throws
// SyntaxError if it is nested too deeply, or circular, which it finds when it
// has seen too many parts.
const Syntax* SyntaxOfValue(runtime::Value value, Position at, Arena& arena,
                            Names& names, std::vector<runtime::Value>& others);

}  // namespace fledge::lambda
