// ChildRun: runs a workload in a process of its own, so that the peak of its
// memory is its own, and running out of memory ends nothing else.
//
// Threads: called where the process has one thread.
#pragma once

#include <optional>

#include "gc/heap_options.h"
#include "tools/fledge/run_record.h"
#include "tools/fledge/run_request.h"

namespace fledge::tools {

// What a run that fails says on stderr.
enum class OnFailure : std::uint8_t { kSilent, kSaid };

// Runs what `request` asks for on a heap with `options`, and waits for it.
// Nothing if the run failed: its heap was too small, or it crashed.
std::optional<RunRecord> RunInChild(const RunRequest& request,
                                    const gc::HeapOptions& options,
                                    OnFailure on_failure);

}  // namespace fledge::tools
