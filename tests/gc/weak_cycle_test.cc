// Weak sets in major collections that mark in steps: all that dies is found
// dead without another major collection, and all that lives lives.

#include <gtest/gtest.h>

#include <memory>
#include <string>
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

}  // namespace
}  // namespace fledge::gc
