// What the lru programs in C++ have in common: the size of a payload, and the
// times of operations. Threads: one.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fledge::peers {

inline constexpr std::size_t kPayloadDoubles = 16;

// The durations of operations that follow each other without a gap. Counted in
// bins of equal width: sorting them all would take longer than some peers do
// for the workload, and keeping them would show in the peak RSS.
class OperationTimes {
 public:
  void Start() { last_ = Clock::now(); }

  // One operation ends and the next begins.
  void Next() {
    const Clock::time_point now = Clock::now();
    const auto ns =
        static_cast<std::size_t>(std::chrono::nanoseconds(now - last_).count());
    last_ = now;
    worst_ns_ = std::max(worst_ns_, ns);
    ++counts_[std::min(ns / kBinNs, kBins - 1)];
    ++count_;
  }

  double worst_us() const { return worst_ns_ / 1e3; }

  // The time that `share` of the operations stay below. Those past the last
  // bin count as the worst.
  double PercentileUs(double share) const {
    const auto rank = static_cast<std::uint64_t>(count_ * share);
    std::uint64_t below = 0;
    for (std::size_t bin = 0; bin < kBins - 1; ++bin) {
      below += counts_[bin];
      if (below > rank) return std::min((bin + 1) * kBinNs / 1e3, worst_us());
    }
    return worst_us();
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t kBinNs = 100;
  static constexpr std::size_t kBins = 1'000'000;

  Clock::time_point last_;
  std::size_t worst_ns_ = 0;
  std::uint64_t count_ = 0;
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(kBins);
};

}  // namespace fledge::peers
