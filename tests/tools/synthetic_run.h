// SyntheticRun: made-up runs that look like real ones, for tests of what is
// written about runs.
//
// The clock is a number that advances by what a program might take, so a run
// is the same on every machine, and a hundred thousand collections of it take
// no time.
#pragma once

#include <cstdint>

#include "tools/fledge/recorder.h"
#include "tools/fledge/run_record.h"

namespace fledge::tools {

struct SyntheticOptions {
  std::uint64_t collections = 300;
  std::uint64_t major_each = 25;  // Each n-th is major; 0: none.
  double pause_scale = 1;         // 2: pauses twice as long.
  bool has_operations = false;
  bool in_steps = false;  // Each 8 minor ones are a cycle, with steps between.
  std::uint64_t seed = 1;
  RecorderLimits limits{};
};

// A run under policy "genimmix" of a program whose heap grows and settles.
// Its times and sizes fit together: phases within pauses, pauses in order
// within the run, the mutator's time the rest.
RunRecord SyntheticRun(const SyntheticOptions& options);

}  // namespace fledge::tools
