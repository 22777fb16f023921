// Repl: reads forms and commands of a person, runs them, and prints what they
// give, one after the other, until one ends it.
//
//   1> (map square '(1 2 3))
//   (1 4 9)
//   2> (car
//    | 5)
//   input 2:1:1: car: argument 1 is not a pair: 5
//
// Values go to stdout, errors to stderr. A line that begins with a colon where
// a form would begin is a command.
//
// Docs: docs/manual.md. Threads: by the mutator's thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gc/heap_options.h"
#include "tools/fledge/line_input.h"

namespace fledge::tools {

struct ReplOptions {
  gc::HeapOptions heap;
  bool traces_collections = false;
};

class Repl {
 public:
  // Longer values are cut off.
  static constexpr std::size_t kMostBytesOfValue = 4096;

  // `input` is borrowed. May collect.
  Repl(const ReplOptions& options, LineInput& input);
  ~Repl();
  Repl(const Repl&) = delete;
  Repl& operator=(const Repl&) = delete;

  // Until the input ends, or the program: what that gave to exit, or 0.
  int Run();

  // What `word`, the end of `line`, may become: names that the session has, or
  // commands at the line's begin.
  std::vector<std::string> Completions(std::string_view line,
                                       std::string_view word) const;

 private:
  struct Machine;
  struct Command;
  static const Command kCommands[];

  std::string Prompt() const;
  // Takes a line of input.
  void Take(const std::string& line);
  // Runs a text that is whole.
  void Evaluate(std::string name, std::string text);
  template <typename Runner>
  void Guarded(Runner run);
  void Report(const std::string& text);
  // Sees to it that what is printed next begins a line.
  void BeginLine();

  void RunCommand(std::string_view line);
  void Help(std::string_view);
  void Reset(std::string_view);
  void Load(std::string_view path);
  void Collect(std::string_view);
  void Stats(std::string_view);

  const ReplOptions options_;
  LineInput& input_;
  std::unique_ptr<Machine> machine_;
  std::string text_;           // What was typed of a form that is not whole.
  std::size_t number_ = 1;     // Of the input.
  std::optional<int> status_;  // What it ends with.
};

}  // namespace fledge::tools
