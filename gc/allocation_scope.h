// AllocationScope: a mutator's nursery buffer, lent to local variables.
//
// Mutator::Allocate() stores the bump pointer and the next call loads it
// again, which is most of what a loop that does little else waits for. In a
// scope, bump pointer and limit are locals, which the compiler keeps in
// registers, as code from a JIT would:
//
//   AllocationScope scope(mutator);
//   for (...) Vector::Initialize(scope.Allocate(size), ...);
//
// Design: docs/design/mutator.md.
//
// Invariants:
//   [mu.lent]  While a scope lasts, nothing but its Allocate() uses the
//              mutator's buffer: no other allocation through that mutator, and
//              no call that may collect.
//
// Threads: the mutator's.
#pragma once

#include <cstddef>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "gc/mutator.h"
#include "gc/object_model.h"

namespace fledge::gc {

template <ObjectModel Model>
class AllocationScope {
 public:
  explicit AllocationScope(Mutator<Model>& mutator)
      : mutator_(mutator), lent_(FieldsOf(mutator)) {}
  ~AllocationScope() { GiveBack(mutator_, lent_); }
  AllocationScope(const AllocationScope&) = delete;
  AllocationScope& operator=(const AllocationScope&) = delete;

  // As Mutator::Allocate() for young objects: may collect, and never returns
  // null. REQUIRES: size_bytes <= kLargestYoungBytes.
  Address Allocate(std::size_t size_bytes) {
    FLEDGE_DCHECK(size_bytes <= kLargestYoungBytes);
    const Address room = Model::kDirection == AllocationDirection::kUpwards
                             ? lent_.limit - lent_.bump
                             : lent_.bump - lent_.limit;
    if (room < size_bytes) [[unlikely]] {
      // By value: a scope whose address goes nowhere stays in registers.
      const Refill refill = AllocateSlow(mutator_, lent_, size_bytes);
      lent_ = refill.buffer;
      return refill.object;
    }
    if constexpr (Model::kDirection == AllocationDirection::kUpwards) {
      const Address object = lent_.bump;
      lent_.bump += size_bytes;
      return object;
    } else {
      lent_.bump -= size_bytes;
      return lent_.bump;
    }
  }

 private:
  struct Buffer {
    Address bump;
    Address limit;
  };
  struct Refill {
    Address object;
    Buffer buffer;
  };

  static Buffer FieldsOf(const Mutator<Model>& mutator) {
    return {mutator.fields_.bump, mutator.fields_.limit};
  }

  static void GiveBack(Mutator<Model>& mutator, Buffer lent) {
    FLEDGE_DCHECK(mutator.fields_.limit == lent.limit,
                  "something else used the mutator's buffer within the scope "
                  "of an AllocationScope");
    mutator.fields_.bump = lent.bump;
  }

  [[gnu::noinline]] static Refill AllocateSlow(Mutator<Model>& mutator,
                                               Buffer lent,
                                               std::size_t size_bytes) {
    GiveBack(mutator, lent);
    const Address object = mutator.Allocate(size_bytes);
    return {object, FieldsOf(mutator)};
  }

  Mutator<Model>& mutator_;
  Buffer lent_;
};

}  // namespace fledge::gc
