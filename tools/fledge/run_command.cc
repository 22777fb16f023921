#include "tools/fledge/run_command.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "gc/clock.h"
#include "runtime/heap.h"
#include "tools/fledge/collection_lines.h"
#include "tools/fledge/collection_time.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/gc_settings.h"
#include "tools/fledge/lambda_program.h"
#include "tools/fledge/listening.h"

namespace fledge::tools {
namespace {

const std::vector<OptionSpec> kOptions = {
    {"--gc", "KEY=VALUE,...", "nursery=16M",
     "sets up the heap (see fledge options); wins over the environment's "
     "FLEDGE_GC"},
    {"--trace-gc", "", "", "prints a line a collection to stderr"},
    {"--gc-time", "", "",
     "prints gc_us=N behind what the program prints: the microseconds that "
     "collections took"},
};

ExitStatus PrintHelp() {
  Print(
      "usage: fledge run FILE [OPTIONS] [-- ARGUMENTS]\n\n"
      "Runs a program in Lambda, which is R7RS small and more "
      "(docs/manual.md);\n"
      "- is stdin. (command-line) is the file's name and the arguments. The\n"
      "status is what the program gives to exit, and 1 after an error.\n"
      "Libraries of its own are beside it: (a b) in a/b.sld. Its pause-target "
      "is\n"
      "20ms where no setting says otherwise and marking is not in "
      "steps.\n\nOptions:\n" +
      OptionTable(kOptions));
  return ExitStatus::kOk;
}

}  // namespace

ExitStatus RunProgramCommand(std::span<const std::string> words) {
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, kOptions, line)) {
    return BadInput(*error);
  }
  if (line.help()) return PrintHelp();
  if (line.operands().empty()) {
    return BadInput("run: no program (try fledge run FILE.scm)");
  }
  LambdaProgram program;
  program.path = line.operands().front();
  program.arguments.assign(line.operands().begin() + 1, line.operands().end());
  if (const auto error = WhyUnreadable(program)) {
    return BadInput("run: " + *error);
  }
  GcSettings settings;
  if (const auto error = TakeProgramGcSettings(
          std::getenv("FLEDGE_GC"), line.ValueOf("--gc"), settings)) {
    return BadInput(*error);
  }
  runtime::Heap heap(settings.options);
  runtime::Mutator mutator(heap);
  CollectionLines lines(gc::NowNs());
  std::optional<Listening> tracing;
  if (line.Has("--trace-gc")) tracing.emplace(heap, lines);
  CollectionTime time;
  std::optional<Listening> timing;
  if (line.Has("--gc-time")) timing.emplace(heap, time);
  const int status = RunLambdaProgram(heap, mutator, program);
  if (timing.has_value()) {
    Print("gc_us=" + std::to_string(time.total_ns() / 1'000) + "\n");
  }
  return static_cast<ExitStatus>(status);
}

}  // namespace fledge::tools
