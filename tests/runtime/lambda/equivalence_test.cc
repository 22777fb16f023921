#include "runtime/lambda/equivalence.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/runtime/lambda/machine.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using runtime::HandleScope;
using runtime::Pair;
using runtime::Vector;

class EquivalenceTest : public ::testing::Test {
 protected:
  Local Float(double number) {
    return machine_.Keep(MakeFloat(machine_.mutator, number));
  }
  // A list of `length` times 1 whose end is `rest`.
  Local Ones(std::size_t length, Value rest) {
    const Local one = machine_.Integer(1);
    const Local list = machine_.Keep(rest);
    Local at = list;
    for (std::size_t i = 0; i < length; ++i) {
      at.set(MakePair(machine_.mutator, one, at));
    }
    return at;
  }
  // The same, whose last pair's cdr is the first.
  Local Circle(std::size_t length) {
    const Local first = Ones(length, Value::Nil());
    Value last = first.get();
    while (!Pair(last).cdr().IsNil()) last = Pair(last).cdr();
    SetCdr(machine_.mutator, Pair(last), first.get());
    return first;
  }
  static bool Equal(Local a, Local b) { return AreEqual(a.get(), b.get()); }

  Machine machine_{Machine::Quiet()};
};

TEST_F(EquivalenceTest, NumbersAreEqvIfNothingTellsThemApart) {
  EXPECT_TRUE(AreEqv(Float(1.5).get(), Float(1.5).get()));
  EXPECT_FALSE(AreEqv(Float(0.0).get(), Float(-0.0).get()));
  EXPECT_FALSE(AreEqv(Float(1).get(), Value::SmallInteger(1)));
  EXPECT_TRUE(AreEqv(Value::SmallInteger(1), Value::SmallInteger(1)));
  EXPECT_FALSE(AreEqv(Value::SmallInteger(1), Value::Nil()));
  const Local large = machine_.Integer(Value::kLargestInteger);
  const Local one = machine_.Make("+", {large, large});
  const Local other = machine_.Make("+", {large, large});
  EXPECT_NE(one.get(), other.get());
  EXPECT_TRUE(AreEqv(one.get(), other.get()));
}

TEST_F(EquivalenceTest, EqvIsIdentityAndEqualIsContent) {
  const Local a = machine_.String(U"ab");
  const Local b = machine_.String(U"ab");
  EXPECT_FALSE(AreEqv(a.get(), b.get()));
  EXPECT_TRUE(Equal(a, b));
  ASSERT_TRUE(TryWiden(machine_.mutator, a));
  EXPECT_TRUE(Equal(a, b));
  EXPECT_TRUE(Equal(b, a));
  EXPECT_FALSE(Equal(a, machine_.Symbol("ab")));
  EXPECT_FALSE(Equal(machine_.Symbol("ab"), a));
  const Local one = machine_.Integer(1);
  const Local bytes = machine_.Make("bytevector", {one});
  EXPECT_TRUE(Equal(bytes, machine_.Make("bytevector", {one})));
  EXPECT_FALSE(Equal(bytes, machine_.Make("bytevector", {})));
  const Local vector = machine_.Make("vector", {one, a});
  EXPECT_TRUE(Equal(vector, machine_.Make("vector", {one, b})));
  EXPECT_FALSE(Equal(vector, machine_.Make("vector", {one})));
  EXPECT_FALSE(Equal(vector, machine_.Make("vector", {one, one})));
  EXPECT_FALSE(Equal(vector, machine_.List({one, b})));
  EXPECT_TRUE(Equal(machine_.Make("vector", {}), machine_.Make("vector", {})));
  EXPECT_TRUE(Equal(machine_.List({Float(1.5)}), machine_.List({Float(1.5)})));
  EXPECT_FALSE(Equal(machine_.Keep(Value::Nil()), machine_.List({one})));
}

TEST_F(EquivalenceTest, CirclesOfTheSameContentAreEqual) {
  for (const std::size_t a : {1, 2, 3, 40, 41, 1000}) {
    for (const std::size_t b : {1, 2, 7, 40, 999}) {
      EXPECT_TRUE(Equal(Circle(a), Circle(b))) << a << " and " << b;
    }
    EXPECT_FALSE(Equal(Circle(a), Ones(5000, Value::Nil())));
    EXPECT_FALSE(Equal(Ones(5000, Value::SmallInteger(2)), Circle(a)));
  }
}

