#include "tools/fledge/workload_run.h"

#include <optional>
#include <string>
#include <utility>

#include "gc/clock.h"
#include "runtime/heap.h"
#include "tools/fledge/collection_lines.h"
#include "tools/fledge/exhaustion.h"
#include "tools/fledge/histogram.h"
#include "tools/fledge/listening.h"
#include "tools/fledge/process_memory.h"
#include "tools/fledge/progress.h"
#include "tools/fledge/recorder.h"

namespace fledge::tools {
namespace {

// REQUIRES: the mutator is the only one that the heap has had.
void NoteMemory(runtime::Heap& heap, const runtime::Mutator& mutator,
                RunRecord& record) {
  record.peak_rss_bytes = PeakResidentBytes();
  record.allocated_bytes = mutator.allocated_bytes();
  record.heap_live_bytes = heap.old_object_bytes();
  record.heap_peak_bytes = heap.peak_used_bytes();
  record.external_bytes = heap.external().total_bytes();
  record.external = heap.external().Rows();
}

}  // namespace

RunRecord RunWorkload(const RunRequest& request,
                      const gc::HeapOptions& options) {
  RunRecord record;
  record.workload = request.workload->name();
  record.args = request.arguments;
  record.policy = NameOf(options.policy);
  record.options = request.gc.text;

  runtime::Heap heap(options);
  heap.SetOutOfMemoryHandler(EndOutOfMemory);
  Recorder recorder;
  std::optional<Listening> recording;
  recording.emplace(heap, recorder);
  Histogram operations;
  Progress progress(request.Title());
  {
    runtime::Mutator mutator(heap);
    MemoryProfiling profiling;
    RunContext context{heap, mutator, progress, operations};
    if (request.sampling.has_value()) {
      profiling.sampling = *request.sampling;
      context.profiling = &profiling;
    }
    record.start_ns = gc::NowNs();
    CollectionLines lines(record.start_ns);
    std::optional<Listening> tracing;
    if (request.trace == GcTrace::kOn) tracing.emplace(heap, lines);
    // What comes after it is neither timed nor recorded.
    profiling.end_run = [&] {
      record.wall_ns = gc::NowNs() - record.start_ns;
      NoteMemory(heap, mutator, record);
      recording.reset();
      tracing.reset();
    };
    record.result = request.workload->Run(context);
    record.memory = std::move(profiling.profile);
    if (!record.memory.has_value()) profiling.end_run();
    record.allocated_objects = context.allocated_objects;
  }
  if (operations.count() != 0) record.operations = operations;

  record.collections = recorder.Log();
  record.promoted_bytes = record.collections.promoted_bytes;
  record.mutator_ns = record.wall_ns - record.collections.pause_total_ns();
  return record;
}

}  // namespace fledge::tools
