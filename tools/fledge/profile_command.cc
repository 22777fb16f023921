#include "tools/fledge/profile_command.h"

#include <optional>
#include <ostream>
#include <string>

#include "gc/heap_options.h"
#include "gc/option_text.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/interrupt.h"
#include "tools/fledge/output_files.h"
#include "tools/fledge/report.h"
#include "tools/fledge/run_request.h"
#include "tools/fledge/summary.h"
#include "tools/fledge/trace_writer.h"
#include "tools/fledge/workload_run.h"

namespace fledge::tools {
namespace {

constexpr const char* kUsualFolder = "fledge-out";
// Some hundred samples of a program that allocates a few megabytes.
constexpr std::size_t kUsualInterval = 16 * kKiB;

RunCommand Profile() {
  return {"profile",
          "Runs a workload, prints a summary of its pauses and its heap, and "
          "writes\nreport.html, trace.json (for Perfetto or speedscope) and "
          "summary.json.",
          SizeClass::kUsual,
          {{"--out", "DIR", kUsualFolder,
            "where report, trace and summary go (default: fledge-out)"},
           {"--sample", "SIZE", "64K",
            "bytes between two samples of what a program in Lambda allocates "
            "(16K); 0: none"}}};
}

// Returns what is wrong, where, and what would be right, or nothing.
std::optional<std::string> TakeSampling(const CommandLine& line,
                                        RunRequest& request) {
  gc::SamplingOptions sampling;
  sampling.interval_bytes = kUsualInterval;
  if (const std::string* const size = line.ValueOf("--sample")) {
    const auto bytes = gc::ParseSize(*size);
    if (!bytes.has_value()) {
      return "--sample: " + gc::Quote(*size) + " is not a size (try " +
             gc::SuggestedSize(*size, "64K") + ")";
    }
    sampling.interval_bytes = *bytes;
  }
  if (sampling.interval_bytes != 0) request.sampling = sampling;
  return std::nullopt;
}

}  // namespace

ExitStatus ProfileCommand(std::span<const std::string> words) {
  const RunCommand command = Profile();
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, command.options(), line)) {
    return BadInput(*error);
  }
  if (line.help()) return PrintRunHelp(command, line);
  RunRequest request;
  if (const auto error = TakeRunRequest(command, line, request)) {
    return BadInput(*error);
  }

  if (const auto error = TakeSampling(line, request)) return BadInput(*error);

  RunRecord record;
  const std::span<const RunRecord> records(&record, 1);
  OutputFiles files;
  const std::string* out = line.ValueOf("--out");
  const std::string folder = out != nullptr ? *out : kUsualFolder;
  if (const auto error = files.TryFolder("--out", folder)) {
    return BadInput(*error);
  }
  const auto write_summary = [&](std::ostream& to) {
    WriteSummary(record, to);
  };
  files.Add(folder + "/report.html",
            [&](std::ostream& to) { WriteReport(records, to); });
  files.Add(folder + "/trace.json",
            [&](std::ostream& to) { WriteTrace(records, to); });
  files.Add(folder + "/summary.json", write_summary);
  if (const std::string* json = line.ValueOf("--json")) {
    if (const auto error = files.TryFile("--json", *json)) {
      return BadInput(*error);
    }
    files.Add(*json, write_summary);
  }

  {
    const InterruptGuard guard("interrupted, so nothing was written");
    record = RunWorkload(request, request.gc.options);
    if (const auto error = files.WriteAll()) return Failed(*error);
  }
  Print(SummaryText(record) + "\n  " + folder +
        "/report.html, trace.json and " + "summary.json have the details\n");
  return ExitStatus::kOk;
}

}  // namespace fledge::tools
