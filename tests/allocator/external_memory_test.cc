// What holds of external memory whatever it is made of.

#include "allocator/external_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <latch>
#include <limits>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "allocator/base/address.h"
#include "tests/support/fake_os.h"
#include "tests/support/random.h"
#include "tests/support/sanitizers.h"
#include "tests/support/seed.h"

namespace fledge::allocator {
namespace {

constexpr std::size_t kLeast = ExternalMemory::kLeastAlignment;

std::span<std::uint8_t> Bytes(void* buffer, std::size_t size_bytes) {
  return {static_cast<std::uint8_t*>(buffer), size_bytes};
}

bool IsFilledWith(void* buffer, std::size_t size_bytes, std::uint8_t value) {
  for (const std::uint8_t byte : Bytes(buffer, size_bytes)) {
    if (byte != value) return false;
  }
  return true;
}

// A buffer and what is written in it.
struct Filled {
  void* buffer = nullptr;
  std::size_t size_bytes = 0;
  std::uint8_t value = 0;

  void Fill(std::uint8_t with) {
    value = with;
    std::memset(buffer, value, size_bytes);
  }
  bool intact() const { return IsFilledWith(buffer, size_bytes, value); }
};

class ExternalMemoryTest : public ::testing::Test {
 protected:
  FakeOs os_;
  ExternalBytes bytes_;
  ExternalMemory memory_{os_, bytes_};
};

TEST_F(ExternalMemoryTest, ABufferIsCountedWhileItIsOut) {
  EXPECT_EQ(memory_.used_bytes(), 0u);
  void* const small = memory_.TryAllocate(100);
  const std::size_t small_bytes = memory_.BytesOf(small);
  EXPECT_GE(small_bytes, 100u);
  EXPECT_EQ(memory_.used_bytes(), small_bytes);
  void* const large = memory_.TryAllocate(kMiB + 1);
  EXPECT_GT(memory_.BytesOf(large), kMiB);
  EXPECT_EQ(memory_.used_bytes(), small_bytes + memory_.BytesOf(large));
  EXPECT_GE(memory_.held_bytes(), memory_.used_bytes());
  memory_.Free(large);
  EXPECT_EQ(memory_.used_bytes(), small_bytes);
  memory_.Free(small);
  EXPECT_EQ(memory_.used_bytes(), 0u);
}

TEST_F(ExternalMemoryTest, BuffersAreATagAmongOthers) {
  const auto textures = bytes_.TagOf("textures");
  bytes_.Adjust(1000, textures);
  void* const buffer = memory_.TryAllocate(100);
  EXPECT_EQ(bytes_.total_bytes(), 1000 + memory_.BytesOf(buffer));
  EXPECT_EQ(bytes_.bytes(bytes_.TagOf("buffers")), memory_.BytesOf(buffer));
  EXPECT_EQ(bytes_.Rows().size(), 2u);
}

TEST_F(ExternalMemoryTest, BuffersAreAlignedAsAsked) {
  for (std::size_t alignment = 1; alignment <= kMiB; alignment *= 2) {
    for (const std::size_t size_bytes : {std::size_t{1}, alignment + 1}) {
      void* const buffer = memory_.TryAllocate(size_bytes, alignment);
      ASSERT_NE(buffer, nullptr);
      const auto address = reinterpret_cast<Address>(buffer);
      EXPECT_TRUE(IsAligned(address, alignment)) << alignment;
      EXPECT_TRUE(IsAligned(address, kLeast)) << alignment;
    }
  }
}

TEST_F(ExternalMemoryTest, ABufferOfNoBytesHasAnAddressOfItsOwn) {
  void* const one = memory_.TryAllocate(0);
  void* const other = memory_.TryAllocate(0);
  ASSERT_NE(one, nullptr);
  ASSERT_NE(other, nullptr);
  EXPECT_NE(one, other);
  EXPECT_NE(memory_.TryReallocate(one, 0), nullptr);
}

TEST_F(ExternalMemoryTest, FreeingNullIsNothing) {
  memory_.Free(nullptr);
  memory_.ReleaseFree();
  EXPECT_EQ(memory_.held_bytes(), 0u);
}

TEST_F(ExternalMemoryTest, ReallocatingKeepsWhatFits) {
  constexpr std::size_t kSizes[] = {10, 100, 5000, kMiB, 3 * kMiB, 2000, 1};
  Filled filled{memory_.TryAllocate(7), 7};
  filled.Fill(1);
  for (const std::size_t size_bytes : kSizes) {
    void* const moved = memory_.TryReallocate(filled.buffer, size_bytes);
    ASSERT_NE(moved, nullptr);
    EXPECT_TRUE(IsFilledWith(moved, std::min(size_bytes, filled.size_bytes),
                             filled.value));
    EXPECT_GE(memory_.BytesOf(moved), size_bytes);
    EXPECT_EQ(memory_.used_bytes(), memory_.BytesOf(moved));
    filled = {moved, size_bytes};
    filled.Fill(static_cast<std::uint8_t>(size_bytes % 251));
  }
}

TEST_F(ExternalMemoryTest, ReallocatingAlignsAnew) {
  // Several, as the first may be aligned by chance.
  for (int i = 0; i < 5; ++i) {
    void* buffer = memory_.TryAllocate(100);
    buffer = memory_.TryReallocate(buffer, 100, kPageBytes);
    ASSERT_NE(buffer, nullptr);
    EXPECT_TRUE(IsAligned(reinterpret_cast<Address>(buffer), kPageBytes));
  }
}

TEST_F(ExternalMemoryTest, WhatCannotBeHadIsNullAndLeavesEverything) {
  constexpr std::size_t kLargest = std::numeric_limits<std::size_t>::max();
  Filled filled{memory_.TryAllocate(1000), 1000};
  filled.Fill(0x5a);
  const std::size_t used_bytes = memory_.used_bytes();
  for (const std::size_t size_bytes : {os_.MemoryBytes(), std::size_t{1} << 47,
                                       kLargest / 2, kLargest - 15, kLargest}) {
    EXPECT_EQ(memory_.TryAllocate(size_bytes), nullptr);
    EXPECT_EQ(memory_.TryReallocate(filled.buffer, size_bytes), nullptr);
    EXPECT_EQ(memory_.TryAllocate(size_bytes, kPageBytes), nullptr);
  }
  EXPECT_EQ(memory_.TryAllocate(1, std::size_t{1} << 63), nullptr);
  EXPECT_EQ(memory_.used_bytes(), used_bytes);
  EXPECT_TRUE(filled.intact());
  memory_.Free(filled.buffer);
  EXPECT_NE(memory_.TryAllocate(1000), nullptr);
}

TEST_F(ExternalMemoryTest, WhatIsOutAtTheEndIsNoLongerCounted) {
  const auto textures = bytes_.TagOf("textures");
  bytes_.Adjust(1000, textures);
  {
    ExternalMemory dropped(os_, bytes_);
    for (std::size_t i = 1; i <= 1000; ++i) {
      ASSERT_NE(dropped.TryAllocate(i), nullptr);
    }
    EXPECT_GT(bytes_.total_bytes(), 1000u * 1000 / 2);
  }
  EXPECT_EQ(bytes_.total_bytes(), 1000u);
}

TEST_F(ExternalMemoryTest, ABufferOutlivesTheBuffersOfAnotherHeap) {
  Filled filled{memory_.TryAllocate(1000), 1000};
  filled.Fill(0x5a);
  {
    ExternalBytes others;
    ExternalMemory another(os_, others);
    ASSERT_NE(another.TryAllocate(1000), nullptr);
  }
  EXPECT_TRUE(filled.intact());
  EXPECT_EQ(memory_.used_bytes(), memory_.BytesOf(filled.buffer));
  memory_.Free(filled.buffer);
  EXPECT_NE(memory_.TryAllocate(1000), nullptr);
}

TEST_F(ExternalMemoryTest, AgreesWithAMapOfBuffers) {
  constexpr std::size_t kMost = 300;
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  std::map<Address, Filled> model;  // By its begin.
  // Of every size, most of them small.
  const auto any_size = [&] {
    return random.Below(std::uint64_t{1} << random.Below(20));
  };
  const auto add = [&](void* buffer, std::size_t size_bytes) {
    ASSERT_NE(buffer, nullptr);
    const auto begin = reinterpret_cast<Address>(buffer);
    const auto next = model.lower_bound(begin);
    if (next != model.end()) {
      EXPECT_LE(begin + size_bytes, next->first);
    }
    if (next != model.begin()) {
      const auto& [before, filled] = *std::prev(next);
      EXPECT_LE(before + filled.size_bytes, begin);
    }
    Filled& filled = model[begin] = {buffer, size_bytes};
    filled.Fill(static_cast<std::uint8_t>(random.Next()));
  };
  for (std::uint64_t n = 0; n < Repetitions(20'000); ++n) {
    if (model.size() < kMost && random.Below(2) == 0) {
      const std::size_t size_bytes = any_size();
      add(memory_.TryAllocate(size_bytes, std::size_t{1} << random.Below(13)),
          size_bytes);
    } else if (!model.empty()) {
      const auto chosen =
          std::next(model.begin(),
                    static_cast<std::ptrdiff_t>(random.Below(model.size())));
      const Filled filled = chosen->second;
      ASSERT_TRUE(filled.intact());
      model.erase(chosen);
      if (random.Below(2) == 0) {
        memory_.Free(filled.buffer);
      } else {
        const std::size_t size_bytes = any_size();
        add(memory_.TryReallocate(filled.buffer, size_bytes), size_bytes);
      }
    }
    if (random.Below(500) == 0) memory_.ReleaseFree();
  }
  std::size_t used_bytes = 0;
  for (const auto& [begin, filled] : model) {
    EXPECT_TRUE(filled.intact());
    used_bytes += memory_.BytesOf(filled.buffer);
  }
  EXPECT_EQ(memory_.used_bytes(), used_bytes);
}

// Each thread frees what any of them allocated.
TEST_F(ExternalMemoryTest, ThreadsMayFreeEachOthersBuffers) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kShared = 64;
  const std::uint64_t times = Repetitions(50'000);
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mutex mutex;
  std::array<Filled, kShared> shared;
  std::atomic<bool> broken{false};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Random random(seed + i);
      for (std::uint64_t n = 0; n < times; ++n) {
        const std::size_t size_bytes = random.Below(4000);
        Filled filled{memory_.TryAllocate(size_bytes), size_bytes};
        filled.Fill(static_cast<std::uint8_t>(random.Next()));
        {
          const std::lock_guard lock(mutex);
          std::swap(filled, shared[random.Below(kShared)]);
        }
        if (!filled.intact()) broken = true;
        if (random.Below(4) == 0 && filled.buffer != nullptr) {
          filled.buffer =
              memory_.TryReallocate(filled.buffer, random.Below(4000));
        }
        memory_.Free(filled.buffer);
        if (n % 1000 == 0) memory_.ReleaseFree();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(broken);
  for (const Filled& filled : shared) {
    EXPECT_TRUE(filled.intact());
    memory_.Free(filled.buffer);
  }
  EXPECT_EQ(memory_.used_bytes(), 0u);
  EXPECT_EQ(bytes_.total_bytes(), 0u);
}

// The arena is made once, whoever comes first: of another, something would be
// left.
TEST_F(ExternalMemoryTest, ThreadsMayAskForTheFirstBufferTogether) {
  constexpr std::size_t kThreads = 4;
  for (std::uint64_t n = 0; n < Repetitions(50); ++n) {
    {
      ExternalMemory memory(os_, bytes_);
      std::latch all_there(kThreads);
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
          all_there.arrive_and_wait();
          memory.Free(memory.TryAllocate(100));
        });
      }
      threads.clear();
      EXPECT_EQ(memory.used_bytes(), 0u);
    }
    ASSERT_EQ(os_.reserved_ranges(), 0u);
  }
}

}  // namespace
}  // namespace fledge::allocator
