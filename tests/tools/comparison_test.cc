#include "tools/fledge/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

RunRecord RunOf(std::int64_t wall_ms) {
  RunRecord run = SyntheticRun({});
  run.mutator_ns = wall_ms * 600'000;
  run.wall_ns = wall_ms * 1'000'000;
  return run;
}

Variant Of(const std::string& policy, std::vector<std::int64_t> walls) {
  Variant variant;
  variant.policy = policy;
  for (const std::int64_t wall : walls) variant.runs.push_back(RunOf(wall));
  return variant;
}

TEST(ComparisonTest, ASpreadIsTheMiddleAndTheEnds) {
  const Spread odd = SpreadOf({3, 1, 2});
  EXPECT_EQ(odd.median, 2);
  EXPECT_EQ(odd.least, 1);
  EXPECT_EQ(odd.most, 3);
  EXPECT_EQ(SpreadOf({4, 1, 2, 10}).median, 3);
  EXPECT_EQ(SpreadOf({7}).median, 7);
}

TEST(ComparisonTest, TheMedianRunIsTheOneInTheMiddle) {
  const Variant variant = Of("genimmix", {30, 10, 20});
  EXPECT_EQ(MedianRun(variant), &variant.runs[2]);
  const Variant even = Of("genimmix", {40, 10, 30, 20});
  EXPECT_EQ(MedianRun(even), &even.runs[3]);
  EXPECT_EQ(MedianRun(Variant{}), nullptr);
}

TEST(ComparisonTest, TheTableHasALineForEachAndRatiosToTheFirst) {
  Variant failed;
  failed.policy = "semispace";
  failed.heap = "1.5x";
  failed.limit_bytes = 96 << 20;
  failed.failed_runs = 1;
  const Variant variants[] = {failed, Of("genimmix", {100, 110, 90}),
                              Of("gencopy", {150, 140, 160})};
  const std::string table = ComparisonTable(variants);
  EXPECT_THAT(table, ContainsRegex("semispace +1.5x, 96.0 MiB +does not run"));
  EXPECT_THAT(table, ContainsRegex("genimmix +usual +100 ms +90.0 ms +110 ms "
                                   "+1.00 +60.0 ms +40.0 ms"));
  EXPECT_THAT(table, ContainsRegex("gencopy +usual +150 ms +140 ms +160 ms "
                                   "+1.50"));
}

TEST(ComparisonTest, TheJsonHasEveryVariant) {
  Variant failed;
  failed.policy = "nogc";
  failed.failed_runs = 2;
  const Variant variants[] = {Of("genimmix", {100, 110, 90}), failed};
  std::ostringstream out;
  WriteComparison(variants, std::size_t{1} << 20, out);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["smallest_heap_bytes"], 1 << 20);
  ASSERT_EQ(json["variants"].size(), 2u);
  EXPECT_EQ(json["variants"][0]["runs"], 3);
  EXPECT_EQ(json["variants"][0]["wall_ns"]["median"], 100e6);
  EXPECT_EQ(json["variants"][0]["wall_ns"]["least"], 90e6);
  EXPECT_EQ(json["variants"][0]["collector_ns"]["most"], 44e6);
  EXPECT_EQ(json["variants"][1]["failed_runs"], 2);
  EXPECT_FALSE(json["variants"][1].contains("wall_ns"));
}

}  // namespace
}  // namespace fledge::tools
