#include "tools/fledge/stress_command.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <random>
#include <vector>

#include "gc/heap_options.h"
#include "gc/option_text.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/interrupt.h"
#include "tools/fledge/output_files.h"
#include "tools/fledge/run_request.h"
#include "tools/fledge/summary.h"
#include "tools/fledge/units.h"
#include "tools/fledge/workload_run.h"

namespace fledge::tools {
namespace {

constexpr const char* kExample = "every=1";

RunCommand Stress() {
  return {"stress",
          "Runs a workload as usual and then under stress with the verifier "
          "on, and\ncompares the results.",
          SizeClass::kStress,
          {{"--stress", "SPEC", kExample,
            "how to stress the heap (see fledge options)"}}};
}

// Short enough to be typed again.
std::uint64_t ChosenSeed() {
  constexpr std::uint64_t kMost = 999'999'999;
  std::random_device device;
  return std::uniform_int_distribution<std::uint64_t>(1, kMost)(device);
}

// Whether there is anything to do; seed and major only say how.
bool Stresses(const gc::StressOptions& stress) {
  return stress.enabled() || stress.fail_page != 0 || stress.evacuate_all ||
         stress.protect || stress.tiny;
}

std::optional<std::string> TakeStress(const CommandLine& line,
                                      gc::StressOptions& stress) {
  const std::string* text = line.ValueOf("--stress");
  if (text == nullptr) {
    return std::string("stress: no --stress SPEC (try --stress ") + kExample +
           ")";
  }
  if (const auto error = gc::ParseStressOptions(*text, stress)) {
    return "--stress: " + error->message;
  }
  if (!Stresses(stress)) {
    return "--stress: " + gc::Quote(*text) + " stresses nothing (add " +
           kExample + ")";
  }
  if (stress.seed == 0) stress.seed = ChosenSeed();
  return std::nullopt;
}

std::string CommandToRepeat(const RunRequest& request,
                            const gc::StressOptions& stress) {
  std::vector<std::string> words = {"fledge", "stress"};
  if (!request.gc.text.empty()) {
    words.insert(words.end(), {"--gc", request.gc.text});
  }
  words.insert(words.end(), {"--stress", ToText(stress)});
  // An argument that looks like an option was given behind "--".
  if (std::any_of(
          request.given.begin(), request.given.end(),
          [](const std::string& word) { return word.starts_with("-"); })) {
    words.push_back("--");
  }
  words.emplace_back(request.workload->name());
  words.insert(words.end(), request.given.begin(), request.given.end());
  return ShellLine(words);
}

std::string RunLine(std::string_view name, const RunRecord& record) {
  return PadRight(name, 12) + HumanDuration(record.wall_ns) + ", " +
         HumanCount(record.collections.minor_count()) + " minor and " +
         HumanCount(record.collections.major_count()) + " major collections\n";
}

// The first line of `text`, which is cut off from it.
std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace

ExitStatus StressCommand(std::span<const std::string> words) {
  const RunCommand command = Stress();
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, command.options(), line)) {
    return BadInput(*error);
  }
  if (line.help()) return PrintRunHelp(command, line);
  RunRequest request;
  request.gc.options.verify = gc::Verify::kOn;
  if (const auto error = TakeRunRequest(command, line, request)) {
    return BadInput(*error);
  }
  gc::HeapOptions stressed = request.gc.options;
  if (const auto error = TakeStress(line, stressed.stress)) {
    return BadInput(*error);
  }
  RunRecord record;
  OutputFiles files;
  if (const std::string* json = line.ValueOf("--json")) {
    if (const auto error = files.TryFile("--json", *json)) {
      return BadInput(*error);
    }
    files.Add(*json, [&](std::ostream& to) { WriteSummary(record, to); });
  }

  const std::string again = CommandToRepeat(request, stressed.stress);
  Print("seed " + std::to_string(stressed.stress.seed) +
        "; to repeat: " + again + "\n");
  const InterruptGuard guard("interrupted before the results were compared");
  gc::HeapOptions usual = request.gc.options;
  usual.verify = gc::Verify::kOff;
  const RunRecord reference = RunWorkload(request, usual);
  Print(RunLine("unstressed", reference));
  record = RunWorkload(request, stressed);
  Print(RunLine("stressed", record));

  if (const auto error = files.WriteAll()) return Failed(*error);
  if (record.result != reference.result) {
    PrintError("stress: " + Difference(reference.result, record.result));
    return Failed("stress: to repeat: " + again);
  }
  Print("the results are equal\n");
  return ExitStatus::kOk;
}

std::string Difference(std::string_view unstressed, std::string_view stressed) {
  for (std::size_t number = 1;; ++number) {
    const bool at_end = unstressed.empty() && stressed.empty();
    const std::string_view before = TakeLine(unstressed);
    const std::string_view after = TakeLine(stressed);
    if (before == after && !at_end) continue;
    return "the results differ in line " + std::to_string(number) +
           ": unstressed " + gc::Quote(before) + ", stressed " +
           gc::Quote(after);
  }
}

std::string ShellLine(std::span<const std::string> words) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "=,._-/+:@%";
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += '\'';
  }
  return line;
}

}  // namespace fledge::tools
