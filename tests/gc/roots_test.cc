#include "gc/roots.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

using Value = std::uint64_t;
using Chunk = RootChunk<Value>;
using Noted = NotedRoots<Value>;
using Table = PersistentTable<Value>;
using Range = RootRange<Value>;

// Young are the values from here on.
constexpr Value kYoung = 1'000'000;

bool IsYoung(Value value) { return value >= kYoung; }

std::multiset<Value> ValuesIn(Noted& noted) {
  std::multiset<Value> values;
  noted.VisitSlots([&](Value* slot) { values.insert(*slot); });
  return values;
}

std::size_t SlotsIn(Noted& noted) { return ValuesIn(noted).size(); }

TEST(NotedRootsTest, AChunkIsNotedOnce) {
  Noted noted;
  Value slots[] = {1, 2, 3};
  Chunk chunk;
  chunk.slots = slots;
  chunk.count = 3;
  noted.Note(chunk);
  noted.Note(chunk);
  EXPECT_EQ(ValuesIn(noted), (std::multiset<Value>{1, 2, 3}));
}

TEST(NotedRootsTest, KeepsTheChunksThatHoldAYoungReference) {
  Noted noted;
  Value slots[2][2] = {{1, 2}, {3, kYoung}};
  Chunk chunks[2];
  for (int i = 0; i < 2; ++i) {
    chunks[i].slots = slots[i];
    chunks[i].count = 2;
    noted.Note(chunks[i]);
  }
  noted.KeepIfAny(IsYoung);
  EXPECT_EQ(ValuesIn(noted), (std::multiset<Value>{3, kYoung}));
  noted.Note(chunks[0]);  // May be noted again.
  EXPECT_EQ(SlotsIn(noted), 4u);
}

TEST(NotedRootsTest, AForgottenChunkIsNotVisited) {
  Noted noted;
  Value slot = kYoung;
  Chunk chunk;
  chunk.slots = &slot;
  chunk.count = 1;
  noted.Forget(chunk);  // It never was noted.
  noted.Note(chunk);
  noted.Forget(chunk);
  EXPECT_EQ(SlotsIn(noted), 0u);
}

TEST(NotedRootsTest, ThreadsNoteEachChunkOnce) {
  constexpr std::size_t kChunks = 1000;
  Noted noted;
  std::vector<Value> slots(kChunks);
  std::vector<Chunk> chunks(kChunks);
  for (std::size_t i = 0; i < kChunks; ++i) {
    slots[i] = i;
    chunks[i].slots = &slots[i];
    chunks[i].count = 1;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (Chunk& chunk : chunks) noted.Note(chunk);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ValuesIn(noted), std::multiset<Value>(slots.begin(), slots.end()));
}

TEST(PersistentTableTest, ASlotHoldsItsFirstValue) {
  Noted noted;
  Table table(noted);
  const Table::Handle handle = table.Create(42);
  EXPECT_EQ(*handle.slot, 42u);
  EXPECT_EQ(table.count(), 1u);
  EXPECT_GE(handle.slot, handle.chunk->slots);
  EXPECT_LT(handle.slot, handle.chunk->slots + handle.chunk->count);
}

TEST(PersistentTableTest, ADestroyedSlotIsZeroAndUsedAgain) {
  Noted noted;
  Table table(noted);
  const Table::Handle first = table.Create(1);
  table.Create(2);
  table.Destroy(first);
  EXPECT_EQ(*first.slot, 0u);
  EXPECT_EQ(table.count(), 1u);
  EXPECT_EQ(table.Create(3).slot, first.slot);
}

TEST(PersistentTableTest, ANotedChunkOfAnEndedTableIsForgotten) {
  Noted noted;
  {
    Table table(noted);
    noted.Note(*table.Create(kYoung).chunk);
    EXPECT_EQ(SlotsIn(noted), Chunk::kSlots);
  }
  EXPECT_EQ(SlotsIn(noted), 0u);
}

