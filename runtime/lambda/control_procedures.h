// Control procedures: those of the library that are instructions, and nothing
// else: a program could not write them.
//
//   (apply procedure argument ... list)
//   (%call/cc procedure)      calls it with the continuation as it is, which
//                             knows nothing of dynamic-wind
//
// Design: docs/design/lambda.md. Threads: none.
#pragma once

#include <memory>

#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

std::unique_ptr<CodeDraft> ApplyCode();
std::unique_ptr<CodeDraft> CallWithContinuationCode();

}  // namespace fledge::lambda
