// MovingHeap: a heap of the runtime's with a mutator and handles, for tests,
// under options that verify it and may move everything all the time.
#pragma once

#include <cstdint>

#include "runtime/heap.h"
#include "runtime/objects.h"

namespace fledge::runtime {

struct MovingHeap {
  static gc::HeapOptions Quiet(gc::Policy policy = gc::Policy::kGenImmix) {
    gc::HeapOptions options;
    options.policy = policy;
    options.max_heap_bytes = 32 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    options.verify = gc::Verify::kOn;
    return options;
  }
  static gc::HeapOptions Moving(gc::Policy policy = gc::Policy::kGenImmix) {
    gc::HeapOptions options = Quiet(policy);
    options.stress.every = 3;
    options.stress.major = 3;
    options.stress.protect = true;
    options.stress.seed = 1;
    return options;
  }

  explicit MovingHeap(const gc::HeapOptions& options = Quiet())
      : heap(options), mutator(heap), scope(mutator) {}

  // A box that holds `number`, so that objects can be told apart.
  Local NewBox(std::int64_t number) {
    const Local content(mutator, Value::SmallInteger(number));
    return Local(mutator, MakeBox(mutator, content));
  }
  static std::int64_t NumberIn(Value box) {
    return Box(box).content().integer();
  }
  void Minor() { mutator.Collect(gc::CollectionKind::kMinor); }
  void Major() { mutator.Collect(gc::CollectionKind::kMajor); }

  Heap heap;
  Mutator mutator;
  HandleScope scope;
};

}  // namespace fledge::runtime
