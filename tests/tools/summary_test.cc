#include "tools/fledge/summary.h"

#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/tools/synthetic_run.h"

namespace fledge::tools {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> KeysOf(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

TEST(SummaryJsonTest, HoldsTheFieldsOfTheContractInTheirOrder) {
  const RunRecord run = SyntheticRun({.has_operations = true});
  const Json json = SummaryJson(run);
  const std::vector<std::string> contract = {
      "workload",    "policy",          "wall_ns",           "mutator_ns",
      "result",      "allocated_bytes", "allocated_objects", "promoted_bytes",
      "collections", "pauses",          "operations",        "heap"};
  std::vector<std::string> keys = KeysOf(json);
  ASSERT_GE(keys.size(), contract.size());
  keys.resize(contract.size());
  EXPECT_EQ(keys, contract);
  EXPECT_EQ(KeysOf(json["collections"]),
            (std::vector<std::string>{"minor", "major"}));
  EXPECT_EQ(KeysOf(json["pauses"]),
            (std::vector<std::string>{"count", "total_ns", "p50_ns", "p99_ns",
                                      "p999_ns", "max_ns"}));
  EXPECT_EQ(KeysOf(json["operations"]),
            (std::vector<std::string>{"count", "p50_ns", "p99_ns", "p9999_ns",
                                      "max_ns"}));
  EXPECT_EQ(KeysOf(json["heap"]),
            (std::vector<std::string>{"live_bytes", "peak_bytes",
                                      "external_bytes", "peak_rss_bytes"}));
}

TEST(SummaryJsonTest, SaysWhatTheRecordSays) {
  const RunRecord run = SyntheticRun({.collections = 100, .major_each = 10});
  const Json json = SummaryJson(run);
  EXPECT_EQ(json["workload"], "binary-trees");
  EXPECT_EQ(json["policy"], "genimmix");
  EXPECT_EQ(json["wall_ns"], run.wall_ns);
  EXPECT_EQ(json["mutator_ns"], run.mutator_ns);
  EXPECT_EQ(json["result"], run.result);
  EXPECT_EQ(json["allocated_bytes"], run.allocated_bytes);
  EXPECT_EQ(json["collections"]["minor"], 90);
  EXPECT_EQ(json["collections"]["major"], 10);
  EXPECT_EQ(json["pauses"]["count"], 100);
  EXPECT_EQ(json["pauses"]["total_ns"], run.collections.pause_total_ns());
  EXPECT_EQ(json["pauses"]["max_ns"],
            run.collections.longest.front().pause_ns());
  EXPECT_EQ(json["heap"]["peak_rss_bytes"], run.peak_rss_bytes);
  EXPECT_EQ(json["args"], std::vector<std::string>{"20"});
}

TEST(SummaryJsonTest, CyclesAndTheirStepsAreCounted) {
  const RunRecord run =
      SyntheticRun({.collections = 80, .major_each = 0, .in_steps = true});
  const Json cycles = SummaryJson(run)["cycles"];
  EXPECT_EQ(cycles["count"], 10);
  EXPECT_EQ(cycles["pauses"]["start"]["count"], 10);
  EXPECT_EQ(cycles["pauses"]["remark"]["count"], 30);
  EXPECT_EQ(cycles["pauses"]["evacuate"]["count"], 20);
  EXPECT_EQ(cycles["steps"]["count"], 40);
  EXPECT_EQ(cycles["marked_by_steps_bytes"], std::size_t{40} << 20);
}

TEST(SummaryJsonTest, SaysHowLongPausesWereOnAProcessor) {
  const RunRecord run =
      SyntheticRun({.collections = 80, .major_each = 0, .in_steps = true});
  const Json json = SummaryJson(run);
  EXPECT_EQ(json["pauses_on_processor"]["count"], json["pauses"]["count"]);
  EXPECT_LT(json["pauses_on_processor"]["total_ns"],
            json["pauses"]["total_ns"]);
  EXPECT_GT(json["pauses_on_processor"]["p50_ns"], 0);
}

TEST(SummaryJsonTest, OperationsAreThereOnlyIfTheyWereTimed) {
  EXPECT_FALSE(SummaryJson(SyntheticRun({})).contains("operations"));
  EXPECT_TRUE(SummaryJson(SyntheticRun({.has_operations = true}))
                  .contains("operations"));
}

TEST(SummaryJsonTest, IsWrittenWhateverBytesTheResultHas) {
  RunRecord run = SyntheticRun({.collections = 1});
  run.result = "bytes \xff\xfe, \"quotes\"\nand lines";
  std::ostringstream out;
  WriteSummary(run, out);
  const Json json = Json::parse(out.str());
  EXPECT_EQ(json["result"],
            "bytes \xEF\xBF\xBD\xEF\xBF\xBD, \"quotes\"\nand lines");
}

TEST(SummaryJsonTest, OfARunWithoutCollectionsHasZeros) {
  const Json json = SummaryJson(SyntheticRun({.collections = 0}));
  EXPECT_EQ(json["pauses"]["count"], 0);
  EXPECT_EQ(json["pauses"]["max_ns"], 0);
}

TEST(SummaryTextTest, NamesWhatMattersAndFitsATerminal) {
  RunRecord run = SyntheticRun({.has_operations = true});
  run.result = std::string(500, 'x') + "\nsecond line";
  const std::string text = SummaryText(run);
  for (const char* word :
       {"binary-trees 20 (genimmix)", "wall time", "collections", "peak RSS",
        "p99.9", "minor", "major", "on processor", "operations"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(text.find("second line"), std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(SummaryTextTest, NoResultControlsTheTerminal) {
  RunRecord run = SyntheticRun({.collections = 1});
  run.result = "a\x1b[2Jb\tc";
  const std::string text = SummaryText(run);
  EXPECT_NE(text.find("a [2Jb c\n"), std::string::npos);
}

TEST(SummaryTextTest, ALongResultIsCutBetweenCharacters) {
  RunRecord run = SyntheticRun({.collections = 1});
  for (int i = 0; i < 100; ++i) run.result += "€";
  const std::string text = SummaryText(run);
  EXPECT_NE(text.find("€ ...\n"), std::string::npos);
}

TEST(SummaryTextTest, ColumnsOfTheTableEndTogether) {
  const std::string text = SummaryText(SyntheticRun({.has_operations = true}));
  const std::size_t table = text.find("count");
  ASSERT_NE(table, std::string::npos);
  std::istringstream lines(text.substr(text.rfind('\n', table) + 1));
  std::size_t width = 0;
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (c & 0xc0) != 0x80;
    if (width == 0) width = columns;
    EXPECT_EQ(columns, width) << line;
  }
}

TEST(SummaryTextTest, ARunWithoutCollectionsHasNoTable) {
  EXPECT_EQ(SummaryText(SyntheticRun({.collections = 0})).find("p99"),
            std::string::npos);
}

TEST(SummaryTextTest, AnEmptyRecordCanBePrinted) {
  EXPECT_NE(SummaryText(RunRecord()).find("0 minor, 0 major"),
            std::string::npos);
}

}  // namespace
}  // namespace fledge::tools
