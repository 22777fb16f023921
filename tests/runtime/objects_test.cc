#include "runtime/objects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace fledge::runtime {
namespace {

constexpr std::size_t kHuge = kLargestLength;

gc::HeapOptions SmallHeap() {
  gc::HeapOptions options;
  options.max_heap_bytes = 32 * kMiB;
  options.verify = gc::Verify::kOn;
  return options;
}

// Every allocation moves what it can, and reading where it was is a fault.
gc::HeapOptions MovingHeap() {
  gc::HeapOptions options = SmallHeap();
  options.stress.every = 1;
  options.stress.protect = true;
  options.stress.seed = 1;
  return options;
}

class ObjectsTest : public ::testing::Test {
 protected:
  Local Handle(Value value) { return Local(mutator_, value); }
  Local Integer(std::int64_t integer) {
    return Handle(Value::SmallInteger(integer));
  }
  void Collect() { mutator_.Collect(gc::CollectionKind::kMinor); }

  Heap heap_{MovingHeap()};
  Mutator mutator_{heap_};
  HandleScope scope_{mutator_};
};

// What most tests here rest on.
TEST_F(ObjectsTest, AnAllocationMovesEarlierObjects) {
  const Local box = Handle(MakeBox(mutator_, Integer(1)));
  const Value before = box.get();
  MakeBox(mutator_, Integer(2));
  EXPECT_NE(box.get(), before);
}

TEST_F(ObjectsTest, APairHoldsWhatItsHandlesHoldAfterTheAllocation) {
  const Local car = Handle(MakeString(mutator_, "car"));
  const Local cdr = Handle(MakeString(mutator_, "cdr"));
  for (int i = 0; i < 10; ++i) {
    const Pair pair(MakePair(mutator_, car, cdr));
    ASSERT_EQ(pair.car(), car.get());
    ASSERT_EQ(pair.cdr(), cdr.get());
    ASSERT_EQ(String(pair.car()).text(), "car");
    ASSERT_EQ(String(pair.cdr()).text(), "cdr");
  }
}

TEST_F(ObjectsTest, APairOfValuesHoldsThemAfterTheAllocation) {
  const Local car = Handle(MakeString(mutator_, "car"));
  for (int i = 0; i < 10; ++i) {
    const Value cdr = MakeString(mutator_, "cdr");
    const Pair pair(MakePair(mutator_, car.get(), cdr));
    ASSERT_EQ(pair.car(), car.get());
    ASSERT_EQ(String(pair.cdr()).text(), "cdr");
  }
}

TEST_F(ObjectsTest, ABoxHoldsWhatItsHandleHolds) {
  const Local content = Handle(MakeString(mutator_, "content"));
  const Box box(MakeBox(mutator_, content));
  EXPECT_EQ(String(box.content()).text(), "content");
}

TEST_F(ObjectsTest, AFloatKeepsItsBitsWhenItMoves) {
  const Local number = Handle(MakeFloat(mutator_, -0.1));
  Collect();
  EXPECT_EQ(Float(number.get()).number(), -0.1);
}

TEST_F(ObjectsTest, StringsOfAllSmallLengthsSurviveMoves) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string text(length, static_cast<char>('a' + length % 26));
    const Local string = Handle(MakeString(mutator_, text));
    Collect();
    ASSERT_EQ(String(string.get()).text(), text);
  }
}

TEST_F(ObjectsTest, ASubstringIsReadWhereItsStringMovedTo) {
  const Local string = Handle(MakeString(mutator_, "generational"));
  EXPECT_EQ(String(MakeSubstring(mutator_, string, 3, 6)).text(), "eratio");
  EXPECT_EQ(String(MakeSubstring(mutator_, string, 12, 0)).text(), "");
  EXPECT_EQ(String(TryMakeSubstring(mutator_, string, 0, 12)).text(),
            "generational");
}

TEST_F(ObjectsTest, SymbolsOfOneNameHashAlikeAndAreDistinct) {
  const Local name = Handle(MakeString(mutator_, "lambda"));
  const Local first = Handle(MakeSymbol(mutator_, name));
  const Local second = Handle(MakeSymbol(mutator_, name));
  EXPECT_NE(first.get(), second.get());
  EXPECT_EQ(Symbol(first.get()).hash(), Symbol(second.get()).hash());
  EXPECT_EQ(Symbol(first.get()).name().text(), "lambda");
}

TEST_F(ObjectsTest, BytesBeginAsZeros) {
  const Local bytes = Handle(MakeBytes(mutator_, 100));
  EXPECT_EQ(std::ranges::count(Bytes(bytes.get()).bytes(), 0), 100);
  Bytes(bytes.get()).bytes()[99] = 7;
  Collect();
  EXPECT_EQ(Bytes(bytes.get()).bytes()[99], 7);
}

TEST_F(ObjectsTest, AVectorIsFilledWithWhatItsHandleHolds) {
  const Local fill = Handle(MakeString(mutator_, "fill"));
  const Local vector = Handle(MakeVector(mutator_, 10, fill));
  Collect();
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(Vector(vector.get()).item(i), fill.get());
  }
}

