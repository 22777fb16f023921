// Weak sets in major collections that mark in steps: all that dies is found
// dead without another major collection, and all that lives lives.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/support/cycling_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/random.h"
#include "tests/support/weak_entries.h"

namespace fledge::gc {
namespace {

template <typename M>
class WeakCycleTest : public CyclingTest<M> {
 protected:
  using Heap = TestHeap<M>;

  // Two whole cycles, of which the second began after this.
  static void RunCycles(Heap& heap, const Local<M>& table) {
    const auto cycles = heap.heap().cycles();
    CyclingTest<M>::ReplaceUntil(heap, table, CyclingTest<M>::kItems, [&] {
      return heap.heap().cycles() == cycles + 2;
    });
  }
  // A cycle advances by stress alone: by allocations, and in no pause further
  // than it must.
  static HeapOptions Stepped() {
    HeapOptions options = Heap::SmallHeap();
    options.stress.cycles = true;
    options.stress.seed = 1;
    return options;
  }
  // Until marking has ended and nothing was cleared in steps.
  static void MarkAll(Heap& heap) {
    for (int i = 0; i < 1000; ++i) {
      if (heap.heap().weak_sets().is_clearing()) return;
      heap.Minor();
    }
    FAIL() << "marking does not end";
  }
  static void EndCycle(Heap& heap) {
    const auto cycles = heap.heap().cycles();
    for (int i = 0; i < 1000; ++i) {
      if (heap.heap().cycles() > cycles) return;
      heap.Minor();
    }
    FAIL() << "the cycle does not end";
  }

  // Entries that may take other indices.
  class Moving : public WeakEntries<M> {
   public:
    using WeakEntries<M>::WeakEntries;
    void Reverse() {
      std::vector<std::uint32_t> moved;
      for (std::uint32_t i = this->size(); i-- > 0;) moved.push_back(i);
      this->ReverseEntries();
      this->RenumberNoted(moved);
    }
  };

