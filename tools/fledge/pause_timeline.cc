#include "tools/fledge/pause_timeline.h"

#include "allocator/base/check.h"

namespace fledge::tools {

PauseTimeline::PauseTimeline(std::size_t limit) : limit_(limit) {
  FLEDGE_CHECK(limit >= 2, "a period cannot be merged with nothing");
  periods_.reserve(limit);
}

void PauseTimeline::Add(std::int64_t start_ns, std::int64_t end_ns) {
  if (periods_.size() == limit_) MergeNeighbours();
  periods_.push_back({start_ns, end_ns, end_ns - start_ns});
}

void PauseTimeline::MergeNeighbours() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < periods_.size(); i += 2) {
    BusyPeriod merged = periods_[i];
    if (i + 1 < periods_.size()) {
      merged.end_ns = periods_[i + 1].end_ns;
      merged.busy_ns += periods_[i + 1].busy_ns;
    }
    periods_[kept++] = merged;
  }
  periods_.resize(kept);
}

}  // namespace fledge::tools
