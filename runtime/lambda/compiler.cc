#include "runtime/lambda/compiler.h"

#include "runtime/lambda/analysis.h"
#include "runtime/lambda/constant_folding.h"
#include "runtime/lambda/procedure_compiler.h"

namespace fledge::lambda {

std::unique_ptr<CodeDraft> Compile(Arena& arena, Expression* program,
                                   LastCall last_call) {
  Lambda* const lambda = arena.Make<Lambda>(arena, program->at);
  lambda->body = program;
  lambda->keeps_frame = last_call == LastCall::kAbove;
  const StackLimit stack;
  FoldConstants(arena, *lambda, stack);
  Analyse(*lambda, stack);
  auto draft = ProcedureCompiler::Compile(*lambda, stack);
  draft->is_form = true;
  return draft;
}

}  // namespace fledge::lambda
