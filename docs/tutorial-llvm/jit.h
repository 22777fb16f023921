// Jit: puts an object file into this process's memory by LLVM's ORC, and
// registers its stack maps with Fledge; takes both out again.
//
//   nest::Jit jit(thread.registry());
//   nest::Main* main = jit.Load(CompileModule(...));
//   thread.Run(main, 18);
//   jit.Unload();              // When no frame of the code is left.
//
// Threads: one. Errors end the process: they are LLVM's own, or the compiler's.
#pragma once

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>

#include <memory>

#include "docs/tutorial-llvm/machine_code.h"
#include "docs/tutorial-llvm/thread.h"
#include "runtime/code_registry.h"

namespace nest {

class Jit {
 public:
  explicit Jit(fledge::runtime::CodeRegistry& registry);
  ~Jit();

  Jit(const Jit&) = delete;
  Jit& operator=(const Jit&) = delete;

  // The program's main. REQUIRES: nothing is loaded.
  Main* Load(const ObjectFile& object);
  void Unload();

 private:
  llvm::orc::ExecutionSession session_;
  llvm::orc::ObjectLinkingLayer layer_;
  llvm::orc::JITDylib& code_;
  llvm::orc::ResourceTrackerSP loaded_;
};

}  // namespace nest
