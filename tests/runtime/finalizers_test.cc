#include "runtime/finalizers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "runtime/weak_references.h"
#include "tests/runtime/moving_heap.h"
#include "tests/support/sanitizers.h"

namespace fledge::runtime {
namespace {

using Mode = Finalizers::Mode;
using Numbers = std::vector<std::int64_t>;

class FinalizersTest : public ::testing::Test {
 protected:
  // Registers a new object that nothing refers to.
  Finalizers::Ticket Register(Finalizers& finalizers, std::int64_t number,
                              std::int32_t priority = 0) {
    const HandleScope scope(h_.mutator);
    const Local object = h_.NewBox(number);
    return finalizers.Register(h_.mutator, object.get(),
                               Value::SmallInteger(number), priority);
  }
  Numbers Drained(Finalizers& finalizers) {
    Numbers numbers;
    finalizers.Drain(h_.mutator, [&](Local taken) {
      const Value value = taken.get();
      numbers.push_back(value.IsReference() ? h_.NumberIn(value)
                                            : value.integer());
    });
    return numbers;
  }

  MovingHeap h_{MovingHeap::Quiet()};
  Finalizers cleanups_{h_.heap, Mode::kCleanup};
  Finalizers guardian_{h_.heap, Mode::kGuardian};
};

TEST_F(FinalizersTest, SayNothingOfWhatIsAlive) {
  const Local object = h_.NewBox(1);
  for (Finalizers* finalizers : {&cleanups_, &guardian_}) {
    finalizers->Register(h_.mutator, object.get());
  }
  h_.Minor();
  h_.Major();
  EXPECT_EQ(Drained(cleanups_), Numbers{});
  EXPECT_EQ(Drained(guardian_), Numbers{});
  EXPECT_EQ(cleanups_.count(), 1u);
}

TEST_F(FinalizersTest, TakeWhatIsDeadOnceAndInOrder) {
  for (Finalizers* finalizers : {&cleanups_, &guardian_}) {
    for (std::int64_t i = 0; i < 5; ++i) Register(*finalizers, i);
    Register(*finalizers, 5, /*priority=*/1);
    Register(*finalizers, 6, /*priority=*/-1);
    EXPECT_EQ(Drained(*finalizers), Numbers{});
    h_.Major();
    EXPECT_EQ(finalizers->dead_count(), 7u);
    EXPECT_EQ(Drained(*finalizers), (Numbers{5, 0, 1, 2, 3, 4, 6}));
    EXPECT_EQ(Drained(*finalizers), Numbers{});
    EXPECT_EQ(finalizers->count(), 0u);
    h_.Major();
    EXPECT_EQ(Drained(*finalizers), Numbers{});
  }
}

// {old, young} x {held, not} x {object, what is held for it}, in both modes.
TEST_F(FinalizersTest, FindWhatIsDeadWhateverIsOld) {
  constexpr bool kBoth[] = {false, true};
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    for (const Mode mode : {Mode::kCleanup, Mode::kGuardian}) {
      MovingHeap h(options);
      Finalizers finalizers(h.heap, mode);
      Numbers expected;
      for (const bool old_object : kBoth) {
        for (const bool old_value : kBoth) {
          for (const bool object_held : kBoth) {
            for (const bool value_held : kBoth) {
              const auto number = static_cast<std::int64_t>(finalizers.size());
              Local object = h.NewBox(number, old_object);
              Local value = h.NewBox(number, old_value);
              finalizers.Register(h.mutator, object.get(), value.get());
              if (!object_held) expected.push_back(number);
              if (!object_held) object.set(Value());
              if (!value_held) value.set(Value());
            }
          }
        }
      }
      h.Minor();
      h.Major();
      h.Minor();
      Numbers taken;
      finalizers.Drain(h.mutator, [&](Local local) {
        taken.push_back(h.NumberIn(local.get()));
      });
      // Not all die in the same collection.
      std::sort(taken.begin(), taken.end());
      EXPECT_EQ(taken, expected);
      EXPECT_EQ(finalizers.count(), 16 - expected.size());
    }
  });
}

TEST_F(FinalizersTest, ObjectsInCyclesDieTogether) {
  {
    const HandleScope scope(h_.mutator);
    const Local a = h_.NewBox(0);
    const Local b = h_.NewBox(0);
    SetContent(h_.mutator, Box(a.get()), b.get());
    SetContent(h_.mutator, Box(b.get()), a.get());
    cleanups_.Register(h_.mutator, a.get(), Value::SmallInteger(1));
    cleanups_.Register(h_.mutator, b.get(), Value::SmallInteger(2));
  }
  h_.Major();
  EXPECT_EQ(Drained(cleanups_), (Numbers{1, 2}));
}

