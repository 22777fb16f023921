#include "runtime/map.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "runtime/objects.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

gc::HeapOptions Options(std::uint64_t collect_every) {
  gc::HeapOptions options;
  options.max_heap_bytes = 64 * kMiB;
  options.verify = collect_every == 0 ? gc::Verify::kOff : gc::Verify::kOn;
  options.stress.every = collect_every;
  options.stress.protect = collect_every != 0;
  options.stress.seed = 1;
  return options;
}

class MapTest : public ::testing::Test {
 protected:
  Local Handle(Value value) { return Local(mutator_, value); }
  Local Text(std::string_view text) {
    return Handle(MakeString(mutator_, text));
  }
  Local Integer(std::int64_t integer) {
    return Handle(Value::SmallInteger(integer));
  }
  MapResult Put(Local key, Local value) {
    return MapPut(mutator_, map_, key, value);
  }
  MapResult Put(std::int64_t key, std::int64_t value) {
    const HandleScope scope(mutator_);
    return Put(Integer(key), Integer(value));
  }
  Value Get(Value key) { return MapGet(Map(map_.get()), key); }
  Value Get(std::int64_t key) { return Get(Value::SmallInteger(key)); }
  bool Remove(Value key) { return MapRemove(mutator_, Map(map_.get()), key); }
  bool Remove(std::int64_t key) { return Remove(Value::SmallInteger(key)); }
  void Collect(int times) {
    while (times-- > 0) mutator_.Collect(gc::CollectionKind::kMinor);
  }
  std::size_t Used() { return Map(map_.get()).used(); }
  std::size_t Count() { return Map(map_.get()).count(); }
  std::size_t Capacity() {
    const Value table = Map(map_.get()).table();
    return table.IsEmpty() ? 0 : Vector(table).length() / 2;
  }

  Heap heap_{Options(/*collect_every=*/1)};
  Mutator mutator_{heap_};
  HandleScope scope_{mutator_};
  Local map_{mutator_, MakeMap(mutator_)};
};

TEST_F(MapTest, ANewMapHasNoEntriesAndNoTable) {
  EXPECT_EQ(Count(), 0u);
  EXPECT_EQ(Capacity(), 0u);
  EXPECT_TRUE(Get(1).IsEmpty());
  EXPECT_FALSE(Remove(1));
  std::size_t position = 0;
  EXPECT_TRUE(NextMapEntry(Map(map_.get()), position).key.IsEmpty());
}

TEST_F(MapTest, PutAddsThenReplaces) {
  EXPECT_EQ(Put(1, 10), MapResult::kAdded);
  EXPECT_EQ(Get(1), Value::SmallInteger(10));
  EXPECT_EQ(Put(1, 11), MapResult::kReplaced);
  EXPECT_EQ(Get(1), Value::SmallInteger(11));
  EXPECT_EQ(Count(), 1u);
}

TEST_F(MapTest, RemoveTakesOneEntryAway) {
  Put(1, 10);
  Put(2, 20);
  EXPECT_TRUE(Remove(1));
  EXPECT_FALSE(Remove(1));
  EXPECT_TRUE(Get(1).IsEmpty());
  EXPECT_EQ(Get(2), Value::SmallInteger(20));
  EXPECT_EQ(Count(), 1u);
}

TEST_F(MapTest, StringsAreFoundByTheirContents) {
  Put(Text("key"), Integer(1));
  const Local same = Text("key");
  EXPECT_EQ(Get(same.get()), Value::SmallInteger(1));
  EXPECT_EQ(Put(same, Integer(2)), MapResult::kReplaced);
  EXPECT_TRUE(Get(Text("kez").get()).IsEmpty());
  EXPECT_TRUE(Get(Text("").get()).IsEmpty());
}

TEST_F(MapTest, ASymbolIsFoundOnlyByItself) {
  const Local name = Text("name");
  const Local symbol = Handle(MakeSymbol(mutator_, name));
  const Local other = Handle(MakeSymbol(mutator_, name));
  Put(symbol, Integer(1));
  Put(name, Integer(2));
  EXPECT_EQ(Get(symbol.get()), Value::SmallInteger(1));
  EXPECT_TRUE(Get(other.get()).IsEmpty());
  EXPECT_EQ(Get(name.get()), Value::SmallInteger(2));
}

TEST_F(MapTest, AKeywordIsAnotherKeyThanItsSymbol) {
  const Local symbol = Handle(MakeSymbol(mutator_, Text("name")));
  const Address object = mutator_.Allocate(SizeOf(ObjectType::kKeyword));
  const Local keyword =
      Handle(Keyword::Initialize(object, symbol.get()).value());
  EXPECT_TRUE(IsHashable(keyword.get()));
  Put(symbol, Integer(1));
  EXPECT_TRUE(Get(keyword.get()).IsEmpty());
  Put(keyword, Integer(2));
  Collect(1);
  EXPECT_EQ(Get(symbol.get()), Value::SmallInteger(1));
  EXPECT_EQ(Get(keyword.get()), Value::SmallInteger(2));
}

