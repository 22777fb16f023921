// Mutator<Model>: a thread's attachment to a heap, as VM code uses it.
//
// Functions that take a Mutator& may collect, and so move every object that is
// not pinned, unless their comment says that they do not.
//
// Design: docs/design/mutator.md, docs/design/write_barrier.md.
//
// Invariants:
//   [mu.initialised]  A new object is initialised, every slot of it, before
//                     its mutator's next safepoint.
//   [wb.slots]        A reference is stored in an object by Write(),
//                     CopyRange(), or a plain store followed by WroteObject()
//                     before the next safepoint; a new object that has not
//                     passed a safepoint, young or born old, needs none of
//                     them, unless it was allocated as a leaf.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/mutator_core.h"
#include "gc/object_model.h"
#include "gc/roots.h"

namespace fledge::gc {

template <ObjectModel Model>
class Heap;
template <ObjectModel Model>
class WeakSet;

template <ObjectModel Model>
class Mutator : public MutatorCore {
 public:
  using Value = typename Model::Value;

  // Attaches the calling thread to `heap` until destroyed.
  explicit Mutator(Heap<Model>& heap);

  // Memory for an object of `size_bytes`, a multiple of Model::kAlignment.
  // Young memory has any content and must be initialised before the next
  // safepoint; born-old memory (large or asked for) is zero. May collect. Calls
  // the heap's out-of-memory handler if nothing is left, and never returns
  // null. Five instructions when the buffer has room.
  Address Allocate(std::size_t size_bytes,
                   AllocationKind kind = AllocationKind::kTraced,
                   SiteId site = kNoSite) {
    return AllocateInline(size_bytes, kind, site, OnExhaustion::kCallHandler);
  }

  // The inline half of Allocate(): null if the buffer has no room. Never
  // collects, so references may stay in registers across it; who gets null
  // moves them to handles and calls Allocate().
  // REQUIRES: size_bytes <= kLargestYoungBytes.
  Address AllocateInBuffer(std::size_t size_bytes) {
    if constexpr (Model::kDirection == AllocationDirection::kUpwards) {
      const Address object = fields_.bump;
      const Address end = object + size_bytes;
      if (end > fields_.limit) [[unlikely]]
        return kNullAddress;
      fields_.bump = end;
      // Or each caller would test for null once more.
      if (object == kNullAddress) __builtin_unreachable();
      return object;
    } else {
      const Address object = fields_.bump - size_bytes;
      if (fields_.bump - fields_.limit < size_bytes) [[unlikely]] {
        return kNullAddress;
      }
      fields_.bump = object;
      if (object == kNullAddress) __builtin_unreachable();
      return object;
    }
  }

  // The same as Allocate(), but null when the heap's limit leaves no room.
  Address TryAllocate(std::size_t size_bytes,
                      AllocationKind kind = AllocationKind::kTraced,
                      SiteId site = kNoSite) {
    return AllocateInline(size_bytes, kind, site, OnExhaustion::kReturnNull);
  }

  // Stores `value` in `slot`, a slot of a heap object. Never collects.
  void Write(Value* slot, Value value) {
    std::atomic_ref<Value>(*slot).store(value, std::memory_order_relaxed);
    // One branch for two questions, as which values are young is not
    // predictable: of a dirty card, no distance is within the filter.
    const auto address = reinterpret_cast<Address>(slot);
    const std::uint64_t distance =
        model_.FilterWord(value) - fields_.filter_base;
    const std::uint64_t dirty =
        CardTable::DirtyMask(fields_.card_bases, address);
    if ((distance | dirty) < fields_.filter_bytes) [[unlikely]] {
      CardTable::Dirty(fields_.card_bases, address);
    }
  }

  // Tells the collector that slots of `object` were written by plain stores.
  // Never collects. O(size of the object / card).
  void WroteObject(Address object) {
    const std::size_t size = model_.SizeFrom(LoadHeader(object));
    WroteRange({object, size});
  }

  // Moves `count` values between slots of heap objects, in the order that
  // overlapping ranges need. Never collects.
  void CopyRange(Value* to, const Value* from, std::size_t count) {
    if (to <= from) {
      for (std::size_t i = 0; i < count; ++i) Write(to + i, from[i]);
    } else {
      for (std::size_t i = count; i-- > 0;) Write(to + i, from[i]);
    }
  }

  // Stores `value` in `slot` of registered `roots`. Never collects.
  void WriteRoot(RootRange<Value>& roots, Value* slot, Value value) {
    WriteRoot(roots.ChunkOf(slot), slot, value);
  }
  void WriteRoot(RootChunk<Value>& chunk, Value* slot, Value value);

  // Tells the collector that entry `i` of `set` was made to refer to `value`.
  // Never collects. REQUIRES: no other mutator uses the set meanwhile.
  void NoteWeak(WeakSet<Model>& set, std::uint32_t i, Value value);

  // Gives `object` another header, whose size must not be larger. Slots that
  // it thereby loses are gone; slots that it gains must hold values. Never
  // collects.
  void ChangeLayout(Address object, Header header) {
    const std::size_t size = model_.SizeFrom(LoadHeader(object));
    FLEDGE_CHECK(model_.SizeFrom(header) <= size,
                 "ChangeLayout() can only shrink an object");
    if (model_.SizeFrom(header) < size) heap_.NoteShrinking(object, size);
    StoreHeader(object, header, std::memory_order_release);
    WroteObject(object);
    heap_.blocks().NoteLayoutChange(object);
  }

  Heap<Model>& heap() { return heap_; }
  const Model& model() const { return model_; }

  // For handles.h.
  Value* PushHandle(Value value) {
    if (fields_.handle_top == fields_.handle_limit) [[unlikely]] {
      HandleStackFull();
    }
    Value* const slot = reinterpret_cast<Value*>(fields_.handle_top);
    fields_.handle_top += sizeof(Value);
    *slot = value;
    return slot;
  }
  void ResetHandles(Address top) { fields_.handle_top = top; }

 private:
  Address AllocateInline(std::size_t size_bytes, AllocationKind kind,
                         SiteId site, OnExhaustion on_exhaustion) {
    if (size_bytes > kLargestYoungBytes || IsBornOld(kind)) [[unlikely]] {
      return AllocateSlow(size_bytes, kind, site, on_exhaustion);
    }
    const Address object = AllocateInBuffer(size_bytes);
    if (object == kNullAddress) [[unlikely]] {
      return AllocateSlow(size_bytes, kind, site, on_exhaustion);
    }
    return object;
  }

  bool IsFiltered(Value value) const {
    return model_.FilterWord(value) - fields_.filter_base <
           fields_.filter_bytes;
  }
  void WroteRange(AddressRange range);

  Heap<Model>& heap_;
  const Model model_;
};

}  // namespace fledge::gc
