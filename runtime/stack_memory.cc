#include "runtime/stack_memory.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "allocator/base/check.h"
#include "allocator/poison.h"

namespace fledge::runtime {

// Whoever is given these addresses next must find them unpoisoned.
StackMemory::~StackMemory() {
  for (const auto& [begin, slab] : slabs_) {
    allocator::Unpoison(slab.memory.range());
  }
}

AddressRange StackMemory::TryAllocate(std::size_t size_bytes) {
  if (size_bytes > kMostBytes) return {};
  const std::size_t bytes = std::bit_ceil(std::max(size_bytes, kLeastBytes));
  const std::lock_guard lock(mutex_);
  Slab* const slab = SlabFor(bytes);
  if (slab == nullptr) return {};
  Address begin;
  if (slab->free.empty()) {
    begin = slab->memory.range().begin + --slab->fresh * bytes;
  } else {
    begin = slab->free.back();
    slab->free.pop_back();
  }
  if (slab->is_full()) std::erase(RoomyFor(bytes), slab->memory.range().begin);
  const AddressRange stack{begin, bytes};
  allocator::Unpoison(stack);
  *CanaryOf(stack) = kCanary;
  bytes_.Adjust(static_cast<std::ptrdiff_t>(bytes), tag_);
  return stack;
}

StackMemory::Slab* StackMemory::SlabFor(std::size_t stack_bytes) {
  std::vector<Address>& roomy = RoomyFor(stack_bytes);
  if (!roomy.empty()) return &slabs_.at(roomy.back());
  auto memory =
      allocator::Reservation::Create(os_, kSlabBytes, kSlabBytes, kSlabBytes);
  if (memory.empty() || !os_.Commit(memory.range())) return nullptr;
  const Address begin = memory.range().begin;
  roomy.push_back(begin);
  return &slabs_
              .emplace(begin, Slab{std::move(memory),
                                   stack_bytes,
                                   kSlabBytes / stack_bytes,
                                   {}})
              .first->second;
}

void StackMemory::Free(AddressRange stack) {
  // What its frames left poisoned is no longer theirs.
  allocator::Unpoison(stack);
  const std::lock_guard lock(mutex_);
  const auto found = slabs_.find(AlignDown(stack.begin, kSlabBytes));
  FLEDGE_CHECK(found != slabs_.end(), "memory of no stack is freed");
  Slab& slab = found->second;
  std::vector<Address>& roomy = RoomyFor(slab.stack_bytes);
  if (slab.is_full()) roomy.push_back(found->first);
  slab.free.push_back(stack.begin);
  bytes_.Adjust(-static_cast<std::ptrdiff_t>(slab.stack_bytes), tag_);
  // One that is empty goes, unless it is the only one with room.
  if (slab.is_empty() && roomy.size() > 1) {
    std::erase(roomy, found->first);
    allocator::Unpoison(slab.memory.range());
    slabs_.erase(found);
    return;
  }
  os_.Discard(stack);
  allocator::Poison(stack);
}

}  // namespace fledge::runtime
