// ReportData: what the report's script draws, as JSON: figures, and series
// that are short whatever the length of the run.
//
// The script is the only reader; the form is not a contract. Times are
// nanoseconds, or microseconds since the start of the run where a name ends in
// `_us`.
//
// Design: docs/design/reports.md.
//
// Threads: pure functions.
#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// Bars of the pause histogram in one decade of its logarithmic axis.
inline constexpr int kBarsPerDecade = 20;

// How many of the longest pauses the report lists.
inline constexpr std::size_t kListedPauses = 15;

// How many functions that allocate it lists, and places of each.
inline constexpr std::size_t kListedFunctions = 40;
inline constexpr std::size_t kListedPlacesOfFunction = 12;

nlohmann::ordered_json ReportData(std::span<const RunRecord> runs);

}  // namespace fledge::tools