  static Local<M> Old(Heap& heap, int number) {
    return heap.Root(heap.NewOld(number));
  }
  static void Forget(Local<M>& local) {
    local.set(ModelTraits<M>::NullValue());
  }
};

TYPED_TEST_SUITE(WeakCycleTest, FakeModels, ModelNames);

TYPED_TEST(WeakCycleTest, EntriesOfEveryKindAreThereAsLongAsTheyShould) {
  using F = TestFixture;
  this->Quietly(
      [](auto& heap) {
        const auto table = F::MakeTable(heap, F::kItems);
        std::vector<std::unique_ptr<WeakEntries<TypeParam>>> sets;
        std::vector<decltype(heap.heap().RegisterWeakSet(*sets[0]))> registered;
        std::vector<Local<TypeParam>> held;
        for (const WeakKind kind : kWeakKinds) {
          sets.push_back(std::make_unique<WeakEntries<TypeParam>>(kind));
          registered.push_back(heap.heap().RegisterWeakSet(*sets.back()));
          for (int i = 0; i < 100; ++i) {
            Local<TypeParam> key = F::Old(heap, i);
            Local<TypeParam> value = F::Old(heap, 1000 + i);
            sets.back()->Add(heap.mutator(), key.get(), value.get());
            if (i % 2 == 0) held.push_back(key);
            if (i % 2 != 0) F::Forget(key);
            if (kind == WeakKind::kWeakValue ? i % 2 != 0 : true) {
              F::Forget(value);
            }
          }
        }
        F::RunCycles(heap, table);
        for (const auto& set : sets) {
          SCOPED_TRACE("kind " + std::to_string(static_cast<int>(set->kind())));
          for (std::uint32_t i = 0; i < set->size(); ++i) {
            const bool is_held =
                i % 2 == 0 && set->kind() != WeakKind::kBothWeak;
            ASSERT_EQ(set->IsThere(i), is_held) << i;
            if (is_held) {
              ASSERT_TRUE(heap.Is((*set)[i].key, static_cast<int>(i)));
            }
            if (is_held && set->kind() == WeakKind::kEphemeron) {
              ASSERT_TRUE(heap.Is((*set)[i].value, 1000 + static_cast<int>(i)));
            }
          }
        }
        EXPECT_FALSE(F::AnyMajor(heap));
      },
      F::InSteps());
}

// Each value is the next one's key, and nothing else leads there.
TYPED_TEST(WeakCycleTest, ChainsOfEphemeronsAreMarkedToTheirEnd) {
  using F = TestFixture;
  this->Quietly(
      [](auto& heap) {
        constexpr int kLength = 300;
        const auto table = F::MakeTable(heap, F::kItems);
        WeakEntries<TypeParam> set(WeakKind::kEphemeron);
        const auto registration = heap.heap().RegisterWeakSet(set);
        Local<TypeParam> first = F::Old(heap, 0);
        std::vector<Local<TypeParam>> links = {first};
        for (int i = 1; i <= kLength; ++i) links.push_back(F::Old(heap, i));
        // The last link comes first.
        for (int i = kLength; i-- > 0;) {
          const auto at = static_cast<std::size_t>(i);
          set.Add(heap.mutator(), links[at].get(), links[at + 1].get());
        }
        for (std::size_t i = 1; i < links.size(); ++i) F::Forget(links[i]);
        F::RunCycles(heap, table);
        for (int i = 0; i < kLength; ++i) {
          const auto& entry = set[static_cast<std::uint32_t>(kLength - 1 - i)];
          ASSERT_TRUE(heap.Is(entry.key, i)) << i;
          ASSERT_TRUE(heap.Is(entry.value, i + 1)) << i;
        }
        F::Forget(first);
        F::Forget(links[0]);
        F::RunCycles(heap, table);
        for (std::uint32_t i = 0; i < kLength; ++i) {
          ASSERT_FALSE(set.IsThere(i)) << i;
        }
        EXPECT_FALSE(F::AnyMajor(heap));
      },
      F::InSteps());
}

// What was only weakly reachable when a mutator read it.
TYPED_TEST(WeakCycleTest, WhatIsReadInTheMidstOfACycleIsKept) {
  using F = TestFixture;
  this->Quietly(
      [](auto& heap) {
        const auto table = F::MakeTable(heap, F::kItems);
        WeakEntries<TypeParam> set(WeakKind::kReference);
        const auto registration = heap.heap().RegisterWeakSet(set);
        Local<TypeParam> target = F::Old(heap, 1);
        Local<TypeParam> part = F::Old(heap, 2);
        heap.Set(target, part.get());
        set.Add(heap.mutator(), target.get(), target.get());
        F::Forget(target);
        F::Forget(part);
        CyclingTest<TypeParam>::ReplaceUntil(
            heap, table, F::kItems, [&] { return heap.heap().is_marking(); });
        ASSERT_TRUE(set.IsThere(0));
        target.set(set[0].key);
        F::RunCycles(heap, table);
        EXPECT_TRUE(set.IsThere(0));
        EXPECT_TRUE(heap.Is(target, 1));
        EXPECT_TRUE(heap.Is(heap.Get(target), 2));
      },
      F::InSteps());
}

TYPED_TEST(WeakCycleTest, WhoIsNotMarkedIsDeadBeforeItsEntryIsDropped) {
  using F = TestFixture;
  using State = typename WeakEntries<TypeParam>::State;
  TestHeap<TypeParam> heap(F::Stepped());
  WeakEntries<TypeParam> set(WeakKind::kReference);
  const auto registration = heap.heap().RegisterWeakSet(set);
  const Local<TypeParam> kept = F::Old(heap, 1);
  Local<TypeParam> dead = F::Old(heap, 2);
  set.Add(heap.mutator(), kept.get(), kept.get());
  set.Add(heap.mutator(), dead.get(), dead.get());
  F::Forget(dead);
  EXPECT_FALSE(set.IsDying(1));
  F::MarkAll(heap);
  ASSERT_EQ(set[1].state, State::kThere) << "it is left to steps";
  EXPECT_TRUE(set.IsDying(1));
  EXPECT_FALSE(set.IsDying(0));
  F::EndCycle(heap);
  EXPECT_EQ(set[1].state, State::kDropped);
  EXPECT_TRUE(set.IsThere(0));
  EXPECT_FALSE(heap.heap().weak_sets().is_clearing());
}

// An entry that is noted, since its value is young.
TYPED_TEST(WeakCycleTest, AMinorCollectionDropsWhatIsDeadMeanwhile) {
  using F = TestFixture;
  using State = typename WeakEntries<TypeParam>::State;
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    HeapOptions options = F::Stepped();
    options.stress.seed = seed;
    options.tenuring_threshold = 3;
    TestHeap<TypeParam> heap(options);
    WeakEntries<TypeParam> set(WeakKind::kEphemeron);
    const auto registration = heap.heap().RegisterWeakSet(set);
    Local<TypeParam> key = F::Old(heap, 1);
    set.Add(heap.mutator(), key.get(), heap.New(2));
    F::Forget(key);
    F::MarkAll(heap);
    if (set[0].state != State::kThere || !heap.IsYoung(set[0].value)) {
      continue;
    }
    heap.Minor();
    if (!heap.heap().weak_sets().is_clearing()) continue;
    ++seen;
    EXPECT_EQ(set[0].state, State::kDropped);
  }
  EXPECT_GT(seen, 0);
}

TYPED_TEST(WeakCycleTest, EntriesAreDroppedInSteps) {
  using F = TestFixture;
  TestHeap<TypeParam> heap(F::Stepped());
  WeakEntries<TypeParam> set(WeakKind::kEphemeron);
  const auto registration = heap.heap().RegisterWeakSet(set);
  constexpr std::uint32_t kCount = 10'000;
  Local<TypeParam> key = F::Old(heap, 1);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    set.Add(heap.mutator(), key.get(), key.get());
  }
  F::Forget(key);
  F::MarkAll(heap);
  const auto dropped = [&] {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < kCount; ++i) {
      count += set[i].state != WeakEntries<TypeParam>::State::kThere ? 1u : 0u;
    }
    return count;
  };
  ASSERT_EQ(dropped(), 0u);
  bool in_the_midst = false;
  for (int i = 0; i < 10'000 && dropped() < kCount; ++i) {
    heap.New(1);
    in_the_midst |= dropped() > 0 && dropped() < kCount;
  }
  EXPECT_EQ(dropped(), kCount);
  EXPECT_TRUE(in_the_midst);
}

