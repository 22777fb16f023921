// Histogram: durations in nanoseconds, counted in buckets whose width grows
// with the value, so that percentiles of millions of them cost 58 KiB.
//
// Below kLinear each nanosecond has a bucket; above, each power of two is cut
// into kLinear / 2 of them:
//
//   value      0 .. 255   256 .. 511   512 .. 1023   ...
//   width           1            2             4     ...
//
// Design: docs/design/reports.md. Source: G. Tene's HdrHistogram, with its
// "highest equivalent value".
//
// Invariants:
//   [hist.error]  ValueAt() is at least the exact percentile, and above it by
//                 less than one part in 128.
//   [hist.exact]  count(), total_ns(), min_ns() and max_ns() are exact.
//
// Threads: none of its own. One thread at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace fledge::tools {

class Histogram {
 public:
  Histogram() : counts_(kBuckets) {}

  // Never allocates, about ten instructions. A negative duration, which a
  // clock that was set back may yield, counts as 0.
  // REQUIRES: all durations together are below 292 years.
  void Record(std::int64_t duration_ns) {
    const std::int64_t value = std::max<std::int64_t>(duration_ns, 0);
    ++counts_[BucketOf(static_cast<std::uint64_t>(value))];
    ++count_;
    total_ns_ += value;
    min_ns_ = std::min(min_ns_, value);
    max_ns_ = std::max(max_ns_, value);
  }

  // Adds all that `other` has recorded.
  void Merge(const Histogram& other);

  // All that it holds as words, for another process of the same program, and
  // back; false if `words` are nothing that State() gave.
  std::vector<std::uint64_t> State() const;
  bool Restore(std::span<const std::uint64_t> words);

  std::uint64_t count() const { return count_; }
  std::int64_t total_ns() const { return total_ns_; }
  std::int64_t min_ns() const { return count_ == 0 ? 0 : min_ns_; }
  std::int64_t max_ns() const { return max_ns_; }

  // The smallest duration that at least `quantile` of all do not exceed, see
  // [hist.error]; 0 if there are none. Costs O(buckets).
  // REQUIRES: 0 <= quantile <= 1.
  std::int64_t ValueAt(double quantile) const;

  std::int64_t p50_ns() const { return ValueAt(0.5); }
  std::int64_t p90_ns() const { return ValueAt(0.9); }
  std::int64_t p99_ns() const { return ValueAt(0.99); }
  std::int64_t p999_ns() const { return ValueAt(0.999); }
  std::int64_t p9999_ns() const { return ValueAt(0.9999); }

  // Calls visit(first_ns, last_ns, count) for each bucket that is not empty,
  // in ascending order; both ends belong to the bucket.
  template <typename Visitor>
  void VisitBuckets(Visitor&& visit) const {
    for (std::size_t i = 0; i < kBuckets; ++i) {
      if (counts_[i] != 0) visit(FirstOf(i), LastOf(i), counts_[i]);
    }
  }

 private:
  static constexpr unsigned kLinearBits = 8;
  static constexpr std::uint64_t kLinear = 1u << kLinearBits;
  static constexpr unsigned kLargestShift = 63 - kLinearBits;
  static constexpr std::size_t kBuckets = (kLargestShift + 2) * (kLinear / 2);

  // How far a value's bucket number is shifted: 0 while values are their own
  // buckets.
  static unsigned ShiftOf(std::uint64_t value) {
    return static_cast<unsigned>(std::bit_width(value | (kLinear - 1))) -
           kLinearBits;
  }
  static std::size_t BucketOf(std::uint64_t value) {
    const unsigned shift = ShiftOf(value);
    return shift * (kLinear / 2) + (value >> shift);
  }
  static std::int64_t FirstOf(std::size_t bucket);
  static std::int64_t LastOf(std::size_t bucket);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::int64_t total_ns_ = 0;
  std::int64_t min_ns_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ns_ = 0;
};

}  // namespace fledge::tools
