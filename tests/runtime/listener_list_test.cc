#include "runtime/listener_list.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "runtime/objects.h"
#include "tests/runtime/moving_heap.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Numbers = std::vector<std::int64_t>;

// A heap with a list in it. Boxes stand for owners and callbacks.
struct Fixture : MovingHeap {
  explicit Fixture(const gc::HeapOptions& options = Quiet())
      : MovingHeap(options), registration(heap.RegisterWeakSet(listeners)) {}

  // A listener of a new owner, whose callback says `number`.
  Local AddNew(std::int64_t number) {
    const Local owner = NewBox(-number);
    const HandleScope inner(mutator);
    const Local callback = NewBox(number);
    listeners.Add(mutator, owner.get(), callback.get());
    return owner;
  }
  // What the callbacks say, in the order in which they are called.
  Numbers Notified() {
    Numbers numbers;
    listeners.Notify(mutator, [&](Local, Local callback) {
      numbers.push_back(NumberIn(callback.get()));
    });
    return numbers;
  }

  ListenerList listeners;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration;
};

TEST(ListenerListTest, TellsListenersInTheOrderInWhichTheyWereAdded) {
  MovingHeap::UnderEveryPolicy([](const gc::HeapOptions& options) {
    Fixture f(options);
    EXPECT_EQ(f.listeners.Notify(f.mutator, [](Local, Local) { FAIL(); }), 0u);
    std::vector<Local> owners;
    for (int i = 1; i <= 20; ++i) owners.push_back(f.AddNew(i));
    for (int round = 0; round < 2; ++round) {
      int next = 1;
      const std::size_t told =
          f.listeners.Notify(f.mutator, [&](Local owner, Local callback) {
            EXPECT_EQ(owner.get(),
                      owners[static_cast<std::size_t>(next - 1)].get());
            f.NewBox(0);
            EXPECT_EQ(f.NumberIn(owner.get()), -next);
            EXPECT_EQ(f.NumberIn(callback.get()), next);
            ++next;
          });
      EXPECT_EQ(told, 20u);
      EXPECT_EQ(f.listeners.count(), 20u);
      f.Minor();
      f.Major();
    }
  });
}

// {old, young} x {held, not} x {owner, callback}.
TEST(ListenerListTest, AListenerIsThereAsLongAsItsOwner) {
  constexpr bool kBoth[] = {false, true};
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    Fixture f(options);
    Numbers expected;
    for (const bool old_owner : kBoth) {
      for (const bool old_callback : kBoth) {
        for (const bool owner_held : kBoth) {
          for (const bool callback_held : kBoth) {
            const auto number = static_cast<std::int64_t>(f.listeners.size());
            Local owner = f.NewBox(-1, old_owner);
            Local callback = f.NewBox(number, old_callback);
            f.listeners.Add(f.mutator, owner.get(), callback.get());
            if (owner_held) expected.push_back(number);
            if (!owner_held) owner.set(Value());
            if (!callback_held) callback.set(Value());
          }
        }
      }
    }
    f.Minor();
    f.Major();
    EXPECT_EQ(f.listeners.count(), expected.size());
    EXPECT_EQ(f.Notified(), expected);
  });
}

TEST(ListenerListTest, ACallbackThatRefersToItsOwnerDoesNotKeepIt) {
  MovingHeap::UnderEveryPolicy([](const gc::HeapOptions& options) {
    Fixture f(options);
    Local owner = f.NewBox(1);
    {
      const HandleScope scope(f.mutator);
      const Local callback(f.mutator, MakeBox(f.mutator, owner));
      f.listeners.Add(f.mutator, owner.get(), callback.get());
      // The owner itself is a callback like any other.
      f.listeners.Add(f.mutator, owner.get(), owner.get());
    }
    f.Minor();
    f.Major();
    EXPECT_EQ(f.listeners.count(), 2u);
    owner.set(Value());
    f.Major();
    EXPECT_EQ(f.listeners.count(), 0u);
  });
}

