#include "tools/fledge/event_sample.h"

#include <algorithm>

#include "allocator/base/check.h"

namespace fledge::tools {

EventSample::EventSample(std::size_t limit) : limit_(limit) {
  FLEDGE_CHECK(limit >= 2, "the first event is on every stride");
  entries_.reserve(limit);
}

void EventSample::Add(const gc::CollectionEvent& event) {
  const std::uint64_t ordinal = added_++;
  if (!IsOnStride(ordinal)) return;
  if (entries_.size() < limit_) {
    entries_.push_back({ordinal, event});
    next_ = limit_;  // All are on the stride of 1.
    return;
  }
  while (next_ < limit_ && IsOnStride(entries_[next_].ordinal)) ++next_;
  if (next_ == limit_) {
    stride_ *= 2;
    next_ = 0;
    if (!IsOnStride(ordinal)) return;
    while (IsOnStride(entries_[next_].ordinal)) ++next_;
  }
  entries_[next_++] = {ordinal, event};
}

std::vector<gc::CollectionEvent> EventSample::InOrder() const {
  std::vector<const Entry*> order;
  order.reserve(entries_.size());
  for (const Entry& entry : entries_) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return a->ordinal < b->ordinal;
  });
  std::vector<gc::CollectionEvent> events;
  events.reserve(order.size());
  for (const Entry* entry : order) events.push_back(entry->event);
  return events;
}

}  // namespace fledge::tools
