// Weak sets: what each kind keeps, drops and says, whatever is old or young.

#include "gc/weak_set.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"
#include "tests/support/weak_entries.h"

namespace fledge::gc {
namespace {

template <typename M>
class WeakSetTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;
  using Value = typename M::Value;
  using Entries = WeakEntries<M>;
  using State = typename Entries::State;

  // A weak set of one kind, registered.
  struct Registered {
    Registered(Heap& heap, WeakKind kind)
        : entries(kind), registration(heap.heap().RegisterWeakSet(entries)) {}
    Entries entries;
    std::unique_ptr<WeakSet<M>, std::function<void(WeakSet<M>*)>> registration;
  };

  // Both are rooted until the entry is there, as making one may collect.
  static Local<M> Make(Heap& heap, int number, bool old) {
    return heap.Root(old ? heap.NewOld(number) : heap.New(number));
  }

  static HeapOptions Under(Policy policy) {
    HeapOptions options = Heap::SmallHeap();
    options.policy = policy;
    return options;
  }

  // Under every policy that collects, quietly and stressed.
  template <typename Body>
  static void UnderEveryPolicy(Body&& body) {
    for (const Policy policy :
         {Policy::kSemispace, Policy::kGenCopy, Policy::kGenImmix}) {
      SCOPED_TRACE(std::string(NameOf(policy)));
      CollectionTest<M>::Always(body, Under(policy));
    }
  }

  static constexpr bool kBoth[] = {false, true};
};

TYPED_TEST_SUITE(WeakSetTest, FakeModels, ModelNames);

// The matrix: key and value old or young, reached or not.
TYPED_TEST(WeakSetTest, EntriesOfEveryKindAreThereAsLongAsTheyShould) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    for (const WeakKind kind : kWeakKinds) {
      SCOPED_TRACE("kind " + std::to_string(static_cast<int>(kind)));
      typename F::Registered set(heap, kind);
      struct Made {
        bool key_held, value_held;
        std::uint32_t entry;
      };
      std::vector<Made> made;
      std::vector<Local<TypeParam>> held;
      for (const bool old_key : F::kBoth) {
        for (const bool old_value : F::kBoth) {
          for (const bool key_held : F::kBoth) {
            for (const bool value_held : F::kBoth) {
              const auto at = static_cast<int>(made.size());
              const auto keep = [&](int number, bool old, bool wanted) {
                Local<TypeParam> local = F::Make(heap, number, old);
                if (wanted) held.push_back(local);
                return local;
              };
              Local<TypeParam> key = keep(2 * at, old_key, key_held);
              Local<TypeParam> value = keep(2 * at + 1, old_value, value_held);
              made.push_back(
                  {key_held, value_held,
                   set.entries.Add(heap.mutator(), key.get(), value.get())});
              if (!key_held) key.set(ModelTraits<TypeParam>::NullValue());
              if (!value_held) value.set(ModelTraits<TypeParam>::NullValue());
            }
          }
        }
      }
      heap.Minor();
      heap.Major();
      for (const auto& [key_held, value_held, i] : made) {
        const auto& entry = set.entries[i];
        SCOPED_TRACE("entry " + std::to_string(i));
        const int number = static_cast<int>(i);
        const bool there = kind == WeakKind::kWeakValue ? value_held
                           : kind == WeakKind::kBothWeak
                               ? key_held && value_held
                               : key_held;
        EXPECT_EQ(set.entries.IsThere(i), there);
        if (there || kind == WeakKind::kGuardian) {
          EXPECT_TRUE(heap.Is(entry.key, 2 * number));
        }
        if ((there && kind != WeakKind::kReference &&
             kind != WeakKind::kGuardian) ||
            kind == WeakKind::kCleanup) {
          EXPECT_TRUE(heap.Is(entry.value, 2 * number + 1));
        }
      }
    }
  });
}

// A young entry needs no major collection to die.
TYPED_TEST(WeakSetTest, AMinorCollectionDropsWhatIsYoungAndDead) {
  using F = TestFixture;
  F::Quietly([](auto& heap) {
    typename F::Registered set(heap, WeakKind::kEphemeron);
    const auto key = heap.Root(heap.New(1));
    const auto value = heap.New(2);
    set.entries.Add(heap.mutator(), key.get(), value);
    const auto dead = heap.New(3);
    set.entries.Add(heap.mutator(), dead, dead);
    heap.Minor();
    EXPECT_TRUE(heap.Is(set.entries[0].value, 2));
    EXPECT_FALSE(set.entries.IsThere(1));
  });
}

