// EventSample: events of one kind, all of them while they are few, evenly
// chosen ones when they are many.
//
// Of a run with more events than the limit, those stay whose ordinal is a
// multiple of a stride, a power of two. When the sample is full the stride
// doubles, which makes about half of the kept events superfluous; they are not
// moved but overwritten one by one, so that no single Add() is expensive.
//
// Design: docs/design/reports.md.
//
// Invariants:
//   [sample.even]  Every event whose ordinal is a multiple of stride() is kept;
//                  those of stride() / 2 stay until their place is needed.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/check.h"

namespace fledge::tools {

template <typename Event>
class EventSample {
 public:
  // Reserves, and so does not touch, memory for `limit` events at once.
  // REQUIRES: limit >= 2.
  explicit EventSample(std::size_t limit) : limit_(limit) {
    FLEDGE_CHECK(limit >= 2, "the first event is on every stride");
    entries_.reserve(limit);
  }

  // Amortized O(1), and never allocates.
  void Add(const Event& event) {
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

  // 1 while all events are kept.
  std::uint64_t stride() const { return stride_; }

  // The kept events in the order of their being added. O(limit log limit).
  std::vector<Event> InOrder() const {
    std::vector<const Entry*> order;
    order.reserve(entries_.size());
    for (const Entry& entry : entries_) order.push_back(&entry);
    std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
      return a->ordinal < b->ordinal;
    });
    std::vector<Event> events;
    events.reserve(order.size());
    for (const Entry* entry : order) events.push_back(entry->event);
    return events;
  }

 private:
  struct Entry {
    std::uint64_t ordinal = 0;  // How many were added before it.
    Event event;
  };

  bool IsOnStride(std::uint64_t ordinal) const {
    return (ordinal & (stride_ - 1)) == 0;
  }

  const std::size_t limit_;
  std::vector<Entry> entries_;
  std::uint64_t added_ = 0;
  std::uint64_t stride_ = 1;
  std::size_t next_ = 0;  // Entries before it are on the stride.
};

}  // namespace fledge::tools
