// MachineCode: from LLVM's intermediate representation to an object file, the
// same for ahead of time and just in time.
//
// The order matters:
//
//   1. optimize, while a call is a call and a reference a pointer;
//   2. rewrite statepoints: calls that may collect say which references live
//      across them, which become new values afterwards;
//   3. inline the primitives (primitives.h), and tidy up;
//   4. poll at each return that is left.
//
// Vectorizing is off, since a stack map may then name vectors of references,
// which Fledge refuses.
//
// Threads: any, each with a context of its own.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/Module.h>

namespace nest {

using ObjectFile = llvm::SmallVector<char, 0>;

// `level` is 0 to 3, as in -O2. The module is used up. Ends the process if LLVM
// has no back end for this machine.
ObjectFile CompileModule(llvm::Module& module, unsigned level);

}  // namespace nest
