#include "runtime/weak_table.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/objects.h"
#include "tests/runtime/moving_heap.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Keeps = WeakTable::Keeps;

// A heap with a table in it.
struct Fixture : MovingHeap {
  explicit Fixture(Keeps keeps, const gc::HeapOptions& options = Quiet())
      : MovingHeap(options),
        table(keeps),
        registration(heap.RegisterWeakSet(table)) {}

  // The numbers of the keys, in the order of a walk.
  std::vector<std::int64_t> Keys() {
    std::vector<std::int64_t> keys;
    WeakTable::Cursor cursor(table);
    while (const auto entry = cursor.Next()) {
      keys.push_back(NumberIn(entry->key));
    }
    return keys;
  }

  WeakTable table;
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration;
};

TEST(WeakTableTest, FindsWhatWasPutByIdentity) {
  Fixture f(Keeps::kValues);
  const Local a = f.NewBox(1);
  const Local b = f.NewBox(1);
  EXPECT_TRUE(f.table.Get(a.get()).IsEmpty());
  EXPECT_TRUE(f.table.Put(f.mutator, a.get(), Value::SmallInteger(10)));
  EXPECT_TRUE(f.table.Put(f.mutator, b.get(), Value::SmallInteger(20)));
  EXPECT_FALSE(f.table.Put(f.mutator, a.get(), Value::SmallInteger(11)));
  EXPECT_EQ(f.table.Get(a.get()), Value::SmallInteger(11));
  EXPECT_EQ(f.table.Get(b.get()), Value::SmallInteger(20));
  f.Major();
  EXPECT_EQ(f.table.Get(a.get()), Value::SmallInteger(11));
  EXPECT_EQ(f.table.count(), 2u);
  EXPECT_TRUE(f.table.Remove(a.get()));
  EXPECT_FALSE(f.table.Remove(a.get()));
  EXPECT_TRUE(f.table.Get(a.get()).IsEmpty());
  EXPECT_EQ(f.table.count(), 1u);
}

TEST(WeakTableTest, TakesImmediatesAsKeys) {
  Fixture f(Keeps::kValues);
  const Local value = f.NewBox(5);
  f.table.Put(f.mutator, Value::SmallInteger(3), value.get());
  f.table.Put(f.mutator, Value::Nil(), value.get());
  f.Major();
  EXPECT_EQ(f.table.Get(Value::SmallInteger(3)), value.get());
  EXPECT_EQ(f.table.Get(Value::Nil()), value.get());
  EXPECT_TRUE(f.table.Get(Value::True()).IsEmpty());
}

TEST(WeakTableTest, LookingForAKeyCostsItNothing) {
  Fixture f(Keeps::kValues);
  const Local in = f.NewBox(1);
  const Local out = f.NewBox(2);
  f.table.Put(f.mutator, in.get(), in.get());
  EXPECT_TRUE(f.table.Get(out.get()).IsEmpty());
  EXPECT_FALSE(f.table.Remove(out.get()));
  EXPECT_FALSE(HasIdentityHash(out.get().object()));
}

constexpr bool kBoth[] = {false, true};

// {old, young} x {held, not} x {key, value}, of tables of the heap's and of
// objects, old and young.
TEST(WeakTableTest, AnEntryIsThereAsLongAsWhatItNeeds) {
  enum class Of { kHeap, kOldObject, kYoungObject };
  const auto check = [&](const gc::HeapOptions& options, Keeps keeps, Of of) {
    Fixture f(keeps, options);
    WeakTable* table = &f.table;
    if (of != Of::kHeap) {
      auto owned = std::make_unique<WeakTable>(keeps);
      table = owned.get();
      const Local owner = f.NewBox(-1, of == Of::kOldObject);
      f.heap.AdoptWeakSet(std::move(owned), owner.get().word());
    }
    std::vector<std::int64_t> expected;
    for (const bool old_key : kBoth) {
      for (const bool old_value : kBoth) {
        for (const bool key_held : kBoth) {
          for (const bool value_held : kBoth) {
            const auto number = static_cast<std::int64_t>(table->size());
            Local key = f.NewBox(number, old_key);
            Local value = f.NewBox(100 + number, old_value);
            table->Put(f.mutator, key.get(), value.get());
            const bool there = keeps == Keeps::kValues ? key_held
                               : keeps == Keeps::kKeys ? value_held
                                                       : key_held && value_held;
            if (there) expected.push_back(number);
            if (!key_held) key.set(Value());
            if (!value_held) value.set(Value());
          }
        }
      }
    }
    f.Minor();
    f.Major();
    EXPECT_EQ(table->count(), expected.size());
    std::vector<std::int64_t> met;
    WeakTable::Cursor cursor(*table);
    while (const auto entry = cursor.Next()) {
      met.push_back(f.NumberIn(entry->key));
      EXPECT_EQ(f.NumberIn(entry->value), 100 + met.back());
    }
    EXPECT_EQ(met, expected);
  };
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    for (const Keeps keeps : {Keeps::kValues, Keeps::kKeys, Keeps::kNothing}) {
      for (const Of of : {Of::kHeap, Of::kOldObject, Of::kYoungObject}) {
        SCOPED_TRACE(std::to_string(static_cast<int>(keeps)) + " " +
                     std::to_string(static_cast<int>(of)));
        check(options, keeps, of);
      }
    }
  });
}

