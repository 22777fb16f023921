#include "runtime/lambda/hash_tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "runtime/lambda/hashing.h"
#include "tests/runtime/lambda/machine.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;

class HashTablesTest : public ::testing::Test {
 protected:
  Local Make(Machine& machine, Equivalence equivalence) {
    return machine.Keep(TryMakeHashTable(machine.mutator, equivalence));
  }
};

// Against a list of pairs of C++, for each equivalence and policy.
TEST_F(HashTablesTest, RandomChangesAreThoseOfAList) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  Machine::UnderEveryPolicy([&](const gc::HeapOptions& options) {
    for (const Equivalence equivalence :
         {Equivalence::kEq, Equivalence::kEqv, Equivalence::kEqual,
          Equivalence::kString}) {
      Random random(seed);
      Machine machine(options);
      const bool are_strings = equivalence == Equivalence::kString;
      const HandleScope scope(machine.mutator);
      const Local table = Make(machine, equivalence);
      // Keys that stay the same objects.
      std::vector<Local> keys;
      for (std::int64_t i = 0; i < 60; ++i) {
        const std::u32string name = {static_cast<char32_t>(U'a' + i), U'λ'};
        if (are_strings || i % 3 == 0) {
          keys.push_back(machine.String(name));
        } else {
          keys.push_back(i % 3 == 1 ? machine.List({machine.Integer(i)})
                                    : machine.Integer(i));
        }
      }
      std::vector<std::pair<std::size_t, std::int64_t>> model;
      for (int step = 0; step < 600; ++step) {
        const HandleScope step_scope(machine.mutator);
        const std::size_t key = random.Below(keys.size());
        const auto known = std::ranges::find(
            model, key, &std::pair<std::size_t, std::int64_t>::first);
        switch (random.Below(8)) {
          case 0:
          case 1:
          case 2:
            EXPECT_EQ(Remove(machine.mutator, HashTable(table.get()),
                             keys[key].get()),
                      known != model.end());
            if (known != model.end()) model.erase(known);
            break;
          case 3:
            if (random.OneIn(30)) {
              Clear(machine.mutator, HashTable(table.get()));
              model.clear();
            }
            break;
          default:
            ASSERT_TRUE(TryPut(machine.mutator, table, keys[key],
                               machine.Integer(step)));
            if (known != model.end()) {
              known->second = step;
            } else {
              model.emplace_back(key, step);
            }
        }
        ASSERT_EQ(HashTable(table.get()).count(), model.size());
        std::size_t position = 0;
        for (const auto& [of, value] : model) {
          const auto entry = NextEntry(HashTable(table.get()), position);
          ASSERT_TRUE(entry.has_value());
          EXPECT_EQ(entry->key, keys[of].get());
          EXPECT_EQ(entry->value, Value::SmallInteger(value));
          EXPECT_EQ(Get(HashTable(table.get()), keys[of].get()), entry->value);
        }
        EXPECT_FALSE(NextEntry(HashTable(table.get()), position).has_value());
      }
    }
  });
}

TEST_F(HashTablesTest, EquivalencesFindWhatTheyTakeForTheSame) {
  Machine machine;
  const auto found = [&](Equivalence equivalence, Local key, Local other) {
    const HandleScope scope(machine.mutator);
    const Local table = Make(machine, equivalence);
    EXPECT_TRUE(TryPut(machine.mutator, table, key, machine.Integer(1)));
    EXPECT_FALSE(Get(HashTable(table.get()), key.get()).IsEmpty());
    return !Get(HashTable(table.get()), other.get()).IsEmpty();
  };
  const auto expect = [&](Local key, Local other, bool eqv, bool equal) {
    EXPECT_FALSE(found(Equivalence::kEq, key, other));
    EXPECT_EQ(found(Equivalence::kEqv, key, other), eqv);
    EXPECT_EQ(found(Equivalence::kEqual, key, other), equal);
  };
  const auto number = [&](double value) {
    return machine.Keep(runtime::MakeFloat(machine.mutator, value));
  };
  expect(number(1.5), number(1.5), true, true);
  expect(number(0.0), number(-0.0), false, false);
  expect(number(1.0), machine.Integer(1), false, false);
  expect(machine.String(U"abc"), machine.String(U"abc"), false, true);
  expect(machine.List({machine.Integer(1), machine.String(U"a")}),
         machine.List({machine.Integer(1), machine.String(U"a")}), false, true);
  expect(machine.List({machine.Integer(1)}), machine.List({machine.Integer(2)}),
         false, false);
  EXPECT_TRUE(found(Equivalence::kString, machine.String(U"abc"),
                    machine.String(U"abc")));
  EXPECT_TRUE(
      found(Equivalence::kEq, machine.Symbol("a"), machine.Symbol("a")));
}

