// RecordTransfer: a run's record as bytes, from the process that ran it to the
// one that compares.
//
// Both are the same program, so the bytes need no version and no byte order,
// and are not a file format.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// All but `memory`: runs of their own process are not sampled.
std::string RecordBytes(const RunRecord& record);

// Nothing if `bytes` are no whole record.
std::optional<RunRecord> RecordFromBytes(std::string_view bytes);

}  // namespace fledge::tools
