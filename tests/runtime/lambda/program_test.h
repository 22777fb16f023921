// ProgramTest: programs on a session of their own, under every policy, and as
// objects move all the time.
//
//   TEST_P(PrinterTest, ListsAreInParentheses) {
//     EXPECT_EQ(Run("(list 1 2)"), "(1 2)");
//   }
//   INSTANTIATE_TEST_SUITE_P(Policies, PrinterTest, EveryProgramHeap());
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "gc/heap_options.h"
#include "runtime/heap.h"
#include "runtime/lambda/printer.h"
#include "runtime/lambda/session.h"
#include "runtime/lambda/vm.h"
#include "runtime/procedure_layout.h"
#include "tests/support/sanitizers.h"

namespace fledge::lambda {

class ProgramTest : public ::testing::TestWithParam<const char*> {
 protected:
  bool IsMoving() const {
    return std::string_view(GetParam()).find("verify") !=
               std::string_view::npos &&
           !IsWithoutCollector();
  }
  bool IsWithoutCollector() const {
    return std::string_view(GetParam()).find("nogc") != std::string_view::npos;
  }

  gc::HeapOptions Options() const {
    gc::HeapOptions options;
    options.max_heap_bytes = 128 * kMiB;
    EXPECT_FALSE(ParseHeapOptions(GetParam(), options));
    if (IsMoving()) {
      EXPECT_FALSE(
          ParseStressOptions("every=7,evacuate=all,seed=1", options.stress));
    }
    return options;
  }

  // The last form's value as it is written; "kind: message irritants" with
  // "raised " before it if it was stopped.
  std::string Run(std::string_view text) {
    const Value value = session_.Run(text, "test");
    if (!value.IsEmpty()) return WriteText(value);
    const Value raised = vm_.TakeRaised();
    if (!Is(raised, ObjectType::kCondition)) {
      return "raised " + WriteText(raised);
    }
    const runtime::Condition condition(raised);
    return "raised " + DisplayText(condition.kind()) + ": " +
           DisplayText(condition.message()) +
           (condition.irritants().IsNil()
                ? ""
                : " " + WriteText(condition.irritants()));
  }

  runtime::Heap heap_{Options()};
  runtime::Mutator mutator_{heap_};
  // A stack that is soon full, and then soon looked through.
  static constexpr VmOptions kSmallStack = {.stack_bytes = 16 * kMiB};
  Vm vm_{heap_, mutator_, kSmallStack};
  Session session_{vm_};
};

// Heaps that collect. What sanitizers look for is in Lambda's own code, which
// is the same on each; the collector's tests have every policy under them.
inline std::vector<const char*> CollectingHeaps() {
  if (kThreadSanitized) return {"policy=genimmix,marking=steps"};
  if (kSanitized) {
    return {"policy=genimmix,marking=steps", "policy=gencopy,verify=on"};
  }
  return {"policy=semispace",
          "policy=gencopy",
          "policy=genimmix",
          "policy=genimmix,marking=steps",
          "policy=semispace,verify=on",
          "policy=gencopy,verify=on",
          "policy=genimmix,verify=on"};
}

inline auto EveryCollectingHeap() {
  return ::testing::ValuesIn(CollectingHeaps());
}

inline auto EveryProgramHeap() {
  std::vector<const char*> heaps = CollectingHeaps();
  if (!kSanitized) heaps.push_back("policy=nogc");
  return ::testing::ValuesIn(heaps);
}

}  // namespace fledge::lambda