TYPED_TEST(WeakSetTest, AMinorCollectionAsksOnlyForWhatIsYoung) {
  using F = TestFixture;
  HeapOptions options = F::Heap::SmallHeap();
  options.tenuring_threshold = 1;
  typename F::Heap heap(options);
  typename F::Registered set(heap, WeakKind::kEphemeron);
  const auto key = heap.Root(heap.New(1));
  set.entries.Add(heap.mutator(), key.get(), key.get());
  for (int i = 0; i < 100; ++i) {
    const auto old = heap.Root(heap.NewOld(i));
    set.entries.Add(heap.mutator(), old.get(), old.get());
  }
  heap.Minor();
  EXPECT_EQ(set.entries.processed(), 1u);
  heap.Minor();  // The key is old by now.
  EXPECT_EQ(set.entries.processed(), 1u);
  heap.Major();
  EXPECT_EQ(set.entries.processed(), 102u);
}

// Each value is the next one's key, and entries are met in any order.
TYPED_TEST(WeakSetTest, ChainsOfEphemeronsAreKeptWholeOrNotAtAll) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    const int length = static_cast<int>(Repetitions(200));
    typename F::Registered set(heap, WeakKind::kEphemeron);
    Random random(17);
    for (const bool held : F::kBoth) {
      std::vector<Local<TypeParam>> links;
      for (int i = 0; i <= length; ++i) {
        links.push_back(F::Make(heap, i, random.OneIn(3)));
      }
      std::vector<int> order;
      for (int i = 0; i < length; ++i) order.push_back(i);
      for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.Below(i)]);
      }
      std::vector<std::uint32_t> entry_of(static_cast<std::size_t>(length));
      for (const int i : order) {
        const auto at = static_cast<std::size_t>(i);
        entry_of[at] = set.entries.Add(heap.mutator(), links[at].get(),
                                       links[at + 1].get());
      }
      for (std::size_t i = held ? 1 : 0; i < links.size(); ++i) {
        links[i].set(ModelTraits<TypeParam>::NullValue());
      }
      heap.Minor();
      if (held) {
        for (int i = 0; i < length; ++i) {
          const auto& entry =
              set.entries[entry_of[static_cast<std::size_t>(i)]];
          ASSERT_TRUE(heap.Is(entry.key, i)) << i;
          ASSERT_TRUE(heap.Is(entry.value, i + 1)) << i;
        }
      }
      heap.Major();
      for (int i = 0; i < length; ++i) {
        const std::uint32_t entry = entry_of[static_cast<std::size_t>(i)];
        ASSERT_EQ(set.entries.IsThere(entry), held) << i;
        if (!held) continue;
        ASSERT_TRUE(heap.Is(set.entries[entry].value, i + 1)) << i;
      }
    }
  });
}

// A value that refers to its own key keeps neither.
TYPED_TEST(WeakSetTest, CyclesThroughValuesAreDropped) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    typename F::Registered set(heap, WeakKind::kEphemeron);
    for (const bool old : F::kBoth) {
      Local<TypeParam> key = F::Make(heap, 1, old);
      Local<TypeParam> value = F::Make(heap, 2, old);
      heap.Set(value, key.get());
      const auto i = set.entries.Add(heap.mutator(), key.get(), value.get());
      key.set(ModelTraits<TypeParam>::NullValue());
      value.set(ModelTraits<TypeParam>::NullValue());
      heap.Major();
      EXPECT_FALSE(set.entries.IsThere(i));
    }
    EXPECT_EQ(heap.LiveObjects(), 0u);
  });
}

TYPED_TEST(WeakSetTest, AReferenceIsEmptyBeforeAGuardianReturnsItsTarget) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    typename F::Registered guardian(heap, WeakKind::kGuardian);
    typename F::Registered references(heap, WeakKind::kReference);
    typename F::Registered table(heap, WeakKind::kEphemeron);
    for (const bool old : F::kBoth) {
      Local<TypeParam> object = F::Make(heap, 1, old);
      Local<TypeParam> part = F::Make(heap, 2, old);
      heap.Set(object, part.get());
      const typename F::Value value = heap.New(3);
      const auto k = table.entries.Add(heap.mutator(), object.get(), value);
      const auto g =
          guardian.entries.Add(heap.mutator(), object.get(), object.get());
      const auto r =
          references.entries.Add(heap.mutator(), object.get(), object.get());
      object.set(ModelTraits<TypeParam>::NullValue());
      part.set(ModelTraits<TypeParam>::NullValue());
      heap.Major();
      EXPECT_FALSE(references.entries.IsThere(r));
      ASSERT_EQ(guardian.entries[g].state, F::State::kReturned);
      const auto returned = heap.Root(guardian.entries[g].key);
      EXPECT_TRUE(heap.Is(returned, 1));
      EXPECT_TRUE(heap.Is(heap.Get(returned), 2));
      // What a table has for it is there for who gets it.
      ASSERT_TRUE(table.entries.IsThere(k));
      EXPECT_TRUE(heap.Is(table.entries[k].value, 3));
      guardian.entries.Remove(g);
    }
  });
}

