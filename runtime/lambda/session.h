// Session: a machine, the libraries that it has, and a namespace in which forms
// are run one after the other, as those typed at a prompt.
//
//   Session session(vm);
//   const Value value = session.Run("(+ 1 2)", "example");
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/lambda/compiler.h"
#include "runtime/lambda/environment.h"
#include "runtime/lambda/evaluator.h"
#include "runtime/lambda/libraries.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/sources.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

struct SessionOptions {
  // Folders where the library (a b) is in a/b.sld; of several the first that
  // has it.
  std::vector<std::string> library_folders = {};
};

class Session : private LibraryHost, private Evaluator {
 public:
  // On `vm`, which has no other session and outlives it. Loads the libraries
  // that every program has; may collect.
  explicit Session(Vm& vm, SessionOptions options = {});
  ~Session() override;

  // Runs the forms of `text` until one raises what nobody handles. The last
  // one's value; empty if it was stopped: see Vm::TakeRaised(). Throws
  // SyntaxError, with a place in one of sources(), if a form is no program; the
  // forms before it have been run then. Between forms it runs cleanups of what
  // was found dead; one that raises ends it. May collect.
  Value Run(std::string_view text, std::string name);
  // The same for one of sources(), and calls `see` with each form's value when
  // the form is done. It must not collect.
  Value Run(SourceText text, const std::function<void(Value)>& see);

  // The same for a whole program. One that begins with an import or a library
  // has what it imports and nothing else, as R7RS says; others have all that
  // Run() has.
  Value RunProgram(SourceText text);

  Sources& sources() { return sources_; }
  const Sources& sources() const { return sources_; }
  const Vm& vm() const { return vm_; }

  // The namespace of Run(), as for what completes names in it.
  const Namespace& space() const { return *spaces_.front(); }

 private:
  // A file that load has opened.
  struct Opened {
    explicit Opened(const SourceText& text, Names& names)
        : reader(text.text, text.source, names) {}
    Reader reader;
  };

  // LibraryHost.
  std::optional<SourceText> FindLibrary(const LibraryName& name) override;
  std::optional<SourceText> FindIncluded(std::string_view path,
                                         Position from) override;
  void RunLibrary(Library& library, std::span<Expression* const> body) override;

  // Evaluator.
  std::optional<std::size_t> MakeEnvironment(Value import_sets) override;
  void ClearEnvironment(std::size_t environment) override;
  const std::vector<std::string>& features() const override {
    return libraries_.features();
  }
  Value Compile(Value datum, std::size_t environment) override;
  std::optional<std::size_t> OpenFile(Value path) override;
  Value CompileNext(std::size_t file, std::size_t environment) override;

  void ProvidePrimitives();
  void Provide(Library& library, std::string_view name, Value value);
  void ProvideInternalProcedures();
  void Define(Global& global, Value value);
  // Of Lambda's own libraries; null if none exports the name.
  Global* FindGlobal(std::string_view name);
  Value ValueOf(std::string_view name);
  // To be exported by `all`.
  void AddExports(std::string_view library, Library& all);

  Value RunForms(Reader& reader, Namespace& space,
                 const std::function<void(Value)>& see = {});
  // The form as a procedure.
  Value Load(Arena& arena, Namespace& space, const Syntax& form,
             LastCall last_call);
  // Runs the bodies of libraries that wait; false if one has raised.
  bool RunWaiting();
  // Those of what was found dead; false if one has raised.
  bool RunCleanups();
  // Those, and then the form, as a list.
  Value ListToRun(Arena& arena, Namespace& space, const Syntax& form);
  // As an error of the program's.
  Value RaiseSyntaxError(const SyntaxError& error);

  Vm& vm_;
  SessionOptions options_;
  Sources sources_;
  Names names_;
  Libraries libraries_;
  // By environment; the first is the session's own.
  std::vector<std::unique_ptr<Namespace>> spaces_;
  // Bodies of libraries that are to run before whatever comes next.
  std::deque<runtime::Persistent> waiting_;
  std::vector<std::unique_ptr<Opened>> opened_;
  runtime::Persistent run_cleanups_;
};

}  // namespace fledge::lambda