TEST_F(MapTest, ASymbolIsFoundAfterItMoved) {
  for (std::int64_t i = 0; i < 200; ++i) Put(i, i);  // Many places to go.
  const Local symbol = Handle(MakeSymbol(mutator_, Text("name")));
  const Value before = symbol.get();
  Put(symbol, Integer(1));
  Collect(1);
  ASSERT_NE(symbol.get(), before);
  EXPECT_EQ(Get(symbol.get()), Value::SmallInteger(1));
}

TEST_F(MapTest, AnOldMapKeepsAYoungValueThatIsAdded) {
  Put(0, 0);
  Collect(5);
  const Value text = MakeString(mutator_, "text");
  {
    const HandleScope scope(mutator_);
    Put(Integer(1), Handle(text));
  }
  Collect(1);
  EXPECT_EQ(String(Get(1)).text(), "text");
}

TEST_F(MapTest, AnOldMapKeepsAYoungValueThatReplaces) {
  Put(1, 1);
  Collect(5);
  const Value text = MakeString(mutator_, "text");
  {
    const HandleScope scope(mutator_);
    Put(Integer(1), Handle(text));
  }
  Collect(1);
  EXPECT_EQ(String(Get(1)).text(), "text");
}

TEST_F(MapTest, ImmediatesOfAllKindsAreDistinctKeys) {
  const std::vector<Value> keys = {
      Value::SmallInteger(97), Value::Character(97), Value::False(),
      Value::True(),           Value::Nil(),         Value::Undefined()};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(Put(Handle(keys[i]), Integer(static_cast<std::int64_t>(i))),
              MapResult::kAdded);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(Get(keys[i]).integer(), static_cast<std::int64_t>(i));
  }
}

TEST_F(MapTest, GrowthKeepsEveryEntry) {
  for (std::int64_t i = 0; i < 300; ++i) {
    ASSERT_EQ(Put(i, -i), MapResult::kAdded);
    ASSERT_EQ(Get(i / 2).integer(), -(i / 2));
    ASSERT_LE(4 * Map(map_.get()).used(), 3 * Capacity());
  }
  for (std::int64_t i = 0; i < 300; ++i) ASSERT_EQ(Get(i).integer(), -i);
  EXPECT_TRUE(Get(300).IsEmpty());
}

TEST_F(MapTest, GrowthIntoALargeTableKeepsYoungKeysAndValues) {
  constexpr std::int64_t kCount = 800;
  for (std::int64_t i = 0; i < kCount; ++i) {
    const HandleScope scope(mutator_);
    const Local key = Text(std::to_string(i));
    ASSERT_EQ(Put(key, key), MapResult::kAdded);
  }
  ASSERT_GT(runtime::SizeOf(ObjectType::kVector, 2 * Capacity()),
            gc::kLargestYoungBytes);
  Collect(1);
  for (std::int64_t i = 0; i < kCount; ++i) {
    const HandleScope scope(mutator_);
    const std::string text = std::to_string(i);
    ASSERT_EQ(String(Get(Text(text).get())).text(), text);
  }
}

TEST_F(MapTest, RemovedEntriesDoNotMakeTheTableGrow) {
  for (std::int64_t i = 0; i < 200; ++i) {
    Put(i, i);
    if (i < 3) continue;
    EXPECT_TRUE(Remove(i - 3));
  }
  EXPECT_EQ(Count(), 3u);
  EXPECT_LE(Capacity(), 8u);
}

TEST_F(MapTest, APutReusesTheRoomOfARemovedEntry) {
  for (std::int64_t i = 0; i < 4; ++i) Put(i, i);
  for (std::int64_t i = 0; i < 4; ++i) {
    Remove(i);
    Put(i, i);
    EXPECT_EQ(Used(), 4u);
  }
}

TEST_F(MapTest, ATableBuiltAnewHasNoRemovedEntries) {
  for (std::int64_t i = 0; i < 6; ++i) Put(i, i);
  for (std::int64_t i = 0; i < 3; ++i) Remove(i);
  EXPECT_EQ(Used(), 6u);
  Put(6, 6);
  EXPECT_EQ(Used(), 4u);
  EXPECT_EQ(Count(), 4u);
}

TEST_F(MapTest, ARemovedEntryRetainsNeitherKeyNorValue) {
  Put(Text("key"), Text("value"));
  Remove(Text("key").get());
  const Vector table(Map(map_.get()).table());
  for (std::size_t i = 0; i < table.length(); ++i) {
    EXPECT_FALSE(table.item(i).IsReference());
  }
}