TEST_F(HashTablesTest, WhatIsNotFoundGetsNoIdentityHash) {
  Machine machine(Machine::Quiet());
  const Local table = Make(machine, Equivalence::kEq);
  const Local key = machine.List({machine.Integer(1)});
  ASSERT_TRUE(TryPut(machine.mutator, table, machine.Integer(1), key));
  EXPECT_TRUE(Get(HashTable(table.get()), key.get()).IsEmpty());
  EXPECT_FALSE(runtime::HasIdentityHash(key.get().object()));
}

TEST_F(HashTablesTest, TablesThatAreFilledAndEmptiedStaySmall) {
  Machine machine(Machine::Quiet());
  const Local table = Make(machine, Equivalence::kEqv);
  for (std::int64_t i = 0; i < 10'000; ++i) {
    const HandleScope scope(machine.mutator);
    ASSERT_TRUE(
        TryPut(machine.mutator, table, machine.Integer(i), machine.Integer(i)));
    if (i >= 4) {
      ASSERT_TRUE(Remove(machine.mutator, HashTable(table.get()),
                         Value::SmallInteger(i - 4)));
    }
  }
  EXPECT_EQ(HashTable(table.get()).count(), 4u);
  EXPECT_LE(runtime::Vector(HashTable(table.get()).entries()).length(),
            2u * 24u);
}

// [lx.table-room]: without it the search for what is not there would not end.
TEST_F(HashTablesTest, ATableIsNeverFull) {
  Machine machine(Machine::Quiet());
  const Local table = Make(machine, Equivalence::kEq);
  for (std::int64_t i = 0; i < 1'000; ++i) {
    const HandleScope scope(machine.mutator);
    ASSERT_TRUE(
        TryPut(machine.mutator, table, machine.Integer(i), machine.Integer(i)));
    const std::size_t cells =
        runtime::Bytes(HashTable(table.get()).index()).length() / 8;
    EXPECT_LE(4 * HashTable(table.get()).used(), 3 * cells);
  }
}

TEST_F(HashTablesTest, AnOldTableKeepsWhatIsYoung) {
  Machine machine(Machine::Quiet());
  const Local table = Make(machine, Equivalence::kEq);
  ASSERT_TRUE(
      TryPut(machine.mutator, table, machine.Integer(0), machine.Integer(0)));
  for (int i = 0; i < 5; ++i) {
    machine.mutator.Collect(gc::CollectionKind::kMinor);
  }
  {
    const HandleScope scope(machine.mutator);
    const Local key = machine.List({machine.Integer(7)});
    ASSERT_TRUE(TryPut(machine.mutator, table, key, key));
  }
  machine.mutator.Collect(gc::CollectionKind::kMinor);
  std::size_t position = 1;
  const auto entry = NextEntry(HashTable(table.get()), position);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(Machine::Shown(entry->key), "(7)");
  EXPECT_EQ(Get(HashTable(table.get()), entry->key), entry->key);
}

TEST(HashingTest, DeepAndCircularDataAreHashedSoon) {
  Machine machine(Machine::Quiet());
  const Local deep = machine.Keep(Value::Nil());
  Local at = deep;
  for (int i = 0; i < 200'000; ++i) {
    at.set(runtime::MakePair(machine.mutator, at.get(), at.get()));
  }
  EqualHash(at.get());
  const Local circle = machine.List({machine.Integer(1), machine.Integer(2)});
  SetCdr(machine.mutator, runtime::Pair(circle.get()), circle.get());
  SetCar(machine.mutator, runtime::Pair(circle.get()), circle.get());
  EqualHash(circle.get());
  const Local wide = machine.Keep(
      runtime::MakeVector(machine.mutator, 10'000, machine.Integer(1)));
  for (std::size_t i = 0; i < 10'000; ++i) {
    SetItem(machine.mutator, runtime::Vector(wide.get()), i, wide.get());
  }
  EqualHash(wide.get());
}

TEST(HashingTest, EqualDataHaveEqualHashes) {
  Machine machine;
  const auto make = [&] {
    return machine.List(
        {machine.Integer(1), machine.String(U"text"), machine.Symbol("s"),
         machine.Make("vector", {machine.Character(U'c')}),
         machine.Keep(runtime::MakeFloat(machine.mutator, 2.5))});
  };
  EXPECT_EQ(EqualHash(make().get()), EqualHash(make().get()));
  EXPECT_NE(EqualHash(make().get()),
            EqualHash(machine.List({machine.Integer(1)}).get()));
}

}  // namespace
}  // namespace fledge::lambda
