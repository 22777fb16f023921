// Code loader: brings compiled procedures into the heap.
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include "runtime/lambda/code_draft.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

// A closure of `draft`, a procedure that captures nothing, with code, constants
// and templates of what is in it. Globals that have no cell yet get one. May
// collect.
Value LoadCode(Vm& vm, const CodeDraft& draft);

// The value that a datum stands for; aliases are taken back to symbols. Throws
// SyntaxError for keywords, maps and labels, which have no values yet. May
// collect.
Value MakeDatum(Vm& vm, const Syntax& datum);

}  // namespace fledge::lambda
