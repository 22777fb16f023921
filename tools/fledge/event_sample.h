// EventSample: collections of one kind, all of them while they are few, evenly
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

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gc/collection.h"

namespace fledge::tools {

class EventSample {
 public:
  // Reserves, and so does not touch, memory for `limit` events at once.
  // REQUIRES: limit >= 2.
  explicit EventSample(std::size_t limit);

  // Amortized O(1), and never allocates.
  void Add(const gc::CollectionEvent& event);

  // 1 while all events are kept.
  std::uint64_t stride() const { return stride_; }

  // The kept events in the order of their being added. O(limit log limit).
  std::vector<gc::CollectionEvent> InOrder() const;

 private:
  struct Entry {
    std::uint64_t ordinal = 0;  // How many were added before it.
    gc::CollectionEvent event;
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
