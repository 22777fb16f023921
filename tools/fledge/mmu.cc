#include "tools/fledge/mmu.h"

#include <algorithm>
#include <cmath>

#include "allocator/base/check.h"

namespace fledge::tools {
namespace {

// The most that `period` can take from the window [from, to).
std::int64_t BusyWithin(const BusyPeriod& period, std::int64_t from,
                        std::int64_t to) {
  const std::int64_t overlap =
      std::min(period.end_ns, to) - std::max(period.start_ns, from);
  return std::clamp<std::int64_t>(overlap, 0, period.busy_ns);
}

// The most pause in any window of `window_ns`. A window can be moved to later
// times without losing any pause until its start meets one, so a worst window
// starts where the pauses of a period may start: as late as they fit.
std::int64_t MostBusy(std::span<const BusyPeriod> periods,
                      std::int64_t window_ns) {
  std::int64_t most = 0;
  std::int64_t whole = 0;  // Of the periods from first up to last.
  std::size_t first = 0;
  std::size_t last = 0;
  for (const BusyPeriod& period : periods) {
    const std::int64_t from = period.end_ns - period.busy_ns;
    const std::int64_t to = from + window_ns;
    while (last < periods.size() && periods[last].start_ns < to) {
      whole += periods[last++].busy_ns;
    }
    while (first < last && periods[first].end_ns <= from) {
      whole -= periods[first++].busy_ns;
    }
    if (first == last) continue;
    // Only the periods at both ends can be cut by the window.
    std::int64_t busy =
        whole - periods[first].busy_ns + BusyWithin(periods[first], from, to);
    if (last - 1 != first) {
      busy +=
          BusyWithin(periods[last - 1], from, to) - periods[last - 1].busy_ns;
    }
    most = std::max(most, busy);
  }
  return most;
}

}  // namespace

double MinimumUtilization(std::span<const BusyPeriod> periods,
                          std::int64_t begin_ns, std::int64_t end_ns,
                          std::int64_t window_ns) {
  FLEDGE_CHECK(window_ns > 0);
  const std::int64_t window = std::min(window_ns, end_ns - begin_ns);
  if (window <= 0) return 1;
  // A window that reaches out of the run has no more pause than one moved
  // back into it.
  return 1 - static_cast<double>(MostBusy(periods, window)) /
                 static_cast<double>(window);
}

std::vector<MmuPoint> MmuCurve(std::span<const BusyPeriod> periods,
                               std::int64_t begin_ns, std::int64_t end_ns) {
  const std::int64_t run_ns = end_ns - begin_ns;
  if (run_ns <= 0) return {};
  std::int64_t longest_ns = 0;
  for (const BusyPeriod& period : periods) {
    longest_ns = std::max(longest_ns, period.busy_ns);
  }
  // A quarter of a decade of the flat part is enough to see that it is flat.
  const double lowest = longest_ns > 0 ? static_cast<double>(longest_ns) / 2
                                       : static_cast<double>(run_ns) / 1000;
  std::vector<MmuPoint> curve;
  const auto add = [&](std::int64_t window_ns) {
    curve.push_back(
        {window_ns, MinimumUtilization(periods, begin_ns, end_ns, window_ns)});
  };
  for (int i = static_cast<int>(
           std::floor(std::log10(std::max(lowest, 1.0)) * kMmuPointsPerDecade));
       ; ++i) {
    const auto window_ns = static_cast<std::int64_t>(std::llround(
        std::pow(10.0, static_cast<double>(i) / kMmuPointsPerDecade)));
    if (window_ns >= run_ns) break;
    // Windows of a few nanoseconds round to the same one.
    if (curve.empty() || window_ns > curve.back().window_ns) add(window_ns);
  }
  add(run_ns);
  return curve;
}

}  // namespace fledge::tools
