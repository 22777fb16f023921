// LineEditor: lines typed at a terminal, with editing, history and completion,
// by libedit.
//
// SIGINT has to have a handler that returns (UserInterrupt): it drops the line.
// The user's ~/.editrc is read. It sets the process's locale for characters.
//
// Threads: one at a time, and one editor at a time: signals of the terminal
// are the process's.
#pragma once

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/fledge/line_history.h"
#include "tools/fledge/line_input.h"

namespace fledge::tools {

class LineEditor final : public LineInput {
 public:
  // What the word that ends before the cursor may become: `line` is all before
  // the cursor, and `word` its end.
  using Completer = std::function<std::vector<std::string>(
      std::string_view line, std::string_view word)>;

  // Of stdin and stdout. REQUIRES: both are terminals.
  explicit LineEditor(LineHistory history);
  ~LineEditor() override;
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  void set_completer(Completer completer);

  LineOutcome Read(const std::string& prompt, std::string& line) override;

 private:
  struct State;  // What libedit has.

  std::unique_ptr<State> state_;
};

}  // namespace fledge::tools
