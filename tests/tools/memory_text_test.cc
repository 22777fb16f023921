#include "tools/fledge/memory_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tools/fledge/units.h"

namespace fledge::tools {
namespace {

MemoryProfile ProfileOf(std::size_t rows) {
  MemoryProfile profile;
  profile.interval_bytes = 64 * kKiB;
  profile.has_heap = true;
  for (std::size_t i = 0; i < rows; ++i) {
    MemoryProfile::Amounts sampled;
    sampled.allocated = {1, 10, (rows - i) * kMiB};
    sampled.live = {1, 1, kKiB};
    sampled.peak = {1, 2, 2 * kKiB};
    profile.sampled.allocated.bytes += sampled.allocated.bytes;
    const std::string number = std::to_string(i);
    profile.types.push_back({"record t" + number, sampled, 3, 7 * kKiB});
    profile.functions.push_back(
        {"f" + number, "file.scm:" + number, sampled, {}});
  }
  return profile;
}

TEST(MemoryTextTest, WhatIsNotAmongTheFirstIsSummed) {
  const std::string text = MemoryText(ProfileOf(kRowsOfMemoryText + 3));
  EXPECT_NE(text.find("record t9 "), std::string::npos);
  EXPECT_EQ(text.find("record t10"), std::string::npos);
  // 3 + 2 + 1 MiB of 91.
  EXPECT_NE(text.find("    3 others            6.00 MiB    6.6%         3   "
                      "6.00 KiB   21.0 KiB         9\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("    3 others            6.00 MiB    6.6%         3   "
                      "6.00 KiB   3.00 KiB\n"),
            std::string::npos)
      << text;
}

TEST(MemoryTextTest, ColumnsStandBelowTheirNames) {
  const std::string text = MemoryText(ProfileOf(2));
  EXPECT_EQ(text.substr(0, text.find("\n\n") + 1),
            "  by type              allocated   share   samples    at peak"
            "       live   objects\n"
            "    record t0           2.00 MiB   66.7%         1   2.00 KiB"
            "   7.00 KiB         3\n"
            "    record t1           1.00 MiB   33.3%         1   2.00 KiB"
            "   7.00 KiB         3\n");
  EXPECT_NE(text.find("1.00 KiB   file.scm:0\n"), std::string::npos) << text;
}

TEST(MemoryTextTest, NamesDoNotDisturbTheTerminal) {
  MemoryProfile profile = ProfileOf(1);
  profile.functions[0].name = "a\x1b[31m\nb" + std::string(100, 'x');
  const std::string text = MemoryText(profile);
  EXPECT_NE(text.find("a [31m bxxx"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find(std::string(40, 'x')), std::string::npos);
}

TEST(MemoryTextTest, OfALongPlaceTheEndIsShown) {
  MemoryProfile profile = ProfileOf(1);
  profile.functions[0].place = std::string(50, 'a') + "/trees.scm:12";
  EXPECT_NE(MemoryText(profile).find("   ...aaa"), std::string::npos);
  EXPECT_NE(MemoryText(profile).find("a/trees.scm:12\n"), std::string::npos);
}

TEST(MemoryTextTest, NothingSampledHasNoShares) {
  MemoryProfile profile;
  profile.interval_bytes = kKiB;
  profile.types.push_back({"pair", {}, 0, 0});
  EXPECT_NE(MemoryText(profile).find("0 B       -"), std::string::npos)
      << MemoryText(profile);
}

}  // namespace
}  // namespace fledge::tools
