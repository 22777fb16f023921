// What a program sees of weak things between the end of a cycle's marking and
// the step that clears them: what is dead is not there.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/buffers.h"
#include "runtime/finalizers.h"
#include "runtime/listener_list.h"
#include "runtime/objects.h"
#include "runtime/symbol_table.h"
#include "runtime/weak_references.h"
#include "runtime/weak_table.h"
#include "tests/runtime/moving_heap.h"

namespace fledge::runtime {
namespace {

class WeakClearingTest : public ::testing::Test {
 protected:
  static gc::HeapOptions Stepped() {
    gc::HeapOptions options = MovingHeap::Quiet();
    options.stress.cycles = true;
    options.stress.seed = 1;
    return options;
  }

  // Until all is marked and nothing is cleared.
  void MarkAll() {
    for (int i = 0; i < 1000; ++i) {
      if (h_.heap.weak_sets().is_clearing()) return;
      h_.Minor();
    }
    FAIL() << "marking does not end";
  }
  void EndCycle() {
    const auto cycles = h_.heap.cycles();
    for (int i = 0; i < 1000; ++i) {
      if (h_.heap.cycles() > cycles) return;
      h_.Minor();
    }
    FAIL() << "the cycle does not end";
  }
  static void Forget(Local& local) { local.set(Value()); }

