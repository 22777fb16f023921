#include "tools/fledge/compare_command.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <utility>

#include "gc/heap_options.h"
#include "gc/option_text.h"
#include "tools/fledge/child_run.h"
#include "tools/fledge/command_line.h"
#include "tools/fledge/comparison.h"
#include "tools/fledge/heap_search.h"
#include "tools/fledge/interrupt.h"
#include "tools/fledge/output_files.h"
#include "tools/fledge/report.h"
#include "tools/fledge/run_request.h"
#include "tools/fledge/stress_command.h"
#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

constexpr const char* kUsualFolder = "fledge-out";
constexpr const char* kHeapExample = "1.5x,2x,3x";
constexpr int kUsualRepetitions = 5;
constexpr int kMostRepetitions = 1000;
constexpr double kMostFactor = 1000;
constexpr gc::Policy kUsualPolicies[] = {
    gc::Policy::kGenImmix, gc::Policy::kGenCopy, gc::Policy::kSemispace};

RunCommand Compare() {
  return {
      "compare",
      "Runs a workload under several policies, by turns, each run in a "
      "process of its\nown; prints a table, and writes report.html with all "
      "of them and compare.json.",
      SizeClass::kUsual,
      {{"--policy", "NAME", "gencopy",
        "a policy to run it under, may be repeated (default: genimmix, "
        "gencopy, semispace)",
        true},
       {"--heap", "SIZE,...", kHeapExample,
        "heap sizes to run it in: bytes, or times the smallest that it runs "
        "in"},
       {"--repeat", "N", "5", "runs of each (default: 5)"},
       {"--out", "DIR", kUsualFolder,
        "where report and figures go (default: fledge-out)"}}};
}

struct Plan {
  std::vector<gc::Policy> policies;
  std::vector<HeapSize> heaps;
  int repetitions = kUsualRepetitions;
};

std::optional<std::string> TakePlan(const CommandLine& line, Plan& plan) {
  for (const std::string& name : line.ValuesOf("--policy")) {
    // The heap's own option has the words for what may be wrong.
    gc::HeapOptions options;
    const std::string text = "policy=" + name;
    if (const auto error = gc::ParseHeapOptions(text, options)) {
      return "--" + error->message;
    }
    const bool twice = std::find(plan.policies.begin(), plan.policies.end(),
                                 options.policy) != plan.policies.end();
    if (twice) {
      return "--policy: " + gc::Quote(name) + " is given twice (keep one)";
    }
    plan.policies.push_back(options.policy);
  }
  if (plan.policies.empty()) {
    plan.policies.assign(std::begin(kUsualPolicies), std::end(kUsualPolicies));
  }
  if (const std::string* text = line.ValueOf("--heap")) {
    if (const auto error = TakeHeapSizes(*text, plan.heaps)) {
      return "--heap: " + *error;
    }
  }
  if (const std::string* text = line.ValueOf("--repeat")) {
    const char* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, plan.repetitions);
    if (parsed.ec != std::errc() || parsed.ptr != end || plan.repetitions < 1 ||
        plan.repetitions > kMostRepetitions) {
      return "--repeat: " + gc::Quote(*text) +
             " is not a number from 1 to 1000 (try 5)";
    }
  }
  return std::nullopt;
}

bool NeedsSmallestHeap(const Plan& plan) {
  return std::any_of(plan.heaps.begin(), plan.heaps.end(),
                     [](const HeapSize& size) { return size.factor != 0; });
}

// The smallest heap under the first policy. Says what it found.
std::optional<std::size_t> FindSmallestHeap(const RunRequest& request,
                                            const Plan& plan) {
  gc::HeapOptions options = request.gc.options;
  options.policy = plan.policies.front();
  ShowProgressLine("compare: looking for the smallest heap: a first run");
  const auto usual = RunInChild(request, options, OnFailure::kSaid);
  if (!usual) return std::nullopt;
  const auto runs_in = [&](std::size_t limit) {
    ShowProgressLine("compare: looking for the smallest heap: " +
                     HumanBytes(limit));
    options.max_heap_bytes = limit;
    return RunInChild(request, options, OnFailure::kSilent).has_value();
  };
  const auto found = SmallestHeap(usual->heap_peak_bytes, gc::kLeastHeapBytes,
                                  4 * usual->heap_peak_bytes, runs_in);
  ShowProgressLine("");
  if (found) {
    Print("the smallest heap that it runs in, under " +
          std::string(NameOf(options.policy)) + ": " + HumanBytes(*found) +
          "\n");
  }
  return found;
}

std::vector<Variant> VariantsOf(const Plan& plan, std::size_t smallest) {
  std::vector<Variant> variants;
  for (const gc::Policy policy : plan.policies) {
    Variant variant;
    variant.policy = NameOf(policy);
    if (plan.heaps.empty()) variants.push_back(variant);
    for (const HeapSize& size : plan.heaps) {
      variant.heap = size.text;
      variant.limit_bytes =
          size.factor == 0 ? size.bytes
                           : static_cast<std::size_t>(
                                 size.factor * static_cast<double>(smallest));
      variants.push_back(variant);
    }
  }
  return variants;
}

