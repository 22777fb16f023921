// Weak tables that are objects of the heap.

#include <gtest/gtest.h>

#include <vector>

#include "runtime/weak_table.h"
#include "tests/runtime/moving_heap.h"

namespace fledge::runtime {
namespace {

WeakTable& In(const Local& local) {
  return WeakTableObject(local.get()).table();
}

std::vector<gc::HeapOptions> EveryPolicy() {
  return {MovingHeap::Quiet(), MovingHeap::Moving(),
          MovingHeap::Moving(gc::Policy::kSemispace),
          MovingHeap::Moving(gc::Policy::kGenCopy)};
}

TEST(WeakTableObjectTest, MovesAndKeepsItsEntries) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    const Local table(h.mutator,
                      MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
    const Local key = h.NewBox(1);
    {
      const HandleScope scope(h.mutator);
      const Local value = h.NewBox(2);
      In(table).Put(h.mutator, key.get(), value.get());
    }
    for (int i = 0; i < 3; ++i) {
      h.Minor();
      h.Major();
      ASSERT_EQ(h.NumberIn(In(table).Get(key.get())), 2);
    }
  }
}

TEST(WeakTableObjectTest, DiesWithWhatOnlyItKept) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    WeakTable watched(WeakTable::Keeps::kNothing);
    const auto registration = h.heap.RegisterWeakSet(watched);
    const Local key = h.NewBox(1);
    {
      const HandleScope scope(h.mutator);
      const Local table(h.mutator,
                        MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
      const Local value = h.NewBox(2);
      In(table).Put(h.mutator, key.get(), value.get());
      watched.Put(h.mutator, value.get(), Value::True());
      watched.Put(h.mutator, table.get(), Value::True());
    }
    h.Major();
    EXPECT_EQ(watched.count(), 0u);
  }
}

// Nothing leads to any of the two but through the other.
TEST(WeakTableObjectTest, ThoseThatKeepEachOtherDie) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    const std::size_t before = h.heap.weak_sets().sets().size();
    {
      const HandleScope scope(h.mutator);
      const Local a(h.mutator,
                    MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
      const Local b(h.mutator,
                    MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
      In(a).Put(h.mutator, b.get(), a.get());
      In(b).Put(h.mutator, a.get(), b.get());
      h.Major();
      EXPECT_EQ(h.heap.weak_sets().sets().size(), before + 2);
    }
    h.Major();
    EXPECT_EQ(h.heap.weak_sets().sets().size(), before);
  }
}

TEST(WeakTableObjectTest, ManySmallOnesComeAndGo) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    const std::size_t before = h.heap.weak_sets().sets().size();
    for (int round = 0; round < 5; ++round) {
      const HandleScope scope(h.mutator);
      Local last(h.mutator, Value::Nil());
      for (int i = 0; i < 50; ++i) {
        const HandleScope inner(h.mutator);
        const Local table(h.mutator,
                          MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
        if (!last.get().IsNil()) {
          In(table).Put(h.mutator, last.get(), Value::SmallInteger(i));
        }
        last.set(table.get());
      }
      h.Major();
      EXPECT_EQ(In(last).count(), 0u) << "its key is dead";
    }
    h.Major();
    EXPECT_EQ(h.heap.weak_sets().sets().size(), before);
  }
}

TEST(WeakTableObjectTest, AMinorCollectionBuriesAYoungOne) {
  MovingHeap h;
  const std::size_t before = h.heap.weak_sets().sets().size();
  {
    const HandleScope scope(h.mutator);
    const Local table(h.mutator,
                      MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
    In(table).Put(h.mutator, table.get(), table.get());
  }
  h.Minor();
  EXPECT_EQ(h.heap.weak_sets().sets().size(), before);
}

}  // namespace
}  // namespace fledge::runtime
