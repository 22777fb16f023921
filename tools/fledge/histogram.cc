#include "tools/fledge/histogram.h"

#include <cmath>

#include "allocator/base/check.h"

namespace fledge::tools {

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  total_ns_ += other.total_ns_;
  min_ns_ = std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

std::vector<std::uint64_t> Histogram::State() const {
  std::vector<std::uint64_t> words = counts_;
  words.insert(words.end(), {count_, static_cast<std::uint64_t>(total_ns_),
                             static_cast<std::uint64_t>(min_ns_),
                             static_cast<std::uint64_t>(max_ns_)});
  return words;
}

bool Histogram::Restore(std::span<const std::uint64_t> words) {
  if (words.size() != kBuckets + 4) return false;
  counts_.assign(words.begin(), words.begin() + kBuckets);
  const auto rest = words.subspan(kBuckets);
  count_ = rest[0];
  total_ns_ = static_cast<std::int64_t>(rest[1]);
  min_ns_ = static_cast<std::int64_t>(rest[2]);
  max_ns_ = static_cast<std::int64_t>(rest[3]);
  return true;
}

std::int64_t Histogram::ValueAt(double quantile) const {
  FLEDGE_CHECK(quantile >= 0 && quantile <= 1,
               "a quantile is a fraction, not a percentage");
  if (count_ == 0) return 0;
  // The rank of the value asked for, from 1. Most quantiles are not exact in
  // binary; without the shaving, 0.07 of 100 would be the 8th value.
  constexpr double kShaving = 1 - 1e-12;
  const double rank =
      std::ceil(quantile * static_cast<double>(count_) * kShaving);
  const auto wanted =
      std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= wanted) return std::min(LastOf(i), max_ns_);
  }
  return max_ns_;
}

std::int64_t Histogram::FirstOf(std::size_t bucket) {
  if (bucket < kLinear) return static_cast<std::int64_t>(bucket);
  const std::size_t shift = bucket / (kLinear / 2) - 1;
  return static_cast<std::int64_t>((bucket - shift * (kLinear / 2)) << shift);
}

std::int64_t Histogram::LastOf(std::size_t bucket) {
  // The first of the next one would not fit for the very last bucket.
  const std::size_t shift = bucket < kLinear ? 0 : bucket / (kLinear / 2) - 1;
  return FirstOf(bucket) + ((std::int64_t{1} << shift) - 1);
}

}  // namespace fledge::tools
