#include "runtime/buffers.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "runtime/objects.h"

namespace fledge::runtime {
namespace {

// A slice of what was found dead: some 20 microseconds, or a call of the
// system's.
constexpr std::size_t kSliceBuffers = 200;
constexpr std::size_t kSliceBytes = 4 * kMiB;
// To be given back to the system at once if more is free.
constexpr std::size_t kMostFreeBytes = 16 * kMiB;

}  // namespace

Buffers::Buffers(Heap& heap)
    : gc::WeakSet<ValueModel>(gc::WeakPhase::kTables),
      memory_(heap.os(), heap.external()),
      registration_(heap.RegisterWeakSet(*this)) {}

Value Buffers::TryMake(Mutator& mutator, std::size_t size_bytes) {
  void* const memory = TryAllocate(mutator, size_bytes);
  if (memory == nullptr) return Value();
  mutator.PaceExternal(memory_.BytesOf(memory));
  const Address object =
      internal::TryAllocate<ObjectType::kBuffer>(mutator, Buffer::kLength);
  if (object == kNullAddress) {
    memory_.Free(memory);
    return Value();
  }
  const std::lock_guard lock(mutex_);
  if (unused_.empty()) {
    unused_.push_back(size());
    places_.emplace_back();
  }
  const std::uint32_t i = unused_.back();
  unused_.pop_back();
  const Value buffer =
      Buffer::Initialize(object, {static_cast<std::byte*>(memory), size_bytes},
                         i)
          .value();
  places_[i] = {buffer.word(), memory};
  mutator.NoteWeak(*this, i, buffer.word());
  return buffer;
}

void* Buffers::TryAllocate(Mutator& mutator, std::size_t size_bytes) {
  void* const memory = memory_.TryAllocate(size_bytes);
  if (memory != nullptr) return memory;
  mutator.Collect(gc::CollectionKind::kMajor, gc::CollectionReason::kExternal);
  SettleAll();
  return memory_.TryAllocate(size_bytes);
}

bool Buffers::TryResize(Mutator& mutator, Local buffer,
                        std::size_t size_bytes) {
  std::size_t grown_bytes = 0;
  {
    const std::lock_guard lock(mutex_);
    const Buffer view(buffer.get());
    Place& place = places_[view.place()];
    if (place.is_released || place.pins != 0) return false;
    const std::size_t before = memory_.BytesOf(place.memory);
    void* const memory = memory_.TryReallocate(place.memory, size_bytes);
    if (memory == nullptr) return false;
    place.memory = memory;
    view.SetBytes({static_cast<std::byte*>(memory), size_bytes});
    const std::size_t after = memory_.BytesOf(memory);
    grown_bytes = after - std::min(after, before);
  }
  if (grown_bytes != 0) mutator.PaceExternal(grown_bytes);
  return true;
}

bool Buffers::Release(Buffer buffer) {
  const std::lock_guard lock(mutex_);
  Place& place = places_[buffer.place()];
  if (std::exchange(place.is_released, true)) return false;
  buffer.SetBytes({});
  if (place.pins == 0) memory_.Free(std::exchange(place.memory, nullptr));
  return true;
}

std::size_t Buffers::count() {
  const std::lock_guard lock(mutex_);
  return places_.size() - unused_.size();
}

void Buffers::Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  if (std::atomic_ref(places_[i].pins).load() == 0) return;
  trace.Keep(&places_[i].object);
}

void Buffers::Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) {
  Place& place = places_[i];
  if (place.object == 0 || trace.Update(&place.object)) return;
  if (place.memory != nullptr) {
    dead_.push_back(place.memory);
    SettleLater();
  }
  place = {};
  unused_.push_back(i);
}

bool Buffers::Settle() {
  const std::lock_guard lock(mutex_);
  if (dead_.empty()) return true;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kSliceBuffers && bytes < kSliceBytes; ++i) {
    if (dead_.empty()) break;
    bytes += memory_.BytesOf(dead_.back());
    memory_.Free(dead_.back());
    dead_.pop_back();
  }
  if (!dead_.empty()) return false;
  dead_.shrink_to_fit();
  if (memory_.held_bytes() > 2 * memory_.used_bytes() + kMostFreeBytes) {
    memory_.ReleaseFree();
  }
  return true;
}

void Buffers::SettleAll() {
  while (!Settle()) continue;
}

BufferPin::BufferPin(Buffers& buffers, Mutator& mutator, Buffer buffer)
    : buffers_(buffers), place_(buffer.place()) {
  const std::lock_guard lock(buffers_.mutex_);
  std::atomic_ref(buffers_.places_[place_].pins).fetch_add(1);
  // What the entry keeps is more than it was.
  mutator.NoteWeak(buffers, place_, buffer.value().word());
  bytes_ = buffer.bytes();
}

BufferPin::~BufferPin() {
  const std::lock_guard lock(buffers_.mutex_);
  Buffers::Place& place = buffers_.places_[place_];
  if (std::atomic_ref(place.pins).fetch_sub(1) != 1) return;
  if (place.is_released) {
    buffers_.memory_.Free(std::exchange(place.memory, nullptr));
  }
}

}  // namespace fledge::runtime
