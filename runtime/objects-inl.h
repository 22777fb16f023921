// The inline half of runtime/objects.h: what allocates a fixed size, so that
// a pair costs the bump of the nursery and three stores.
#pragma once

#include "runtime/objects.h"

namespace fledge::runtime {

namespace internal {

// What an object of `type` is to the allocator.
constexpr gc::AllocationKind KindOf(ObjectType type) {
  return HasSlots(type) ? gc::AllocationKind::kTraced
                        : gc::AllocationKind::kLeaf;
}

static_assert(KindOf(ObjectType::kString) == gc::AllocationKind::kLeaf);
static_assert(KindOf(ObjectType::kBox) == gc::AllocationKind::kTraced);
static_assert(KindOf(ObjectType::kVector) == gc::AllocationKind::kTraced);

// A length that no object has asks for a size that no heap has: the allocator
// then does what it does without memory.
inline constexpr std::size_t kNoSize = std::size_t{1} << 50;
constexpr std::size_t SizeToAsk(ObjectType type, std::size_t length) {
  return length <= kLargestLength ? SizeOf(type, length) : kNoSize;
}

template <ObjectType kType>
Address Allocate(Mutator& mutator, std::size_t length = 0) {
  return mutator.Allocate(SizeToAsk(kType, length), KindOf(kType));
}
Value MakePairSlow(Mutator& mutator, Value car, Value cdr);

template <ObjectType kType>
Address TryAllocate(Mutator& mutator, std::size_t length = 0) {
  return mutator.TryAllocate(SizeToAsk(kType, length), KindOf(kType));
}

}  // namespace internal

// The allocation is a statement of its own everywhere: in an argument list
// the handles might be read before it ([vm.load-last]).

inline Value MakePair(Mutator& mutator, Local car, Local cdr) {
  const Address object = internal::Allocate<ObjectType::kPair>(mutator);
  return Pair::Initialize(object, car.get(), cdr.get()).value();
}
inline Value MakePair(Mutator& mutator, Value car, Value cdr) {
  const Address object = mutator.AllocateInBuffer(SizeOf(ObjectType::kPair, 0));
  if (object == kNullAddress) [[unlikely]] {
    return internal::MakePairSlow(mutator, car, cdr);
  }
  return Pair::Initialize(object, car, cdr).value();
}
inline Value TryMakePair(Mutator& mutator, Local car, Local cdr) {
  const Address object = internal::TryAllocate<ObjectType::kPair>(mutator);
  if (object == kNullAddress) [[unlikely]]
    return Value();
  return Pair::Initialize(object, car.get(), cdr.get()).value();
}

inline Value MakeBox(Mutator& mutator, Local content) {
  const Address object = internal::Allocate<ObjectType::kBox>(mutator);
  return Box::Initialize(object, content.get()).value();
}
inline Value TryMakeBox(Mutator& mutator, Local content) {
  const Address object = internal::TryAllocate<ObjectType::kBox>(mutator);
  if (object == kNullAddress) [[unlikely]]
    return Value();
  return Box::Initialize(object, content.get()).value();
}

inline Value MakeFloat(Mutator& mutator, double number) {
  const Address object = internal::Allocate<ObjectType::kFloat>(mutator);
  return Float::Initialize(object, number).value();
}
inline Value TryMakeFloat(Mutator& mutator, double number) {
  const Address object = internal::TryAllocate<ObjectType::kFloat>(mutator);
  if (object == kNullAddress) [[unlikely]]
    return Value();
  return Float::Initialize(object, number).value();
}

}  // namespace fledge::runtime