// Against the set of values; every slot is one's own.
TEST(PersistentTableTest, AgreesWithASetOfValues) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  Noted noted;
  Table table(noted);
  std::vector<std::pair<Table::Handle, Value>> live;
  Value next = 1;
  for (int i = 0; i < 20'000; ++i) {
    if (live.empty() || random.Below(100) < (i < 10'000 ? 60u : 40u)) {
      live.emplace_back(table.Create(next), next);
      ++next;
    } else {
      const std::size_t victim = random.Below(live.size());
      ASSERT_EQ(*live[victim].first.slot, live[victim].second);
      table.Destroy(live[victim].first);
      live[victim] = live.back();
      live.pop_back();
    }
    ASSERT_EQ(table.count(), live.size());
  }
  std::multiset<Value> expected;
  for (const auto& [handle, value] : live) expected.insert(value);
  std::multiset<Value> visited;
  table.VisitSlots([&](Value* slot) {
    if (*slot != 0) visited.insert(*slot);
  });
  EXPECT_EQ(visited, expected);
}

TEST(PersistentTableTest, ThreadsGetSlotsOfTheirOwn) {
  Noted noted;
  Table table(noted);
  std::vector<std::thread> threads;
  for (Value id = 1; id <= 4; ++id) {
    threads.emplace_back([&, id] {
      std::vector<Table::Handle> handles;
      for (int i = 0; i < 2000; ++i) handles.push_back(table.Create(id));
      for (const Table::Handle& handle : handles) {
        EXPECT_EQ(*handle.slot, id);
        table.Destroy(handle);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(table.count(), 0u);
}

TEST(RootRangeTest, BeginsNotedWhole) {
  Noted noted;
  std::vector<Value> slots(3 * Chunk::kSlots + 5);
  const Range range(noted, slots.data(), slots.size());
  EXPECT_EQ(SlotsIn(noted), slots.size());
  EXPECT_FALSE(range.always_scanned());
}

TEST(RootRangeTest, EachSlotIsInTheChunkThatCoversIt) {
  Noted noted;
  std::vector<Value> slots(2 * Chunk::kSlots + 5);
  Range range(noted, slots.data(), slots.size());
  for (Value& slot : slots) {
    const Chunk& chunk = range.ChunkOf(&slot);
    ASSERT_GE(&slot, chunk.slots);
    ASSERT_LT(&slot, chunk.slots + chunk.count);
  }
  EXPECT_EQ(range.ChunkOf(&slots.back()).count, 5u);
}

TEST(RootRangeTest, IsForgottenWhenItEnds) {
  Noted noted;
  std::vector<Value> slots(100, kYoung);
  {
    const Range range(noted, slots.data(), slots.size());
    noted.KeepIfAny(IsYoung);
    EXPECT_EQ(SlotsIn(noted), slots.size());
  }
  EXPECT_EQ(SlotsIn(noted), 0u);
}

TEST(RootRangeTest, AnEmptyRangeIsAllowed) {
  Noted noted;
  Value* const nowhere = nullptr;
  Range range(noted, nowhere, 0);
  EXPECT_EQ(SlotsIn(noted), 0u);
  range.VisitSlots([](Value*) { FAIL(); });
}

TEST(RootRangeTest, AStackReachesToItsPresentTop) {
  std::vector<Value> stack(10);
  Value* top = stack.data();
  Range range(stack.data(), &top);
  std::size_t visited = 0;
  const auto count = [&] {
    visited = 0;
    range.VisitSlots([&](Value*) { ++visited; });
    return visited;
  };
  EXPECT_TRUE(range.always_scanned());
  EXPECT_EQ(count(), 0u);
  top += 7;
  EXPECT_EQ(count(), 7u);
}

#ifndef NDEBUG
TEST(RootRangeDeathTest, ASlotOutsideTheRangeIsNamed) {
  Noted noted;
  std::vector<Value> slots(10);
  Range range(noted, slots.data(), 9);
  EXPECT_DEATH(range.ChunkOf(&slots[9]), "slot outside its range");
}
#endif

}  // namespace
}  // namespace fledge::gc
