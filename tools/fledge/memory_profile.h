// MemoryProfile: what a program in Lambda allocated and kept, by type and by
// function. Plain data, for summary and report.
//
// What was allocated, and by which function what is in the heap was, is
// estimated from samples; what is in the heap by type is exact.
//
// Design: docs/design/allocation_samples.md, docs/design/reports.md.
//
// Threads: MakeMemoryProfile() by the machine's; else none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gc/allocation_sampler.h"
#include "runtime/lambda/allocation_profile.h"
#include "runtime/lambda/live_types.h"
#include "runtime/lambda/sources.h"

namespace fledge::tools {

struct MemoryProfile {
  // What samples stand for.
  struct Amount {
    std::uint64_t samples = 0;
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
  };
  struct Amounts {
    Amount allocated;
    Amount live;  // At the end,
    Amount peak;  // and after the collection that left most.
  };
  struct OfType {
    std::string name;  // "pair", "record point".
    Amounts sampled;
    // Exact, at the end.
    std::uint64_t live_objects = 0;
    std::uint64_t live_bytes = 0;
  };
  // What a function allocated at one place, of one type.
  struct OfPlace {
    std::string at;       // "trees.scm:5:12"; empty if it is not known.
    std::string through;  // The procedure of the library; empty if none.
    std::string type;
    Amounts sampled;
  };
  struct OfFunction {
    std::string name;   // "make-tree", "a procedure".
    std::string place;  // "trees.scm:4"; empty for Lambda itself.
    Amounts sampled;
    std::vector<OfPlace> places;  // As functions are sorted.
  };

  std::uint64_t interval_bytes = 0;
  Amounts sampled;
  // Whether the heap was looked at: not where nothing collects.
  bool has_heap = false;
  std::uint64_t live_objects = 0;
  std::uint64_t live_bytes = 0;
  // What allocated most comes first.
  std::vector<OfType> types;
  std::vector<OfFunction> functions;
};

// Of what was sampled on a machine whose heap has these types.
MemoryProfile MakeMemoryProfile(const lambda::AllocationProfile& samples,
                                const lambda::Sources& sources,
                                const std::vector<lambda::LiveType>& live);

// What a run is asked for that is to be profiled, and what it answers.
struct MemoryProfiling {
  gc::SamplingOptions sampling;
  // Called when the program has ended: what follows is not its doing.
  std::function<void()> end_run;
  std::optional<MemoryProfile> profile;
};

}  // namespace fledge::tools