// Each value is the next one's key, and entries change places all the time.
TYPED_TEST(WeakCycleTest, EntriesThatMoveInACycleAreNotForgotten) {
  using F = TestFixture;
  constexpr int kLength = 100;
  TestHeap<TypeParam> heap(F::Stepped());
  typename F::Moving set(WeakKind::kEphemeron);
  const auto registration = heap.heap().RegisterWeakSet(set);
  Local<TypeParam> first = F::Old(heap, 0);
  {
    std::vector<Local<TypeParam>> links = {first};
    for (int i = 1; i <= kLength; ++i) links.push_back(F::Old(heap, i));
    for (std::size_t i = 0; i < kLength; ++i) {
      set.Add(heap.mutator(), links[i].get(), links[i + 1].get());
    }
    for (std::size_t i = 1; i < links.size(); ++i) F::Forget(links[i]);
  }
  const auto there = [&] {
    int count = 0;
    for (std::uint32_t i = 0; i < kLength; ++i) count += set.IsThere(i) ? 1 : 0;
    return count;
  };
  const auto run_cycles = [&] {
    const auto cycles = heap.heap().cycles();
    for (int i = 0; heap.heap().cycles() < cycles + 3; ++i) {
      heap.New(i);
      if (i % 7 == 0) set.Reverse();
      if (i % 20 == 0) heap.Minor();
    }
  };
  run_cycles();
  EXPECT_EQ(there(), kLength);
  F::Forget(first);
  run_cycles();
  EXPECT_EQ(there(), 0);
}

TYPED_TEST(WeakCycleTest, SetsComeAndGoInACycle) {
  using F = TestFixture;
  using Set = WeakEntries<TypeParam>;
  TestHeap<TypeParam> heap(F::Stepped());
  const Local<TypeParam> kept = F::Old(heap, 1);
  Random random(1);
  struct Registered {
    Registered(TestHeap<TypeParam>& heap, WeakKind kind)
        : set(kind), registration(heap.heap().RegisterWeakSet(set)) {}
    Set set;
    std::unique_ptr<WeakSet<TypeParam>,
                    std::function<void(WeakSet<TypeParam>*)>>
        registration;
  };
  std::vector<std::unique_ptr<Registered>> sets;
  const auto cycles = heap.heap().cycles();
  for (int i = 0; heap.heap().cycles() < cycles + 20; ++i) {
    if (sets.size() < 20 || random.OneIn(2)) {
      sets.push_back(
          std::make_unique<Registered>(heap, kWeakKinds[random.Below(6)]));
      Local<TypeParam> dead = F::Old(heap, 2);
      sets.back()->set.Add(heap.mutator(), kept.get(), kept.get());
      sets.back()->set.Add(heap.mutator(), dead.get(), kept.get());
      F::Forget(dead);
    } else {
      std::swap(sets[random.Below(sets.size())], sets.back());
      sets.pop_back();
    }
    heap.New(i);
    if (i % 5 == 0) heap.Minor();
  }
  heap.Major();
  for (const auto& registered : sets) {
    const Set& set = registered->set;
    EXPECT_TRUE(set.IsThere(0)) << "kind " << static_cast<int>(set.kind());
    EXPECT_TRUE(heap.Is(set[0].key, 1));
    EXPECT_EQ(set.IsThere(1), set.kind() == WeakKind::kWeakValue)
        << "kind " << static_cast<int>(set.kind());
  }
}

