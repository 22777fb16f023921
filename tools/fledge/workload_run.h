// WorkloadRun: runs a workload on a heap of its own and measures it.
//
// Threads: one, which becomes the heap's mutator.
#pragma once

#include "gc/heap_options.h"
#include "tools/fledge/run_record.h"
#include "tools/fledge/run_request.h"

namespace fledge::tools {

// Runs what `request` asks for on a heap with `options`. Ends the program with
// a line and status 1 if the heap's limit is too small for the live data.
RunRecord RunWorkload(const RunRequest& request,
                      const gc::HeapOptions& options);

}  // namespace fledge::tools
