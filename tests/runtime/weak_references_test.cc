#include "runtime/weak_references.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "runtime/objects.h"
#include "tests/runtime/moving_heap.h"

namespace fledge::runtime {
namespace {

WeakReference In(const Local& local) { return WeakReference(local.get()); }

TEST(WeakReferencesTest, LeadToTheirTargetAsLongAsItLives) {
  for (const auto& options : {MovingHeap::Quiet(), MovingHeap::Moving(),
                              MovingHeap::Moving(gc::Policy::kSemispace),
                              MovingHeap::Moving(gc::Policy::kGenCopy)}) {
    MovingHeap h(options);
    WeakReferences references(h.heap);
    Local target = h.NewBox(7);
    const Local weak(h.mutator, references.Make(h.mutator, target));
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(WeakReferences::Get(h.mutator, In(weak)), target.get());
      h.Minor();
      h.Major();
    }
    EXPECT_EQ(h.NumberIn(WeakReferences::Get(h.mutator, In(weak))), 7);
    target.set(Value());
    h.Major();
    EXPECT_TRUE(WeakReferences::Get(h.mutator, In(weak)).IsEmpty());
  }
}

// {old, young} x {held, not} x {target, reference}, of objects and handles.
TEST(WeakReferencesTest, LeadToWhatIsAliveWhateverIsOld) {
  constexpr bool kBoth[] = {false, true};
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    for (const bool old_references : kBoth) {
      MovingHeap h(options);
      WeakReferences references(h.heap);
      struct Made {
        bool target_held;
        std::int64_t number;
        Local weak;
        WeakHandle handle;
      };
      std::vector<Made> made;
      std::vector<Local> targets;
      std::size_t expected = 0;
      for (const bool old_target : kBoth) {
        for (const bool target_held : kBoth) {
          for (const bool reference_held : kBoth) {
            const auto number = static_cast<std::int64_t>(made.size());
            targets.push_back(h.NewBox(number, old_target));
            const Local weak(h.mutator,
                             references.Make(h.mutator, targets.back()));
            made.push_back(
                {target_held, number, weak,
                 WeakHandle(references, h.mutator, targets.back().get())});
            expected += reference_held ? 2 : 1;
            if (!reference_held) made.back().weak.set(Value());
          }
        }
      }
      if (old_references) h.Major();
      for (const Made& one : made) {
        if (!one.target_held) {
          targets[static_cast<std::size_t>(one.number)].set(Value());
        }
      }
      h.Minor();
      h.Major();
      EXPECT_EQ(references.count(), expected);
      for (const Made& one : made) {
        SCOPED_TRACE(one.number);
        const Value of_handle = one.handle.Get(h.mutator);
        ASSERT_EQ(!of_handle.IsEmpty(), one.target_held);
        if (one.target_held) {
          EXPECT_EQ(h.NumberIn(of_handle), one.number);
        }
        if (one.weak.get().IsEmpty()) continue;
        EXPECT_EQ(WeakReferences::Get(h.mutator, In(one.weak)), of_handle);
      }
    }
  });
}

TEST(WeakReferencesTest, AMinorCollectionEmptiesThoseToYoungGarbage) {
  MovingHeap h;
  WeakReferences references(h.heap);
  Local target = h.NewBox(7);
  const Local weak(h.mutator, references.Make(h.mutator, target));
  target.set(Value());
  h.Minor();
  EXPECT_TRUE(WeakReferences::Get(h.mutator, In(weak)).IsEmpty());
}

TEST(WeakReferencesTest, ADeadReferenceLeavesNothingBehind) {
  MovingHeap h;
  WeakReferences references(h.heap);
  const Local target = h.NewBox(7);
  for (int round = 0; round < 3; ++round) {
    const HandleScope scope(h.mutator);
    for (int i = 0; i < 1000; ++i) references.Make(h.mutator, target);
    h.Major();
    EXPECT_EQ(references.count(), 0u);
  }
  EXPECT_LE(references.size(), 1000u);
}

TEST(WeakReferencesTest, WhatIsReadIsKept) {
  MovingHeap h;
  WeakReferences references(h.heap);
  Local target = h.NewBox(7);
  const Local weak(h.mutator, references.Make(h.mutator, target));
  target.set(Value());
  const Local again(h.mutator, WeakReferences::Get(h.mutator, In(weak)));
  h.Major();
  EXPECT_EQ(WeakReferences::Get(h.mutator, In(weak)), again.get());
  EXPECT_EQ(h.NumberIn(again.get()), 7);
}

TEST(WeakHandleTest, LeadsToItsTargetAsLongAsItLives) {
  MovingHeap h(MovingHeap::Moving());
  WeakReferences references(h.heap);
  Local target = h.NewBox(7);
  WeakHandle handle(references, h.mutator, target.get());
  h.Major();
  EXPECT_EQ(handle.Get(h.mutator), target.get());
  const WeakHandle moved = std::move(handle);
  EXPECT_TRUE(handle.Get(h.mutator).IsEmpty());
  EXPECT_EQ(moved.Get(h.mutator), target.get());
  target.set(Value());
  h.Major();
  EXPECT_TRUE(moved.Get(h.mutator).IsEmpty());
}

TEST(WeakHandleTest, APlaceIsUsedAgain) {
  MovingHeap h;
  WeakReferences references(h.heap);
  const Local target = h.NewBox(7);
  for (int i = 0; i < 100; ++i) {
    const WeakHandle handle(references, h.mutator, target.get());
  }
  EXPECT_EQ(references.count(), 0u);
  EXPECT_EQ(references.size(), 1u);
}

TEST(WeakHandleTest, LeadsToNothingWhenItsHeapIsGone) {
  MovingHeap other;
  std::optional<MovingHeap> h(std::in_place);
  std::optional<WeakReferences> references(h->heap);
  WeakHandle handle(*references, h->mutator, h->NewBox(7).get());
  EXPECT_FALSE(handle.Get(h->mutator).IsEmpty());
  references.reset();
  EXPECT_TRUE(handle.Get(h->mutator).IsEmpty());
  h.reset();
  EXPECT_TRUE(handle.Get(other.mutator).IsEmpty());
  // And may be used like any other.
  WeakHandle moved = std::move(handle);
  EXPECT_TRUE(moved.Get(other.mutator).IsEmpty());
  WeakReferences others(other.heap);
  const Local target = other.NewBox(8);
  moved = WeakHandle(others, other.mutator, target.get());
  EXPECT_EQ(moved.Get(other.mutator), target.get());
}

TEST(WeakHandleDeathTest, ItsTargetIsAnObject) {
  MovingHeap h;
  WeakReferences references(h.heap);
  EXPECT_DEATH(WeakHandle(references, h.mutator, Value::Nil()),
               "only objects can be referred to weakly");
  const Local nil(h.mutator, Value::Nil());
  EXPECT_DEATH(references.Make(h.mutator, nil),
               "only objects can be referred to weakly");
}

}  // namespace
}  // namespace fledge::runtime
