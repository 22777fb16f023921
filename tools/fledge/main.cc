// The `fledge` program: finds the command and runs it.

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gc/option_text.h"
#include "tools/fledge/compare_command.h"
#include "tools/fledge/console.h"
#include "tools/fledge/list_commands.h"
#include "tools/fledge/profile_command.h"
#include "tools/fledge/repl_command.h"
#include "tools/fledge/run_command.h"
#include "tools/fledge/stress_command.h"
#include "tools/fledge/text_table.h"

namespace fledge::tools {
namespace {

constexpr std::string_view kUsage =
    "usage: fledge profile WORKLOAD [ARGUMENTS] [--out DIR] [--gc "
    "KEY=VALUE,...]\n"
    "       fledge compare | stress WORKLOAD [ARGUMENTS] [--policy NAME]... "
    "[--stress KEY=VALUE,...]\n"
    "       fledge run FILE [-- ARGUMENTS] | repl   fledge workloads | options "
    "| COMMAND --help | --help | --version\n";

struct Command {
  std::string_view name;
  std::string_view meaning;
  ExitStatus (*run)(std::span<const std::string> words);
};

constexpr std::array<Command, 7> kCommands = {{
    {"run", "runs a Lambda program", RunProgramCommand},
    {"repl", "runs what is typed in Lambda", ReplCommand},
    {"profile", "runs a workload, reports its pauses and its heap",
     ProfileCommand},
    {"compare", "runs a workload under several policies, side by side",
     CompareCommand},
    {"stress", "runs a workload under stress, verifies heap and result",
     StressCommand},
    {"workloads", "lists the workloads", WorkloadsCommand},
    {"options", "lists what can be set about a heap", OptionsCommand},
}};

void PrintHelp() {
  std::vector<std::vector<std::string>> rows;
  for (const Command& command : kCommands) {
    rows.push_back({std::string(command.name), std::string(command.meaning)});
  }
  Print(std::string(kUsage) + "\nCommands (see also fledge COMMAND --help):\n" +
        TextTable(rows) + "\nFor a start: fledge profile binary-trees\n");
}

ExitStatus UnknownCommand(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) names.push_back(command.name);
  const std::string known = gc::KnownNames(name, names);
  if (!name.starts_with("-")) {
    return BadInput("unknown command " + gc::Quote(name) + " " + known);
  }
  return BadInput("no command before option " + gc::Quote(name) + " " + known);
}

ExitStatus Run(std::span<const std::string> words) {
  if (words.empty()) {
    std::fputs(kUsage.data(), stderr);
    return ExitStatus::kBadInput;
  }
  const std::string& name = words.front();
  if (name == "--help" || name == "-h") {
    PrintHelp();
    return ExitStatus::kOk;
  }
  if (name == "--version") {
    Print("fledge " FLEDGE_VERSION "\n");
    return ExitStatus::kOk;
  }
  const auto command =
      std::find_if(kCommands.begin(), kCommands.end(),
                   [&](const Command& known) { return known.name == name; });
  if (command == kCommands.end()) return UnknownCommand(name);
  return command->run(words.subspan(1));
}

}  // namespace
}  // namespace fledge::tools

int main(int argc, char** argv) {
  using namespace fledge::tools;
  ClaimStandardStreams();
  try {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    return static_cast<int>(StatusAfterPrinting(Run(words)));
  } catch (const std::bad_alloc&) {
    return static_cast<int>(
        Failed("out of memory outside of the heap (see ulimit -v)"));
  } catch (const std::exception& error) {
    return static_cast<int>(Failed(error.what()));
  }
}
