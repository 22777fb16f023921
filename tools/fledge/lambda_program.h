// LambdaProgram: a file in Lambda, run as R7RS says a program is.
//
// Docs: docs/manual.md. Threads: by the mutator's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/heap.h"
#include "tools/fledge/gc_settings.h"
#include "tools/fledge/memory_profile.h"

namespace fledge::tools {

struct LambdaProgram {
  std::string path;  // "-" is stdin.
  std::vector<std::string> arguments;
};

// Whether a word names a program and no workload: by its end, or as a path.
bool IsLambdaProgram(const std::string& word);

// TakeGcSettings(), for the heap of a program. Where neither says what pauses
// are to be kept below, it is 20 ms: who waits for a program's end is served
// best by a larger nursery than 2 ms allow. Where marking is in steps, which is
// for short pauses, it is as usual.
std::optional<std::string> TakeProgramGcSettings(const char* environment,
                                                 const std::string* flag,
                                                 GcSettings& settings);

// Whether the file can be read: nothing if so, or what is wrong, and where.
std::optional<std::string> WhyUnreadable(const LambdaProgram& program);

// Runs it, and returns its exit status: what it gave to exit, 1 after an error,
// which is reported on stderr, or 0.
// REQUIRES: the heap has no other machine.
// Fills `profiling` in, if there is one, when the program has ended.
int RunLambdaProgram(runtime::Heap& heap, runtime::Mutator& mutator,
                     const LambdaProgram& program,
                     MemoryProfiling* profiling = nullptr);

}  // namespace fledge::tools
