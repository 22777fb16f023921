// Major collections that mark in steps: that they do what the others do,
// without one of those. That no schedule of steps loses anything is for
// tests/gc/cycle_schedules_test.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
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

// An object dies while a cycle marks, on a card that is dirty: none of its
// slots may be recorded, as other bytes lie in their place when the objects
// that they refer to are evacuated.
TYPED_TEST(CycleTest, SlotsOfADeadObjectOnADirtyCardAreForgotten) {
  using Value = typename TypeParam::Value;
  gc::HeapOptions options = TestFixture::InSteps();
  options.pause_target_ns = 1;  // Marking hardly gets on.
  options.stress.evacuate_all = true;
  TestHeap<TypeParam> heap(options);
  constexpr int kReplaced = 20'000;
  constexpr int kKept = 500;
  constexpr std::size_t kHolder = kReplaced + kKept;
  constexpr std::size_t kBytes = 30'000;
  constexpr std::size_t kFirstSlot = 16;
  const auto table = TestFixture::MakeTable(heap, kHolder + 1);
  const auto kept = [&](int i) {
    return heap.Get(table, static_cast<std::size_t>(kReplaced + i));
  };
  const auto holder = [&] { return heap.Root(heap.Get(table, kHolder)); };

  // Alone in its block.
  const Address dead = heap.AddressOf(
      heap.NewImmovable(0, TestHeap<TypeParam>::SlotsFor(kBytes)));
  const auto dead_slot = [&](int i) {
    return ModelTraits<TypeParam>::Slot(
        dead, kFirstSlot + static_cast<std::size_t>(i));
  };
  {
    const HandleScope<TypeParam> scope(heap.mutator());
    heap.Set(holder(),
             ModelTraits<TypeParam>::ReferenceTo(heap.heap().model(), dead));
  }
  TestFixture::ReplaceUntil(heap, table, kReplaced,
                            [&] { return heap.heap().is_marking(); });
  ASSERT_FALSE(heap.heap().marks().Test(dead));
  {
    const HandleScope<TypeParam> scope(heap.mutator());
    for (int i = 0; i < kKept; ++i) {
      heap.mutator().Write(dead_slot(i), kept(i));
    }
    heap.Clear(holder());
  }
  heap.Minor();
  ASSERT_FALSE(heap.heap().marks().Test(dead));
  TestFixture::ReplaceUntil(heap, table, kReplaced, [&] {
    return heap.heap().blocks().InfoOf(dead).kind != BlockKind::kOld;
  });

  // Numbers that look like the references that were there.
  auto numbers = heap.Root(ModelTraits<TypeParam>::NullValue());
  for (int i = 0; i < 1'000 && heap.AddressOf(numbers) != dead; ++i) {
    numbers.set(heap.New(0, 1, AllocationKind::kLeafOld, kBytes));
  }
  ASSERT_EQ(heap.AddressOf(numbers), dead);
  std::vector<Value> values;
  for (int i = 0; i < kKept; ++i) {
    values.push_back(kept(i));
    std::memcpy(dead_slot(i), &values.back(), sizeof(Value));
  }
  TestFixture::ReplaceUntil(heap, table, kReplaced,
                            [&] { return heap.heap().is_marking(); });
  ASSERT_EQ(heap.AddressOf(numbers), dead);
  int moved = 0;
  for (int i = 0; i < kKept; ++i) {
    moved += kept(i) != values[static_cast<std::size_t>(i)] ? 1 : 0;
    EXPECT_EQ(std::memcmp(dead_slot(i), &values[static_cast<std::size_t>(i)],
                          sizeof(Value)),
              0)
        << i;
  }
  EXPECT_GT(moved, 0);
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
