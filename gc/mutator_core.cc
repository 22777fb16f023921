#include "gc/mutator_core.h"

#include <cstdlib>

#include "allocator/base/check.h"
#include "gc/heap_core.h"
#include "gc/native_stack.h"

namespace fledge::gc {
namespace {

// Address space for handles: memory is used as deep as the stack gets.
constexpr std::size_t kHandleStackBytes = 256 * kMiB;
constexpr std::size_t kLeastHandleStackBytes = kMiB;

}  // namespace

MutatorCore::MutatorCore(HeapCore& heap) : heap_(heap) {
  handle_stack_ =
      allocator::Reservation::Create(heap.reliable_os(), kHandleStackBytes,
                                     kLeastHandleStackBytes, kPageBytes);
  FLEDGE_CHECK(!handle_stack_.empty() &&
                   heap.reliable_os().Commit(handle_stack_.range()),
               "the OS refuses the address space for a mutator's handles");
  fields_.handle_top = handle_stack_.range().begin;
  fields_.handle_limit = handle_stack_.range().end();
  fields_.card_bases = heap.cards().bases();
  if (heap.verified()) native_stack_ = CurrentThreadStack();
  heap.safepoints().Attach(*this);
  // Now the filter cannot change without this thread.
  SetBarrierFilter(heap.barrier_filter());
}

MutatorCore::~MutatorCore() {
  heap_.AbsorbMutator(*this);
  heap_.safepoints().Detach(*this);
}

bool MutatorCore::Collect(CollectionKind kind, CollectionReason reason) {
  NoteNativeStack();
  return heap_.Collect(*this, kind, reason);
}

std::size_t MutatorCore::allocated_bytes() const {
  return settled_allocated_bytes() + BufferUsedBytes();
}

void MutatorCore::SafepointSlow() {
  NoteNativeStack();
  heap_.safepoints().ParkWhileStopped(*this);
}

void MutatorCore::HandleStackFull() const {
  FLEDGE_CHECK(false,
               "the handle stack is full: a HandleScope is missing in a loop, "
               "or recursion is too deep");
  std::abort();
}

std::size_t MutatorCore::BufferUsedBytes() const {
  if (buffer_.empty()) return 0;
  return heap_.allocation_direction() == AllocationDirection::kUpwards
             ? fields_.bump - buffer_.begin
             : buffer_.end() - fields_.bump;
}

void MutatorCore::AdoptBuffer(AddressRange buffer) {
  RetireBuffer();
  buffer_ = buffer;
  births_are_old_ = heap_.pretenures();
  const bool upwards =
      heap_.allocation_direction() == AllocationDirection::kUpwards;
  fields_.bump = upwards ? buffer.begin : buffer.end();
  true_limit_ = upwards ? buffer.end() : buffer.begin;
  SetLimit();
}

void MutatorCore::SetLimit() {
  const Address bump = fields_.bump;
  // Under stress the buffer looks full, so that each allocation comes here.
  if (heap_.stress_enabled()) {
    fields_.limit = bump;
    return;
  }
  fields_.limit = true_limit_;
  if (samples_ == nullptr) return;
  const std::size_t room = samples_->RoomAfter(allocated_bytes());
  if (heap_.allocation_direction() == AllocationDirection::kUpwards) {
    if (room < true_limit_ - bump) fields_.limit = bump + room;
  } else {
    if (room < bump - true_limit_) fields_.limit = bump - room;
  }
}

void MutatorCore::SampleAllocations(AllocationSampler& sampler,
                                    const SamplingOptions& options) {
  FLEDGE_CHECK(samples_ == nullptr, "a mutator has one sampler at a time");
  FLEDGE_CHECK(options.interval_bytes != 0,
               "the interval between two samples must not be 0 bytes");
  samples_ =
      std::make_unique<AllocationSamples>(sampler, options, allocated_bytes());
  SetLimit();
}

void MutatorCore::EndSampling() {
  if (samples_ == nullptr) return;
  samples_->ShowPending();
  samples_.reset();
  SetLimit();
}

void MutatorCore::RetireBuffer() {
  if (samples_ != nullptr) samples_->ShowPending();
  CountAllocated(BufferUsedBytes());
  if (births_are_old_) CommitBirths();
  buffer_ = {};
  births_are_old_ = false;
  fields_.bump = fields_.limit = true_limit_ = kNullAddress;
}

void MutatorCore::CommitBirths() {
  const std::size_t used = BufferUsedBytes();
  AddressRange born = {buffer_.begin, used};
  AddressRange rest = RangeBetween(buffer_.begin + used, buffer_.end());
  if (heap_.allocation_direction() == AllocationDirection::kDownwards) {
    rest = {buffer_.begin, buffer_.bytes - used};
    born = RangeBetween(rest.end(), buffer_.end());
  }
  if (used != 0) heap_.CommitBirths(birth_holes_, born);
  OldSpace::PutBack(birth_holes_, rest);
}

AddressRange MutatorCore::TakeBuffer(std::size_t size_bytes) {
  if (!heap_.pretenures()) return heap_.TakeNurseryBuffer(size_bytes);
  // A medium object does not throw holes away.
  if (size_bytes <= OldSpace::kMediumBytes ||
      birth_holes_.FirstHasRoom(size_bytes)) {
    const AddressRange hole = OldSpace::TakeHole(birth_holes_, size_bytes);
    if (!hole.empty()) return hole;
  }
  return heap_.TakeBirthHoles(birth_holes_, size_bytes);
}

Address MutatorCore::AllocateFromBuffer(std::size_t size_bytes) {
  Address object;
  if (heap_.allocation_direction() == AllocationDirection::kUpwards) {
    if (true_limit_ - fields_.bump < size_bytes) return kNullAddress;
    object = fields_.bump;
    fields_.bump += size_bytes;
  } else {
    if (fields_.bump - true_limit_ < size_bytes) return kNullAddress;
    fields_.bump -= size_bytes;
    object = fields_.bump;
  }
  SetLimit();
  return object;
}

Address MutatorCore::AllocateAttempt(std::size_t size_bytes,
                                     AllocationKind kind, bool first) {
  if (size_bytes > kLargestYoungBytes || IsBornOld(kind)) {
    if (first) heap_.StepIfDue(*this, size_bytes, true);
    if (first && heap_.IsMajorDue(size_bytes)) return kNullAddress;
    const Address object = heap_.TryAllocateOld(size_bytes, kind);
    if (object != kNullAddress) CountAllocated(size_bytes);
    return object;
  }
  if (const Address object = AllocateFromBuffer(size_bytes)) return object;
  if (first) {
    if (heap_.pretenures()) {
      // As often as a nursery's buffer is used up. What was born is owed for
      // when its buffer is given up.
      if (birth_holes_.first == nullptr) heap_.StepIfDue(*this, 0, true);
    } else {
      const bool overflows = heap_.overflows();
      heap_.StepIfDue(*this,
                      overflows ? size_bytes : heap_.young().buffer_bytes(),
                      overflows);
    }
  }
  const AddressRange buffer = TakeBuffer(size_bytes);
  if (!buffer.empty()) {
    AdoptBuffer(buffer);
    return AllocateFromBuffer(size_bytes);
  }
  if (first && !heap_.MayOverflow(size_bytes)) return kNullAddress;
  // A collection made no room for it here: pinned objects fill young space, or
  // the heap is almost full, or other threads took what there was.
  const Address object = heap_.TryAllocateOld(size_bytes, kind);
  if (object != kNullAddress) CountAllocated(size_bytes);
  return object;
}

void MutatorCore::AdjustExternal(std::ptrdiff_t delta_bytes,
                                 allocator::ExternalBytes::Tag tag) {
  heap_.external().Adjust(delta_bytes, tag);
  if (delta_bytes > 0) PaceExternal(static_cast<std::size_t>(delta_bytes));
}

void MutatorCore::PaceExternal(std::size_t grown_bytes) {
  NoteNativeStack();
  Safepoint();
  if (heap_.stress_enabled()) heap_.StressAllocation(*this);
  heap_.StepIfDue(*this, grown_bytes, true);
  // Who takes no nursery memory frees what is dead all the same.
  heap_.SettleIfLeft();
  if (heap_.IsExternalDue()) heap_.CollectForExternal(*this);
}

Address MutatorCore::AllocateSlow(std::size_t size_bytes, AllocationKind kind,
                                  SiteId site, OnExhaustion on_exhaustion) {
  FLEDGE_CHECK(size_bytes != 0 && IsAligned(size_bytes, 8),
               "an object's size must be a multiple of its alignment");
  if (samples_ != nullptr) samples_->ShowPending();
  NoteNativeStack();
  Safepoint();
  if (heap_.stress_enabled()) heap_.StressAllocation(*this);
  for (;;) {
    for (unsigned attempt = 0;; ++attempt) {
      if (const Address object =
              AllocateAttempt(size_bytes, kind, attempt == 0)) {
        if (samples_ != nullptr) [[unlikely]] {
          samples_->Allocated(object, size_bytes, site, allocated_bytes());
          SetLimit();
        }
        return object;
      }
      if (!heap_.CollectForAllocation(*this, size_bytes, kind, attempt)) break;
    }
    if (on_exhaustion == OnExhaustion::kReturnNull) return kNullAddress;
    heap_.CallOutOfMemoryHandler(*this, size_bytes);
  }
}

}  // namespace fledge::gc
