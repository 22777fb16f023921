// Major collections that mark in steps: that they do what the others do,
// without one of those. That no schedule of steps loses anything is for
// tests/gc/cycle_schedules_test.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "gc/heap.h"
#include "tests/support/cycling_test.h"
#include "tests/support/fake_models.h"

namespace fledge::gc {
namespace {

template <typename M>
class CycleTest : public CyclingTest<M> {};

TYPED_TEST_SUITE(CycleTest, FakeModels, ModelNames);

TYPED_TEST(CycleTest, CyclesFindWhatIsDeadWithoutAMajorCollection) {
  TestHeap<TypeParam> heap(TestFixture::InSteps());
  const auto table = TestFixture::MakeTable(heap, TestFixture::kItems);
  TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                            [&] { return heap.heap().cycles() == 4; });
  TestFixture::ExpectTable(heap, table, TestFixture::kItems);
  EXPECT_FALSE(TestFixture::AnyMajor(heap));
  // Live are some 5 MB; what died in a cycle stays for that one.
  EXPECT_LT(heap.heap().old_object_bytes(), 20 * kMiB);
}

TYPED_TEST(CycleTest, ACycleStartsGoesOnAndFinishesInMinorCollections) {
  TestHeap<TypeParam> heap(TestFixture::InSteps());
  const auto table = TestFixture::MakeTable(heap, TestFixture::kItems);
  TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                            [&] { return heap.heap().cycles() == 2; });
  std::vector<CyclePart> parts;
  for (const CollectionEvent& event : heap.events()) {
    if (event.cycle_part != CyclePart::kNone &&
        event.cycle_part != CyclePart::kEvacuate) {
      parts.push_back(event.cycle_part);
    }
  }
  ASSERT_GE(parts.size(), 4u);
  EXPECT_EQ(parts.front(), CyclePart::kStart);
  EXPECT_EQ(parts.back(), CyclePart::kFinish);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    EXPECT_EQ(parts[i] == CyclePart::kStart,
              parts[i - 1] == CyclePart::kFinish);
  }
}

// With no time at all for a step, marking takes longer than there is room for.
TYPED_TEST(CycleTest, AMarkMayFallBehindButNotFar) {
  gc::HeapOptions options = TestFixture::InSteps();
  options.pause_target_ns = 1;
  TestHeap<TypeParam> heap(options);
  // Of 20 MB, in the order of its addresses: there is room for as much.
  constexpr int kMany = 40'000;
  const auto table = TestFixture::MakeTable(heap, kMany);
  TestFixture::ReplaceUntil(heap, table, kMany,
                            [&] { return heap.heap().cycles() == 2; });
  std::size_t due = 0;
  std::size_t growth = 0;
  bool was_late = false;
  bool fell_behind = false;
  for (const CollectionEvent& event : heap.events()) {
    fell_behind |= was_late && event.cycle_part == CyclePart::kRemark;
    // A quarter of what it may grow by, and what one collection promotes.
    if (due > 0) {
      EXPECT_LT(event.old_after_bytes, due + growth / 4 + kMiB);
    }
    if (event.next_major_bytes != due) {
      due = event.next_major_bytes;
      growth = due - std::min(due, event.old_after_bytes);
    }
    was_late = event.old_after_bytes >= due;
  }
  EXPECT_TRUE(fell_behind);
  EXPECT_FALSE(TestFixture::AnyMajor(heap));
}

// Which has no time at all for a step, so that it would end in one pause if it
// were late.
TYPED_TEST(CycleTest, ALargeObjectBeforeItDoesNotMakeItLate) {
  gc::HeapOptions options = TestFixture::InSteps();
  options.pause_target_ns = 1;
  TestHeap<TypeParam> heap(options);
  const auto large = heap.Root(heap.New(1, heap.SlotsFor(24 * kMiB)));
  const auto table = TestFixture::MakeTable(heap, 100);
  const auto parts = [&] {
    std::vector<CyclePart> found;
    for (const CollectionEvent& event : heap.events()) {
      if (event.cycle_part != CyclePart::kNone) {
        found.push_back(event.cycle_part);
      }
    }
    return found;
  };
  TestFixture::ReplaceUntil(heap, table, 100,
                            [&] { return parts().size() >= 2; });
  EXPECT_EQ(parts()[0], CyclePart::kStart);
  EXPECT_EQ(parts()[1], CyclePart::kRemark);
  TestFixture::ReplaceUntil(heap, table, 100,
                            [&] { return heap.heap().cycles() == 1; });
  EXPECT_TRUE(heap.Is(large, 1));
}

