// Comparison: the runs of one workload under several policies and heap sizes,
// as a table for people and as JSON for programs.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// One way to run it.
struct Variant {
  std::string policy;
  std::string heap;             // "2x", "64M"; empty for the usual limit.
  std::size_t limit_bytes = 0;  // 0: the usual limit.
  std::vector<RunRecord> runs;  // In the order in which they ran.
  std::size_t failed_runs = 0;

  std::string Name() const {
    return heap.empty() ? policy : policy + " " + heap;
  }
};

// The middle of some figures, and the least and the largest.
struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};
// REQUIRES: !figures.empty(). Of an even number, the median is the mean of both
// in the middle.
Spread SpreadOf(std::vector<double> figures);

// The run whose wall time is the median, or the one below; null without runs.
const RunRecord* MedianRun(const Variant& variant);

// A line each: wall time with spread and ratio to the first variant that ran,
// mutator, collector, pauses, collections, peak memory.
std::string ComparisonTable(std::span<const Variant> variants);

// compare.json; docs/manual.md has its fields.
void WriteComparison(std::span<const Variant> variants,
                     std::optional<std::size_t> smallest_heap_bytes,
                     std::ostream& out);

}  // namespace fledge::tools
