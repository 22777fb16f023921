// The manual's tables list the options and the workloads there are.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gc/heap_options.h"
#include "tests/docs/page.h"
#include "tools/fledge/workload.h"

namespace fledge {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows AsTable(const std::vector<gc::OptionRow>& options) {
  Rows rows;
  for (const gc::OptionRow& option : options) {
    rows.push_back({std::string(option.key), std::string(option.values),
                    std::string(option.initial), std::string(option.meaning)});
  }
  return rows;
}

TEST(ManualTest, ListsTheOptionsOfAHeap) {
  EXPECT_EQ(TableRows(ReadCheckoutFile("docs/manual.md"), "## Heap options"),
            AsTable(gc::HeapOptionRows()));
}

TEST(ManualTest, ListsTheKeysOfStress) {
  EXPECT_EQ(TableRows(ReadCheckoutFile("docs/manual.md"), "## Stress keys"),
            AsTable(gc::StressOptionRows()));
}

TEST(ManualTest, ListsTheWorkloadsAndTheirArguments) {
  Rows listed =
      TableRows(ReadCheckoutFile("docs/manual.md"), "## fledge workloads");
  for (auto& row : listed) row.pop_back();  // What it is, in other words.
  Rows known;
  for (const auto& workload : tools::MakeWorkloads()) {
    std::string arguments;
    for (const tools::ArgumentRow& row : workload->arguments()) {
      if (!arguments.empty()) arguments += ", ";
      arguments += row.name;
    }
    known.push_back({std::string(workload->name()), arguments});
  }
  EXPECT_EQ(listed, known);
}

}  // namespace
}  // namespace fledge