TEST_F(EquivalenceTest, CirclesThroughCarsAndVectorsEnd) {
  // A vector of itself twice: without notes, a tree without end.
  const auto knot = [&] {
    const Local nil = machine_.Keep(Value::Nil());
    const Local vector = machine_.Make("vector", {nil, nil});
    const Local pair = machine_.Make("cons", {vector, vector});
    SetItem(machine_.mutator, Vector(vector.get()), 0, pair.get());
    SetItem(machine_.mutator, Vector(vector.get()), 1, vector.get());
    return vector;
  };
  EXPECT_TRUE(Equal(knot(), knot()));
}

// 2^60 paths through 60 pairs.
TEST_F(EquivalenceTest, WhatIsSharedIsComparedInReasonableTime) {
  const auto braid = [&] {
    Local pair = machine_.Keep(Value::Nil());
    for (int i = 0; i < 60; ++i) {
      pair.set(MakePair(machine_.mutator, pair, pair));
    }
    return pair;
  };
  EXPECT_TRUE(Equal(braid(), braid()));
}

TEST_F(EquivalenceTest, DepthIsNoDepthOfTheStack) {
  gc::HeapOptions options = Machine::Quiet();
  options.verify = gc::Verify::kOff;  // Of so many pairs it takes long.
  Machine machine(options);
  const auto deep = [&](std::int64_t bottom) {
    const Local nil = machine.Keep(Value::Nil());
    Local list = machine.Integer(bottom);
    for (int i = 0; i < 200'000; ++i) {
      list.set(MakePair(machine.mutator, list, nil));
    }
    return list;
  };
  EXPECT_TRUE(Equal(deep(1), deep(1)));
  EXPECT_FALSE(Equal(deep(1), deep(2)));
}

// Two trees made by the same steps, one of them with another leaf.
TEST_F(EquivalenceTest, RandomTreesAreEqualToTheirCopies) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  for (std::uint64_t round = 0; round < 20; ++round) {
    const HandleScope scope(machine_.mutator);
    const auto grow = [&](int leaf) {
      Random random(seed + round);
      std::vector<Local> made = {machine_.Integer(0), machine_.Integer(leaf)};
      for (int i = 0; i < 1500; ++i) {
        const Local a = random.Pick(made);
        const Local b = random.OneIn(2) ? made.back() : random.Pick(made);
        made.push_back(
            machine_.Make(random.OneIn(3) ? "vector" : "cons", {a, b}));
      }
      return machine_.Make("cons", {made[1], made.back()});
    };
    const Local tree = grow(1);
    EXPECT_TRUE(Equal(tree, grow(1)));
    EXPECT_FALSE(Equal(tree, grow(2)));
  }
}

TEST_F(EquivalenceTest, BooleansAndSamenessAreProcedures) {
  const Local truth = machine_.Keep(Value::True());
  const Local lie = machine_.Keep(Value::False());
  const Local nil = machine_.Keep(Value::Nil());
  EXPECT_TRUE(machine_.IsTrue("not", {lie}));
  EXPECT_FALSE(machine_.IsTrue("not", {nil}));
  EXPECT_TRUE(machine_.IsTrue("boolean?", {lie}));
  EXPECT_FALSE(machine_.IsTrue("boolean?", {nil}));
  EXPECT_TRUE(machine_.IsTrue("boolean=?", {lie, lie, lie}));
  EXPECT_FALSE(machine_.IsTrue("boolean=?", {lie, lie, truth}));
  EXPECT_EQ(machine_.ErrorOf("boolean=?", {lie, truth, nil}),
            "wrong-type: boolean=?: argument 3 is not a boolean");
  EXPECT_TRUE(machine_.IsTrue("eq?", {nil, nil}));
  EXPECT_FALSE(machine_.IsTrue("eqv?", {Float(1), machine_.Integer(1)}));
  EXPECT_TRUE(machine_.IsTrue("equal?",
                              {machine_.String(U"a"), machine_.String(U"a")}));
}

}  // namespace
}  // namespace fledge::lambda
