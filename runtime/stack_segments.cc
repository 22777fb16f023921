#include "runtime/stack_segments.h"

#include <algorithm>
#include <utility>

namespace fledge::runtime {
namespace {

constexpr std::size_t kMostBytes = 64 * kKiB;

}  // namespace

StackSegments::StackSegments(StackSegments&& other) noexcept
    : memory_(other.memory_),
      newest_(std::exchange(other.newest_, nullptr)),
      empty_(std::exchange(other.empty_, nullptr)),
      begin_(other.begin_),
      top_(other.top_),
      end_(other.end_),
      next_bytes_(other.next_bytes_),
      held_bytes_(other.held_bytes_) {}

StackSegments::~StackSegments() {
  Free(empty_);
  while (newest_ != nullptr) Free(std::exchange(newest_, newest_->older));
}

Address StackSegments::PushSlow(std::size_t size_bytes) {
  Segment* segment = std::exchange(empty_, nullptr);
  Address begin = reinterpret_cast<Address>(segment + 1);
  if (segment == nullptr || segment->end - begin < size_bytes) {
    Free(segment);
    const std::size_t bytes =
        std::max(next_bytes_, sizeof(Segment) + size_bytes);
    segment = memory_ == nullptr
                  ? nullptr
                  : static_cast<Segment*>(memory_->TryAllocate(bytes));
    if (segment == nullptr) return kNullAddress;
    held_bytes_ += bytes;
    next_bytes_ = std::min(std::max(next_bytes_, 2 * bytes), kMostBytes);
    segment->end = reinterpret_cast<Address>(segment) + bytes;
    begin = reinterpret_cast<Address>(segment + 1);
  }
  segment->older = newest_;
  segment->older_top = top_;
  begin_ = newest_ == nullptr ? kNullAddress : begin;
  newest_ = segment;
  top_ = begin + size_bytes;
  end_ = segment->end;
  return begin;
}

// The newest segment is empty, and not the oldest.
void StackSegments::PopSlow() {
  Free(std::exchange(empty_, newest_));
  newest_ = empty_->older;
  top_ = empty_->older_top;
  end_ = newest_->end;
  begin_ = newest_->older == nullptr ? kNullAddress
                                     : reinterpret_cast<Address>(newest_ + 1);
}

void StackSegments::Free(Segment* segment) {
  if (segment == nullptr) return;
  held_bytes_ -= segment->end - reinterpret_cast<Address>(segment);
  memory_->Free(segment);
}

}  // namespace fledge::runtime
