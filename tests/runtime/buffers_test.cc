#include "runtime/buffers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include "allocator/failing_os.h"
#include "runtime/weak_table.h"
#include "tests/runtime/moving_heap.h"

namespace fledge::runtime {
namespace {

Buffer In(const Local& local) { return Buffer(local.get()); }

void Fill(std::span<std::byte> bytes, int content) {
  std::memset(bytes.data(), content, bytes.size());
}
bool IsFilledWith(std::span<std::byte> bytes, int content) {
  return std::all_of(bytes.begin(), bytes.end(), [&](std::byte byte) {
    return byte == static_cast<std::byte>(content);
  });
}

std::vector<gc::HeapOptions> EveryPolicy() {
  return {MovingHeap::Quiet(), MovingHeap::Moving(),
          MovingHeap::Moving(gc::Policy::kSemispace),
          MovingHeap::Moving(gc::Policy::kGenCopy)};
}

TEST(BuffersTest, LiveAsLongAsTheirObjects) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    Buffers buffers(h.heap);
    {
      const HandleScope scope(h.mutator);
      std::vector<Local> kept;
      for (int i = 0; i < 100; ++i) {
        const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
        Fill(In(buffer).bytes(), i);
        kept.push_back(buffer);
      }
      h.Major();
      for (std::size_t i = 0; i < kept.size(); ++i) {
        ASSERT_EQ(In(kept[i]).bytes().size(), 1000u);
        ASSERT_TRUE(IsFilledWith(In(kept[i]).bytes(), static_cast<int>(i)));
      }
      EXPECT_EQ(buffers.count(), 100u);
      EXPECT_GE(buffers.used_bytes(), 100'000u);
    }
    h.Major();
    EXPECT_EQ(buffers.count(), 0u);
    EXPECT_EQ(buffers.used_bytes(), 0u);
    EXPECT_EQ(h.heap.external().total_bytes(), 0u);
  }
}

TEST(BuffersTest, DoNotMoveWithTheirObjects) {
  MovingHeap h(MovingHeap::Moving());
  Buffers buffers(h.heap);
  const Local buffer(h.mutator, buffers.TryMake(h.mutator, 64));
  const std::byte* const memory = In(buffer).bytes().data();
  const Value before = buffer.get();
  h.Major();
  h.Major();
  EXPECT_NE(buffer.get(), before);
  EXPECT_EQ(In(buffer).bytes().data(), memory);
}

TEST(BuffersTest, AMinorCollectionFreesThoseOfYoungGarbage) {
  MovingHeap h;
  Buffers buffers(h.heap);
  {
    const HandleScope scope(h.mutator);
    const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
  }
  h.Minor();
  EXPECT_EQ(buffers.used_bytes(), 0u);
}

TEST(BuffersTest, AreFreedWithTheirOwner) {
  MovingHeap h;
  {
    Buffers buffers(h.heap);
    const HandleScope scope(h.mutator);
    const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
  }
  EXPECT_EQ(h.heap.external().total_bytes(), 0u);
}

TEST(BuffersTest, AreReleasedOnce) {
  MovingHeap h(MovingHeap::Moving());
  Buffers buffers(h.heap);
  const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
  EXPECT_TRUE(buffers.Release(In(buffer)));
  EXPECT_EQ(buffers.used_bytes(), 0u);
  EXPECT_TRUE(In(buffer).bytes().empty());
  EXPECT_FALSE(buffers.Release(In(buffer)));
  EXPECT_FALSE(buffers.TryResize(h.mutator, buffer, 2000));
  h.Major();
  EXPECT_EQ(buffers.count(), 1u) << "its object lives";
}

TEST(BuffersTest, KeepTheirContentWhenTheyAreResized) {
  MovingHeap h(MovingHeap::Moving());
  Buffers buffers(h.heap);
  const Local buffer(h.mutator, buffers.TryMake(h.mutator, 100));
  Fill(In(buffer).bytes(), 7);
  ASSERT_TRUE(buffers.TryResize(h.mutator, buffer, 100'000));
  ASSERT_EQ(In(buffer).bytes().size(), 100'000u);
  EXPECT_TRUE(IsFilledWith(In(buffer).bytes().first(100), 7));
  ASSERT_TRUE(buffers.TryResize(h.mutator, buffer, 10));
  EXPECT_TRUE(IsFilledWith(In(buffer).bytes(), 7));
  EXPECT_LT(buffers.used_bytes(), 1000u);
}

TEST(BuffersTest, APinKeepsWhatNothingElseDoes) {
  for (const auto& options : EveryPolicy()) {
    MovingHeap h(options);
    Buffers buffers(h.heap);
    std::optional<BufferPin> pin;
    {
      const HandleScope scope(h.mutator);
      const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
      pin.emplace(buffers, h.mutator, In(buffer));
    }
    Fill(pin->bytes(), 3);
    h.Minor();
    h.Major();
    h.Major();
    EXPECT_TRUE(IsFilledWith(pin->bytes(), 3));
    EXPECT_GE(buffers.used_bytes(), 1000u);
    pin.reset();
    h.Major();
    EXPECT_EQ(buffers.used_bytes(), 0u);
  }
}

TEST(BuffersTest, WhatIsReleasedUnderAPinIsFreedWhenItEnds) {
  MovingHeap h;
  Buffers buffers(h.heap);
  const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
  {
    const BufferPin outer(buffers, h.mutator, In(buffer));
    {
      const BufferPin pin(buffers, h.mutator, In(buffer));
      EXPECT_FALSE(buffers.TryResize(h.mutator, buffer, 10));
      EXPECT_TRUE(buffers.Release(In(buffer)));
      EXPECT_FALSE(buffers.Release(In(buffer)));
    }
    EXPECT_TRUE(In(buffer).bytes().empty());
    const BufferPin late(buffers, h.mutator, In(buffer));
    EXPECT_TRUE(late.bytes().empty());
    EXPECT_GE(buffers.used_bytes(), 1000u);
    Fill(outer.bytes(), 1);
  }
  EXPECT_EQ(buffers.used_bytes(), 0u);
}

TEST(BuffersTest, APinMayEndOnAnotherThreadWhileTheWorldIsStopped) {
  MovingHeap h;
  Buffers buffers(h.heap);
  for (int round = 0; round < 200; ++round) {
    const HandleScope scope(h.mutator);
    const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
    auto pin = std::make_unique<BufferPin>(buffers, h.mutator, In(buffer));
    if (round % 2 == 0) buffers.Release(In(buffer));
    std::thread other([&] {
      Fill(pin->bytes(), round);
      pin.reset();
    });
    if (round % 4 == 0) {
      h.Major();
    } else {
      h.Minor();
    }
    other.join();
  }
  h.Major();
  EXPECT_EQ(buffers.used_bytes(), 0u);
}

// Young objects of a few bytes with a megabyte each.
TEST(BuffersTest, GarbageOfThemDoesNotPileUp) {
  MovingHeap h;
  Buffers buffers(h.heap);
  std::size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    const HandleScope scope(h.mutator);
    const Local buffer(h.mutator, buffers.TryMake(h.mutator, kMiB));
    most = std::max(most, buffers.used_bytes());
  }
  EXPECT_LE(most, 48 * kMiB);
  EXPECT_LE(h.heap.collections(gc::CollectionKind::kMinor) +
                h.heap.collections(gc::CollectionKind::kMajor),
            100u);
}

TEST(BuffersTest, WithoutMemoryThereIsNoneAndNothingIsLost) {
  MovingHeap h;
  Buffers buffers(h.heap);
  const Local kept(h.mutator, buffers.TryMake(h.mutator, 1000));
  Fill(In(kept).bytes(), 5);
  EXPECT_TRUE(buffers.TryMake(h.mutator, std::size_t{1} << 50).IsEmpty());
  EXPECT_FALSE(buffers.TryResize(h.mutator, kept, std::size_t{1} << 50));
  EXPECT_TRUE(IsFilledWith(In(kept).bytes(), 5));
  EXPECT_EQ(buffers.count(), 1u);
}

// By way of a table that keeps values.
TEST(BuffersTest, OfAnObjectThatATableKeepsAreKept) {
  MovingHeap h(MovingHeap::Moving());
  Buffers buffers(h.heap);
  const Local table(h.mutator,
                    MakeWeakTable(h.mutator, WeakTable::Keeps::kValues));
  Local key = h.NewBox(1);
  {
    const HandleScope scope(h.mutator);
    const Local buffer(h.mutator, buffers.TryMake(h.mutator, 1000));
    WeakTableObject(table.get())
        .table()
        .Put(h.mutator, key.get(), buffer.get());
  }
  h.Major();
  EXPECT_EQ(buffers.count(), 1u);
  key.set(Value());
  h.Major();
  EXPECT_EQ(buffers.count(), 0u);
  EXPECT_EQ(buffers.used_bytes(), 0u);
}

}  // namespace
}  // namespace fledge::runtime
