#include "tools/fledge/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::tools {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

// The smallest of `sorted` that at least `quantile` of them do not exceed.
std::int64_t ExactValueAt(const std::vector<std::int64_t>& sorted,
                          int numerator, int denominator) {
  const std::size_t n = sorted.size();
  const std::size_t rank = (n * numerator + denominator - 1) / denominator;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

TEST(HistogramTest, EmptyOneAnswersZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.total_ns(), 0);
  EXPECT_EQ(histogram.min_ns(), 0);
  EXPECT_EQ(histogram.max_ns(), 0);
  EXPECT_EQ(histogram.p50_ns(), 0);
  histogram.VisitBuckets([](auto...) { ADD_FAILURE(); });
}

TEST(HistogramTest, ASingleValueIsEveryPercentile) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'234'567}, kLargest}) {
    Histogram histogram;
    histogram.Record(value);
    EXPECT_EQ(histogram.ValueAt(0), value);
    EXPECT_EQ(histogram.p50_ns(), value);
    EXPECT_EQ(histogram.max_ns(), value);
    EXPECT_EQ(histogram.min_ns(), value);
  }
}

TEST(HistogramTest, SmallValuesAreExact) {
  Histogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.Record(i);
  for (int i = 1; i <= 100; ++i) EXPECT_EQ(histogram.ValueAt(i / 100.0), i);
}

TEST(HistogramTest, NegativeDurationsCountAsZero) {
  Histogram histogram;
  histogram.Record(-5);
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_EQ(histogram.total_ns(), 0);
  EXPECT_EQ(histogram.max_ns(), 0);
}

TEST(HistogramTest, BucketsAreDisjointAndNarrowerThanTheErrorAllows) {
  Histogram histogram;
  for (int bit = 0; bit < 58; ++bit) {
    const std::int64_t power = std::int64_t{1} << bit;
    histogram.Record(power - 1);
    histogram.Record(power);
    histogram.Record(power + power / 3);
  }
  std::int64_t before = -1;
  std::uint64_t count = 0;
  histogram.VisitBuckets(
      [&](std::int64_t first, std::int64_t last, std::uint64_t in_bucket) {
        EXPECT_GT(first, before);
        EXPECT_GE(last, first);
        EXPECT_LE(static_cast<double>(last - first),
                  static_cast<double>(first) / 128);
        before = last;
        count += in_bucket;
      });
  EXPECT_EQ(count, histogram.count());
}

TEST(HistogramTest, PercentilesAgreeWithASortedVector) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 30; ++round) {
    Histogram histogram;
    std::vector<std::int64_t> values(random.Between(1, 5000));
    std::int64_t total = 0;
    for (std::int64_t& value : values) {
      // All orders of magnitude alike.
      value =
          static_cast<std::int64_t>(random.Next() >> random.Between(24, 63));
      histogram.Record(value);
      total += value;
    }
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram.count(), values.size());
    EXPECT_EQ(histogram.total_ns(), total);
    EXPECT_EQ(histogram.min_ns(), values.front());
    EXPECT_EQ(histogram.max_ns(), values.back());
    EXPECT_EQ(histogram.ValueAt(1), values.back());
    for (const int of_10000 : {0, 1, 700, 5000, 9000, 9900, 9990, 9999}) {
      const std::int64_t exact = ExactValueAt(values, of_10000, 10000);
      const std::int64_t found = histogram.ValueAt(of_10000 / 10000.0);
      EXPECT_GE(found, exact) << of_10000;
      EXPECT_LE(static_cast<double>(found - exact),
                static_cast<double>(exact) / 128)
          << of_10000;
    }
  }
}

TEST(HistogramTest, MergedOnesEqualOneThatHeardAll) {
  Random random(TestSeed());
  Histogram first;
  Histogram second;
  Histogram all;
  for (int i = 0; i < 1000; ++i) {
    const auto value = static_cast<std::int64_t>(random.Below(1'000'000));
    (i % 3 == 0 ? first : second).Record(value);
    all.Record(value);
  }
  first.Merge(second);
  first.Merge(Histogram());
  EXPECT_EQ(first.count(), all.count());
  EXPECT_EQ(first.total_ns(), all.total_ns());
  EXPECT_EQ(first.min_ns(), all.min_ns());
  EXPECT_EQ(first.max_ns(), all.max_ns());
  for (const double quantile : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    EXPECT_EQ(first.ValueAt(quantile), all.ValueAt(quantile));
  }
}

TEST(HistogramDeathTest, APercentageIsNotAQuantile) {
  EXPECT_DEATH(Histogram().ValueAt(99), "not a percentage");
}

}  // namespace
}  // namespace fledge::tools
