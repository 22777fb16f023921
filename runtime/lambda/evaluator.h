// Evaluator: what compiles for the program that runs: for eval and load.
//
// A machine has one, its session. What it makes is a list of procedures to be
// called in turn, without arguments: first the bodies of libraries that the
// form has loaded, then the form's own. Functions return empty after they have
// raised, as primitives do.
//
// Design: docs/design/lambda.md. Threads: the machine's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "runtime/value.h"

namespace fledge::lambda {

using runtime::Value;

class Evaluator {
 public:
  virtual ~Evaluator() = default;

  // Environments are numbers; the first is the one that the session's own forms
  // are run in.
  // A new one, with what `import_sets`, a list, names.
  virtual std::optional<std::size_t> MakeEnvironment(Value import_sets) = 0;

  // Makes variables that its forms have defined undefined. Never collects.
  virtual void ClearEnvironment(std::size_t environment) = 0;

  // What cond-expand knows.
  virtual const std::vector<std::string>& features() const = 0;

  virtual Value Compile(Value datum, std::size_t environment) = 0;

  // Reads a file form by form. Nothing if it has raised.
  virtual std::optional<std::size_t> OpenFile(Value path) = 0;
  // The next of its forms, compiled; false after the last.
  virtual Value CompileNext(std::size_t file, std::size_t environment) = 0;
};

}  // namespace fledge::lambda