TEST_F(MapTest, AKeyBehindARemovedOneIsStillFoundAndNotAddedTwice) {
  // Among this many keys in so small a table, some probe past each other.
  for (std::int64_t removed = 0; removed < 6; ++removed) {
    map_.set(MakeMap(mutator_));
    for (std::int64_t i = 0; i < 6; ++i) Put(i, i);
    ASSERT_EQ(Capacity(), 8u);
    Remove(removed);
    for (std::int64_t i = 0; i < 6; ++i) {
      if (i == removed) continue;
      EXPECT_EQ(Put(i, i + 1), MapResult::kReplaced);
    }
    EXPECT_EQ(Count(), 5u);
  }
}

TEST_F(MapTest, AWalkMeetsEveryEntryOnce) {
  for (std::int64_t i = 0; i < 20; ++i) Put(i, i * i);
  for (std::int64_t i = 0; i < 20; i += 3) Remove(i);
  std::map<std::int64_t, std::int64_t> seen;
  std::size_t position = 0;
  for (MapEntry entry = NextMapEntry(Map(map_.get()), position);
       !entry.key.IsEmpty(); entry = NextMapEntry(Map(map_.get()), position)) {
    EXPECT_TRUE(
        seen.emplace(entry.key.integer(), entry.value.integer()).second);
  }
  EXPECT_EQ(seen.size(), Count());
  for (const auto& [key, value] : seen) EXPECT_EQ(value, key * key);
  EXPECT_FALSE(seen.contains(3));
}

TEST_F(MapTest, OnlyContentsAreHashable) {
  const Local nil = Handle(Value::Nil());
  EXPECT_TRUE(IsHashable(Text("text").get()));
  EXPECT_TRUE(IsHashable(Value::SmallInteger(0)));
  EXPECT_FALSE(IsHashable(MakePair(mutator_, nil, nil)));
  EXPECT_FALSE(IsHashable(MakeFloat(mutator_, 1.0)));
  EXPECT_FALSE(IsHashable(map_.get()));
  EXPECT_FALSE(IsHashable(Value()));
  EXPECT_FALSE(IsHashable(Value::Deleted()));
}

TEST(MapModelTest, AgreesWithAStdMapWhileEverythingMoves) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  Heap heap(Options(/*collect_every=*/7));
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  const Local map(mutator, MakeMap(mutator));
  std::map<std::string, std::int64_t> model;
  for (std::int64_t i = 0; i < 3000; ++i) {
    const HandleScope inner(mutator);
    const std::string text = "key " + std::to_string(random.Next() % 200);
    const Local key(mutator, MakeString(mutator, text));
    const Local value(mutator, Value::SmallInteger(i));
    switch (random.Next() % 3) {
      case 0:
        ASSERT_EQ(MapRemove(mutator, Map(map.get()), key.get()),
                  model.erase(text) == 1);
        break;
      case 1:
        ASSERT_EQ(MapPut(mutator, map, key, value) == MapResult::kAdded,
                  model.insert_or_assign(text, i).second);
        break;
      default: {
        const Value got = MapGet(Map(map.get()), key.get());
        const auto expected = model.find(text);
        ASSERT_EQ(got.IsEmpty(), expected == model.end());
        if (got.IsEmpty()) break;
        ASSERT_EQ(got.integer(), expected->second);
      }
    }
    ASSERT_EQ(Map(map.get()).count(), model.size());
  }
}

TEST(MapLimitTest, TryMapPutLeavesTheMapWhenThereIsNoMemory) {
  gc::HeapOptions options = Options(/*collect_every=*/0);
  options.max_heap_bytes = 16 * kMiB;
  Heap heap(options);
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  const Local map(mutator, MakeMap(mutator));
  std::int64_t count = 0;
  while (true) {
    const HandleScope inner(mutator);
    const Local integer(mutator, Value::SmallInteger(count));
    if (TryMapPut(mutator, map, integer, integer) == MapResult::kOutOfMemory) {
      break;
    }
    ++count;
  }
  EXPECT_GT(count, 10'000);
  EXPECT_EQ(Map(map.get()).count(), static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    ASSERT_EQ(MapGet(Map(map.get()), Value::SmallInteger(i)).integer(), i);
  }
  EXPECT_TRUE(MapGet(Map(map.get()), Value::SmallInteger(count)).IsEmpty());
}

using MapDeathTest = MapTest;

TEST_F(MapDeathTest, AKeyWithoutAHashOfItsContentsDies) {
  const Local nil = Handle(Value::Nil());
  const Local pair = Handle(MakePair(mutator_, nil, nil));
  EXPECT_DEATH(Put(pair, nil), "no hash of its contents");
  EXPECT_DEATH(Get(pair.get()), "no hash of its contents");
  EXPECT_DEATH(Remove(pair.get()), "no hash of its contents");
}

TEST_F(MapDeathTest, TheEmptyValueCannotBePut) {
  const Local nil = Handle(Value::Nil());
  EXPECT_DEATH(Put(nil, Handle(Value())), "no entry");
}

}  // namespace
}  // namespace fledge::runtime
