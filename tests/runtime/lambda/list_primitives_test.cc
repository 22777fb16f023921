#include <gtest/gtest.h>

#include <string>

#include "runtime/lambda/lists.h"
#include "tests/runtime/lambda/machine.h"

namespace fledge::lambda {
namespace {

using runtime::Pair;

class ListPrimitivesTest : public PrimitivesTest {
 protected:
  Local Nil() { return machine_.Keep(Value::Nil()); }
  Local List(std::initializer_list<int> items) {
    Local list = Nil();
    for (auto item = items.end(); item != items.begin();) {
      list.set(MakePair(machine_.mutator, Int(*--item), list));
    }
    return list;
  }
  Local Cons(Local a, Local b) { return machine_.Make("cons", {a, b}); }
  // (1 2 . 3)
  Local Improper() { return Cons(Int(1), Cons(Int(2), Int(3))); }
  // Of `length` pairs, after `before` others.
  Local Circular(int before, int length) {
    Local first = Cons(Int(0), Nil());
    const Local last = machine_.Keep(first.get());
    for (int i = 1; i < length; ++i) first = Cons(Int(i), first);
    SetCdr(machine_.mutator, Pair(last.get()), first.get());
    for (int i = 0; i < before; ++i) first = Cons(Int(i), first);
    return first;
  }
};

TEST_P(ListPrimitivesTest, AListHasALengthAndEndsInNil) {
  EXPECT_EQ(ListLength(List({1, 2, 3}).get()), 3u);
  EXPECT_EQ(ListLength(Value::Nil()), 0u);
  EXPECT_EQ(ListLength(Value::False()), std::nullopt);
  EXPECT_EQ(ListLength(Improper().get()), std::nullopt);
  EXPECT_FALSE(IsCircular(Improper().get()));
  for (int before = 0; before < 6; ++before) {
    for (int length = 1; length < 7; ++length) {
      EXPECT_EQ(ListLength(Circular(before, length).get()), std::nullopt);
      EXPECT_TRUE(IsCircular(Circular(before, length).get()));
    }
  }
  EXPECT_TRUE(IsTrue("list?", {List({1})}));
  EXPECT_FALSE(IsTrue("list?", {Improper()}));
  EXPECT_FALSE(IsTrue("list?", {Circular(1, 2)}));
  EXPECT_EQ(Shown("length", {List({1, 2})}), "2");
  for (const Local wrong : {Improper(), Circular(0, 3), Int(1)}) {
    EXPECT_EQ(ErrorOf("length", {wrong}),
              "wrong-type: length: argument 1 is not a list");
  }
}

TEST_P(ListPrimitivesTest, PairsAreMadeReadAndChanged) {
  const Local pair = Cons(Int(1), Int(2));
  EXPECT_EQ(Shown("car", {pair}), "1");
  EXPECT_EQ(Shown("cdr", {pair}), "2");
  machine_.Call("set-car!", {pair, Int(3)});
  machine_.Call("set-cdr!", {pair, Int(4)});
  EXPECT_EQ(Machine::Shown(pair.get()), "(3 . 4)");
  EXPECT_TRUE(IsTrue("pair?", {pair}));
  EXPECT_FALSE(IsTrue("pair?", {Nil()}));
  EXPECT_TRUE(IsTrue("null?", {Nil()}));
  EXPECT_FALSE(IsTrue("null?", {pair}));
  EXPECT_EQ(ErrorOf("car", {Nil()}),
            "wrong-type: car: argument 1 is not a pair");
  EXPECT_EQ(ErrorOf("set-cdr!", {Nil(), Nil()}),
            "wrong-type: set-cdr!: argument 1 is not a pair");
}

// The letters are taken from the last to the first.
TEST_P(ListPrimitivesTest, PathsOfCarAndCdrAreFollowed) {
  const Local list = machine_.List({List({1, 2}), Int(3), Int(4), Int(5)});
  EXPECT_EQ(Shown("caar", {list}), "1");
  EXPECT_EQ(Shown("cadr", {list}), "3");
  EXPECT_EQ(Shown("cdar", {list}), "(2)");
  EXPECT_EQ(Shown("cddr", {list}), "(4 5)");
  EXPECT_EQ(Shown("cadar", {list}), "2");
  EXPECT_EQ(Shown("caddr", {list}), "4");
  EXPECT_EQ(Shown("cadddr", {list}), "5");
  EXPECT_EQ(Shown("cddddr", {list}), "()");
  EXPECT_EQ(
      ErrorOf("caadr", {list}),
      "wrong-type: caadr: argument 1 is not a pair whose parts are pairs, as "
      "the name asks");
}

TEST_P(ListPrimitivesTest, ListsAreMadeAndJoined) {
  EXPECT_EQ(Shown("list", {}), "()");
  EXPECT_EQ(Shown("make-list", {Int(2), Int(3)}), "(3 3)");
  EXPECT_EQ(Shown("append", {}), "()");
  EXPECT_EQ(Shown("append", {Int(1)}), "1");
  EXPECT_EQ(Shown("append", {List({1}), Nil(), List({2, 3}), Int(4)}),
            "(1 2 3 . 4)");
  EXPECT_EQ(Shown("append", {Nil(), Nil()}), "()");
  EXPECT_EQ(Shown("reverse", {List({1, 2, 3})}), "(3 2 1)");
  EXPECT_EQ(Shown("list-copy", {List({1, 2, 3})}), "(1 2 3)");
  EXPECT_EQ(Shown("list-copy", {Improper()}), "(1 2 . 3)");
  EXPECT_EQ(Shown("list-copy", {Int(7)}), "7");
  EXPECT_EQ(ErrorOf("append", {List({1}), Improper(), Nil()}),
            "wrong-type: append: argument 2 is not a list");
  EXPECT_EQ(ErrorOf("reverse", {Circular(0, 1)}),
            "wrong-type: reverse: argument 1 is not a list");
  EXPECT_EQ(ErrorOf("list-copy", {Circular(2, 1)}),
            "wrong-type: list-copy: argument 1 is not a list that ends");
}

TEST_P(ListPrimitivesTest, AnAppendedListIsSharedAndTheOthersCopied) {
  const Local a = List({1});
  const Local b = List({2});
  const Local joined = machine_.Make("append", {a, b});
  EXPECT_EQ(Pair(joined.get()).cdr(), b.get());
  EXPECT_NE(joined.get(), a.get());
}

TEST_P(ListPrimitivesTest, ItemsAreFoundByIndex) {
  const Local list = List({1, 2, 3});
  EXPECT_EQ(Shown("list-tail", {list, Int(1)}), "(2 3)");
  EXPECT_EQ(Shown("list-tail", {list, Int(3)}), "()");
  EXPECT_EQ(Shown("list-ref", {list, Int(2)}), "3");
  EXPECT_EQ(Shown("list-ref", {Circular(0, 2), Int(1000)}), "1");
  machine_.Call("list-set!", {list, Int(1), Int(9)});
  EXPECT_EQ(Machine::Shown(list.get()), "(1 9 3)");
  EXPECT_EQ(ErrorOf("list-tail", {list, Int(4)}),
            "out-of-range: list-tail: argument 2 is not at most 3, the length "
            "of the list");
  EXPECT_EQ(ErrorOf("list-ref", {list, Int(3)}),
            "out-of-range: list-ref: argument 2 is not below 3, the length of "
            "the list");
}

TEST_P(ListPrimitivesTest, ItemsAreFoundByWhatTheyAre) {
  const Local one = machine_.String(U"a");
  const Local other = machine_.String(U"a");
  const Local number = machine_.Keep(MakeFloat(machine_.mutator, 1.5));
  const Local same = machine_.Keep(MakeFloat(machine_.mutator, 1.5));
  const Local list = machine_.List({number, one, Int(7)});
  EXPECT_EQ(Shown("memq", {other, list}), "#f");
  EXPECT_EQ(Shown("memq", {Int(7), list}), "(7)");
  EXPECT_EQ(Shown("memq", {same, list}), "#f");
  EXPECT_EQ(machine_.Call("memv", {same, list}), list.get());
  EXPECT_EQ(machine_.Call("member", {other, list}), Pair(list.get()).cdr());
  const Local entries = machine_.List(
      {Cons(one, Int(1)), Cons(number, Int(2)), Cons(Int(7), Int(3))});
  EXPECT_EQ(Shown("assq", {Int(7), entries}), "(7 . 3)");
  EXPECT_EQ(Shown("assq", {same, entries}), "#f");
  EXPECT_EQ(Pair(machine_.Call("assv", {same, entries})).cdr(), Int(2).get());
  EXPECT_EQ(Pair(machine_.Call("assoc", {other, entries})).cdr(), Int(1).get());
  EXPECT_EQ(ErrorOf("assq", {Int(1), list}),
            "wrong-type: assq: argument 2 is not a list of pairs");
  EXPECT_EQ(ErrorOf("memq", {Int(1), Circular(0, 2)}),
            "wrong-type: memq: argument 2 is not a list");
}

INSTANTIATE_TEST_SUITE_P(Policies, ListPrimitivesTest, EveryPolicy(),
                         PolicyName);

}  // namespace
}  // namespace fledge::lambda
