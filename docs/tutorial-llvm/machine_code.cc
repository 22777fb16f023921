#include "docs/tutorial-llvm/machine_code.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/JumpThreading.h>
#include <llvm/Transforms/Scalar/RewriteStatepointsForGC.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Mem2Reg.h>

#include <memory>
#include <string>

#include "docs/tutorial-llvm/primitives.h"

namespace nest {
namespace {

constexpr llvm::OptimizationLevel LevelOf(unsigned level) {
  return level == 1   ? llvm::OptimizationLevel::O1
         : level == 2 ? llvm::OptimizationLevel::O2
                      : llvm::OptimizationLevel::O3;
}

std::unique_ptr<llvm::TargetMachine> MakeMachine(unsigned level) {
  static const bool is_initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  static_cast<void>(is_initialized);
  const std::string triple = llvm::sys::getDefaultTargetTriple();
  std::string error;
  const llvm::Target* const target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (target == nullptr) llvm::report_fatal_error(error.c_str());
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, "x86-64", "", {}, llvm::Reloc::PIC_, llvm::CodeModel::Small,
      static_cast<llvm::CodeGenOptLevel>(level)));
}

// The analyses that passes ask for.
class Passes {
 public:
  explicit Passes(llvm::TargetMachine& machine) : builder(&machine, Tuning()) {
    builder.registerModuleAnalyses(modules_);
    builder.registerCGSCCAnalyses(components_);
    builder.registerFunctionAnalyses(functions_);
    builder.registerLoopAnalyses(loops_);
    builder.crossRegisterProxies(loops_, functions_, components_, modules_);
  }

  void Run(llvm::Module& module, llvm::ModulePassManager passes) {
    passes.run(module, modules_);
  }
  template <typename Pass>
  void RunOnFunctions(llvm::Module& module, Pass pass) {
    llvm::ModulePassManager passes;
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(pass)));
    Run(module, std::move(passes));
  }

  llvm::PassBuilder builder;

 private:
  static llvm::PipelineTuningOptions Tuning() {
    llvm::PipelineTuningOptions tuning;
    tuning.LoopVectorization = false;
    tuning.SLPVectorization = false;
    return tuning;
  }

  llvm::LoopAnalysisManager loops_;
  llvm::FunctionAnalysisManager functions_;
  llvm::CGSCCAnalysisManager components_;
  llvm::ModuleAnalysisManager modules_;
};

void InlinePrimitives(llvm::Module& module, unsigned level, Passes& passes) {
  for (llvm::Function& function : module) {
    if (!function.getName().starts_with(kPrimitivePrefix) ||
        function.isDeclaration()) {
      continue;
    }
    function.removeFnAttr(llvm::Attribute::OptimizeNone);
    function.removeFnAttr(llvm::Attribute::NoInline);
    function.addFnAttr(llvm::Attribute::AlwaysInline);
  }
  llvm::ModulePassManager inliner;
  inliner.addPass(llvm::AlwaysInlinerPass());
  passes.Run(module, std::move(inliner));
  if (level == 0) return;
  llvm::FunctionPassManager tidy;
  tidy.addPass(llvm::EarlyCSEPass());
  tidy.addPass(llvm::JumpThreadingPass());
  tidy.addPass(llvm::InstCombinePass());
  tidy.addPass(llvm::SimplifyCFGPass());
  passes.RunOnFunctions(module, std::move(tidy));
}

}  // namespace

ObjectFile CompileModule(llvm::Module& module, unsigned level) {
  const std::unique_ptr<llvm::TargetMachine> machine = MakeMachine(level);
  const llvm::DataLayout layout = machine->createDataLayout();
  module.setTargetTriple(machine->getTargetTriple().str());
  // While it optimizes, references are no integers: the optimizer then neither
  // makes addresses of them nor compares their bits.
  module.setDataLayout(layout.getStringRepresentation() +
                       "-ni:" + std::to_string(kReferences));
  Passes passes(*machine);
  if (level == 0) {
    // References in allocas would not be found: see README.md.
    passes.RunOnFunctions(module, llvm::PromotePass());
  } else {
    passes.Run(module,
               passes.builder.buildPerModuleDefaultPipeline(LevelOf(level)));
  }
  llvm::ModulePassManager statepoints;
  statepoints.addPass(llvm::RewriteStatepointsForGC());
  passes.Run(module, std::move(statepoints));
  InlinePrimitives(module, level, passes);
  AddReturnPolls(module);
  if (llvm::verifyModule(module, &llvm::errs())) {
    llvm::report_fatal_error("the passes left a module that is malformed");
  }

  module.setDataLayout(layout);
  ObjectFile object;
  llvm::raw_svector_ostream out(object);
  llvm::legacy::PassManager emit;
  if (machine->addPassesToEmitFile(emit, out, nullptr,
                                   llvm::CodeGenFileType::ObjectFile)) {
    llvm::report_fatal_error("this machine's back end writes no object files");
  }
  emit.run(module);
  return object;
}

}  // namespace nest
