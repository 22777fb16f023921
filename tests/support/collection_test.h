// CollectionTest: the base of test suites that are typed over object models and
// ask what a collection did.
//
//   template <typename M>
//   class MyTest : public CollectionTest<M> {};
//   TYPED_TEST_SUITE(MyTest, FakeModels, ModelNames);
//
//   TYPED_TEST(MyTest, Works) {
//     this->Quietly([](auto& heap) { ... });
//   }
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block.h"
#include "gc/collection.h"
#include "gc/handles.h"
#include "gc/heap_options.h"
#include "tests/support/test_heap.h"

namespace fledge {

template <typename M>
class CollectionTest : public ::testing::Test {
 protected:
  using Heap = TestHeap<M>;

  // Calls body(heap) for heaps that collect only when the test says so, and
  // for those that may collect at any allocation.
  template <typename Body>
  static void Quietly(Body&& body,
                      const gc::HeapOptions& options = Heap::SmallHeap()) {
    ForEachVariant<M>(kQuietVariants, body, options);
  }
  template <typename Body>
  static void Always(Body&& body,
                     const gc::HeapOptions& options = Heap::SmallHeap()) {
    ForEachVariant<M>(kAllVariants, body, options);
  }
  // The same under every policy that collects, and where it marks in steps.
  template <typename Body>
  static void Everywhere(Body&& body) {
    for (const gc::Policy policy :
         {gc::Policy::kSemispace, gc::Policy::kGenCopy,
          gc::Policy::kGenImmix}) {
      SCOPED_TRACE(NameOf(policy));
      gc::HeapOptions options = Heap::SmallHeap();
      options.policy = policy;
      Always(body, options);
    }
    SCOPED_TRACE("in steps");
    gc::HeapOptions options = Heap::SmallHeap();
    options.marking = gc::Marking::kInSteps;
    Always(body, options);
    options.stress.cycles = true;
    Always(body, options);
  }

  static std::size_t CopiedBytes(const gc::CollectionEvent& event) {
    return event.survived_bytes + event.promoted_bytes;
  }
  static Address BlockOf(Address object) {
    return AlignDown(object, allocator::kBlockBytes);
  }

  // Fills all but `blocks_left` blocks of young space with pinned objects that
  // leave no hole between them.
  static void PinYoungSpace(
      Heap& heap, std::size_t blocks_left,
      std::vector<std::unique_ptr<gc::PinScope<M>>>& pins) {
    const std::size_t blocks =
        heap.heap().young().range().bytes / allocator::kBlockBytes;
    const std::size_t slots = heap.SlotsFor(gc::kLargestYoungBytes);
    ASSERT_EQ(heap.SizeOf(slots), gc::kLargestYoungBytes);
    for (std::size_t i = 0; i < 2 * (blocks - blocks_left); ++i) {
      const auto local = heap.Root(heap.New(static_cast<int>(i), slots));
      ASSERT_TRUE(heap.IsYoung(local));
      pins.push_back(std::make_unique<gc::PinScope<M>>(heap.mutator(), local));
    }
  }
};

}  // namespace fledge
