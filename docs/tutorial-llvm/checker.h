// Checker: finds what names refer to and what types expressions have, and notes
// both in the tree, so that the code generator need not ask.
//
// Threads: none.
#pragma once

#include "docs/tutorial-llvm/syntax.h"

namespace nest {

// Throws SourceError. What it accepts has a function main(int).
void Check(Program& program);

}  // namespace nest
