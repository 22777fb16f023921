#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

class VectorPrimitivesTest : public PrimitivesTest {
 protected:
  Local Vec(std::initializer_list<int> items) {
    const Local made = machine_.Make(
        "make-vector", {Int(static_cast<std::int64_t>(items.size()))});
    for (std::size_t i = 0; i < items.size(); ++i) {
      SetItem(machine_.mutator, runtime::Vector(made.get()), i,
              Value::SmallInteger(items.begin()[i]));
    }
    return made;
  }
};

TEST_P(VectorPrimitivesTest, ItemsAreReadAndStored) {
  const Local vector = machine_.Make("vector", {Int(1), Int(2)});
  EXPECT_TRUE(IsTrue("vector?", {vector}));
  EXPECT_FALSE(IsTrue("vector?", {Int(1)}));
  EXPECT_EQ(Shown("vector", {}), "#()");
  EXPECT_EQ(Shown("make-vector", {Int(2), Int(3)}), "#(3 3)");
  EXPECT_EQ(Shown("vector-length", {vector}), "2");
  EXPECT_EQ(Shown("vector-ref", {vector, Int(1)}), "2");
  machine_.Call("vector-set!", {vector, Int(0), Int(9)});
  EXPECT_EQ(Machine::Shown(vector.get()), "#(9 2)");
  EXPECT_EQ(ErrorOf("vector-ref", {vector, Int(2)}),
            "out-of-range: vector-ref: argument 2 is not an index below 2");
  EXPECT_EQ(ErrorOf("vector-set!", {Int(1), Int(2), Int(3)}),
            "wrong-type: vector-set!: argument 1 is not a vector");
  EXPECT_EQ(ErrorOf("make-vector", {Int(4'000'000'000)}),
            "out-of-memory: there is no memory for this");
}

TEST_P(VectorPrimitivesTest, VectorsAndListsBecomeEachOther) {
  EXPECT_EQ(Shown("vector->list", {Vec({1, 2, 3})}), "(1 2 3)");
  EXPECT_EQ(Shown("vector->list", {Vec({1, 2, 3}), Int(1), Int(2)}), "(2)");
  EXPECT_EQ(Shown("list->vector", {machine_.List({Int(1), Int(2)})}), "#(1 2)");
  EXPECT_EQ(Shown("list->vector", {machine_.List({})}), "#()");
  EXPECT_EQ(ErrorOf("list->vector", {Int(1)}),
            "wrong-type: list->vector: argument 1 is not a list");
}

TEST_P(VectorPrimitivesTest, PartsAreCopied) {
  const Local a = Vec({1, 2, 3, 4, 5});
  EXPECT_EQ(Shown("vector-copy", {a, Int(2), Int(4)}), "#(3 4)");
  EXPECT_EQ(Shown("vector-copy", {a, Int(5)}), "#()");
  EXPECT_EQ(Shown("vector-append", {a, Vec({}), Vec({6})}), "#(1 2 3 4 5 6)");
  const Local b = Vec({10, 20, 30, 40, 50});
  machine_.Call("vector-copy!", {b, Int(1), a, Int(0), Int(2)});
  EXPECT_EQ(Machine::Shown(b.get()), "#(10 1 2 40 50)");
  machine_.Call("vector-copy!", {b, Int(1), b, Int(0), Int(4)});
  EXPECT_EQ(Machine::Shown(b.get()), "#(10 10 1 2 40)");
  machine_.Call("vector-copy!", {b, Int(0), b, Int(2)});
  EXPECT_EQ(Machine::Shown(b.get()), "#(1 2 40 2 40)");
  machine_.Call("vector-fill!", {b, Int(7), Int(1), Int(3)});
  EXPECT_EQ(Machine::Shown(b.get()), "#(1 7 7 2 40)");
  EXPECT_EQ(ErrorOf("vector-copy!", {b, Int(4), a, Int(0), Int(2)}),
            "out-of-range: vector-copy!: argument 2 is not a place for 2 items "
            "from 0 to 3");
}

// What is copied into an old vector is young.
TEST_P(VectorPrimitivesTest, WhatIsCopiedToAnOldVectorStaysAlive) {
  const Local old = Vec({1, 2, 3});
  for (int i = 0; i < 5; ++i) {
    machine_.mutator.Collect(gc::CollectionKind::kMinor);
  }
  {
    const runtime::HandleScope scope(machine_.mutator);
    const Local text = machine_.String(U"text");
    machine_.Call("vector-copy!",
                  {old, Int(1), machine_.Make("vector", {text})});
  }
  machine_.mutator.Collect(gc::CollectionKind::kMinor);
  EXPECT_EQ(Machine::TextOf(runtime::Vector(old.get()).item(1)), U"text");
}

INSTANTIATE_TEST_SUITE_P(Policies, VectorPrimitivesTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda
