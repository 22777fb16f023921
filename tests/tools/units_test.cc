#include "tools/fledge/units.h"

#include <gtest/gtest.h>

namespace fledge::tools {
namespace {

TEST(UnitsTest, DurationsHaveThreeDigitsAndAUnit) {
  EXPECT_EQ(HumanDuration(0), "0 ns");
  EXPECT_EQ(HumanDuration(999), "999 ns");
  EXPECT_EQ(HumanDuration(1000), "1.00 µs");
  EXPECT_EQ(HumanDuration(12'345), "12.3 µs");
  EXPECT_EQ(HumanDuration(1'234'567), "1.23 ms");
  EXPECT_EQ(HumanDuration(123'456'789), "123 ms");
  EXPECT_EQ(HumanDuration(3'210'000'000), "3.21 s");
  EXPECT_EQ(HumanDuration(1'181'000'000'000), "1181 s");
  EXPECT_EQ(HumanDuration(-1500), "-1.50 µs");
}

TEST(UnitsTest, RoundingNeverYieldsAThousandOfAUnit) {
  EXPECT_EQ(HumanDuration(999'499), "999 µs");
  EXPECT_EQ(HumanDuration(999'500), "1.00 ms");
  EXPECT_EQ(HumanDuration(9'999), "10.0 µs");
  EXPECT_EQ(HumanDuration(99'990), "100 µs");
  EXPECT_EQ(HumanBytes((std::uint64_t{1} << 20) - 1), "1.00 MiB");
}

TEST(UnitsTest, BytesAreInBinaryUnits) {
  EXPECT_EQ(HumanBytes(0), "0 B");
  EXPECT_EQ(HumanBytes(1023), "1023 B");
  EXPECT_EQ(HumanBytes(1024), "1.00 KiB");
  EXPECT_EQ(HumanBytes(64u << 20), "64.0 MiB");
  EXPECT_EQ(HumanBytes(std::uint64_t{3} << 30), "3.00 GiB");
  EXPECT_EQ(HumanRate(1.5 * (1 << 20)), "1.50 MiB/s");
}

TEST(UnitsTest, CountsAreExactWhileTheyAreShort) {
  EXPECT_EQ(HumanCount(0), "0");
  EXPECT_EQ(HumanCount(999), "999");
  EXPECT_EQ(HumanCount(1234), "1,234");
  EXPECT_EQ(HumanCount(99'999), "99,999");
  EXPECT_EQ(HumanCount(302'123'456), "302 M");
}

TEST(UnitsTest, SharesNearAnEndHaveAnotherDigit) {
  EXPECT_EQ(HumanShare(0), "0.0%");
  EXPECT_EQ(HumanShare(1), "100.0%");
  EXPECT_EQ(HumanShare(0.081), "8.1%");
  EXPECT_EQ(HumanShare(0.0012), "0.12%");
  EXPECT_EQ(HumanShare(0.9988), "99.88%");
  EXPECT_EQ(HumanShare(0.00001), "<0.01%");
  EXPECT_EQ(HumanShare(0.99999), ">99.99%");
}

TEST(UnitsTest, PaddingCountsCharactersNotBytes) {
  EXPECT_EQ(DisplayWidth("12 µs"), 5u);
  EXPECT_EQ(PadLeft("12 µs", 7), "  12 µs");
  EXPECT_EQ(PadRight("12 µs", 7), "12 µs  ");
  EXPECT_EQ(PadLeft("longer", 3), "longer");
}

}  // namespace
}  // namespace fledge::tools
