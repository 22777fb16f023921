#include "tools/fledge/list_commands.h"

#include <optional>
#include <vector>

#include "gc/heap_options.h"
#include "gc/option_text.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/gc_settings.h"
#include "tools/fledge/run_request.h"
#include "tools/fledge/text_table.h"

namespace fledge::tools {
namespace {

std::string OptionTable(const std::vector<gc::OptionRow>& options) {
  std::vector<std::vector<std::string>> rows = {
      {"KEY", "VALUE", "DEFAULT", "MEANING"}};
  for (const gc::OptionRow& option : options) {
    rows.push_back({std::string(option.key), std::string(option.values),
                    std::string(option.initial), std::string(option.meaning)});
  }
  return TextTable(rows);
}

// Prints `text`, or `help` if that is what `words` ask for.
ExitStatus List(std::string_view command, std::span<const std::string> words,
                const std::string& help, const std::string& text) {
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, {}, line)) {
    return BadInput(*error);
  }
  if (!line.help() && !line.operands().empty()) {
    return BadInput(std::string(command) + ": unexpected " +
                    gc::Quote(line.operands().front()) + " (write fledge " +
                    std::string(command) + ")");
  }
  Print(line.help()
            ? "usage: fledge " + std::string(command) + "\n\n" + help + "\n"
            : text);
  return ExitStatus::kOk;
}

}  // namespace

ExitStatus WorkloadsCommand(std::span<const std::string> words) {
  return List("workloads", words,
              "Lists the workloads with their arguments. For an argument's "
              "values see\nfledge profile WORKLOAD --help.",
              WorkloadTable());
}

ExitStatus OptionsCommand(std::span<const std::string> words) {
  return List(
      "options", words, "Lists what can be set about a heap, and about stress.",
      "A heap, by --gc KEY=VALUE,... or the environment's FLEDGE_GC:\n\n" +
          OptionTable(gc::HeapOptionRows()) +
          "\nStress, by --stress KEY=VALUE,...:\n\n" +
          OptionTable(gc::StressOptionRows()));
}

}  // namespace fledge::tools