  MovingHeap h_{Stepped()};
};

TEST_F(WeakClearingTest, WeakReferencesAreEmpty) {
  WeakReferences references(h_.heap);
  Local dead = h_.NewOldBox(1);
  const Local kept = h_.NewOldBox(2);
  const Local to_dead(h_.mutator, references.Make(h_.mutator, dead));
  const Local to_kept(h_.mutator, references.Make(h_.mutator, kept));
  const WeakHandle handle(references, h_.mutator, dead.get());
  const WeakHandle kept_handle(references, h_.mutator, kept.get());
  const auto target = [&](const Local& of) {
    return WeakReferences::Get(h_.mutator, WeakReference(of.get()));
  };
  Forget(dead);
  MarkAll();
  ASSERT_FALSE(WeakReference(to_dead.get()).target().IsEmpty());
  EXPECT_TRUE(target(to_dead).IsEmpty());
  EXPECT_TRUE(handle.Get(h_.mutator).IsEmpty());
  EXPECT_EQ(target(to_kept), kept.get());
  EXPECT_EQ(kept_handle.Get(h_.mutator), kept.get());
  EndCycle();
  EXPECT_TRUE(WeakReference(to_dead.get()).target().IsEmpty());
}

TEST_F(WeakClearingTest, TablesHaveNoEntry) {
  for (const auto keeps : {WeakTable::Keeps::kValues, WeakTable::Keeps::kKeys,
                           WeakTable::Keeps::kNothing}) {
    SCOPED_TRACE(static_cast<int>(keeps));
    WeakTable table(keeps);
    const auto registration = h_.heap.RegisterWeakSet(table);
    const Local key = h_.NewOldBox(1);
    const Local kept = h_.NewOldBox(2);
    Local dead = h_.NewOldBox(3);
    const bool key_dies = keeps == WeakTable::Keeps::kValues;
    ASSERT_TRUE(table.Put(h_.mutator, kept.get(), kept.get()));
    ASSERT_TRUE(table.Put(h_.mutator, key_dies ? dead.get() : key.get(),
                          key_dies ? key.get() : dead.get()));
    Forget(dead);
    MarkAll();
    ASSERT_EQ(table.count(), 2u) << "none is cleared yet";
    EXPECT_EQ(table.Get(kept.get()), kept.get());
    {
      WeakTable::Cursor cursor(table);
      ASSERT_TRUE(cursor.Next().has_value());
      EXPECT_FALSE(cursor.Next().has_value());
    }
    EXPECT_TRUE(table.Get(key.get()).IsEmpty());
    EXPECT_FALSE(table.Remove(key.get()));
    EXPECT_TRUE(table.Put(h_.mutator, key.get(), kept.get())) << "it is new";
    EXPECT_EQ(table.Get(key.get()), kept.get());
    EndCycle();
    EXPECT_EQ(table.count(), 2u);
    EXPECT_EQ(table.Get(key.get()), kept.get());
    EndCycle();
  }
}

TEST_F(WeakClearingTest, ListenersAreNotTold) {
  ListenerList list;
  const auto registration = h_.heap.RegisterWeakSet(list);
  const Local kept = h_.NewOldBox(1);
  Local dead = h_.NewOldBox(2);
  list.Add(h_.mutator, kept.get(), kept.get());
  list.Add(h_.mutator, dead.get(), kept.get());
  Forget(dead);
  MarkAll();
  ASSERT_EQ(list.count(), 2u);
  EXPECT_EQ(list.Notify(h_.mutator, [](Local, Local) {}), 1u);
}

TEST_F(WeakClearingTest, ADeadNameIsMadeAnew) {
  SymbolTable symbols(h_.heap);
  const std::string name(40, 'x');
  {
    const HandleScope scope(h_.mutator);
    const Local symbol(h_.mutator, symbols.Intern(h_.mutator, name));
    h_.Major();
    h_.Major();  // It is old.
  }
  MarkAll();
  ASSERT_EQ(symbols.count(), 1u);
  EXPECT_TRUE(symbols.Find(name).IsEmpty());
  const Local anew(h_.mutator, symbols.Intern(h_.mutator, name));
  EXPECT_EQ(symbols.Find(name), anew.get());
  EndCycle();
  EXPECT_EQ(symbols.count(), 1u);
  EXPECT_EQ(symbols.Find(name), anew.get());
}

// It is found by a weak reference, when its entry was traced.
TEST_F(WeakClearingTest, ABufferThatIsPinnedInACycleStays) {
  Buffers buffers(h_.heap);
  WeakReferences references(h_.heap);
  for (int i = 0; i < 10; ++i) {
    Local buffer(h_.mutator, buffers.TryMake(h_.mutator, 1000));
    const Local reference(h_.mutator, references.Make(h_.mutator, buffer));
    h_.Major();
    h_.Major();  // It is old.
    Forget(buffer);
    h_.Minor();  // Begins a cycle, which steps then mark to its end.
    for (int number = 0; number < 100; ++number) h_.NewBox(number);
    std::optional<BufferPin> pin;
    {
      const Value found =
          WeakReferences::Get(h_.mutator, WeakReference(reference.get()));
      ASSERT_FALSE(found.IsEmpty());
      pin.emplace(buffers, h_.mutator, Buffer(found));
    }
    EndCycle();
    ASSERT_EQ(buffers.count(), 1u);
    std::fill(pin->bytes().begin(), pin->bytes().end(), std::byte{1});
    pin.reset();
    h_.Major();
    ASSERT_EQ(buffers.count(), 0u);
  }
}

// Those of a cycle's dead that a guardian keeps are all there at once; cleanups
// are processed in steps, as tables are.
TEST_F(WeakClearingTest, FinalizersAreToldWhenReferencesAreEmpty) {
  for (const auto mode :
       {Finalizers::Mode::kCleanup, Finalizers::Mode::kGuardian}) {
    WeakReferences references(h_.heap);
    Finalizers finalizers(h_.heap, mode);
    Local dead = h_.NewOldBox(1);
    const Local to_dead(h_.mutator, references.Make(h_.mutator, dead));
    finalizers.Register(h_.mutator, dead.get(), Value::SmallInteger(7));
    Forget(dead);
    MarkAll();
    EXPECT_TRUE(WeakReferences::Get(h_.mutator, WeakReference(to_dead.get()))
                    .IsEmpty());
    if (mode == Finalizers::Mode::kCleanup) {
      EXPECT_EQ(finalizers.dead_count(), 0u);
      EndCycle();
    }
    int told = 0;
    finalizers.Drain(h_.mutator, [&](const Local& taken) {
      ++told;
      if (mode == Finalizers::Mode::kCleanup) {
        EXPECT_EQ(taken.get(), Value::SmallInteger(7));
      } else {
        EXPECT_EQ(h_.NumberIn(taken.get()), 1);
      }
    });
    EXPECT_EQ(told, 1);
    EndCycle();
    EXPECT_TRUE(WeakReferences::Get(h_.mutator, WeakReference(to_dead.get()))
                    .IsEmpty());
    EndCycle();
    EXPECT_EQ(finalizers.count(), 0u);
  }
}

// A guardian has its object when marking has ended; a cleanup hears of it when
// the guardian has let go.
TEST_F(WeakClearingTest, ACleanupWaitsForTheGuardianOfItsObject) {
  Finalizers cleanups(h_.heap, Finalizers::Mode::kCleanup);
  Finalizers guardian(h_.heap, Finalizers::Mode::kGuardian);
  {
    const HandleScope scope(h_.mutator);
    const Local object = h_.NewOldBox(7);
    const Local held = h_.NewOldBox(8);
    cleanups.Register(h_.mutator, object.get(), held.get());
    guardian.Register(h_.mutator, object.get());
  }
  MarkAll();
  EXPECT_EQ(guardian.dead_count(), 1u);
  {
    const HandleScope scope(h_.mutator);
    const auto taken = guardian.TakeNext();
    ASSERT_TRUE(taken.has_value());
    const Local object(h_.mutator, *taken);
    EndCycle();
    EndCycle();
    EXPECT_EQ(h_.NumberIn(object.get()), 7);
    EXPECT_EQ(cleanups.dead_count(), 0u);
  }
  EndCycle();
  EndCycle();
  const auto held = cleanups.TakeNext();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(h_.NumberIn(*held), 8);
}

TEST_F(WeakClearingTest, CleanupsMayChangeBeforeTheyAreProcessed) {
  Finalizers cleanups(h_.heap, Finalizers::Mode::kCleanup);
  Finalizers::Ticket first;
  {
    const HandleScope scope(h_.mutator);
    const Local object = h_.NewOldBox(0);
    const Local held_first = h_.NewOldBox(1);
    const Local held_second = h_.NewBox(2);
    first = cleanups.Register(h_.mutator, object.get(), held_first.get());
    const Local other = h_.NewOldBox(0);
    cleanups.Register(h_.mutator, other.get(), held_second.get());
  }
  MarkAll();
  ASSERT_EQ(cleanups.dead_count(), 0u) << "none is processed yet";
  EXPECT_TRUE(cleanups.Unregister(first));
  EXPECT_FALSE(cleanups.Unregister(first));
  Local live = h_.NewBox(0);
  {
    const HandleScope scope(h_.mutator);
    const Local held_third = h_.NewBox(3);
    cleanups.Register(h_.mutator, live.get(), held_third.get());
  }
  EXPECT_EQ(cleanups.size(), 2u) << "it has the place of the first";
  const auto take = [&]() -> std::int64_t {
    const auto held = cleanups.TakeNext();
    return held.has_value() ? h_.NumberIn(*held) : -1;
  };
  h_.Minor();
  EndCycle();
  EXPECT_EQ(take(), 2);
  EXPECT_EQ(take(), -1);
  Forget(live);
  EndCycle();
  EndCycle();
  EXPECT_EQ(take(), 3);
  EXPECT_EQ(cleanups.count(), 0u);
}

}  // namespace
}  // namespace fledge::runtime
