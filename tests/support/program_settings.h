// ProgramSettings: the heaps that random programs run on, by name.
//
// Each makes something happen often that is rare elsewhere. The property test
// and fledge_random_programs take every one of them with every policy and
// object model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "allocator/base/address.h"
#include "gc/heap.h"
#include "gc/heap_options.h"
#include "gc/mutator.h"
#include "gc/mutator_core.h"
#include "tests/support/fake_programs.h"
#include "tests/support/random.h"
#include "tests/support/recycling_os.h"

namespace fledge {

inline constexpr gc::Policy kPolicies[] = {
    gc::Policy::kNoGc, gc::Policy::kSemispace, gc::Policy::kGenCopy,
    gc::Policy::kGenImmix};

struct ProgramSetting {
  const char* name;
  const char* meaning;
  // May look at the program's seed.
  void (*apply)(gc::HeapOptions& heap, RandomProgramOptions& program);
};

inline constexpr ProgramSetting kProgramSettings[] = {
    {"roomy", "64 MiB, collected when it is time",
     [](gc::HeapOptions& heap, RandomProgramOptions&) {
       heap.nursery_bytes = kMiB;
     }},
    {"verified", "the verifier looks around each collection",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.verify = gc::Verify::kOn;
       program.one_in_collects = 1'000;
     }},
    {"promoting", "everything is promoted at once",
     [](gc::HeapOptions& heap, RandomProgramOptions&) {
       heap.tenuring_threshold = 1;
     }},
    {"aging", "everything is aged as long as it goes",
     [](gc::HeapOptions& heap, RandomProgramOptions&) {
       heap.tenuring_threshold = 3;
     }},
    {"pretenured", "everything is born old, but while weak sets are cleared",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.verify = gc::Verify::kOn;
       heap.pretenure = gc::Pretenure::kOn;
       heap.stress.random = 50;
       heap.stress.major = 5;
       heap.stress.evacuate_all = program.seed % 3 == 0;
       if (program.seed % 2 == 0) {
         heap.marking = gc::Marking::kInSteps;
         heap.stress.cycles = true;
       }
       heap.tenuring_threshold = 1 + program.seed % 3;
       program.most_live_bytes = 256 * kKiB;
     }},
    {"births", "the same without a verifier, and less often collected",
     [](gc::HeapOptions& heap, RandomProgramOptions&) {
       heap.pretenure = gc::Pretenure::kOn;
       heap.nursery_bytes = 128 * kKiB;
     }},
    {"tight", "2 MiB, of which more is wanted than there is",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.max_heap_bytes = 2 * kMiB;
       heap.nursery_bytes = gc::kBlockBytes;
       program.memory = Memory::kTight;
       program.most_live_bytes = 2 * kMiB;
       program.shapes.largest_object_bytes = kMiB;
     }},
    {"smallest", "the least limit and nursery, out of memory often",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.max_heap_bytes = 1;
       heap.nursery_bytes = 1;
       program.memory = Memory::kTight;
       program.most_live_bytes = kMiB / 2;
       program.shapes.largest_object_bytes = kMiB / 2;
     }},
    {"large", "every fourth object about a critical size or large",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.nursery_bytes = gc::kBlockBytes;
       program.most_live_bytes = 4 * kMiB;
       program.shapes.one_in_large = 32;
       program.shapes.one_in_critical = 8;
     }},
    {"every", "a collection at every tenth allocation, verified",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.verify = gc::Verify::kOn;
       heap.stress.every = 10;
       heap.stress.major = 5;
       program.most_live_bytes = 64 * kKiB;
       program.shapes.largest_object_bytes = 64 * kKiB;
     }},
    {"evacuate", "major collections move whatever may move",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.stress.random = 50;
       heap.stress.major = 2;
       heap.stress.evacuate_all = true;
       program.most_live_bytes = 128 * kKiB;
     }},
    {"tiny", "smallest spaces and queues",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.stress.tiny = true;
       heap.stress.random = 100;
       heap.stress.major = 5;
       program.most_live_bytes = 256 * kKiB;
     }},
    {"protect", "from-space is inaccessible",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.stress.protect = true;
       heap.stress.random = 200;
       heap.stress.major = 5;
       program.most_live_bytes = 256 * kKiB;
     }},
    {"cycles", "marking in steps of any size, verified",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.verify = gc::Verify::kOn;
       heap.marking = gc::Marking::kInSteps;
       heap.stress.cycles = true;
       heap.stress.random = 30;
       heap.stress.major = 40;
       heap.stress.evacuate_all = program.seed % 2 == 0;
       heap.tenuring_threshold = 1 + program.seed % 3;
       program.most_live_bytes = 128 * kKiB;
     }},
    {"tiny cycles", "the same with smallest spaces and queues",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.marking = gc::Marking::kInSteps;
       heap.stress.cycles = true;
       heap.stress.tiny = true;
       heap.stress.random = 60;
       heap.stress.evacuate_all = program.seed % 2 == 0;
       program.most_live_bytes = 256 * kKiB;
     }},
    {"schedules", "marking in steps in little heaps, for many short programs",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.os = &RecyclingOs::Get();
       heap.max_heap_bytes = 1;
       heap.marking = gc::Marking::kInSteps;
       heap.stress.cycles = true;
       heap.stress.tiny = true;
       heap.stress.random = 8;
       heap.stress.evacuate_all = program.seed % 2 == 0;
       heap.tenuring_threshold = 1 + program.seed % 3;
       program.memory = Memory::kTight;
       program.most_live_bytes = 32 * kKiB;
       program.shapes.largest_object_bytes = 16 * kKiB;
       program.one_in_compares = 25;
       program.one_in_collects = 20;
     }},
    {"birth schedules", "the same, and everything is born old",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.os = &RecyclingOs::Get();
       heap.max_heap_bytes = 1;
       heap.marking = gc::Marking::kInSteps;
       heap.pretenure = gc::Pretenure::kOn;
       heap.stress.cycles = true;
       heap.stress.tiny = true;
       heap.stress.random = 8;
       heap.stress.evacuate_all = program.seed % 2 == 0;
       heap.tenuring_threshold = 1 + program.seed % 3;
       program.memory = Memory::kTight;
       program.most_live_bytes = 32 * kKiB;
       program.shapes.largest_object_bytes = 16 * kKiB;
       program.one_in_compares = 25;
       program.one_in_collects = 20;
     }},
    {"refused", "the OS refuses one request for memory",
     [](gc::HeapOptions& heap, RandomProgramOptions& program) {
       heap.stress.fail_page = 1 + program.seed % 12;
       heap.stress.every = 500;
       heap.stress.major = 5;
     }},
};

// Runs a random program with the setting on a heap of its own, with choices
// from the seed or from elsewhere: its difference, or nothing. `operations` is
// set to those that it did.
template <HasModelTraits M, typename Source>
std::optional<std::string> RunProgram(const ProgramSetting& setting,
                                      gc::Policy policy,
                                      RandomProgramOptions options,
                                      Source choices,
                                      std::uint64_t& operations) {
  gc::HeapOptions heap_options;
  heap_options.max_heap_bytes = 64 * kMiB;
  heap_options.policy = policy;
  heap_options.stress.seed = options.seed;
  setting.apply(heap_options, options);
  gc::Heap<M> heap(heap_options);
  gc::Mutator<M> mutator(heap);
  RandomProgram<M, Source> program(heap, mutator, options, choices);
  const std::optional<std::string> difference = program.Run();
  operations = program.operations();
  return difference;
}
template <HasModelTraits M>
std::optional<std::string> RunProgram(const ProgramSetting& setting,
                                      gc::Policy policy,
                                      RandomProgramOptions options,
                                      std::uint64_t& operations) {
  return RunProgram<M>(setting, policy, options, Random(options.seed),
                       operations);
}

}  // namespace fledge