TYPED_TEST(WeakCycleTest, ASetWhoseOwnerIsDeadEndsWithTheCycle) {
  using F = TestFixture;
  struct Owned : WeakEntries<TypeParam> {
    explicit Owned(bool& gone)
        : WeakEntries<TypeParam>(WeakKind::kEphemeron), is_gone(gone) {}
    ~Owned() override { is_gone = true; }
    bool& is_gone;
  };
  TestHeap<TypeParam> heap(F::Stepped());
  bool is_gone = false;
  Local<TypeParam> owner = F::Old(heap, 1);
  auto set = std::make_unique<Owned>(is_gone);
  Owned& entries = *set;
  heap.heap().AdoptWeakSet(std::move(set), owner.get());
  Local<TypeParam> value = F::Old(heap, 2);
  entries.Add(heap.mutator(), owner.get(), value.get());
  F::Forget(value);
  F::EndCycle(heap);
  F::EndCycle(heap);
  ASSERT_FALSE(is_gone);
  EXPECT_TRUE(heap.Is(entries[0].value, 2));
  F::Forget(owner);
  F::EndCycle(heap);
  F::EndCycle(heap);
  heap.New(0);
  EXPECT_TRUE(is_gone);
}

TYPED_TEST(WeakCycleTest, AMajorCollectionFinishesWhatACycleHasBegun) {
  using F = TestFixture;
  TestHeap<TypeParam> heap(F::Stepped());
  std::vector<std::unique_ptr<WeakEntries<TypeParam>>> sets;
  std::vector<decltype(heap.heap().RegisterWeakSet(*sets[0]))> registered;
  for (const WeakKind kind : kWeakKinds) {
    if (kind == WeakKind::kWeakValue) continue;  // It would keep the key.
    sets.push_back(std::make_unique<WeakEntries<TypeParam>>(kind));
    registered.push_back(heap.heap().RegisterWeakSet(*sets.back()));
  }
  const auto add = [&] {
    Local<TypeParam> key = F::Old(heap, 1);
    Local<TypeParam> value = F::Old(heap, 2);
    for (const auto& set : sets) {
      set->Add(heap.mutator(), key.get(), value.get());
    }
    F::Forget(key);
    F::Forget(value);
  };
  add();
  F::MarkAll(heap);
  heap.Major();
  EXPECT_FALSE(heap.heap().weak_sets().is_clearing());
  add();
  F::EndCycle(heap);
  F::EndCycle(heap);
  for (const auto& set : sets) {
    // Guardians keep the keys, and cleanup tokens and ephemerons the values.
    const bool is_table = set->kind() == WeakKind::kEphemeron ||
                          set->kind() == WeakKind::kBothWeak ||
                          set->kind() == WeakKind::kCleanup;
    const bool keeps_value = set->kind() == WeakKind::kCleanup ||
                             set->kind() == WeakKind::kEphemeron;
    for (std::uint32_t i = 0; i < 2; ++i) {
      SCOPED_TRACE(static_cast<int>(set->kind()));
      EXPECT_EQ(set->IsThere(i), is_table);
      if (keeps_value) {
        EXPECT_TRUE(heap.Is((*set)[i].value, 2));
      }
    }
  }
}

// Also where it is not cleared yet when the guardian has the object.
TYPED_TEST(WeakCycleTest, AReferenceIsEmptyBeforeAGuardianReturnsItsTarget) {
  using F = TestFixture;
  using State = typename WeakEntries<TypeParam>::State;
  TestHeap<TypeParam> heap(F::Stepped());
  WeakEntries<TypeParam> table(WeakKind::kEphemeron);
  WeakEntries<TypeParam> references(WeakKind::kReference);
  WeakEntries<TypeParam> guardian(WeakKind::kGuardian);
  const auto registered_table = heap.heap().RegisterWeakSet(table);
  const auto registered_references = heap.heap().RegisterWeakSet(references);
  const auto registered_guardian = heap.heap().RegisterWeakSet(guardian);
  Local<TypeParam> key = F::Old(heap, 1);
  Local<TypeParam> value = F::Old(heap, 2);
  Local<TypeParam> part = F::Old(heap, 3);
  heap.Set(value, part.get());
  table.Add(heap.mutator(), key.get(), value.get());
  references.Add(heap.mutator(), key.get(), key.get());
  references.Add(heap.mutator(), part.get(), part.get());
  guardian.Add(heap.mutator(), key.get(), key.get());
  F::Forget(key);
  F::Forget(value);
  F::Forget(part);
  F::MarkAll(heap);
  ASSERT_EQ(guardian[0].state, State::kReturned);
  EXPECT_EQ(references[0].state, State::kDropped);
  EXPECT_EQ(references[1].state, State::kDropped);
  EXPECT_TRUE(heap.Is(guardian[0].key, 1));
  EXPECT_TRUE(table.IsThere(0));
  F::EndCycle(heap);
  EXPECT_TRUE(heap.Is(table[0].value, 2));
  heap.Major();
  EXPECT_TRUE(heap.Is(guardian[0].key, 1));
  EXPECT_TRUE(heap.Is(table[0].value, 2));
}

}  // namespace
}  // namespace fledge::gc
