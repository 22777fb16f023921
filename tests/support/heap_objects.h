// MakeObject: objects in a heap, in the vocabulary of ModelTraits.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "tests/support/fake_heaps.h"
#include "tests/support/model_traits.h"

namespace fledge {

// An object without slots is a leaf, unless a test says otherwise.
constexpr gc::AllocationKind KindFor(std::size_t slots) {
  return slots == 0 ? gc::AllocationKind::kLeaf : gc::AllocationKind::kTraced;
}

// A reference to a new object with null slots and any raw bytes. May collect,
// before the object is made; the reference is good until the next call that
// may.
template <HasModelTraits M>
typename M::Value MakeObject(gc::Mutator<M>& mutator, std::size_t slots,
                             std::size_t raw_bytes, gc::AllocationKind kind) {
  const Address object =
      mutator.Allocate(ModelTraits<M>::SizeFor(slots, raw_bytes), kind);
  ModelTraits<M>::InitializeAt(object, slots, raw_bytes);
  return ModelTraits<M>::ReferenceTo(mutator.model(), object);
}
template <HasModelTraits M>
typename M::Value MakeObject(gc::Mutator<M>& mutator, std::size_t slots,
                             std::size_t raw_bytes = 0) {
  return MakeObject(mutator, slots, raw_bytes, KindFor(slots));
}

// The same, but null when the heap's limit leaves no room.
template <HasModelTraits M>
typename M::Value TryMakeObject(gc::Mutator<M>& mutator, std::size_t slots,
                                std::size_t raw_bytes,
                                gc::AllocationKind kind) {
  const Address object =
      mutator.TryAllocate(ModelTraits<M>::SizeFor(slots, raw_bytes), kind);
  if (object == kNullAddress) return ModelTraits<M>::NullValue();
  ModelTraits<M>::InitializeAt(object, slots, raw_bytes);
  return ModelTraits<M>::ReferenceTo(mutator.model(), object);
}

// The `i`-th slot of the object that `value` refers to; good until the next
// call that may collect.
template <HasModelTraits M>
typename M::Value* SlotOf(gc::Mutator<M>& mutator, typename M::Value value,
                          std::size_t i) {
  return ModelTraits<M>::Slot(ModelTraits<M>::ObjectOf(mutator.model(), value),
                              i);
}

}  // namespace fledge
