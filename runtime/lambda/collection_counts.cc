#include "runtime/lambda/collection_counts.h"

#include <algorithm>

namespace fledge::lambda {

using gc::CollectionKind;

CollectionCounts::CollectionCounts(runtime::Heap& heap) : heap_(heap) {
  heap.AddListener(this);
}

CollectionCounts::~CollectionCounts() { heap_.RemoveListener(this); }

void CollectionCounts::OnCollection(const gc::CollectionEvent& event) {
  Row& row =
      RowOf(event.EndsMark() ? CollectionKind::kMajor : CollectionKind::kMinor);
  ++row.count;
  AddPause(row, event.pause_ns());
  const std::size_t before =
      object_bytes_ + (event.allocated_bytes - allocated_bytes_);
  object_bytes_ =
      event.old_after_bytes + event.survived_bytes + event.kept_bytes;
  allocated_bytes_ = event.allocated_bytes;
  // Objects that grow by their hashes may be more than were allocated.
  row.freed_bytes += before - std::min(before, object_bytes_);
}

void CollectionCounts::OnStep(const gc::StepEvent& event) {
  AddPause(RowOf(CollectionKind::kMajor), event.pause_ns());
}

void CollectionCounts::AddPause(Row& row, std::int64_t pause_ns) {
  row.pause_ns += pause_ns;
  row.longest_pause_ns = std::max(row.longest_pause_ns, pause_ns);
}

}  // namespace fledge::lambda
