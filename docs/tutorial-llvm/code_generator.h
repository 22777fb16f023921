// CodeGenerator: a checked program as LLVM's intermediate representation.
//
// Every function takes its mutator's fields first; a lambda then the closure
// that was called. References are pointers of address space 1 and nothing else
// is said about where they are: variables are allocas, which a pass makes
// values of, and another one finds which values live across a call
// (machine_code.h). Calls are to functions that may collect, unless they are
// marked as leaves.
//
// Design: README.md. Threads: none.
#pragma once

#include <llvm/IR/Module.h>

#include <memory>
#include <string>

#include "docs/tutorial-llvm/syntax.h"

namespace nest {

// The section that all compiled code is in, so that its range is known.
inline constexpr char kCodeSection[] = "nest_code";
// The program's main.
inline constexpr char kMainSymbol[] = "nest_main";

// `file` is what error messages at run time call the program.
std::unique_ptr<llvm::Module> GenerateCode(const Program& program,
                                           const std::string& file,
                                           llvm::LLVMContext& context);

}  // namespace nest
