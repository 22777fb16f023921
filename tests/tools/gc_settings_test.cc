#include "tools/fledge/gc_settings.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "allocator/base/address.h"

namespace fledge::tools {
namespace {

std::optional<std::string> Error(const char* environment, std::string flag) {
  GcSettings settings;
  return TakeGcSettings(environment, &flag, settings);
}

TEST(GcSettingsTest, NothingGivenChangesNothing) {
  GcSettings settings;
  settings.options.verify = gc::Verify::kOn;
  EXPECT_EQ(TakeGcSettings(nullptr, nullptr, settings), std::nullopt);
  EXPECT_EQ(settings.options.verify, gc::Verify::kOn);
  EXPECT_EQ(settings.text, "");
}

TEST(GcSettingsTest, TheFlagWinsKeyByKey) {
  GcSettings settings;
  const std::string flag = "nursery=2M,verify=on";
  EXPECT_EQ(TakeGcSettings("nursery=1M,tenuring=3", &flag, settings),
            std::nullopt);
  EXPECT_EQ(settings.options.nursery_bytes, 2 * kMiB);
  EXPECT_EQ(settings.options.tenuring_threshold, 3u);
  EXPECT_EQ(settings.options.verify, gc::Verify::kOn);
}

TEST(GcSettingsTest, TheTextParsesBackToTheOptions) {
  for (const char* environment : {"", "nursery=1M", "nursery=1M,tenuring=3"}) {
    for (const char* text : {"", "nursery=2M", "verify=on,max-heap=1G"}) {
      GcSettings settings;
      const std::string flag = text;
      ASSERT_EQ(TakeGcSettings(environment, &flag, settings), std::nullopt);
      gc::HeapOptions again;
      ASSERT_FALSE(gc::ParseHeapOptions(settings.text, again)) << settings.text;
      EXPECT_EQ(again.nursery_bytes, settings.options.nursery_bytes);
      EXPECT_EQ(again.max_heap_bytes, settings.options.max_heap_bytes);
      EXPECT_EQ(again.tenuring_threshold, settings.options.tenuring_threshold);
      EXPECT_EQ(again.verify, settings.options.verify);
    }
  }
}

TEST(GcSettingsTest, AnErrorSaysWhereItCameFrom) {
  EXPECT_EQ(Error(nullptr, "nursery=abc"),
            "--gc: nursery: 'abc' is not a size (try 16M)");
  EXPECT_EQ(Error("nursery=abc", "nursery=1M"),
            "FLEDGE_GC: nursery: 'abc' is not a size (try 16M)");
}

}  // namespace
}  // namespace fledge::tools
