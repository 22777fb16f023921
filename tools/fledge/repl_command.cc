#include "tools/fledge/repl_command.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "gc/option_text.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/gc_settings.h"
#include "tools/fledge/line_editor.h"
#include "tools/fledge/line_history.h"
#include "tools/fledge/plain_lines.h"
#include "tools/fledge/repl.h"
#include "tools/fledge/user_interrupt.h"

namespace fledge::tools {
namespace {

const std::vector<OptionSpec> kOptions = {
    {"--gc", "KEY=VALUE,...", "nursery=16M",
     "sets up the heap (see fledge options); wins over the environment's "
     "FLEDGE_GC"},
    {"--trace-gc", "", "", "prints a line a collection to stderr"},
};

ExitStatus PrintHelp() {
  Print(
      "usage: fledge repl [OPTIONS]\n\n"
      "Runs what is typed in Lambda, form by form, and prints the values;\n"
      ":help says what else there is (docs/manual.md). Where stdin is no\n"
      "terminal its lines are taken as they come, without prompts. The status\n"
      "is what a form gives to exit, or 0.\n\nOptions:\n" +
      OptionTable(kOptions));
  return ExitStatus::kOk;
}

int RunAtTerminal(const ReplOptions& options) {
  const UserInterrupt interrupt;
  LineEditor editor{LineHistory(HistoryFile())};
  Repl repl(options, editor);
  editor.set_completer([&](std::string_view line, std::string_view word) {
    return repl.Completions(line, word);
  });
  Print("Lambda on Fledge " FLEDGE_VERSION ". :help says what there is.\n");
  return repl.Run();
}

}  // namespace

ExitStatus ReplCommand(std::span<const std::string> words) {
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, kOptions, line)) {
    return BadInput(*error);
  }
  if (line.help()) return PrintHelp();
  if (!line.operands().empty()) {
    const std::string& file = line.operands().front();
    return BadInput("repl: " + gc::Quote(file) +
                    " is one word too many (:load FILE at the prompt, or "
                    "fledge run FILE)");
  }
  GcSettings settings;
  if (const auto error = TakeGcSettings(std::getenv("FLEDGE_GC"),
                                        line.ValueOf("--gc"), settings)) {
    return BadInput(*error);
  }
  const ReplOptions options = {.heap = settings.options,
                               .traces_collections = line.Has("--trace-gc")};
  if (isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
    return static_cast<ExitStatus>(RunAtTerminal(options));
  }
  PlainLines lines(STDIN_FILENO);
  return static_cast<ExitStatus>(Repl(options, lines).Run());
}

}  // namespace fledge::tools