// Runs each variant once, in turn, and that as often as the plan says. Returns
// what went wrong, or nothing.
std::optional<std::string> RunAll(const RunRequest& request, const Plan& plan,
                                  std::vector<Variant>& variants) {
  std::optional<std::string> expected;  // The result of all of them.
  for (int repetition = 1; repetition <= plan.repetitions; ++repetition) {
    for (Variant& variant : variants) {
      if (variant.failed_runs != 0) continue;
      ShowProgressLine("compare: round " + std::to_string(repetition) + " of " +
                       std::to_string(plan.repetitions) + ", " +
                       variant.Name());
      gc::HeapOptions options = request.gc.options;
      options.policy = *gc::PolicyNamed(variant.policy);
      if (variant.limit_bytes != 0) {
        options.max_heap_bytes = variant.limit_bytes;
      }
      auto record = RunInChild(request, options, OnFailure::kSilent);
      if (!record) {
        ++variant.failed_runs;
        continue;
      }
      record->policy = variant.Name();
      variant.runs.push_back(std::move(*record));
    }
    for (const Variant& variant : variants) {
      if (variant.runs.empty()) continue;
      const std::string& result = variant.runs.back().result;
      if (!expected) expected = result;
      if (result != *expected) {
        return variant.Name() + ": " + Difference(*expected, result);
      }
    }
  }
  ShowProgressLine("");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> TakeHeapSizes(std::string_view text,
                                         std::vector<HeapSize>& sizes) {
  for (;;) {
    const std::size_t comma = text.find(',');
    const std::string item(text.substr(0, comma));
    HeapSize size;
    size.text = item;
    if (item.ends_with("x")) {
      const char* const end = item.data() + item.size() - 1;
      const auto parsed = std::from_chars(item.data(), end, size.factor);
      if (parsed.ec != std::errc() || parsed.ptr != end ||
          !(size.factor >= 1 && size.factor <= kMostFactor)) {
        return gc::Quote(item) + " is not a factor from 1 to 1000 (try 1.5x)";
      }
    } else if (const auto bytes = gc::ParseSize(item); bytes && *bytes > 0) {
      size.bytes = *bytes;
    } else {
      return gc::Quote(item) + " is neither a size nor a factor (try " +
             kHeapExample + ")";
    }
    sizes.push_back(size);
    if (comma == std::string_view::npos) return std::nullopt;
    text.remove_prefix(comma + 1);
  }
}

ExitStatus CompareCommand(std::span<const std::string> words) {
  const RunCommand command = Compare();
  CommandLine line;
  if (const auto error = CommandLine::Parse(words, command.options(), line)) {
    return BadInput(*error);
  }
  if (line.help()) return PrintRunHelp(command, line);
  RunRequest request;
  Plan plan;
  if (const auto error = TakeRunRequest(command, line, request)) {
    return BadInput(*error);
  }
  if (const auto error = TakePlan(line, plan)) return BadInput(*error);

  std::vector<Variant> variants;
  std::optional<std::size_t> smallest;
  std::vector<RunRecord> shown;
  OutputFiles files;
  const std::string* out = line.ValueOf("--out");
  const std::string folder = out != nullptr ? *out : kUsualFolder;
  if (const auto error = files.TryFolder("--out", folder)) {
    return BadInput(*error);
  }
  const auto write_figures = [&](std::ostream& to) {
    WriteComparison(variants, smallest, to);
  };
  files.Add(folder + "/report.html",
            [&](std::ostream& to) { WriteReport(shown, to); });
  files.Add(folder + "/compare.json", write_figures);
  if (const std::string* json = line.ValueOf("--json")) {
    if (const auto error = files.TryFile("--json", *json)) {
      return BadInput(*error);
    }
    files.Add(*json, write_figures);
  }

  const InterruptGuard guard("interrupted, so nothing was written");
  if (NeedsSmallestHeap(plan)) {
    smallest = FindSmallestHeap(request, plan);
    if (!smallest) {
      return Failed("compare: the workload runs in no heap of the usual limit");
    }
  }
  variants = VariantsOf(plan, smallest.value_or(0));
  if (const auto error = RunAll(request, plan, variants)) {
    return Failed("compare: " + *error);
  }
  for (const Variant& variant : variants) {
    if (const RunRecord* run = MedianRun(variant)) shown.push_back(*run);
  }
  Print(request.Title() + ", " + std::to_string(plan.repetitions) +
        " runs of each, by turns; medians\n\n" + ComparisonTable(variants));
  if (shown.empty()) return Failed("compare: no run ended well");
  if (const auto error = files.WriteAll()) return Failed(*error);
  Print("\n  " + folder + "/report.html and compare.json have the details\n");
  return ExitStatus::kOk;
}

}  // namespace fledge::tools
