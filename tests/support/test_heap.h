// TestHeap: a heap, a mutator and the few words that collection tests use.
//
//   TestHeap<M> heap(options);
//   auto holder = heap.Root(heap.New(1));        // Object 1, in a handle.
//   heap.Set(holder, heap.New(2));               // Its slot 0 refers to 2.
//   heap.Minor();                                // What it did is returned.
//   EXPECT_TRUE(heap.Is(heap.Get(holder), 2));
//
// Each object carries its number in its last slot, so that a test sees whether
// a reference still leads to the right one.
//
// ForEachVariant() runs a test's body on heaps with options that must make no
// difference.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "allocator/base/address.h"
#include "gc/collection.h"
#include "gc/handles.h"
#include "gc/heap.h"
#include "gc/heap_options.h"
#include "gc/mutator.h"
#include "tests/support/heap_objects.h"
#include "tests/support/model_traits.h"
#include "tests/support/sanitizers.h"

namespace fledge {

// Keeps every event.
class CollectionLog : public gc::CollectionListener {
 public:
  void OnCollection(const gc::CollectionEvent& event) override {
    events_.push_back(event);
  }
  const std::vector<gc::CollectionEvent>& events() const { return events_; }

 private:
  std::vector<gc::CollectionEvent> events_;
};

template <HasModelTraits M>
class TestHeap {
 public:
  using Traits = ModelTraits<M>;
  using Value = typename M::Value;
  using Local = gc::Local<M>;
  using Kind = gc::AllocationKind;

  static gc::HeapOptions SmallHeap() {
    gc::HeapOptions options;
    options.max_heap_bytes = 64 * kMiB;
    options.nursery_bytes = 256 * kKiB;
    options.tenuring_threshold = 2;
    return options;
  }

  explicit TestHeap(const gc::HeapOptions& options = SmallHeap())
      : heap_(options), mutator_(heap_), scope_(mutator_) {
    heap_.AddListener(&log_);
  }
  ~TestHeap() { heap_.RemoveListener(&log_); }

  // A new object with `slots` null slots before its number. May collect before
  // it is made, as all allocation may.
  Value New(int number, std::size_t slots = 1, Kind kind = Kind::kTraced,
            std::size_t raw_bytes = 0) {
    const Value value = MakeObject(mutator_, slots + 1, raw_bytes, kind);
    *Slot(value, slots) = Traits::Immediate(number);
    return value;
  }
  Value NewOld(int number, std::size_t slots = 1) {
    return New(number, slots, Kind::kTracedOld);
  }
  Value NewImmovable(int number, std::size_t slots = 1) {
    return New(number, slots, Kind::kTracedImmovable);
  }
  static std::size_t SizeOf(std::size_t slots = 1) {
    return Traits::SizeFor(slots + 1, 0);
  }
  // The slots of an object of at least `bytes`, and hardly more.
  static std::size_t SlotsFor(std::size_t bytes) {
    std::size_t slots = bytes / sizeof(Value);
    while (slots > 1 && SizeOf(slots - 1) >= bytes) --slots;
    return slots;
  }

  Local Root(Value value) { return Local(mutator_, value); }
  Local Root(const gc::Local<M>& local) { return Root(local.get()); }

  Value* Slot(Value value, std::size_t i) {
    return Traits::Slot(AddressOf(value), i);
  }
  Value Get(const Local& holder, std::size_t i = 0) {
    return *Slot(holder.get(), i);
  }
  // REQUIRES: `value` was made after the last allocation.
  void Set(const Local& holder, Value value, std::size_t i = 0) {
    mutator_.Write(Slot(holder.get(), i), value);
  }
  void Clear(const Local& holder, std::size_t i = 0) {
    Set(holder, Traits::NullValue(), i);
  }

  Address AddressOf(Value value) {
    return Traits::ObjectOf(heap_.model(), value);
  }
  Address AddressOf(const Local& local) { return AddressOf(local.get()); }
  bool IsYoung(Value value) { return heap_.young().Contains(AddressOf(value)); }
  bool IsYoung(const Local& local) { return IsYoung(local.get()); }
  bool Is(Value value, int number) {
    const Address object = AddressOf(value);
    if (object == kNullAddress || !heap_.object_range().Contains(object) ||
        heap_.model().IsForwarded(gc::LoadHeader(object))) {
      return false;
    }
    return *Traits::Slot(object, Traits::SlotCount(object) - 1) ==
           Traits::Immediate(number);
  }
  bool Is(const Local& local, int number) { return Is(local.get(), number); }

  const gc::CollectionEvent& Minor() {
    return Collect(gc::CollectionKind::kMinor);
  }
  const gc::CollectionEvent& Major() {
    return Collect(gc::CollectionKind::kMajor);
  }
  // Objects that are alive, after a major collection.
  std::size_t LiveObjects() { return heap_.Summarize(mutator_).objects; }

  gc::Heap<M>& heap() { return heap_; }
  gc::Mutator<M>& mutator() { return mutator_; }
  const std::vector<gc::CollectionEvent>& events() const {
    return log_.events();
  }

 private:
  const gc::CollectionEvent& Collect(gc::CollectionKind kind) {
    EXPECT_TRUE(mutator_.Collect(kind));
    return log_.events().back();
  }

  CollectionLog log_;
  gc::Heap<M> heap_;
  gc::Mutator<M> mutator_;
  gc::HandleScope<M> scope_;
};

// Options that change how, not what, a heap collects.
struct HeapVariant {
  const char* name;
  void (*apply)(gc::HeapOptions& options);
};

// Variants that collect only when a test says so, so that it can tell which
// objects are young.
inline constexpr HeapVariant kQuietVariants[] = {
    {"unstressed", [](gc::HeapOptions&) {}},
    {"verify=on",
     [](gc::HeapOptions& options) { options.verify = gc::Verify::kOn; }},
    {"protect=on",
     [](gc::HeapOptions& options) {
       options.verify = gc::Verify::kOn;
       options.stress.protect = true;
     }},
    {"tiny=on",
     [](gc::HeapOptions& options) {
       options.verify = gc::Verify::kOn;
       options.stress.tiny = true;
     }},
};

// And those under which any allocation may collect.
inline constexpr HeapVariant kAllVariants[] = {
    kQuietVariants[0],
    kQuietVariants[1],
    kQuietVariants[2],
    kQuietVariants[3],
    {"every=1",
     [](gc::HeapOptions& options) {
       options.verify = gc::Verify::kOn;
       options.stress.every = 1;
     }},
    {"every=3,major=2,evacuate=all,protect=on,tiny=on",
     [](gc::HeapOptions& options) {
       options.verify = gc::Verify::kOn;
       options.stress.every = 3;
       options.stress.major = 2;
       options.stress.evacuate_all = true;
       options.stress.protect = true;
       options.stress.tiny = true;
     }},
};

// Calls body(TestHeap<M>&) for each variant of `options`.
template <HasModelTraits M, typename Body>
void ForEachVariant(std::span<const HeapVariant> variants, Body&& body,
                    const gc::HeapOptions& options = TestHeap<M>::SmallHeap()) {
  for (const HeapVariant& variant : variants) {
    SCOPED_TRACE(variant.name);
    gc::HeapOptions varied = options;
    variant.apply(varied);
    if (!kVerifies) varied.verify = gc::Verify::kOff;
    TestHeap<M> heap(varied);
    body(heap);
  }
}

}  // namespace fledge