TEST_F(FinalizersTest, AGuardianReturnsTheObjectWithAllThatItRefersTo) {
  {
    const HandleScope scope(h_.mutator);
    const Local inner = h_.NewBox(7);
    const Local outer(h_.mutator, MakeBox(h_.mutator, inner));
    guardian_.Register(h_.mutator, outer.get());
  }
  h_.Minor();
  h_.Major();
  h_.Major();  // It waits as long as it has to.
  const auto taken = guardian_.TakeNext();
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(h_.NumberIn(Box(*taken).content()), 7);
  EXPECT_FALSE(guardian_.TakeNext().has_value());
}

// What a cleanup gives up may still be in use by who takes from a guardian.
TEST_F(FinalizersTest, ACleanupWaitsForTheGuardianOfItsObject) {
  MovingHeap::UnderEveryPolicy([](const gc::HeapOptions& options) {
    MovingHeap h(options);
    Finalizers cleanups(h.heap, Mode::kCleanup);
    Finalizers guardian(h.heap, Mode::kGuardian);
    {
      const HandleScope scope(h.mutator);
      const Local object = h.NewBox(7);
      cleanups.Register(h.mutator, object.get(), Value::SmallInteger(1));
      guardian.Register(h.mutator, object.get());
    }
    h.Major();
    h.Major();
    EXPECT_EQ(cleanups.dead_count(), 0u);
    {
      const HandleScope scope(h.mutator);
      const auto taken = guardian.TakeNext();
      ASSERT_TRUE(taken.has_value());
      const Local object(h.mutator, *taken);
      h.Major();
      EXPECT_EQ(h.NumberIn(object.get()), 7);
      EXPECT_EQ(cleanups.dead_count(), 0u);
    }
    h.Major();
    EXPECT_EQ(cleanups.dead_count(), 1u);
  });
}

TEST_F(FinalizersTest, AnObjectMayBeRegisteredAgainWhenItWasReturned) {
  Register(guardian_, 7);
  for (int round = 0; round < 3; ++round) {
    h_.Major();
    const HandleScope scope(h_.mutator);
    const auto taken = guardian_.TakeNext();
    ASSERT_TRUE(taken.has_value()) << round;
    EXPECT_EQ(h_.NumberIn(*taken), 7);
    guardian_.Register(h_.mutator, *taken);
  }
}

TEST_F(FinalizersTest, AWeakReferenceIsEmptyBeforeItsTargetIsReturned) {
  WeakReferences references(h_.heap);
  const Local weak(h_.mutator, [&] {
    const HandleScope scope(h_.mutator);
    const Local object = h_.NewBox(7);
    guardian_.Register(h_.mutator, object.get());
    return references.Make(h_.mutator, object);
  }());
  h_.Major();
  EXPECT_TRUE(WeakReference(weak.get()).target().IsEmpty());
  EXPECT_EQ(Drained(guardian_), Numbers{7});
}

// Whoever comes first, releases.
TEST_F(FinalizersTest, OfUnregisteringAndTakingOneSucceedsOnce) {
  const auto by_hand = Register(cleanups_, 1);
  const auto by_death = Register(cleanups_, 2);
  const auto late = Register(cleanups_, 3);
  EXPECT_TRUE(cleanups_.Unregister(by_hand));
  EXPECT_FALSE(cleanups_.Unregister(by_hand));
  h_.Major();
  // Dead, but nobody has taken it.
  EXPECT_TRUE(cleanups_.Unregister(late));
  EXPECT_EQ(Drained(cleanups_), Numbers{2});
  EXPECT_FALSE(cleanups_.Unregister(by_death));
  // Its place has another registration by now.
  const auto next = Register(cleanups_, 4);
  EXPECT_FALSE(cleanups_.Unregister(by_hand));
  EXPECT_FALSE(cleanups_.Unregister(by_death));
  EXPECT_TRUE(cleanups_.Unregister(next));
  EXPECT_FALSE(cleanups_.Unregister(Finalizers::Ticket()));
}

TEST_F(FinalizersTest, ACallbackMayThrowAllocateCollectAndRegister) {
  for (std::int64_t i = 0; i < 4; ++i) Register(cleanups_, i);
  h_.Major();
  Numbers seen;
  const auto visit = [&](Local held) {
    const std::int64_t number = held.get().integer();
    h_.Minor();
    h_.Major();
    if (number < 4) Register(cleanups_, number + 10);
    h_.NewBox(number);
    seen.push_back(number);
    if (number == 1) throw std::runtime_error("no");
  };
  EXPECT_THROW(cleanups_.Drain(h_.mutator, visit), std::runtime_error);
  EXPECT_EQ(seen, (Numbers{0, 1}));
  cleanups_.Drain(h_.mutator, visit);
  // Those that were registered in callbacks die in later ones.
  while (cleanups_.count() > 0) {
    h_.Major();
    cleanups_.Drain(h_.mutator, visit);
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (Numbers{0, 1, 2, 3, 10, 11, 12, 13}));
}