// What one object of a cycle is finalized for, the others are too.
TYPED_TEST(WeakSetTest, ObjectsInCyclesAreFinalized) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    for (const WeakKind kind : {WeakKind::kCleanup, WeakKind::kGuardian}) {
      typename F::Registered set(heap, kind);
      Local<TypeParam> a = F::Make(heap, 1, false);
      Local<TypeParam> b = F::Make(heap, 2, true);
      heap.Set(a, b.get());
      heap.Set(b, a.get());
      const auto token = heap.Root(heap.New(3));
      set.entries.Add(heap.mutator(), a.get(), token.get());
      set.entries.Add(heap.mutator(), b.get(), token.get());
      a.set(ModelTraits<TypeParam>::NullValue());
      b.set(ModelTraits<TypeParam>::NullValue());
      heap.Major();
      EXPECT_FALSE(set.entries.IsThere(0));
      EXPECT_FALSE(set.entries.IsThere(1));
    }
  });
}

// A set that says when it is destroyed, which may be when its test has ended.
template <typename M>
class MortalEntries : public WeakEntries<M> {
 public:
  explicit MortalEntries(std::shared_ptr<int> destroyed)
      : WeakEntries<M>(WeakKind::kEphemeron),
        destroyed_(std::move(destroyed)) {}
  ~MortalEntries() override { ++*destroyed_; }

 private:
  const std::shared_ptr<int> destroyed_;
};

TYPED_TEST(WeakSetTest, ASetKeepsNothingWhenItsOwnerIsDead) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    for (const bool old_owner : F::kBoth) {
      const auto destroyed = std::make_shared<int>(0);
      typename F::Registered watch(heap, WeakKind::kReference);
      Local<TypeParam> owner = F::Make(heap, 1, old_owner);
      auto adopted = std::make_unique<MortalEntries<TypeParam>>(destroyed);
      auto& set = *adopted;
      heap.heap().AdoptWeakSet(std::move(adopted), owner.get());
      const auto key = heap.Root(heap.New(2));
      const auto value = heap.Root(heap.New(3));
      set.Add(heap.mutator(), key.get(), value.get());
      watch.entries.Add(heap.mutator(), value.get(), value.get());
      auto unwatched = value;
      unwatched.set(ModelTraits<TypeParam>::NullValue());
      heap.Minor();
      heap.Major();
      EXPECT_EQ(*destroyed, 0);
      EXPECT_TRUE(heap.Is(set.owner(), 1));
      EXPECT_TRUE(heap.Is(set[0].value, 3));
      EXPECT_TRUE(watch.entries.IsThere(0));
      owner.set(ModelTraits<TypeParam>::NullValue());
      heap.Major();
      EXPECT_EQ(*destroyed, 1);
      EXPECT_FALSE(watch.entries.IsThere(0));
    }
  });
}

// An owner that only a value of another set keeps is alive all the same.
TYPED_TEST(WeakSetTest, OwnersMayBeKeptByOtherSets) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    const auto destroyed = std::make_shared<int>(0);
    typename F::Registered outer(heap, WeakKind::kEphemeron);
    Local<TypeParam> owner = F::Make(heap, 1, false);
    auto adopted = std::make_unique<MortalEntries<TypeParam>>(destroyed);
    auto& inner = *adopted;
    heap.heap().AdoptWeakSet(std::move(adopted), owner.get());
    const auto key = heap.Root(heap.New(2));
    const auto value = heap.New(3);
    inner.Add(heap.mutator(), key.get(), value);
    outer.entries.Add(heap.mutator(), key.get(), owner.get());
    owner.set(ModelTraits<TypeParam>::NullValue());
    heap.Minor();
    heap.Major();
    EXPECT_EQ(*destroyed, 0);
    EXPECT_TRUE(heap.Is(inner[0].value, 3));
  });
}

