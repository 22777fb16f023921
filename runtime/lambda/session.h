// Session: a machine, the libraries that it has, and a namespace in which forms
// are run one after the other, as those of a program or typed at a prompt.
//
//   Session session(vm);
//   const Value value = session.Run("(+ 1 2)", "example");
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/environment.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

class Session : private LibraryHost {
 public:
  // On `vm`, which has no other session and outlives it. Loads the libraries
  // that every program has; may collect.
  explicit Session(Vm& vm);

  // Runs the forms of `text` until one raises what nobody handles. The last
  // one's value; empty if it was stopped: see Vm::TakeRaised(). Throws
  // SyntaxError, with a place in one of sources(), if a form is no program; the
  // forms before it have been run then. May collect.
  Value Run(std::string_view text, std::string name);

  // The names of texts, by Position::source.
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  std::optional<SourceText> FindLibrary(const LibraryName& name) override;
  std::optional<SourceText> FindIncluded(std::string_view path,
                                         Position from) override;
  void RunLibrary(Library& library, std::span<Expression* const> body) override;

  void ProvidePrimitives();
  void Provide(Library& library, std::string_view name, Value value);
  void ProvideInternal(InternalProcedure procedure);
  void Define(Global& global, Value value);
  // Of the namespace; null if the name is no variable's.
  Global* FindGlobal(std::string_view name);
  Value ValueOf(std::string_view name);
  void ImportAll(std::string_view library);
  std::uint32_t AddSource(std::string name);
  // The body of a program as a procedure.
  Value Load(Arena& arena, Expression* program);

  Vm& vm_;
  std::vector<std::string> sources_;
  Names names_;
  Libraries libraries_;
  Namespace space_;
};

}  // namespace fledge::lambda
