#include "allocator/external_memory.h"

#include <algorithm>
#include <bit>

#include "allocator/base/check.h"

namespace fledge::allocator {
namespace {

std::ptrdiff_t Signed(std::size_t bytes) {
  return static_cast<std::ptrdiff_t>(bytes);
}

}  // namespace

ExternalMemory::ExternalMemory(Os& os, ExternalBytes& bytes)
    : os_(os),
      most_bytes_(os.MemoryBytes()),
      bytes_(bytes),
      tag_(bytes.TagOf("buffers")) {}

ExternalMemory::~ExternalMemory() {
  delete arena_.load(std::memory_order_relaxed);
  bytes_.Adjust(-Signed(used_bytes()), tag_);
}

// Linux gives addresses for more than there is memory, and sanitizers abort
// when they are asked for too much.
bool ExternalMemory::HasRoomFor(std::size_t size_bytes,
                                std::size_t alignment) const {
  const std::size_t left_bytes =
      most_bytes_ - std::min(most_bytes_, used_bytes());
  return size_bytes <= left_bytes && alignment <= most_bytes_;
}

BufferArena* ExternalMemory::ArenaSlow() {
  const std::lock_guard lock(mutex_);
  if (arena_.load(std::memory_order_relaxed) == nullptr) {
    arena_.store(TryMakeBufferArena(os_).release(), std::memory_order_release);
  }
  return arena_.load(std::memory_order_relaxed);
}

void* ExternalMemory::TryAllocate(std::size_t size_bytes,
                                  std::size_t alignment) {
  FLEDGE_DCHECK(std::has_single_bit(alignment));
  if (!HasRoomFor(size_bytes, alignment)) return nullptr;
  BufferArena* const arena = Arena();
  if (arena == nullptr) return nullptr;
  void* const buffer = arena->TryAllocate(std::max<std::size_t>(size_bytes, 1),
                                          std::max(alignment, kLeastAlignment));
  if (buffer == nullptr) return nullptr;
  bytes_.Adjust(Signed(arena->BytesOf(buffer)), tag_);
  return buffer;
}

void* ExternalMemory::TryReallocate(void* buffer, std::size_t size_bytes,
                                    std::size_t alignment) {
  FLEDGE_DCHECK(std::has_single_bit(alignment));
  FLEDGE_DCHECK(buffer != nullptr);
  if (!HasRoomFor(size_bytes, alignment)) return nullptr;
  BufferArena* const arena = arena_.load(std::memory_order_acquire);
  const std::size_t before_bytes = arena->BytesOf(buffer);
  void* const moved =
      arena->TryReallocate(buffer, std::max<std::size_t>(size_bytes, 1),
                           std::max(alignment, kLeastAlignment));
  if (moved == nullptr) return nullptr;
  bytes_.Adjust(Signed(arena->BytesOf(moved)) - Signed(before_bytes), tag_);
  return moved;
}

void ExternalMemory::Free(void* buffer) {
  if (buffer == nullptr) return;
  BufferArena* const arena = arena_.load(std::memory_order_acquire);
  bytes_.Adjust(-Signed(arena->BytesOf(buffer)), tag_);
  arena->Free(buffer);
}

void ExternalMemory::ReleaseFree() {
  BufferArena* const arena = arena_.load(std::memory_order_acquire);
  if (arena != nullptr) arena->ReleaseFree();
}

std::size_t ExternalMemory::held_bytes() const {
  const BufferArena* const arena = arena_.load(std::memory_order_acquire);
  return arena == nullptr ? 0 : arena->held_bytes();
}

}  // namespace fledge::allocator
