// Whichever request for memory the OS refuses: a program ends with the right
// result or is told that memory has run out, and the heap is sound afterwards.
//
// Each run is tried with its first request refused, its second, and so on,
// until it makes fewer requests than that: once alone, and once with all that
// follow refused too.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "gc/heap.h"
#include "gc/heap_options.h"
#include "gc/heap_verifier.h"
#include "gc/mutator.h"
#include "gc/policy.h"
#include "runtime/heap.h"
#include "runtime/value_model.h"
#include "tests/support/fake_models.h"
#include "tests/support/fake_programs.h"
#include "tests/support/model_traits.h"
#include "tests/support/program_settings.h"
#include "tests/support/refusing_os.h"
#include "tests/support/sanitizers.h"
#include "tools/fledge/histogram.h"
#include "tools/fledge/progress.h"
#include "tools/fledge/workload.h"

namespace fledge {
namespace {

using gc::Policy;
using Refuses = RefusingOs::Refuses;

constexpr Refuses kBothWays[] = {Refuses::kOnce, Refuses::kFromThenOn};
// A run that makes more requests than this goes round in circles.
constexpr std::uint64_t kMostRequests = 1'000;

// Calls run(k, refuses), which returns the requests that were made, for every
// k that says something, and where that takes too long for a few of them.
template <typename Run>
void ForEachRequest(Run&& run) {
  for (const Refuses refuses : kBothWays) {
    SCOPED_TRACE(refuses == Refuses::kOnce ? "refuses once"
                                           : "refuses from then on");
    for (std::uint64_t k = 1;; k += kSanitized ? 1 + 3 * k : 1) {
      SCOPED_TRACE(k);
      const std::uint64_t requests = run(k, refuses);
      if (requests < k || ::testing::Test::HasFailure()) break;
      ASSERT_LT(k, kMostRequests);
    }
  }
}

// Every workload, at a size at which it promotes, fills old space and gives
// memory back. A workload that is missing here fails.
const std::map<std::string, std::vector<std::string>> kArguments = {
    {"binary-trees", {"12"}},
    {"gcbench", {"12", "200000"}},
    {"lru", {"10000", "5000"}},
    {"json", {"FILE", "4", "2"}},
    {"graph-mutate", {"20000", "100000"}},
    {"old-to-young", {"50000", "100000"}},
    {"fragment", {"10000", "4"}},
    {"deep-stack", {"20000", "2"}},
    {"weak-cache", {"10000", "20000"}},
};

std::string WriteJson() {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) /
      ("fledge_refused_" + std::to_string(getpid()) + ".json");
  std::ofstream file(path);
  file << "[0";
  for (int i = 1; i < 3'000; ++i) {
    file << ",{\"number\":" << i << ",\"text\":\"as long as " << i
         << " is\",\"list\":[true,null,[],{}]}";
  }
  file << "]\n";
  return path;
}

// What a run in another process came to; in memory that both share.
struct Outcome {
  enum class End : std::uint8_t { kDied, kDone, kOutOfMemory };
  End end = End::kDied;
  std::uint64_t requests = 0;
  char result[400] = "";
};

class RefusedWorkloadTest
    : public ::testing::TestWithParam<std::tuple<std::string, Policy>> {
 protected:
  RefusedWorkloadTest()
      : outcome_(static_cast<Outcome*>(
            mmap(nullptr, sizeof(Outcome), PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    for (auto& workload : tools::MakeWorkloads()) {
      if (workload->name() == std::get<0>(GetParam())) {
        workload_ = std::move(workload);
      }
    }
  }
  ~RefusedWorkloadTest() override {
    munmap(outcome_, sizeof(Outcome));
    if (!json_.empty()) std::filesystem::remove(json_);
  }

  void Configure() {
    ASSERT_TRUE(kArguments.contains(std::get<0>(GetParam())))
        << "a workload without a size in this test";
    std::vector<std::string> arguments = kArguments.at(std::get<0>(GetParam()));
    if (arguments[0] == "FILE") arguments[0] = json_ = WriteJson();
    const auto error =
        workload_->Configure(arguments, tools::SizeClass::kUsual);
    ASSERT_FALSE(error.has_value()) << *error;
  }

  // In a process of its own, because a workload that is out of memory cannot
  // go on.
  Outcome Run(std::uint64_t k, Refuses refuses) {
    *outcome_ = {};
    const pid_t child = fork();
    if (child == 0) {
      RunHere(k, refuses);
      _exit(0);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "it died";
    return *outcome_;
  }

 private:
  void RunHere(std::uint64_t k, Refuses refuses) {
    RefusingOs os(k, refuses);
    gc::HeapOptions options;
    options.policy = std::get<1>(GetParam());
    options.max_heap_bytes = 16 * kMiB;
    // Without minor collections there would hardly be any.
    options.stress.tiny = !TraitsOf(options.policy).generational;
    options.nursery_bytes = 256 * kKiB;
    options.os = &os;
    runtime::Heap heap(options);
    tools::Progress progress("");
    tools::Histogram operations;
    {
      runtime::Mutator mutator(heap);
      heap.SetOutOfMemoryHandler([&](const gc::OutOfMemory&) {
        Verify(heap, mutator);
        End(Outcome::End::kOutOfMemory, os, "");
        _exit(0);
      });
      tools::RunContext context{heap, mutator, progress, operations};
      os.Arm();
      const std::string result = workload_->Run(context);
      Verify(heap, mutator);
      End(Outcome::End::kDone, os, result);
    }
  }

  static void Verify(runtime::Heap& heap, runtime::Mutator& mutator) {
    for (const auto kind :
         {gc::CollectionKind::kMinor, gc::CollectionKind::kMajor}) {
      mutator.Collect(kind);
      if (!heap.safepoints().TryStop(mutator)) continue;
      gc::HeapVerifier<runtime::ValueModel>(heap).Verify("after all");
      heap.safepoints().Resume();
    }
  }

  void End(Outcome::End end, const RefusingOs& os, const std::string& result) {
    outcome_->requests = os.requests();
    std::strncpy(outcome_->result, result.c_str(),
                 sizeof(outcome_->result) - 1);
    outcome_->end = end;
  }

  Outcome* const outcome_;
  std::unique_ptr<tools::Workload> workload_;
  std::string json_;
};

TEST_P(RefusedWorkloadTest, HasTheRightResultOrIsToldThatMemoryHasRunOut) {
  ASSERT_NO_FATAL_FAILURE(this->Configure());
  const Outcome granted = Run(0, Refuses::kOnce);
  ASSERT_EQ(granted.end, Outcome::End::kDone);
  ASSERT_GT(granted.requests, 0u) << "too small to say anything";
  ForEachRequest([&](std::uint64_t k, Refuses refuses) {
    const Outcome outcome = Run(k, refuses);
    EXPECT_NE(outcome.end, Outcome::End::kDied);
    if (outcome.end == Outcome::End::kDone) {
      EXPECT_STREQ(outcome.result, granted.result);
    }
    // Memory that is there a moment later is no reason to give up.
    if (refuses == Refuses::kOnce) {
      EXPECT_EQ(outcome.end, Outcome::End::kDone);
    }
    return outcome.requests;
  });
}

std::vector<std::string> WorkloadNames() {
  std::vector<std::string> names;
  for (const auto& workload : tools::MakeWorkloads()) {
    names.emplace_back(workload->name());
  }
  return names;
}

// Of threads there are a workload's and the heap's helper, whatever the policy.
std::vector<Policy> Policies() {
  if (kThreadSanitized) return {Policy::kGenImmix};
  return {Policy::kSemispace, Policy::kGenCopy, Policy::kGenImmix};
}

INSTANTIATE_TEST_SUITE_P(
    EveryWorkload, RefusedWorkloadTest,
    ::testing::Combine(::testing::ValuesIn(WorkloadNames()),
                       ::testing::ValuesIn(Policies())),
    [](const auto& test) {
      std::string name = std::get<0>(test.param) + "_" +
                         std::string(NameOf(std::get<1>(test.param)));
      std::erase(name, '-');
      return name;
    });

template <typename M>
class RefusedProgramTest : public ::testing::Test {};

TYPED_TEST_SUITE(RefusedProgramTest, FakeModels, ModelNames);

TYPED_TEST(RefusedProgramTest, LosesNothing) {
  for (const Policy policy : kPolicies) {
    SCOPED_TRACE(NameOf(policy));
    ForEachRequest([&](std::uint64_t k, Refuses refuses) {
      RefusingOs os(k, refuses);
      gc::HeapOptions options;
      options.policy = policy;
      options.max_heap_bytes = 16 * kMiB;
      options.nursery_bytes = 256 * kKiB;
      options.os = &os;
      gc::Heap<TypeParam> heap(options);
      gc::Mutator<TypeParam> mutator(heap);
      os.Arm();
      const auto difference =
          RandomProgram<TypeParam>(heap, mutator,
                                   {.operations = 3'000,
                                    .memory = Memory::kTight,
                                    .one_in_compares = 300})
              .Run();
      EXPECT_FALSE(difference.has_value()) << *difference;
      return os.requests();
    });
  }
}

}  // namespace
}  // namespace fledge
