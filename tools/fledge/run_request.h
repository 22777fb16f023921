// RunRequest: what the words behind `profile` or `stress` ask to be run, and
// how; the part that those commands share.
//
// Threads: one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gc/allocation_sampler.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/console.h"
#include "tools/fledge/gc_settings.h"
#include "tools/fledge/workload.h"

namespace fledge::tools {

enum class GcTrace : std::uint8_t { kOff, kOn };

struct RunRequest {
  std::unique_ptr<Workload> workload;  // Configured.
  std::vector<std::string> given;      // Arguments of the command line.
  std::vector<std::string> arguments;  // Those, and defaults for the rest.
  GcSettings gc;
  GcTrace trace = GcTrace::kOff;
  // What is allocated is sampled so, if at all.
  std::optional<gc::SamplingOptions> sampling;

  // "binary-trees 20".
  std::string Title() const;
};

// A command that runs a workload, for parsing and for its help.
struct RunCommand {
  std::string_view name;     // "profile"
  std::string_view meaning;  // "runs a workload and reports its pauses"
  SizeClass size_class;
  std::vector<OptionSpec> own_options;  // Beside the common ones.

  // Common options and its own, in the order in which help lists them.
  std::vector<OptionSpec> options() const;
};

// Fills `request` from `line`; what is set in its `gc.options` is the default.
// Returns what was wrong, where, and what would be right, or nothing. Reads the
// workload's input files.
std::optional<std::string> TakeRunRequest(const RunCommand& command,
                                          const CommandLine& line,
                                          RunRequest& request);

// Prints help on `command`, or on it with the workload that `line` names; the
// status is kBadInput if there is no such workload.
ExitStatus PrintRunHelp(const RunCommand& command, const CommandLine& line);

// Every workload with its arguments and what it is, a line each.
std::string WorkloadTable();

// The workload of that name; null if there is none.
std::unique_ptr<Workload> WorkloadNamed(std::string_view name);

// "unknown workload 'lur' (did you mean 'lru'? known: ...)".
std::string UnknownWorkload(std::string_view name);

}  // namespace fledge::tools