TEST(ListenerListTest, AnOwnerMayHaveManyListeners) {
  Fixture f;
  const Local a = f.NewBox(0);
  const Local b = f.NewBox(0);
  const Local shared = f.NewBox(1);
  const auto add = [&](Local owner, Local callback) {
    f.listeners.Add(f.mutator, owner.get(), callback.get());
  };
  add(a, shared);
  add(b, shared);
  add(a, f.NewBox(2));
  add(a, shared);
  add(b, f.NewBox(3));
  f.Major();
  EXPECT_EQ(f.Notified(), (Numbers{1, 1, 2, 1, 3}));
  EXPECT_EQ(f.listeners.Remove(a.get(), shared.get()), 2u);
  EXPECT_EQ(f.Notified(), (Numbers{1, 2, 3}));
  EXPECT_EQ(f.listeners.Remove(a.get(), shared.get()), 0u);
  EXPECT_EQ(f.listeners.Remove(b.get()), 2u);
  EXPECT_EQ(f.listeners.Remove(b.get()), 0u);
  EXPECT_EQ(f.Notified(), Numbers{2});
  EXPECT_EQ(f.listeners.count(), 1u);
}

TEST(ListenerListTest, RemovingWhoNeverListenedCostsItNothing) {
  Fixture f;
  f.AddNew(1);
  const Local other = f.NewBox(2);
  EXPECT_EQ(f.listeners.Remove(other.get()), 0u);
  EXPECT_FALSE(HasIdentityHash(other.get().object()));
}

// Those that are there from the begin to the end, whatever happens meanwhile.
TEST(ListenerListTest, AVisitMayRemoveAddCollectAndLetOwnersDie) {
  MovingHeap::UnderEveryPolicy([](const gc::HeapOptions& options) {
    Fixture f(options);
    std::vector<Local> owners;
    for (int i = 0; i < 12; ++i) owners.push_back(f.AddNew(i));
    Numbers told;
    f.listeners.Notify(f.mutator, [&](Local owner, Local callback) {
      const std::int64_t number = f.NumberIn(callback.get());
      told.push_back(number);
      if (number == 3) {
        owners[1].set(Value());  // Told already,
        owners[5].set(Value());  // and these are not yet.
        EXPECT_EQ(f.listeners.Remove(owners[7].get()), 1u);
        f.Major();
      }
      if (number == 4) {
        EXPECT_EQ(f.listeners.Remove(owner.get()), 1u);
        // The list is built anew, more than once.
        const HandleScope scope(f.mutator);
        for (int i = 100; i < 140; ++i) {
          f.listeners.Add(f.mutator, owners[0].get(), f.NewBox(i).get());
        }
        // Another one than the one that was removed, though they look alike.
        f.listeners.Add(f.mutator, owners[7].get(), f.NewBox(7).get());
      }
      EXPECT_EQ(f.NumberIn(callback.get()), number);
    });
    EXPECT_EQ(told, (Numbers{0, 1, 2, 3, 4, 6, 8, 9, 10, 11}));
    Numbers next = {0, 2, 3, 6, 8, 9, 10, 11};
    for (int i = 100; i < 140; ++i) next.push_back(i);
    next.push_back(7);
    EXPECT_EQ(f.Notified(), next);
  });
}

TEST(ListenerListTest, WhoListensAgainWheneverItIsToldIsToldOnce) {
  Fixture f;
  f.AddNew(1);
  for (std::size_t round = 0; round < 5; ++round) {
    const std::size_t told =
        f.listeners.Notify(f.mutator, [&](Local of, Local callback) {
          f.listeners.Add(f.mutator, of.get(), callback.get());
        });
    EXPECT_EQ(told, std::size_t{1} << round);
  }
}

TEST(ListenerListTest, AVisitMayNotifyTheSameList) {
  Fixture f;
  const std::vector<Local> owners = {f.AddNew(1), f.AddNew(2)};
  Numbers told;
  f.listeners.Notify(f.mutator, [&](Local, Local outer) {
    f.listeners.Notify(f.mutator, [&](Local, Local inner) {
      f.Minor();
      told.push_back(10 * f.NumberIn(outer.get()) + f.NumberIn(inner.get()));
    });
  });
  EXPECT_EQ(told, (Numbers{11, 12, 21, 22}));
}

TEST(ListenerListTest, WhatAVisitThrowsEndsTheCallAndNothingElse) {
  Fixture f;
  const std::vector<Local> owners = {f.AddNew(1), f.AddNew(2), f.AddNew(3)};
  const std::size_t handles = f.mutator.handles().bytes;
  Numbers told;
  const auto visit = [&](Local, Local callback) {
    told.push_back(f.NumberIn(callback.get()));
    f.NewBox(0);
    if (told.back() == 2) throw std::runtime_error("no");
  };
  EXPECT_THROW(f.listeners.Notify(f.mutator, visit), std::runtime_error);
  EXPECT_EQ(told, (Numbers{1, 2}));
  EXPECT_EQ(f.mutator.handles().bytes, handles);
  f.Major();
  EXPECT_EQ(f.Notified(), (Numbers{1, 2, 3}));
}