TEST_F(ObjectsTest, ALargeVectorKeepsItsYoungFillAlive) {
  const std::size_t length = gc::kLargestYoungBytes;  // In words: large.
  Local vector = Handle(Value());
  {
    const HandleScope scope(mutator_);
    const Local fill = Handle(MakeString(mutator_, "fill"));
    vector.set(MakeVector(mutator_, length, fill));
  }
  for (int i = 0; i < 3; ++i) Collect();
  EXPECT_EQ(String(Vector(vector.get()).item(0)).text(), "fill");
  EXPECT_EQ(String(Vector(vector.get()).item(length - 1)).text(), "fill");
}

// Each store has a test of its own: the card that one dirties would hide that
// another does not.
class OldObjectsTest : public ObjectsTest {
 protected:
  // `value` in a handle, after it was promoted.
  Local Old(Value value) {
    const Local local = Handle(value);
    for (int i = 0; i < 5; ++i) Collect();
    return local;
  }
};

TEST_F(OldObjectsTest, WhatSetCarStoresSurvives) {
  const Local pair = Old(MakePair(mutator_, Integer(1), Integer(2)));
  const Value text = MakeString(mutator_, "text");
  SetCar(mutator_, Pair(pair.get()), text);
  Collect();
  EXPECT_EQ(String(Pair(pair.get()).car()).text(), "text");
  EXPECT_EQ(Pair(pair.get()).cdr(), Value::SmallInteger(2));
}

TEST_F(OldObjectsTest, WhatSetCdrStoresSurvives) {
  const Local pair = Old(MakePair(mutator_, Integer(1), Integer(2)));
  const Value text = MakeString(mutator_, "text");
  SetCdr(mutator_, Pair(pair.get()), text);
  Collect();
  EXPECT_EQ(Pair(pair.get()).car(), Value::SmallInteger(1));
  EXPECT_EQ(String(Pair(pair.get()).cdr()).text(), "text");
}

TEST_F(OldObjectsTest, WhatSetContentStoresSurvives) {
  const Local box = Old(MakeBox(mutator_, Integer(1)));
  const Value text = MakeString(mutator_, "text");
  SetContent(mutator_, Box(box.get()), text);
  Collect();
  EXPECT_EQ(String(Box(box.get()).content()).text(), "text");
}

TEST_F(OldObjectsTest, WhatSetItemStoresSurvives) {
  const Local vector = Old(MakeVector(mutator_, 3, Integer(1)));
  const Value text = MakeString(mutator_, "text");
  SetItem(mutator_, Vector(vector.get()), 2, text);
  Collect();
  EXPECT_EQ(Vector(vector.get()).item(1), Value::SmallInteger(1));
  EXPECT_EQ(String(Vector(vector.get()).item(2)).text(), "text");
}

TEST_F(ObjectsTest, TryMakeReturnsEmptyForALengthThatNoHeapHolds) {
  for (const std::size_t length : {kHuge, kHuge + 1, ~std::size_t{0}}) {
    EXPECT_TRUE(TryMakeBytes(mutator_, length).IsEmpty());
    EXPECT_TRUE(TryMakeVector(mutator_, length, Integer(0)).IsEmpty());
  }
  EXPECT_TRUE(TryMakeBytes(mutator_, 64 * kMiB).IsEmpty());
}

TEST(ObjectsLimitTest, TryMakeReturnsEmptyWhenTheHeapIsFull) {
  Heap heap(SmallHeap());
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  Local list(mutator, Value::Nil());
  Local item(mutator, Value::Nil());
  while (true) {
    const Value bytes = TryMakeBytes(mutator, 64 * kKiB);
    if (bytes.IsEmpty()) break;
    item.set(bytes);
    const Value pair = TryMakePair(mutator, item, list);
    if (pair.IsEmpty()) break;
    list.set(pair);
  }
  std::size_t length = 0;
  for (Value at = list.get(); !at.IsNil(); at = Pair(at).cdr()) ++length;
  EXPECT_GT(length, 100u);
}

using ObjectsDeathTest = ObjectsTest;

TEST_F(ObjectsDeathTest, ATextInsideTheHeapIsRefused) {
  const Local string = Handle(MakeString(mutator_, "text"));
  EXPECT_DEATH(MakeString(mutator_, String(string.get()).text()),
               "use MakeSubstring");
}

TEST_F(ObjectsDeathTest, ASubstringBeyondTheStringIsRefused) {
  const Local string = Handle(MakeString(mutator_, "text"));
  EXPECT_DEATH(MakeSubstring(mutator_, string, 2, 3), "ends after the string");
  EXPECT_DEATH(MakeSubstring(mutator_, string, 5, 0), "ends after the string");
  EXPECT_DEATH(MakeSubstring(mutator_, string, 1, ~std::size_t{0}),
               "ends after the string");
}

}  // namespace
}  // namespace fledge::runtime