TYPED_TEST(CycleTest, ARequestedMajorCollectionTakesItsPlace) {
  this->Quietly(
      [](auto& heap) {
        const auto table = TestFixture::MakeTable(heap, TestFixture::kItems);
        TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                                  [&] { return heap.heap().is_marking(); });
        heap.Major();
        EXPECT_FALSE(heap.heap().is_marking());
        TestFixture::ExpectTable(heap, table, TestFixture::kItems);
        EXPECT_EQ(heap.LiveObjects(), TestFixture::kItems + 1u);
        // And the next cycle comes.
        const auto cycles = heap.heap().cycles();
        TestFixture::ReplaceUntil(heap, table, TestFixture::kItems, [&] {
          return heap.heap().cycles() == cycles + 1;
        });
        TestFixture::ExpectTable(heap, table, TestFixture::kItems);
      },
      TestFixture::InSteps());
}

TYPED_TEST(CycleTest, AMajorCollectionSweepsWhatACycleLeftToSweep) {
  this->Quietly(
      [](auto& heap) {
        const auto table = TestFixture::MakeTable(heap, TestFixture::kItems);
        TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                                  [&] { return heap.heap().is_sweeping(); });
        heap.Major();
        EXPECT_FALSE(heap.heap().is_sweeping());
        EXPECT_EQ(heap.LiveObjects(), TestFixture::kItems + 1u);
        TestFixture::ExpectTable(heap, table, TestFixture::kItems);
      },
      TestFixture::InSteps());
}

TYPED_TEST(CycleTest, AllocationSweepsWhatACycleLeft) {
  TestHeap<TypeParam> heap(TestFixture::InSteps());
  const auto table = TestFixture::MakeTable(heap, TestFixture::kItems);
  TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                            [&] { return heap.heap().is_sweeping(); });
  TestFixture::ReplaceUntil(heap, table, TestFixture::kItems,
                            [&] { return !heap.heap().is_sweeping(); });
  EXPECT_FALSE(heap.heap().marks().AnyIn(heap.heap().memory().committed()));
  EXPECT_TRUE(heap.heap().old().sorted_out());
}

TYPED_TEST(CycleTest, LargeObjectsAloneKeepACycleGoing) {
  TestHeap<TypeParam> heap(TestFixture::InSteps());
  const std::size_t slots = heap.SlotsFor(kMiB);
  std::vector<Local<TypeParam>> kept;
  for (int i = 0; i < 8; ++i) kept.push_back(heap.Root(heap.New(i, slots)));
  for (int i = 0; i < 2000 && heap.heap().cycles() < 3; ++i) {
    kept[static_cast<std::size_t>(i % 8)].set(heap.New(i % 8, slots));
  }
  EXPECT_EQ(heap.heap().cycles(), 3u);
  EXPECT_FALSE(TestFixture::AnyMajor(heap));
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(heap.Is(kept[static_cast<std::size_t>(i)], i));
  }
}

TYPED_TEST(CycleTest, StepsAreHeardOf) {
  class Steps : public CollectionListener {
   public:
    void OnCollection(const CollectionEvent&) override {}
    void OnStep(const StepEvent& event) override {
      EXPECT_LE(event.requested_ns, event.start_ns);
      EXPECT_LE(event.start_ns, event.end_ns);
      ++steps;
      marked_bytes += event.marked_bytes;
    }
    int steps = 0;
    std::size_t marked_bytes = 0;
  };
  Steps steps;
  TestHeap<TypeParam> heap(TestFixture::InSteps());
  heap.heap().AddListener(&steps);
  constexpr int kCount = 6 * TestFixture::kItems;
  const auto table = TestFixture::MakeTable(heap, kCount);
  TestFixture::ReplaceUntil(heap, table, kCount,
                            [&] { return heap.heap().cycles() == 2; });
  EXPECT_GT(steps.steps, 2);
  EXPECT_GT(steps.marked_bytes, 5 * kMiB);
  heap.heap().RemoveListener(&steps);
}

}  // namespace
}  // namespace fledge::gc
