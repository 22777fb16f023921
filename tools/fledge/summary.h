// Summary: one run in figures, for programs (summary.json) and for people (the
// text that `fledge profile` prints).
//
// The fields of summary.json are a contract: those that are there keep their
// names and meaning, others may follow.
//
// Threads: pure functions.
#pragma once

#include <iosfwd>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// All fields of summary.json, in their documented order. Text is taken as it
// is, even if it is not UTF-8.
nlohmann::ordered_json SummaryJson(const RunRecord& run);

// summary.json, indented, with bytes that are not UTF-8 replaced.
void WriteSummary(const RunRecord& run, std::ostream& out);

// Some twelve lines with the figures that matter, aligned, units humanised.
std::string SummaryText(const RunRecord& run);

}  // namespace fledge::tools