TEST(WeakTableTest, AWalkMeetsWhatIsThereFromBeginToEndOnce) {
  Fixture f(Keeps::kValues);
  std::vector<Local> keys;
  for (int i = 0; i < 20; ++i) {
    keys.push_back(f.NewBox(i));
    f.table.Put(f.mutator, keys.back().get(), Value::Nil());
  }
  std::vector<std::int64_t> met;
  {
    WeakTable::Cursor cursor(f.table);
    while (const auto entry = cursor.Next()) {
      const std::int64_t number = f.NumberIn(entry->key);
      met.push_back(number);
      if (number == 3) {
        keys[1].set(Value());  // Met already,
        keys[5].set(Value());  // and these are not yet.
        f.table.Remove(keys[7].get());
        f.Major();
      }
      if (number == 4) {
        // The table is built anew, twice.
        for (int i = 100; i < 140; ++i) {
          keys.push_back(f.NewBox(i));
          f.table.Put(f.mutator, keys.back().get(), Value::Nil());
        }
      }
    }
  }
  std::vector<std::int64_t> expected = {0, 1, 2, 3, 4, 6};
  for (int i = 8; i < 20; ++i) expected.push_back(i);
  for (int i = 100; i < 140; ++i) expected.push_back(i);
  EXPECT_EQ(met, expected);
}

TEST(WeakTableTest, ATableThatLostItsEntriesShrinksWhenItIsUsed) {
  Fixture f(Keeps::kValues);
  {
    const HandleScope scope(f.mutator);
    for (int i = 0; i < 10'000; ++i) {
      f.table.Put(f.mutator, f.NewBox(i).get(), Value::Nil());
    }
  }
  EXPECT_EQ(f.table.size(), 10'000u);
  f.Major();
  EXPECT_EQ(f.table.count(), 0u);
  std::vector<Local> kept;
  for (int i = 0; i < 10'000; ++i) {
    kept.push_back(f.NewBox(i));
    if (i < 7'000) f.table.Put(f.mutator, kept.back().get(), Value::Nil());
  }
  EXPECT_EQ(f.table.count(), 7'000u);
  EXPECT_LE(f.table.size(), 10'000u);
}

TEST(WeakTableTest, ATableKeepsNothingWhenItsOwnerIsDead) {
  MovingHeap::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    for (const Keeps keeps : {Keeps::kValues, Keeps::kKeys}) {
      for (const bool old_owner : kBoth) {
        for (const bool old_kept : kBoth) {
          Fixture f(Keeps::kNothing, options);  // Sees what is alive.
          auto owned = std::make_unique<WeakTable>(keeps);
          WeakTable& table = *owned;
          Local owner = f.NewBox(0, old_owner);
          f.heap.AdoptWeakSet(std::move(owned), owner.get().word());
          const Local held = f.NewBox(1, !old_kept);
          Local kept = f.NewBox(2, old_kept);
          const bool is_value = keeps == Keeps::kValues;
          table.Put(f.mutator, (is_value ? held : kept).get(),
                    (is_value ? kept : held).get());
          f.table.Put(f.mutator, kept.get(), kept.get());
          kept.set(Value());
          f.Minor();
          f.Major();
          EXPECT_EQ(f.table.count(), 1u);
          owner.set(Value());
          f.Major();
          EXPECT_EQ(f.table.count(), 0u);
        }
      }
    }
  });
}

TEST(WeakTableDeathTest, ATableMustOutliveAWalkThroughIt) {
  Fixture f(Keeps::kValues);
  auto owned = std::make_unique<WeakTable>(Keeps::kValues);
  WeakTable& table = *owned;
  Local owner = f.NewBox(0);
  f.heap.AdoptWeakSet(std::move(owned), owner.get().word());
  const WeakTable::Cursor cursor(table);
  const auto forget = [&] {
    owner.set(Value());
    f.Major();
  };
  EXPECT_DEATH(forget(), "died in the midst of a walk");
}

// Against lists of what was put, with collections anywhere.
TEST(WeakTableTest, DoesWhatAListDoes) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  for (const gc::Policy policy :
       {gc::Policy::kSemispace, gc::Policy::kGenCopy, gc::Policy::kGenImmix}) {
    SCOPED_TRACE(std::string(NameOf(policy)));
    Fixture f(Keeps::kValues, MovingHeap::Moving(policy));
    Random random(seed);
    constexpr std::size_t kKeys = 40;
    std::vector<Local> keys;
    std::vector<std::int64_t> numbers;                // Of the keys.
    std::vector<std::optional<std::int64_t>> values;  // Of their values.
    for (std::size_t i = 0; i < kKeys; ++i) {
      keys.push_back(f.NewBox(static_cast<std::int64_t>(i)));
      numbers.push_back(static_cast<std::int64_t>(i));
      values.emplace_back();
    }
    std::int64_t next = kKeys;
    for (int operation = 0; operation < 3'000; ++operation) {
      const HandleScope scope(f.mutator);
      const std::size_t i = random.Below(kKeys);
      switch (random.Below(4)) {
        case 0: {
          const Local value = f.NewBox(next);
          ASSERT_EQ(f.table.Put(f.mutator, keys[i].get(), value.get()),
                    !values[i].has_value());
          values[i] = next++;
          break;
        }
        case 1:
          ASSERT_EQ(f.table.Remove(keys[i].get()), values[i].has_value());
          values[i].reset();
          break;
        case 2: {
          // Another object: with the old one, its entry goes.
          const Local key = f.NewBox(next);
          keys[i].set(key.get());
          numbers[i] = next++;
          values[i].reset();
          break;
        }
        default: {
          const Value value = f.table.Get(keys[i].get());
          ASSERT_EQ(!value.IsEmpty(), values[i].has_value()) << operation;
          if (value.IsEmpty()) break;
          ASSERT_EQ(f.NumberIn(value), *values[i]);
        }
      }
    }
    f.Major();
    std::size_t there = 0;
    for (std::size_t i = 0; i < kKeys; ++i) {
      there += values[i].has_value() ? 1 : 0;
    }
    EXPECT_EQ(f.table.count(), there);
  }
}

}  // namespace
}  // namespace fledge::runtime
