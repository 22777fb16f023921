#include "tools/fledge/heap_search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "allocator/base/address.h"

namespace fledge::tools {
namespace {

constexpr std::size_t kLeast = 64 * kKiB;

TEST(HeapSearchTest, FindsTheSmallestToATwentieth) {
  for (const std::size_t needed : {64 * kKiB, kMiB + 1, 37 * kMiB, kGiB}) {
    for (const std::size_t guess : {std::size_t{1}, kMiB, 100 * kMiB}) {
      std::size_t runs = 0;
      const auto found =
          SmallestHeap(guess, kLeast, 4 * kGiB, [&](std::size_t limit) {
            ++runs;
            return limit >= needed;
          });
      ASSERT_TRUE(found.has_value());
      EXPECT_GE(*found, needed);
      EXPECT_LE(*found, needed + needed / 19 + 64 * kKiB);
      EXPECT_EQ(*found % (64 * kKiB), 0u);
      EXPECT_LT(runs, 40u);
    }
  }
}

TEST(HeapSearchTest, TriesNothingBelowTheLeast) {
  std::size_t least_tried = kGiB;
  const auto found = SmallestHeap(1, kMiB, 4 * kGiB, [&](std::size_t limit) {
    least_tried = std::min(least_tried, limit);
    return true;
  });
  EXPECT_EQ(found, kMiB);
  EXPECT_EQ(least_tried, kMiB);
}

TEST(HeapSearchTest, GivesUpAtTheMostThatItMayTake) {
  std::size_t most_tried = 0;
  const auto found =
      SmallestHeap(kMiB, kLeast, 100 * kMiB, [&](std::size_t limit) {
        most_tried = limit;
        return false;
      });
  EXPECT_FALSE(found.has_value());
  EXPECT_EQ(most_tried, 100 * kMiB);
}

}  // namespace
}  // namespace fledge::tools
