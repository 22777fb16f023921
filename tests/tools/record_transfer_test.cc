#include "tools/fledge/record_transfer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/synthetic_run.h"
#include "tools/fledge/report_data.h"
#include "tools/fledge/summary.h"

namespace fledge::tools {
namespace {

TEST(RecordTransferTest, NothingIsLost) {
  for (const bool has_operations : {false, true}) {
    RunRecord record = SyntheticRun(
        {.has_operations = has_operations, .in_steps = has_operations});
    record.result = std::string("two\nlines\0", 10);
    record.args = {"", "20"};
    const auto back = RecordFromBytes(RecordBytes(record));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(SummaryJson(*back), SummaryJson(record));
    EXPECT_EQ(ReportData({&*back, 1}), ReportData({&record, 1}));
    EXPECT_EQ(back->start_ns, record.start_ns);
    EXPECT_EQ(back->result, record.result);
    EXPECT_EQ(back->collections.longest.size(),
              record.collections.longest.size());
  }
}

TEST(RecordTransferTest, AnEmptyRecordComesBack) {
  EXPECT_TRUE(RecordFromBytes(RecordBytes({})).has_value());
}

TEST(RecordTransferTest, AnyPartOfTheBytesIsRefused) {
  const std::string bytes = RecordBytes(SyntheticRun({.collections = 3}));
  for (std::size_t size = 0; size < bytes.size(); size += 997) {
    EXPECT_FALSE(RecordFromBytes(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(RecordFromBytes(bytes + "x").has_value());
}

}  // namespace
}  // namespace fledge::tools
