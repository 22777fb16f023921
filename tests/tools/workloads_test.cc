#include "tools/fledge/workloads/workloads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "gc/collection.h"
#include "gc/heap_options.h"
#include "tools/fledge/histogram.h"
#include "tools/fledge/progress.h"

namespace fledge::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Each workload at a size that takes no time, and its result: of the first
// three what programs in other languages print, of the others what models of
// them in another language compute.
struct Sample {
  const char* name;
  std::unique_ptr<Workload> (*make)();
  std::vector<std::string> arguments;
  std::string result;
  bool times_operations;
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

// Of this process: others run these tests at the same time.
std::string PathFor(const std::string& name) {
  return ::testing::TempDir() + "fledge_workloads_" + std::to_string(getpid()) +
         "_" + name;
}

const std::string& JsonFile() {
  struct File {
    File() {
      std::ofstream(path)
          << "{\"caf\xc3\xa9\": [1, 2.5, \"two\", null, true],\n"
             " \"b\": {\"caf\xc3\xa9\": {}, \"c\": []}}\n";
    }
    ~File() { std::remove(path.c_str()); }
    const std::string path = PathFor("test.json");
  };
  static const File file;
  return file.path;
}

const std::vector<Sample>& Samples() {
  static const std::vector<Sample> samples = {
      {"BinaryTrees",
       MakeBinaryTrees,
       {"6"},
       "stretch tree of depth 7\t check: 255\n"
       "64\t trees of depth 4\t check: 1984\n"
       "16\t trees of depth 6\t check: 2032\n"
       "long lived tree of depth 6\t check: 127",
       false},
      {"GcBench", MakeGcBench, {"6", "10000"}, "ok 81", false},
      {"Lru", MakeLru, {"100", "1000"}, "hits=508 sum=186782.5", true},
      {"Json",
       MakeJson,
       {JsonFile(), "5", "3"},
       "documents=5 values=50 string_bytes=75 checksum=8dcce1007de0d29b",
       false},
      {"GraphMutate",
       MakeGraphMutate,
       {"50", "4000"},
       "checksum=82363400edb18247",
       false},
      {"OldToYoung",
       MakeOldToYoung,
       {"2000", "4000"},
       "checksum=3ef1ff8f58b888d3",
       false},
      {"Fragment",
       MakeFragment,
       {"100", "40"},
       "checksum=7110936729290f54",
       true},
      {"DeepStack",
       MakeDeepStack,
       {"500", "3"},
       "checksum=45f31530b2c6aaff damaged=0",
       false},
      {"WeakCache",
       MakeWeakCache,
       {"100", "1000"},
       "checksum=28c1804c3f0b37e3 wrong=0 entries=100 symbols=43 cleanups=271",
       true},
  };
  return samples;
}

struct Outcome {
  std::string result;
  std::uint64_t objects = 0;
  std::uint64_t stress_collections = 0;
  std::uint64_t operations = 0;
};

// Counts the collections that stress was the reason for.
class StressCounter : public gc::CollectionListener {
 public:
  void OnCollection(const gc::CollectionEvent& event) override {
    if (event.reason == gc::CollectionReason::kStress) ++count_;
  }
  std::uint64_t count() const { return count_; }

