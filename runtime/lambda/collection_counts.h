// Collection counts: what the collections of a heap have cost, and freed, for
// programs that ask.
//
// Design: docs/design/lambda_extensions.md.
//
// Threads: read by the machine's, between pauses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gc/collection.h"
#include "runtime/heap.h"

namespace fledge::lambda {

class CollectionCounts final : public gc::CollectionListener {
 public:
  // Of the collections of one kind. A major one that marks in steps is one,
  // with the time of its steps; the pauses that it shares with minor ones are
  // theirs, but for the last.
  struct Row {
    std::uint64_t count = 0;
    std::int64_t pause_ns = 0;
    std::int64_t longest_pause_ns = 0;
    std::size_t freed_bytes = 0;  // Of objects.
  };

  // Of `heap`, which must outlive it.
  explicit CollectionCounts(runtime::Heap& heap);
  ~CollectionCounts() override;
  CollectionCounts(const CollectionCounts&) = delete;
  CollectionCounts& operator=(const CollectionCounts&) = delete;

  const Row& of(gc::CollectionKind kind) const {
    return rows_[static_cast<std::size_t>(kind)];
  }

  void OnCollection(const gc::CollectionEvent& event) override;
  void OnStep(const gc::StepEvent& event) override;

 private:
  static void AddPause(Row& row, std::int64_t pause_ns);
  Row& RowOf(gc::CollectionKind kind) {
    return rows_[static_cast<std::size_t>(kind)];
  }

  runtime::Heap& heap_;
  std::array<Row, 2> rows_;
  // After the last collection.
  std::size_t object_bytes_ = 0;
  std::size_t allocated_bytes_ = 0;
};

}  // namespace fledge::lambda