TEST_F(FinalizersTest, ACallbackMayDrainAndUnregister) {
  std::vector<Finalizers::Ticket> tickets;
  for (std::int64_t i = 0; i < 4; ++i)
    tickets.push_back(Register(cleanups_, i));
  h_.Major();
  Numbers seen;
  const std::size_t outer = cleanups_.Drain(h_.mutator, [&](Local held) {
    seen.push_back(held.get().integer());
    // Its own is over, the last one's is not.
    EXPECT_FALSE(cleanups_.Unregister(tickets[0]));
    EXPECT_EQ(cleanups_.Unregister(tickets[3]), seen.size() == 1);
    for (const std::int64_t number : Drained(cleanups_)) seen.push_back(number);
  });
  EXPECT_EQ(outer, 1u);
  EXPECT_EQ(seen, (Numbers{0, 1, 2}));
  EXPECT_EQ(cleanups_.count(), 0u);
}

TEST_F(FinalizersTest, WhatLeadsToItsOwnObjectKeepsIt) {
  WeakReferences references(h_.heap);
  const Local weak(h_.mutator, [&] {
    const HandleScope scope(h_.mutator);
    const Local object = h_.NewBox(1);
    const Local holder(h_.mutator, MakeBox(h_.mutator, object));
    cleanups_.Register(h_.mutator, object.get(), holder.get());
    return references.Make(h_.mutator, object);
  }());
  h_.Minor();
  h_.Major();
  EXPECT_EQ(cleanups_.dead_count(), 0u);
  EXPECT_EQ(h_.NumberIn(WeakReference(weak.get()).target()), 1);
}

TEST_F(FinalizersTest, AFinalizerThatHoldsItsObjectIsRefused) {
  const Local object = h_.NewBox(1);
  EXPECT_DEATH(cleanups_.Register(h_.mutator, object.get(), object.get()),
               "would keep it alive");
  EXPECT_DEATH(cleanups_.Register(h_.mutator, Value::Nil()),
               "only objects can be finalized");
}

// A tenth of them in cycles.
TEST_F(FinalizersTest, OfAMillionObjectsEachIsTakenOnce) {
  Heap heap({.max_heap_bytes = kGiB});
  Mutator mutator(heap);
  Finalizers cleanups(heap, Mode::kCleanup);
  constexpr std::int64_t kObjects = kSanitized ? 50'000 : 1'000'000;
  for (std::int64_t i = 0; i < kObjects; ++i) {
    const HandleScope scope(mutator);
    const Local number(mutator, Value::SmallInteger(i));
    const Local object(mutator, MakeBox(mutator, number));
    if (i % 10 == 0) {
      const Local other(mutator, MakeBox(mutator, object));
      SetContent(mutator, Box(object.get()), other.get());
    }
    cleanups.Register(mutator, object.get(), number.get());
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  std::vector<int> taken(kObjects);
  const std::size_t count = cleanups.Drain(mutator, [&](Local held) {
    ++taken[static_cast<std::size_t>(held.get().integer())];
  });
  EXPECT_EQ(count, static_cast<std::size_t>(kObjects));
  EXPECT_EQ(taken, std::vector<int>(kObjects, 1));
}

// While everything moves all the time.
TEST_F(FinalizersTest, OfManyObjectsEachIsTakenOnce) {
  MovingHeap h(MovingHeap::Moving());
  Finalizers cleanups(h.heap, Mode::kCleanup);
  constexpr std::int64_t kObjects = 2'000;
  std::vector<int> taken(kObjects);
  const auto drain = [&] {
    cleanups.Drain(h.mutator, [&](Local held) {
      ++taken[static_cast<std::size_t>(held.get().integer())];
    });
  };
  for (std::int64_t i = 0; i < kObjects; ++i) {
    const HandleScope scope(h.mutator);
    const Local object = h.NewBox(i);
    if (i % 10 == 0) {
      SetContent(h.mutator, Box(object.get()), object.get());
    }
    cleanups.Register(h.mutator, object.get(), Value::SmallInteger(i));
    if (i % 100 == 0) drain();
  }
  h.Major();
  drain();
  EXPECT_EQ(taken, std::vector<int>(kObjects, 1));
}

}  // namespace
}  // namespace fledge::runtime