TEST(ListenerListTest, ListeningDoesNotLeak) {
  Fixture f;
  f.AddNew(1);
  for (int round = 0; round < 10; ++round) {
    {
      const HandleScope scope(f.mutator);
      for (int i = 0; i < 1000; ++i) f.AddNew(i);
    }
    f.Major();
    EXPECT_EQ(f.listeners.count(), 1u);
  }
  EXPECT_EQ(f.Notified(), Numbers{1});
  EXPECT_LE(f.listeners.size(), 2048u);
}

TEST(ListenerListTest, AListThatAnObjectOwnsDiesWithIt) {
  for (const bool old : {false, true}) {
    Fixture f;
    auto owned = std::make_unique<ListenerList>();
    ListenerList& list = *owned;
    Local button = f.NewBox(0, old);
    f.heap.AdoptWeakSet(std::move(owned), button.get().word());
    const Local owner = f.AddNew(1);
    {
      // Only the button's list keeps the callback, which listens itself.
      const HandleScope scope(f.mutator);
      const Local callback = f.NewBox(2);
      list.Add(f.mutator, owner.get(), callback.get());
      f.listeners.Add(f.mutator, callback.get(), callback.get());
    }
    f.Minor();
    f.Major();
    EXPECT_EQ(f.Notified(), (Numbers{1, 2}));
    button.set(Value());
    f.Major();
    EXPECT_EQ(f.Notified(), Numbers{1});
  }
}

TEST(ListenerListDeathTest, AListMustOutliveItsNotify) {
  Fixture f;
  auto owned = std::make_unique<ListenerList>();
  ListenerList& list = *owned;
  Local button = f.NewBox(0);
  f.heap.AdoptWeakSet(std::move(owned), button.get().word());
  const Local owner = f.NewBox(1);
  list.Add(f.mutator, owner.get(), owner.get());
  const auto notify = [&] {
    list.Notify(f.mutator, [&](Local, Local) {
      button.set(Value());
      f.Major();
    });
  };
  EXPECT_DEATH(notify(), "died in the midst of a walk");
}

TEST(ListenerListDeathTest, AnOwnerIsAnObject) {
  Fixture f;
  EXPECT_DEATH(f.listeners.Add(f.mutator, Value::Nil(), Value::True()),
               "would never go");
}

// Against a list of what was added, with collections anywhere.
TEST(ListenerListTest, DoesWhatAListDoes) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    Fixture f(options);
    Random random(seed);
    constexpr std::size_t kOwners = 10;
    constexpr std::size_t kCallbacks = 4;
    std::vector<Local> owners;
    std::vector<Local> callbacks;
    for (std::size_t i = 0; i < kOwners; ++i) owners.push_back(f.NewBox(0));
    for (std::size_t i = 0; i < kCallbacks; ++i) {
      callbacks.push_back(f.NewBox(static_cast<std::int64_t>(i)));
    }
    std::vector<std::pair<std::size_t, std::int64_t>> model;
    for (int operation = 0; operation < 1'000; ++operation) {
      const HandleScope scope(f.mutator);
      const std::size_t owner = random.Below(kOwners);
      const std::size_t callback = random.Below(kCallbacks);
      const auto says = static_cast<std::int64_t>(callback);
      const auto is_owners = [&](const auto& one) {
        return one.first == owner;
      };
      const auto is_both = [&](const auto& one) {
        return is_owners(one) && one.second == says;
      };
      switch (random.Below(8)) {
        case 0:
          ASSERT_EQ(f.listeners.Remove(owners[owner].get()),
                    std::erase_if(model, is_owners));
          break;
        case 1:
          ASSERT_EQ(f.listeners.Remove(owners[owner].get(),
                                       callbacks[callback].get()),
                    std::erase_if(model, is_both));
          break;
        case 2:
          // Another object: with the old one, its listeners go.
          owners[owner].set(f.NewBox(0).get());
          std::erase_if(model, is_owners);
          break;
        case 3: {
          f.Major();  // Or those of dead owners are told as well.
          Numbers expected;
          for (const auto& one : model) expected.push_back(one.second);
          ASSERT_EQ(f.Notified(), expected) << operation;
          break;
        }
        default:
          f.listeners.Add(f.mutator, owners[owner].get(),
                          callbacks[callback].get());
          model.emplace_back(owner, says);
      }
    }
    f.Major();
    EXPECT_EQ(f.listeners.count(), model.size());
  });
}

}  // namespace
}  // namespace fledge::runtime
