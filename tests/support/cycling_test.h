// CyclingTest: the base of test suites about major collections that mark in
// steps, with a table of lists that a program changes all the time.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "gc/collection.h"
#include "gc/handles.h"
#include "gc/heap_options.h"
#include "tests/support/collection_test.h"

namespace fledge {

template <typename M>
class CyclingTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  // Items of a table: what takes a cycle more than a step to mark.
  static constexpr int kItems = 1'500;

  static gc::HeapOptions InSteps() {
    gc::HeapOptions options = Heap::SmallHeap();
    options.marking = gc::Marking::kInSteps;
    options.tenuring_threshold = 1;
    return options;
  }

  // Of half a kilobyte, with a slot.
  static typename M::Value NewItem(Heap& heap, int number) {
    return heap.New(number, 1, gc::AllocationKind::kTraced, 500);
  }
  // Replaces items of a table of `count` lists at random until done() or so
  // many were made that it should have been.
  template <typename Done>
  static void ReplaceUntil(Heap& heap, const gc::Local<M>& table, int count,
                           Done&& done) {
    std::uint32_t random = 12345;
    for (int i = 0; i < 400'000; ++i) {
      if (done()) return;
      random = random * 1664525 + 1013904223;
      const int at = static_cast<int>(random >> 8) % count;
      const auto item = NewItem(heap, at);
      heap.Set(table, item, static_cast<std::size_t>(at));
    }
    FAIL() << "it was not done after a long time";
  }
  static gc::Local<M> MakeTable(Heap& heap, int count) {
    auto table = heap.Root(heap.New(-1, static_cast<std::size_t>(count)));
    for (int i = 0; i < count; ++i) {
      const auto item = NewItem(heap, i);
      heap.Set(table, item, static_cast<std::size_t>(i));
    }
    return table;
  }
  static void ExpectTable(Heap& heap, const gc::Local<M>& table, int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(heap.Is(heap.Get(table, static_cast<std::size_t>(i)), i))
          << i;
    }
  }
  static bool AnyMajor(Heap& heap) {
    return std::any_of(heap.events().begin(), heap.events().end(),
                       [](const gc::CollectionEvent& event) {
                         return event.kind == gc::CollectionKind::kMajor;
                       });
  }
};

}  // namespace fledge
