#include "tools/fledge/report_data.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

Json DataOf(const RunRecord& run) {
  return ReportData(std::vector<RunRecord>{run})["runs"][0];
}

TEST(ReportDataTest, BarsCountEveryPause) {
  const Json run = DataOf(SyntheticRun({.collections = 500}));
  for (const std::string kind : {"minor", "major"}) {
    std::uint64_t count = 0;
    for (const Json& bar : run[kind]["bars"]) {
      count += bar[1].get<std::uint64_t>();
    }
    EXPECT_EQ(count, run[kind]["pauses"]["count"]) << kind;
  }
}

TEST(ReportDataTest, ABarHoldsTheDurationsFromItsPowerOfTen) {
  RunRecord run;
  run.operations.emplace().Record(1'000'100);
  const Json bars = DataOf(run)["operations"]["bars"];
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0][0], 6 * kBarsPerDecade);
  EXPECT_EQ(bars[0][1], 1);
}

TEST(ReportDataTest, RatesAddUpToWhatWasAllocated) {
  for (const std::uint64_t collections : {0, 1, 2, 300, 5000}) {
    SCOPED_TRACE(collections);
    const RunRecord run = SyntheticRun({.collections = collections});
    const Json rate = DataOf(run)["rate"];
    const std::size_t steps = rate["t_us"].size();
    ASSERT_GT(steps, 0u);
    double sum = 0;
    for (const Json& value : rate["bytes_per_s"]) sum += value.get<double>();
    const double bytes = sum * static_cast<double>(run.wall_ns) / 1e9 /
                         static_cast<double>(steps);
    EXPECT_NEAR(bytes / static_cast<double>(run.allocated_bytes), 1, 1e-6);
  }
}

TEST(ReportDataTest, UtilizationEndsAtTheMutatorsShare) {
  const RunRecord run = SyntheticRun({.collections = 50});
  const Json mmu = DataOf(run)["mmu"];
  EXPECT_EQ(mmu["window_ns"].back(), run.wall_ns);
  EXPECT_NEAR(mmu["share"].back().get<double>(), run.mutator_share(), 1e-4);
}

TEST(ReportDataTest, TheLongestPausesAreListedAndDrawn) {
  const RunRecord run = SyntheticRun(
      {.collections = 3000, .limits = {.minor_events = 50, .major_events = 8}});
  const Json data = DataOf(run);
  ASSERT_EQ(data["longest"].size(), kListedPauses);
  const Json& longest = data["longest"][0];
  EXPECT_EQ(longest["pause_ns"], data["pauses"]["max_ns"]);
  const Json& dots = data[longest["kind"].get<std::string>()]["dots"];
  bool drawn = false;
  for (const Json& pause : dots["pause_ns"]) {
    drawn = drawn || pause == longest["pause_ns"];
  }
  EXPECT_TRUE(drawn);
}

TEST(ReportDataTest, SizeDoesNotGrowWithTheRun) {
  const std::string small = DataOf(SyntheticRun({.collections = 3'000})).dump();
  const std::string large =
      DataOf(SyntheticRun({.collections = 100'000})).dump();
  EXPECT_LT(large.size(), 2'000'000u);
  EXPECT_LT(large.size(), 12 * small.size());
}

TEST(ReportDataTest, AnEmptyRecordHasEmptySeries) {
  const Json data = DataOf(RunRecord());
  EXPECT_EQ(data["rate"]["t_us"], Json::array());
  EXPECT_EQ(data["heap"]["t_us"], Json::array());
  EXPECT_EQ(data["mmu"]["window_ns"], Json::array());
  EXPECT_EQ(data["minor"]["bars"], Json::array());
}

}  // namespace
}  // namespace fledge::tools
