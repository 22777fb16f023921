// MovingHeap: a heap of the runtime's with a mutator and handles, for tests,
// under options that verify it and may move everything all the time.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

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

  // Calls body(options) under every policy that collects: for a heap that does
  // so when the test says, and for one that does all the time; and for one that
  // marks in steps meanwhile.
  template <typename Body>
  static void UnderEveryPolicy(Body&& body) {
    for (const gc::Policy policy :
         {gc::Policy::kSemispace, gc::Policy::kGenCopy,
          gc::Policy::kGenImmix}) {
      SCOPED_TRACE(std::string(NameOf(policy)));
      body(Quiet(policy));
      SCOPED_TRACE("moving");
      body(Moving(policy));
    }
    SCOPED_TRACE("marking in steps");
    gc::HeapOptions options = Quiet();
    options.marking = gc::Marking::kInSteps;
    options.stress.every = 3;
    options.stress.cycles = true;
    options.stress.seed = 1;
    body(options);
  }

  explicit MovingHeap(const gc::HeapOptions& options = Quiet())
      : heap(options), mutator(heap), scope(mutator) {}

  // A box that holds `number`, so that objects can be told apart.
  Local NewBox(std::int64_t number) {
    const Local content(mutator, Value::SmallInteger(number));
    return Local(mutator, MakeBox(mutator, content));
  }
  // The same, but born in old space, if the policy has one.
  Local NewOldBox(std::int64_t number) {
    const Address object = mutator.Allocate(SizeOf(ObjectType::kBox),
                                            gc::AllocationKind::kTracedOld);
    return Local(mutator,
                 Box::Initialize(object, Value::SmallInteger(number)).value());
  }
  Local NewBox(std::int64_t number, bool old) {
    return old ? NewOldBox(number) : NewBox(number);
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
