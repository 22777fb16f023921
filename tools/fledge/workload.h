// Workload: a program that Fledge brings along, with a known result.
//
// `fledge profile`, `stress` and `compare` run one on a heap that they made and
// measure from outside. A workload is deterministic: its result depends on its
// arguments alone, never on the policy, the heap's size or stress.
//
// Docs: docs/manual.md. Threads: Run() by the mutator's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/heap.h"
#include "tools/fledge/histogram.h"
#include "tools/fledge/memory_profile.h"
#include "tools/fledge/progress.h"

namespace fledge::tools {

// What a workload may use while it runs, and reports to.
struct RunContext {
  runtime::Heap& heap;
  runtime::Mutator& mutator;
  Progress& progress;
  // Durations of single operations, for workloads that time each.
  Histogram& operations;
  // Null unless a workload that can say who allocates what is to do so.
  MemoryProfiling* profiling = nullptr;
  // Counted by the workload: the collector does not count objects.
  std::uint64_t allocated_objects = 0;
};

// Sizes for a run on its own, or under stress: less than a minute with a
// collection at each allocation.
enum class SizeClass : std::uint8_t { kUsual, kStress };

// One argument on the command line, in order.
struct ArgumentRow {
  std::string_view name;     // "DEPTH"
  std::string_view usual;    // The value when it is not given,
  std::string_view stress;   // and under stress.
  std::string_view meaning;  // "depth of the longest-lived tree, 4 to 26"
};

class Workload {
 public:
  virtual ~Workload() = default;

  virtual std::string_view name() const = 0;
  virtual std::string_view description() const = 0;  // One line.
  virtual std::vector<ArgumentRow> arguments() const = 0;

  // Takes the arguments of the command line; what is missing is as
  // `size_class` says. Returns what was wrong, where, and what would be right
  // ("DEPTH: 'abc' is not a number from 4 to 26"), or nothing. Reads input
  // files here, so that a bad one is an error before anything runs.
  virtual std::optional<std::string> Configure(
      std::span<const std::string> arguments, SizeClass size_class) = 0;

  // Runs to the end and returns the result, the same in every run.
  // REQUIRES: Configure() succeeded.
  virtual std::string Run(RunContext& context) = 0;
};

// Every workload there is, in the order in which they are listed.
std::vector<std::unique_ptr<Workload>> MakeWorkloads();

}  // namespace fledge::tools
