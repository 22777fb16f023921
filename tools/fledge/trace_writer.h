// TraceWriter: a run's collections as trace-event JSON, which Perfetto and
// speedscope open.
//
// Each run is a process. Its one thread, "collections", shows each pause with
// the phases nested in it, and before it the wait for the mutators to stop;
// counters show the bytes of heap, young and old space. Time 0 is the start of
// the run.
//
// Slices are pairs of begin and end events with times in microseconds, exact
// to the nanosecond. Complete events ("X") would be half as many, but a reader
// adds their start and duration in floating point, and a phase that seems to
// end after its pause breaks the nesting. What there is to know of a pause
// (reason, sizes) is in the end event's args: viewers merge both, and
// speedscope, which takes the begin event's args as a part of the name, still
// adds all pauses of a kind together.
//
// Source: "Trace Event Format", Google. Threads: pure.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>

#include "tools/fledge/run_record.h"

namespace fledge::tools {

// How many collections of a run are in a trace, apart from the longest ones:
// about 20 MB, which viewers open at once. Of more, evenly chosen ones are.
inline constexpr std::size_t kTracedCollections = 10'000;
// And how many steps of marking.
inline constexpr std::size_t kTracedSteps = 20'000;

// Writes a whole file.
void WriteTrace(std::span<const RunRecord> runs, std::ostream& out);

}  // namespace fledge::tools