// Also sets whose phase was over when their owner was returned, and those that
// only such sets lead to.
TYPED_TEST(WeakSetTest, SetsOfWhatAGuardianReturnsAreProcessed) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    typename F::Registered guardian(heap, WeakKind::kGuardian);
    const auto kept = heap.Root(heap.New(9));
    std::vector<WeakEntries<TypeParam>*> sets;
    // The guardian has the first owner, each owner's set guards the next.
    WeakEntries<TypeParam>* guard = &guardian.entries;
    for (int i = 0; i < 3; ++i) {
      Local<TypeParam> owner = F::Make(heap, i, i % 2 == 0);
      guard->Add(heap.mutator(), owner.get(), owner.get());
      for (const WeakKind kind : {WeakKind::kReference, WeakKind::kGuardian}) {
        auto set = std::make_unique<WeakEntries<TypeParam>>(kind);
        if (kind == WeakKind::kGuardian) guard = set.get();
        sets.push_back(set.get());
        heap.heap().AdoptWeakSet(std::move(set), owner.get());
        sets.back()->Add(heap.mutator(), kept.get(), kept.get());
      }
      owner.set(ModelTraits<TypeParam>::NullValue());
    }
    for (int i = 0; i < 3; ++i) {
      heap.Minor();
      heap.Major();
      for (const auto* set : sets) {
        ASSERT_TRUE(set->IsThere(0));
        EXPECT_TRUE(heap.Is((*set)[0].key, 9));
      }
    }
  });
}

// The inner one comes late, but before tables are told who is dead.
TYPED_TEST(WeakSetTest, WhatAGuardianOfAGuardianKeepsIsInTables) {
  using F = TestFixture;
  F::UnderEveryPolicy([](auto& heap) {
    for (const bool old : F::kBoth) {
      typename F::Registered outer(heap, WeakKind::kGuardian);
      typename F::Registered cleanups(heap, WeakKind::kCleanup);
      typename F::Registered table(heap, WeakKind::kEphemeron);
      Local<TypeParam> owner = F::Make(heap, 1, old);
      Local<TypeParam> key = F::Make(heap, 2, old);
      const auto value = heap.Root(heap.New(3));
      auto adopted =
          std::make_unique<WeakEntries<TypeParam>>(WeakKind::kGuardian);
      auto& inner = *adopted;
      heap.heap().AdoptWeakSet(std::move(adopted), owner.get());
      outer.entries.Add(heap.mutator(), owner.get(), owner.get());
      inner.Add(heap.mutator(), key.get(), key.get());
      cleanups.entries.Add(heap.mutator(), key.get(), value.get());
      table.entries.Add(heap.mutator(), key.get(), value.get());
      owner.set(ModelTraits<TypeParam>::NullValue());
      key.set(ModelTraits<TypeParam>::NullValue());
      heap.Minor();
      heap.Major();
      EXPECT_EQ(outer.entries[0].state, F::State::kReturned);
      EXPECT_EQ(inner[0].state, F::State::kReturned);
      EXPECT_TRUE(cleanups.entries.IsThere(0));
      EXPECT_TRUE(table.entries.IsThere(0));
      EXPECT_TRUE(heap.Is(table.entries[0].key, 2));
    }
  });
}

TYPED_TEST(WeakSetTest, SetsThatOutliveNobodyAreDestroyedWithTheHeap) {
  using F = TestFixture;
  const auto destroyed = std::make_shared<int>(0);
  {
    typename F::Heap heap;
    const auto owner = heap.Root(heap.New(1));
    heap.heap().AdoptWeakSet(
        std::make_unique<MortalEntries<TypeParam>>(destroyed), owner.get());
    heap.Major();
  }
  EXPECT_EQ(*destroyed, 1);
}

// A pinned key stays where it is and is alive.
TYPED_TEST(WeakSetTest, AKeyThatIsKeptInPlaceIsAlive) {
  using F = TestFixture;
  F::Always([](auto& heap) {
    typename F::Registered set(heap, WeakKind::kEphemeron);
    Local<TypeParam> key = heap.Root(heap.New(1));
    const PinScope<TypeParam> pin(heap.mutator(), key);
    const auto value = heap.New(2);
    set.entries.Add(heap.mutator(), key.get(), value);
    heap.Minor();
    heap.Major();
    ASSERT_TRUE(set.entries.IsThere(0));
    EXPECT_EQ(heap.AddressOf(set.entries[0].key), pin.object());
    EXPECT_TRUE(heap.Is(set.entries[0].value, 2));
  });
}

}  // namespace
}  // namespace fledge::gc
