#include "allocator/external_bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <latch>
#include <limits>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "allocator/base/address.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"

namespace fledge::allocator {
namespace {

using Tag = ExternalBytes::Tag;

std::size_t SumOfRows(const ExternalBytes& bytes) {
  const auto rows = bytes.Rows();
  return std::accumulate(rows.begin(), rows.end(), std::size_t{0},
                         [](std::size_t sum, const ExternalBytes::Row& row) {
                           return sum + row.bytes;
                         });
}

TEST(ExternalBytesTest, IsEmptyAtFirst) {
  const ExternalBytes bytes;
  EXPECT_EQ(bytes.total_bytes(), 0u);
  EXPECT_TRUE(bytes.Rows().empty());
}

TEST(ExternalBytesTest, ANameHasOneTag) {
  ExternalBytes bytes;
  const Tag textures = bytes.TagOf("textures");
  const Tag mappings = bytes.TagOf("mappings");
  EXPECT_NE(textures, mappings);
  EXPECT_EQ(bytes.TagOf("textures"), textures);
  EXPECT_EQ(bytes.TagOf(std::string("mappings")), mappings);
  EXPECT_EQ(bytes.Rows().size(), 2u);
}

TEST(ExternalBytesTest, EachTagIsCountedByItself) {
  ExternalBytes bytes;
  const Tag textures = bytes.TagOf("textures");
  const Tag mappings = bytes.TagOf("mappings");
  EXPECT_EQ(bytes.Adjust(700, textures), 700u);
  EXPECT_EQ(bytes.Adjust(50, mappings), 750u);
  EXPECT_EQ(bytes.Adjust(-600, textures), 150u);
  EXPECT_EQ(bytes.bytes(textures), 100u);
  EXPECT_EQ(bytes.bytes(mappings), 50u);
  EXPECT_EQ(bytes.total_bytes(), 150u);
}

TEST(ExternalBytesTest, RowsAreInTheOrderOfTheirTags) {
  ExternalBytes bytes;
  const Tag textures = bytes.TagOf("textures");
  bytes.Adjust(2, bytes.TagOf("mappings"));
  bytes.Adjust(1, textures);
  const auto rows = bytes.Rows();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "textures");
  EXPECT_EQ(rows[0].bytes, 1u);
  EXPECT_EQ(rows[1].name, "mappings");
  EXPECT_EQ(rows[1].bytes, 2u);
}

TEST(ExternalBytesTest, AllOfATagMayBeGivenBack) {
  ExternalBytes bytes;
  const Tag tag = bytes.TagOf("textures");
  bytes.Adjust(700, tag);
  EXPECT_EQ(bytes.Adjust(-700, tag), 0u);
  EXPECT_EQ(bytes.bytes(tag), 0u);
}

TEST(ExternalBytesTest, ThereAreAsManyTagsAsItSays) {
  ExternalBytes bytes;
  for (std::size_t i = 0; i < ExternalBytes::kMostTags; ++i) {
    bytes.Adjust(1, bytes.TagOf(std::to_string(i)));
  }
  EXPECT_EQ(bytes.total_bytes(), ExternalBytes::kMostTags);
  EXPECT_EQ(SumOfRows(bytes), ExternalBytes::kMostTags);
}

TEST(ExternalBytesTest, ThreadsTogetherAddUp) {
  constexpr std::size_t kThreads = 4;
  const std::uint64_t times = Repetitions(1'000'000);
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  ExternalBytes bytes;
  std::vector<std::size_t> kept(kThreads);
  std::latch all_there(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      // Two threads to a name, which both register.
      const Tag tag = bytes.TagOf(i % 2 == 0 ? "even" : "odd");
      Random random(seed + i);
      all_there.arrive_and_wait();
      for (std::uint64_t n = 0; n < times; ++n) {
        const auto delta = static_cast<std::ptrdiff_t>(random.Below(kMiB));
        bytes.Adjust(delta, tag);
        if (random.Below(8) == 0) {
          kept[i] += static_cast<std::size_t>(delta);
        } else {
          bytes.Adjust(-delta, tag);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(bytes.Rows().size(), 2u);
  EXPECT_EQ(bytes.bytes(bytes.TagOf("even")), kept[0] + kept[2]);
  EXPECT_EQ(bytes.bytes(bytes.TagOf("odd")), kept[1] + kept[3]);
  EXPECT_EQ(bytes.total_bytes(), SumOfRows(bytes));
}

TEST(ExternalBytesDeathTest, ATagThatWouldHaveLessThanNothingIsNamed) {
  ExternalBytes bytes;
  const Tag textures = bytes.TagOf("textures");
  bytes.Adjust(1000, bytes.TagOf("mappings"));
  bytes.Adjust(50, textures);
  EXPECT_DEATH(bytes.Adjust(-51, textures), "'textures'.*-51 bytes.* 50");
}

TEST(ExternalBytesDeathTest, ASumThatWrapsAroundDies) {
  constexpr auto kLargest = std::numeric_limits<std::ptrdiff_t>::max();
  ExternalBytes bytes;
  const Tag tag = bytes.TagOf("textures");
  bytes.Adjust(kLargest, tag);
  EXPECT_DEATH(bytes.Adjust(1, tag), "'textures'");
}

TEST(ExternalBytesDeathTest, ATagForEachPieceOfMemoryDies) {
  ExternalBytes bytes;
  EXPECT_DEATH(
      {
        for (std::size_t i = 0; i <= ExternalBytes::kMostTags; ++i) {
          bytes.TagOf(std::to_string(i));
        }
      },
      "a tag is a kind of memory");
}

}  // namespace
}  // namespace fledge::allocator
