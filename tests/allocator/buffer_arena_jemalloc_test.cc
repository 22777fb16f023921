// What jemalloc's arenas do with the memory of the OS.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/external_memory.h"
#include "tests/support/fake_os.h"

namespace fledge::allocator {
namespace {

using Request = FakeOs::Request;

class JemallocArenaTest : public ::testing::Test {
 protected:
  // A buffer that has memory.
  void* Touched(std::size_t size_bytes) {
    void* const buffer = memory_->TryAllocate(size_bytes);
    if (buffer != nullptr) std::memset(buffer, 0x5a, size_bytes);
    return buffer;
  }

  FakeOs os_;
  ExternalBytes bytes_;
  std::unique_ptr<ExternalMemory> memory_ =
      std::make_unique<ExternalMemory>(os_, bytes_);
};

struct ProcessBytes {
  std::size_t addresses = 0;
  std::size_t resident = 0;
};

ProcessBytes BytesOfProcess() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident_pages = 0;
  statm >> pages >> resident_pages;
  return {pages * kPageBytes, resident_pages * kPageBytes};
}

std::size_t MappingsOfProcess() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

TEST_F(JemallocArenaTest, NothingIsAskedForBeforeTheFirstBuffer) {
  EXPECT_EQ(memory_->held_bytes(), 0u);
  memory_->ReleaseFree();
  EXPECT_EQ(os_.count(Request::kReserve), 0u);
  EXPECT_NE(memory_->TryAllocate(1), nullptr);
  EXPECT_GT(os_.count(Request::kReserve), 0u);
}

TEST_F(JemallocArenaTest, EveryMappingGoesBackWithTheArena) {
  for (std::size_t size_bytes = 1; size_bytes < 100 * kMiB; size_bytes *= 3) {
    ASSERT_NE(memory_->TryAllocate(size_bytes), nullptr);
  }
  EXPECT_GT(os_.reserved_ranges(), 1u);
  memory_.reset();
  EXPECT_EQ(os_.reserved_ranges(), 0u);
  EXPECT_EQ(os_.committed_bytes(), 0u);
}

TEST_F(JemallocArenaTest, ABufferLiesInMemoryOfTheOs) {
  const std::size_t before = os_.committed_bytes();
  EXPECT_NE(memory_->TryAllocate(100 * kMiB), nullptr);
  EXPECT_GE(os_.committed_bytes(), before + 100 * kMiB);
}

TEST_F(JemallocArenaTest, MappingsAreFewHoweverMuchIsAllocated) {
  constexpr std::size_t kBytes = 500 * kMiB;
  for (std::size_t i = 0; i < kBytes / (64 * kKiB); ++i) {
    ASSERT_NE(memory_->TryAllocate(64 * kKiB), nullptr);
  }
  EXPECT_LE(os_.reserved_ranges(), 40u);
}

TEST_F(JemallocArenaTest, WithoutMemoryThereIsNoArenaUntilThereIs) {
  for (const Request request : {Request::kReserve, Request::kCommit}) {
    ExternalMemory memory(os_, bytes_);
    os_.RefuseAll(request);
    EXPECT_EQ(memory.TryAllocate(100), nullptr);
    EXPECT_EQ(memory.used_bytes(), 0u);
    EXPECT_EQ(os_.reserved_ranges(), 0u);
    os_.Grant(request);
    EXPECT_NE(memory.TryAllocate(100), nullptr);
  }
}

TEST_F(JemallocArenaTest, WithoutMemoryThereAreNoMoreBuffersUntilThereIs) {
  for (const Request request : {Request::kReserve, Request::kCommit}) {
    ExternalMemory memory(os_, bytes_);
    void* const kept = memory.TryAllocate(1000);
    std::memset(kept, 0x5a, 1000);
    const std::size_t used_bytes = memory.used_bytes();
    os_.RefuseAll(request);
    EXPECT_EQ(memory.TryAllocate(200 * kMiB), nullptr);
    EXPECT_EQ(memory.TryReallocate(kept, 200 * kMiB), nullptr);
    EXPECT_EQ(memory.used_bytes(), used_bytes);
    // What is mapped already can be had.
    EXPECT_NE(memory.TryAllocate(1000), nullptr);
    os_.Grant(request);
    void* const large = memory.TryReallocate(kept, 200 * kMiB);
    ASSERT_NE(large, nullptr);
    EXPECT_EQ(static_cast<const std::uint8_t*>(large)[999], 0x5a);
  }
}

// Whichever request it is, either the buffer is had all the same, or it is had
// when it is asked for again.
TEST_F(JemallocArenaTest, EachRequestMayBeRefusedOnce) {
  constexpr std::size_t kSizes[] = {100, 10'000, kMiB, 20 * kMiB, 80 * kMiB};
  for (const Request request : {Request::kReserve, Request::kCommit}) {
    for (std::size_t k = 1; k <= 8; ++k) {
      FakeOs os;
      os.Refuse(request, k);
      ExternalMemory memory(os, bytes_);
      std::size_t refused = 0;
      for (const std::size_t size_bytes : kSizes) {
        void* buffer = memory.TryAllocate(size_bytes);
        if (buffer == nullptr) {
          ++refused;
          buffer = memory.TryAllocate(size_bytes);
        }
        ASSERT_NE(buffer, nullptr) << size_bytes << ", request " << k;
        static_cast<std::uint8_t*>(buffer)[size_bytes - 1] = 1;
      }
      EXPECT_LE(refused, 1u);
    }
  }
  EXPECT_EQ(bytes_.total_bytes(), 0u);
}

TEST_F(JemallocArenaTest, FreedMemoryGoesBackOnRequest) {
  constexpr std::size_t kBuffers = 1000;
  constexpr std::size_t kBytes = 100'000;
  std::vector<void*> buffers;
  for (std::size_t i = 0; i < kBuffers; ++i) buffers.push_back(Touched(kBytes));
  EXPECT_GE(memory_->held_bytes(), kBuffers * kBytes);
  const std::size_t resident = BytesOfProcess().resident;

  for (void* const buffer : buffers) memory_->Free(buffer);
  EXPECT_EQ(memory_->used_bytes(), 0u);
  memory_->ReleaseFree();
  EXPECT_LE(memory_->held_bytes(), kMiB);
  const auto discarded = os_.discarded();
  const std::size_t discarded_bytes =
      std::accumulate(discarded.begin(), discarded.end(), std::size_t{0},
                      [](std::size_t sum, const AddressRange& range) {
                        return sum + range.bytes;
                      });
  EXPECT_GE(discarded_bytes, kBuffers * kBytes);
  EXPECT_LE(BytesOfProcess().resident, resident - kBuffers * kBytes / 10 * 9);
}

TEST_F(JemallocArenaTest, MemoryThatCouldNotBeGivenBackCountsAsHeld) {
  void* const buffer = Touched(10 * kMiB);
  os_.RefuseAll(Request::kDiscard);
  memory_->Free(buffer);
  memory_->ReleaseFree();
  EXPECT_GE(memory_->held_bytes(), 10 * kMiB);
}

TEST_F(JemallocArenaTest, MemoryThatWentBackIsTakenAgain) {
  for (int i = 0; i < 10; ++i) {
    void* const buffer = memory_->TryAllocate(50 * kMiB);
    ASSERT_NE(buffer, nullptr);
    EXPECT_GE(memory_->held_bytes(), 50 * kMiB);
    EXPECT_LE(memory_->held_bytes(), 60 * kMiB);
    memory_->Free(buffer);
    memory_->ReleaseFree();
    EXPECT_LE(memory_->held_bytes(), kMiB);
  }
  EXPECT_LE(os_.committed_bytes(), 150 * kMiB);
}

TEST_F(JemallocArenaTest, AThousandArenasLeaveNothing) {
  const auto make_and_drop = [](int count) {
    for (int i = 0; i < count; ++i) {
      ExternalBytes bytes;
      ExternalMemory memory(SystemOs(), bytes);
      for (const std::size_t size_bytes : {100, 5000, 300'000}) {
        void* const buffer = memory.TryAllocate(size_bytes);
        ASSERT_NE(buffer, nullptr);
        std::memset(buffer, 0x5a, size_bytes);
      }
    }
  };
  make_and_drop(50);  // Until jemalloc's own records have grown.
  const ProcessBytes before = BytesOfProcess();
  const std::size_t mappings = MappingsOfProcess();
  make_and_drop(1000);
  const ProcessBytes after = BytesOfProcess();
  EXPECT_LE(after.resident, before.resident + kMiB);
  EXPECT_LE(after.addresses, before.addresses + kMiB);
  EXPECT_LE(MappingsOfProcess(), mappings + 2);
}

// jemalloc has 4095 of them in all, and takes back what is destroyed.
TEST_F(JemallocArenaTest, ArenasCanBeMadeForever) {
  for (int i = 0; i < 5000; ++i) {
    ExternalMemory memory(os_, bytes_);
    ASSERT_NE(memory.TryAllocate(1), nullptr) << i;
  }
}

// jemalloc takes its locks around fork(), or the child would wait for those of
// threads that it does not have.
TEST_F(JemallocArenaTest, TheChildOfAForkAllocatesAndFrees) {
  std::vector<std::jthread> threads;  // Stop when the test ends.
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([this](std::stop_token stop) {
      while (!stop.stop_requested()) {
        memory_->Free(memory_->TryAllocate(1000));
      }
    });
  }
  void* const buffer = Touched(1000);
  for (int i = 0; i < 50; ++i) {
    const pid_t child = fork();
    ASSERT_NE(child, -1);
    if (child == 0) {
      alarm(20);
      memory_->Free(buffer);
      void* const another = memory_->TryAllocate(10 * kMiB);
      memory_->ReleaseFree();
      _exit(another != nullptr ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    ASSERT_EQ(WEXITSTATUS(status), 0);
  }
}

}  // namespace
}  // namespace fledge::allocator