 private:
  std::uint64_t count_ = 0;
};

Outcome RunSample(const Sample& sample, const gc::HeapOptions& options) {
  const std::unique_ptr<Workload> workload = sample.make();
  EXPECT_EQ(workload->Configure(sample.arguments, SizeClass::kUsual),
            std::nullopt);
  StressCounter counter;
  runtime::Heap heap(options);
  heap.AddListener(&counter);
  runtime::Mutator mutator(heap);
  Progress progress(workload->name());
  Histogram operations;
  RunContext context{heap, mutator, progress, operations};
  Outcome outcome;
  outcome.result = workload->Run(context);
  outcome.objects = context.allocated_objects;
  outcome.stress_collections = counter.count();
  outcome.operations = operations.count();
  EXPECT_EQ(mutator.handles().bytes, 0u) << "handles are left";
  return outcome;
}

gc::HeapOptions Plain() {
  gc::HeapOptions options;
  options.max_heap_bytes = 64 * kMiB;
  return options;
}
gc::HeapOptions Stressed(const char* specification) {
  gc::HeapOptions options = Plain();
  EXPECT_FALSE(gc::ParseStressOptions(specification, options.stress));
  options.stress.seed = 1;
  return options;
}

class WorkloadsTest : public ::testing::TestWithParam<Sample> {};

TEST_P(WorkloadsTest, TheResultIsTheKnownOne) {
  const Outcome outcome = RunSample(GetParam(), Plain());
  EXPECT_EQ(outcome.result, GetParam().result);
  EXPECT_EQ(outcome.operations != 0, GetParam().times_operations);
}

TEST_P(WorkloadsTest, StressDoesNotChangeTheResult) {
  gc::HeapOptions options = Stressed("every=3,major=5");
  options.verify = gc::Verify::kOn;
  EXPECT_EQ(RunSample(GetParam(), options).result, GetParam().result);
}

TEST_P(WorkloadsTest, EveryPolicyHasTheSameResult) {
  for (const gc::Policy policy :
       {gc::Policy::kNoGc, gc::Policy::kSemispace, gc::Policy::kGenCopy,
        gc::Policy::kGenImmix}) {
    SCOPED_TRACE(gc::NameOf(policy));
    gc::HeapOptions options = Stressed("random=20,major=5,tiny=on");
    options.policy = policy;
    EXPECT_EQ(RunSample(GetParam(), options).result, GetParam().result);
  }
}

TEST_P(WorkloadsTest, WhatIsEvacuatedIsNotUsedAnyMore) {
  for (const char* stress : {"every=1,major=4,evacuate=all,protect=on",
                             "every=1,cycles=on,protect=on"}) {
    SCOPED_TRACE(stress);
    EXPECT_EQ(RunSample(GetParam(), Stressed(stress)).result,
              GetParam().result);
  }
}

TEST_P(WorkloadsTest, EachObjectIsCounted) {
  // Each allocation is a collection.
  const Outcome outcome = RunSample(GetParam(), Stressed("every=1"));
  EXPECT_EQ(outcome.objects, outcome.stress_collections);
}

INSTANTIATE_TEST_SUITE_P(Each, WorkloadsTest, ::testing::ValuesIn(Samples()),
                         [](const auto& sample) { return sample.param.name; });

TEST(WorkloadArgumentsTest, DefaultsAreInTheirRanges) {
  for (const Sample& sample : Samples()) {
    if (sample.make == MakeJson) continue;  // Its default may not be there.
    SCOPED_TRACE(sample.name);
    const std::unique_ptr<Workload> workload = sample.make();
    EXPECT_EQ(workload->Configure({}, SizeClass::kUsual), std::nullopt);
    EXPECT_EQ(workload->Configure({}, SizeClass::kStress), std::nullopt);
  }
}

TEST(WorkloadArgumentsTest, ABadJsonFileIsReportedBeforeTheRun) {
  const std::unique_ptr<Workload> json = MakeJson();
  const auto error_of = [&](const std::string& path) {
    const std::vector<std::string> arguments = {path, "1", "1"};
    return json->Configure(arguments, SizeClass::kUsual).value_or("");
  };
  EXPECT_EQ(error_of("no/such.json"),
            "FILE: 'no/such.json' cannot be read: No such file or directory");
  EXPECT_THAT(error_of(::testing::TempDir()), HasSubstr("cannot be read: "));

  const std::string bad = PathFor("bad.json");
  std::ofstream(bad) << "[1,\n 2 3]\n";
  EXPECT_THAT(error_of(bad), StartsWith(bad + ":2:4: "));
  std::remove(bad.c_str());
}

}  // namespace
}  // namespace fledge::tools
