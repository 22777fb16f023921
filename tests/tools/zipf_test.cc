#include "tools/fledge/workloads/zipf.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "tools/fledge/workloads/xorshift.h"

namespace fledge::tools {
namespace {

// How often each rank was drawn; the first is of no rank.
std::vector<std::uint32_t> Draw(std::uint32_t ranks, std::uint32_t draws) {
  const Zipf zipf(ranks);
  Xorshift random;
  std::vector<std::uint32_t> counts(ranks + 1);
  for (std::uint32_t i = 0; i < draws; ++i) ++counts.at(zipf.Next(random));
  return counts;
}

TEST(ZipfTest, ARankIsDrawnAsOftenAsItsReciprocalSays) {
  constexpr std::uint32_t kDraws = 1'000'000;
  // Below, at and above a power of two, where the last octave is cut off.
  for (const std::uint32_t ranks : {1u, 2u, 3u, 31u, 32u, 33u, 100u}) {
    SCOPED_TRACE(ranks);
    double sum = 0;
    for (std::uint32_t rank = 1; rank <= ranks; ++rank) sum += 1.0 / rank;
    const std::vector<std::uint32_t> counts = Draw(ranks, kDraws);
    EXPECT_EQ(counts[0], 0u);
    for (std::uint32_t rank = 1; rank <= ranks; ++rank) {
      const double expected = kDraws / (sum * rank);
      // Five standard deviations: once in a million.
      EXPECT_NEAR(counts[rank], expected, 5 * std::sqrt(expected)) << rank;
    }
  }
}

TEST(ZipfTest, EachRankOfManyCanBeDrawn) {
  constexpr std::uint32_t kRanks = 1'000;
  const std::vector<std::uint32_t> counts = Draw(kRanks, 100 * kRanks);
  for (std::uint32_t rank = 1; rank <= kRanks; ++rank) {
    EXPECT_GT(counts[rank], 0u) << rank;
  }
}

TEST(ZipfTest, TheSameRanksFollowEachOtherInEveryRun) {
  const Zipf zipf(1'000'000);
  Xorshift random;
  for (const std::uint32_t rank : {52090u, 5u, 877u, 120u, 261u, 7u}) {
    EXPECT_EQ(zipf.Next(random), rank);
  }
}

}  // namespace
}  // namespace fledge::tools
