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

}  // namespace fledge::lambda
