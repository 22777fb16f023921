#include "allocator/block_allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include "allocator/reservation.h"
#include "tests/support/fake_os.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::allocator {
namespace {

using Content = BlockAllocator::Content;
using Request = FakeOs::Request;

class BlockAllocatorTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kBlocksPerCommit =
      BlockAllocator::kCommitBytes / kBlockBytes;
  static constexpr std::size_t kRangeBlocks = 3 * kBlocksPerCommit;
  static constexpr std::size_t kRangeBytes = kRangeBlocks * kBlockBytes;
  // Blocks of the reservation that are not the allocator's: its tables have
  // entries for them too.
  static constexpr std::size_t kBlocksBefore = 8;
  // Large entries, and entries of which a page holds many blocks'.
  static constexpr std::size_t kTableBytes[] = {2048, 1};
  static constexpr std::size_t kTables = 2;

  void SetUp() override {
    constexpr std::size_t kBlocks = kBlocksBefore + kRangeBlocks;
    std::size_t bytes = kBlocks * kBlockBytes;
    std::vector<std::size_t> offsets;
    for (const std::size_t bytes_per_block : kTableBytes) {
      offsets.push_back(bytes);
      bytes += AlignUp(kBlocks * bytes_per_block, kPageBytes);
    }
    reservation_ = Reservation::Create(os_, bytes, bytes, kBlockBytes);
    ASSERT_FALSE(reservation_.empty());
    const Address origin = reservation_.range().begin;
    for (std::size_t i = 0; i < kTables; ++i) {
      tables_.push_back({origin + offsets[i], kTableBytes[i]});
    }
    blocks_ = std::make_unique<BlockAllocator>(
        os_, account_,
        AddressRange{origin + kBlocksBefore * kBlockBytes, kRangeBytes}, origin,
        tables_);
  }

  Address Block(std::size_t i) const {
    return blocks_->range().begin + i * kBlockBytes;
  }
  // The first `count` blocks, all handed out.
  void Take(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(i));
    }
  }
  void Free(std::initializer_list<std::size_t> indices) {
    for (const std::size_t i : indices) blocks_->FreeBlock(Block(i));
  }

  static std::span<std::uint8_t> Bytes(AddressRange range) {
    return {reinterpret_cast<std::uint8_t*>(range.begin), range.bytes};
  }
  static void Fill(AddressRange range, std::uint8_t value) {
    std::memset(Bytes(range).data(), value, range.bytes);
  }
  static bool IsFilledWith(AddressRange range, std::uint8_t value) {
    const auto bytes = Bytes(range);
    return bytes.front() == value &&
           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
  }

  FakeOs os_;
  MemoryAccount account_{kRangeBytes};
  Reservation reservation_;
  std::vector<SideTable> tables_;
  std::unique_ptr<BlockAllocator> blocks_;
};

TEST_F(BlockAllocatorTest, TakesNothingBeforeItIsAsked) {
  EXPECT_EQ(os_.count(Request::kCommit), 0u);
  EXPECT_EQ(account_.used_bytes(), 0u);
  EXPECT_TRUE(blocks_->committed().empty());
}

TEST_F(BlockAllocatorTest, FreshBlocksComeInAddressOrder) {
  Take(5);
  EXPECT_TRUE(IsAligned(Block(0), kBlockBytes));
}

TEST_F(BlockAllocatorTest, ABlockIsChargedWhileItIsOut) {
  Take(2);
  EXPECT_EQ(account_.used_bytes(), 2 * kBlockBytes);
  Free({1});
  EXPECT_EQ(account_.used_bytes(), kBlockBytes);
}

TEST_F(BlockAllocatorTest, MemoryIsCommittedInSteps) {
  constexpr std::size_t kRequestsPerStep = kTables + 1;
  Take(kBlocksPerCommit);
  EXPECT_EQ(os_.count(Request::kCommit), kRequestsPerStep);
  EXPECT_EQ(blocks_->committed().bytes, BlockAllocator::kCommitBytes);
  blocks_->TryAllocateBlock(Content::kAny);
  EXPECT_EQ(os_.count(Request::kCommit), 2 * kRequestsPerStep);
  EXPECT_EQ(blocks_->committed().bytes, 2 * BlockAllocator::kCommitBytes);
}

TEST(BlockAllocatorCommitTest, StepsGrowWithWhatIsCommitted) {
  constexpr std::size_t kMost = kGiB;
  FakeOs os;
  MemoryAccount account(kMost);
  const Reservation memory = Reservation::Create(os, kMost, kMost, kBlockBytes);
  BlockAllocator blocks(os, account, memory.range(), memory.range().begin, {});
  std::size_t taken = 0;
  for (; taken < kMost / 2; taken += kBlockBytes) {
    ASSERT_NE(blocks.TryAllocateBlock(Content::kAny), kNullAddress);
  }
  EXPECT_LT(os.count(Request::kCommit), 20u);
  EXPECT_LE(blocks.committed().bytes, taken + taken / 2);
}

TEST(BlockAllocatorCommitTest, AnOsThatRefusesMuchMayGiveLess) {
  constexpr std::size_t kMost = 32 * BlockAllocator::kCommitBytes;
  FakeOs os;
  MemoryAccount account(kMost);
  const Reservation memory = Reservation::Create(os, kMost, kMost, kBlockBytes);
  BlockAllocator blocks(os, account, memory.range(), memory.range().begin, {});
  const std::size_t committed = 8 * BlockAllocator::kCommitBytes;
  ASSERT_FALSE(blocks.TryAllocateRun(committed).empty());
  ASSERT_EQ(blocks.committed().bytes, committed);
  os.Refuse(Request::kCommit, 1);
  EXPECT_NE(blocks.TryAllocateBlock(Content::kAny), kNullAddress);
  EXPECT_EQ(blocks.committed().bytes, committed + BlockAllocator::kCommitBytes);
}

TEST_F(BlockAllocatorTest, EveryCommittedBlockHasItsEntriesInTheTables) {
  Take(kBlocksPerCommit + 1);
  const AddressRange committed = blocks_->committed();
  for (const SideTable& table : tables_) {
    for (Address block = committed.begin; block < committed.end();
         block += kBlockBytes) {
      const std::size_t index =
          (block - reservation_.range().begin) / kBlockBytes;
      const AddressRange entry{table.begin + index * table.bytes_per_block,
                               table.bytes_per_block};
      ASSERT_TRUE(IsFilledWith(entry, 0));
      Fill(entry, 0xab);
    }
  }
}

TEST_F(BlockAllocatorTest, CommittingMoreKeepsTheTablesContent) {
  Take(1);
  const Address entry =
      tables_[1].begin + (kBlocksBefore + kBlocksPerCommit - 1);
  Fill({entry, 1}, 0xab);  // On a page with the next step's entries.
  ASSERT_FALSE(
      blocks_->TryAllocateRun(2 * BlockAllocator::kCommitBytes).empty());
  EXPECT_TRUE(IsFilledWith({entry, 1}, 0xab));
}

TEST_F(BlockAllocatorTest, FreedBlocksAreHandedOutAgainLowestFirst) {
  Take(6);
  Free({4, 1, 3});
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(1));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(3));
  Free({0});
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(0));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(4));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(6));
}

TEST_F(BlockAllocatorTest, AUsedBlockIsZeroAgainIfAskedFor) {
  Take(2);
  Fill({Block(0), 2 * kBlockBytes}, 0xab);
  Free({0, 1});
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kZero), Block(0));
  EXPECT_TRUE(IsFilledWith({Block(0), kBlockBytes}, 0));
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(1));
}

TEST_F(BlockAllocatorTest, ARunIsChargedByThePage) {
  const AddressRange run = blocks_->TryAllocateRun(kBlockBytes + 1);
  EXPECT_EQ(run, (AddressRange{Block(0), kBlockBytes + kPageBytes}));
  EXPECT_EQ(account_.used_bytes(), run.bytes);
  blocks_->FreeRun(run);
  EXPECT_EQ(account_.used_bytes(), 0u);
}

TEST_F(BlockAllocatorTest, ARunTakesWholeBlocks) {
  blocks_->TryAllocateRun(kBlockBytes + 1);
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(2));
}

TEST_F(BlockAllocatorTest, ARunInUsedBlocksIsZero) {
  Take(3);
  Fill({Block(0), 3 * kBlockBytes}, 0xab);
  Free({0, 1, 2});
  const AddressRange run = blocks_->TryAllocateRun(2 * kBlockBytes + 1);
  ASSERT_EQ(run.begin, Block(0));
  EXPECT_TRUE(IsFilledWith(run, 0));
}

TEST_F(BlockAllocatorTest, BlocksOfAFreedRunAreZeroIfAskedFor) {
  const AddressRange run = blocks_->TryAllocateRun(2 * kBlockBytes);
  Fill(run, 0xab);
  blocks_->FreeRun(run);
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kZero), Block(0));
  EXPECT_TRUE(IsFilledWith({Block(0), kBlockBytes}, 0));
}

TEST_F(BlockAllocatorTest, ARunGoesToTheLowestGapThatItFits) {
  Take(10);
  Free({1, 3, 4, 6, 7, 8});
  EXPECT_EQ(blocks_->TryAllocateRun(2 * kBlockBytes).begin, Block(3));
  EXPECT_EQ(blocks_->TryAllocateRun(3 * kBlockBytes).begin, Block(6));
  EXPECT_EQ(blocks_->TryAllocateRun(2 * kBlockBytes).begin, Block(10));
  EXPECT_EQ(blocks_->TryAllocateRun(kPageBytes).begin, Block(1));
}

TEST_F(BlockAllocatorTest, ARunGoesOnFromFreeBlocksIntoFreshOnes) {
  Take(4);
  Free({2, 3});
  EXPECT_EQ(blocks_->TryAllocateRun(5 * kBlockBytes).begin, Block(2));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(7));
}

TEST_F(BlockAllocatorTest, ARunOfNoOrTooManyBytesIsEmpty) {
  MemoryAccount account(~std::size_t{0});
  BlockAllocator blocks(os_, account, blocks_->range(),
                        reservation_.range().begin, tables_);
  EXPECT_TRUE(blocks.TryAllocateRun(0).empty());
  EXPECT_TRUE(blocks.TryAllocateRun(kRangeBytes + 1).empty());
  EXPECT_TRUE(blocks.TryAllocateRun(~std::size_t{0}).empty());
  EXPECT_EQ(account.used_bytes(), 0u);
  EXPECT_EQ(blocks.TryAllocateRun(kRangeBytes).bytes, kRangeBytes);
}

TEST_F(BlockAllocatorTest, TheLimitRefusesBeforeAnythingIsTaken) {
  MemoryAccount account(kBlockBytes);
  BlockAllocator blocks(os_, account, blocks_->range(),
                        reservation_.range().begin, tables_);
  ASSERT_NE(blocks.TryAllocateBlock(Content::kAny), kNullAddress);
  EXPECT_EQ(blocks.TryAllocateBlock(Content::kAny), kNullAddress);
  EXPECT_TRUE(blocks.TryAllocateRun(1).empty());
  EXPECT_EQ(account.used_bytes(), kBlockBytes);
  blocks.FreeBlock(Block(0));
  EXPECT_EQ(blocks.TryAllocateRun(kBlockBytes).begin, Block(0));
}

TEST_F(BlockAllocatorTest, TheEndOfTheRangeRefuses) {
  MemoryAccount account(2 * kRangeBytes);
  BlockAllocator blocks(os_, account, blocks_->range(),
                        reservation_.range().begin, tables_);
  for (std::size_t i = 0; i < kRangeBlocks; ++i) {
    ASSERT_EQ(blocks.TryAllocateBlock(Content::kAny), Block(i));
  }
  EXPECT_EQ(blocks.TryAllocateBlock(Content::kAny), kNullAddress);
  EXPECT_TRUE(blocks.TryAllocateRun(1).empty());
  EXPECT_EQ(account.used_bytes(), kRangeBytes);
  EXPECT_EQ(blocks.committed(), blocks.range());
}

TEST_F(BlockAllocatorTest, ARefusedRequestChangesNothingAndIsTriedAgain) {
  for (std::size_t k = 1; k <= kTables + 1; ++k) {
    SCOPED_TRACE(k);
    os_.Refuse(Request::kCommit, k);
    EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), kNullAddress);
    os_.Refuse(Request::kCommit, k);
    EXPECT_TRUE(blocks_->TryAllocateRun(kBlockBytes).empty());
    EXPECT_EQ(account_.used_bytes(), 0u);
    EXPECT_TRUE(blocks_->committed().empty());
  }
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(0));
}

TEST_F(BlockAllocatorTest, ARefusedRequestLeavesFreeBlocksFree) {
  Take(kBlocksPerCommit);
  Free({kBlocksPerCommit - 1});
  os_.RefuseAll(Request::kCommit);
  EXPECT_TRUE(blocks_->TryAllocateRun(2 * kBlockBytes).empty());
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny),
            Block(kBlocksPerCommit - 1));
}

TEST_F(BlockAllocatorTest, ReleaseGivesBackTheHighestFreeBlocks) {
  Take(8);
  Free({1, 2, 4, 6, 7});
  EXPECT_EQ(blocks_->free_resident_bytes(), 5 * kBlockBytes);
  EXPECT_EQ(blocks_->ReleaseFree(2 * kBlockBytes), 3 * kBlockBytes);
  EXPECT_EQ(os_.discarded(),
            (std::vector<AddressRange>{{Block(6), 2 * kBlockBytes},
                                       {Block(4), kBlockBytes}}));
  EXPECT_EQ(blocks_->free_resident_bytes(), 2 * kBlockBytes);
  EXPECT_EQ(blocks_->ReleaseFree(2 * kBlockBytes), 0u);
}

TEST_F(BlockAllocatorTest, ReleaseKeepsPartOfAGapIfThatIsEnough) {
  Take(8);
  Free({2, 3, 4, 5});
  EXPECT_EQ(blocks_->ReleaseFree(3 * kBlockBytes), kBlockBytes);
  EXPECT_EQ(os_.discarded(),
            (std::vector<AddressRange>{{Block(5), kBlockBytes}}));
}

TEST_F(BlockAllocatorTest, ReleaseLeavesBlocksInUseAlone) {
  Take(3);
  Fill({Block(0), 3 * kBlockBytes}, 0xab);
  Free({1});
  EXPECT_EQ(blocks_->ReleaseFree(0), kBlockBytes);
  EXPECT_TRUE(IsFilledWith({Block(0), kBlockBytes}, 0xab));
  EXPECT_TRUE(IsFilledWith({Block(2), kBlockBytes}, 0xab));
}

TEST_F(BlockAllocatorTest, ReleasedBlocksAreHandedOutAgainAndZero) {
  Take(2);
  Fill({Block(0), 2 * kBlockBytes}, 0xab);
  Free({0, 1});
  ASSERT_EQ(blocks_->ReleaseFree(0), 2 * kBlockBytes);
  EXPECT_EQ(blocks_->free_resident_bytes(), 0u);
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kZero), Block(0));
  EXPECT_TRUE(IsFilledWith({Block(0), kBlockBytes}, 0));
  Free({0});
  EXPECT_EQ(blocks_->free_resident_bytes(), kBlockBytes);
}

TEST_F(BlockAllocatorTest, ARefusedReleaseLosesNoBlock) {
  Take(4);
  Fill({Block(0), 4 * kBlockBytes}, 0xab);
  Free({1, 3});
  os_.RefuseAll(Request::kDiscard);
  EXPECT_EQ(blocks_->ReleaseFree(0), 0u);
  EXPECT_EQ(blocks_->free_resident_bytes(), 2 * kBlockBytes);
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kZero), Block(1));
  EXPECT_TRUE(IsFilledWith({Block(1), kBlockBytes}, 0));
}

TEST_F(BlockAllocatorTest, BlocksWithMemoryAreHandedOutBeforeThoseWithout) {
  Take(6);
  Free({3, 4, 5});
  ASSERT_EQ(blocks_->ReleaseFree(0), 3 * kBlockBytes);
  Free({1, 2});
  Free({0});
  for (const std::size_t i : {0, 1, 2, 3, 4, 5}) {
    EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(i));
  }
  Free({0, 5});
  blocks_->ReleaseFree(kBlockBytes);  // Block 5, the highest.
  Free({4});
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(0));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(4));
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(5));
}

TEST_F(BlockAllocatorTest, ABlockFreedBelowAllOthersIsFoundAgain) {
  Take(4);
  Free({0, 1, 2, 3});
  ASSERT_EQ(blocks_->ReleaseFree(0), 4 * kBlockBytes);
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(0));
  ASSERT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(1));
  Free({0, 1});
  EXPECT_EQ(blocks_->TryAllocateRun(kPageBytes).begin, Block(0));
  EXPECT_EQ(blocks_->TryAllocateRun(2 * kBlockBytes).begin, Block(1));
  Free({1, 2});
  ASSERT_EQ(blocks_->ReleaseFree(0), 2 * kBlockBytes);
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kAny), Block(1));
}

TEST_F(BlockAllocatorTest, PopulatedBlocksAreFreeHaveMemoryAndAreNotCharged) {
  constexpr std::size_t kWanted = BlockAllocator::kStepBlocks * kBlockBytes;
  blocks_->PopulateFree(kWanted);
  EXPECT_GE(blocks_->free_resident_bytes(), kWanted);
  EXPECT_EQ(account_.used_bytes(), 0u);
  const std::size_t requests = os_.count(Request::kPopulate);
  blocks_->PopulateFree(kWanted);
  EXPECT_EQ(os_.count(Request::kPopulate), requests);
  EXPECT_EQ(blocks_->TryAllocateBlock(Content::kZero), Block(0));
  EXPECT_TRUE(IsFilledWith({Block(0), kBlockBytes}, 0));
}

TEST_F(BlockAllocatorTest, InASmallRangeNoMoreIsPopulatedThanIsWanted) {
  blocks_->PopulateFree(1);
  EXPECT_EQ(blocks_->free_resident_bytes(), kBlockBytes);
  blocks_->PopulateFree(3 * kBlockBytes);
  EXPECT_EQ(blocks_->free_resident_bytes(), 3 * kBlockBytes);
  constexpr std::size_t kMore = (BlockAllocator::kStepBlocks + 2) * kBlockBytes;
  blocks_->PopulateFree(kMore);
  EXPECT_EQ(blocks_->free_resident_bytes(), kMore);
}

TEST_F(BlockAllocatorTest, PopulatedBlocksHaveTheirTablesPopulated) {
  blocks_->PopulateFree(kBlockBytes);
  const std::vector<AddressRange> populated = os_.populated();
  ASSERT_EQ(populated.size(), 1 + kTables);
  const AddressRange run = populated.front();
  const std::size_t first =
      (run.begin - reservation_.range().begin) >> kBlockShift;
  for (std::size_t i = 0; i < kTables; ++i) {
    SCOPED_TRACE(i);
    const Address begin = tables_[i].begin + first * kTableBytes[i];
    const std::size_t bytes = (run.bytes >> kBlockShift) * kTableBytes[i];
    const AddressRange pages = populated[1 + i];
    EXPECT_TRUE(IsAligned(pages.begin, kPageBytes));
    EXPECT_TRUE(pages.Contains(begin));
    EXPECT_TRUE(pages.Contains(begin + bytes - 1));
    EXPECT_LT(pages.bytes, bytes + 2 * kPageBytes);
  }
}

TEST_F(BlockAllocatorTest, PopulatingCommitsAheadOfWhatIsTakenNext) {
  Take(kBlocksPerCommit - 1);
  blocks_->PopulateFree(1);
  const std::size_t requests = os_.count(Request::kCommit);
  EXPECT_GT(blocks_->committed().bytes, kBlocksPerCommit * kBlockBytes);
  for (std::size_t i = 0; i < kBlocksPerCommit; ++i) {
    ASSERT_NE(blocks_->TryAllocateBlock(Content::kAny), kNullAddress);
  }
  EXPECT_EQ(os_.count(Request::kCommit), requests);
}

TEST_F(BlockAllocatorTest, RefusedPopulatingLosesNoBlock) {
  for (const Request refused : {Request::kCommit, Request::kPopulate}) {
    os_.RefuseAll(refused);
    blocks_->PopulateFree(4 * kBlockBytes);
    EXPECT_EQ(blocks_->free_resident_bytes(), 0u);
    os_.Grant(refused);
  }
  Take(2 * BlockAllocator::kStepBlocks);
}

// Against a map of what is out; every block and run is filled with a byte of
// its own, so that two that overlap are noticed.
TEST_F(BlockAllocatorTest, AgreesWithAMapOfRanges) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  struct Taken {
    AddressRange range;
    std::uint8_t fill;
  };
  std::vector<Taken> out;
  std::size_t used_bytes = 0;
  for (int i = 0; i < 3000; ++i) {
    if (random.OneIn(50)) {
      blocks_->ReleaseFree(random.Below(kRangeBytes));
    } else if (random.OneIn(50)) {
      blocks_->PopulateFree(random.Below(kRangeBytes / 8));
    } else if (!out.empty() && random.OneIn(2)) {
      const std::size_t victim = random.Below(out.size());
      const Taken taken = out[victim];
      out[victim] = out.back();
      out.pop_back();
      ASSERT_TRUE(IsFilledWith(taken.range, taken.fill));
      used_bytes -= taken.range.bytes;
      if (taken.range.bytes == kBlockBytes && random.OneIn(2)) {
        blocks_->FreeBlock(taken.range.begin);
      } else {
        blocks_->FreeRun(taken.range);
      }
    } else {
      AddressRange range;
      bool zero = true;
      if (random.OneIn(2)) {
        range = blocks_->TryAllocateRun(random.Between(1, 10 * kBlockBytes));
      } else {
        zero = random.OneIn(2);
        const Address block =
            blocks_->TryAllocateBlock(zero ? Content::kZero : Content::kAny);
        if (block != kNullAddress) range = {block, kBlockBytes};
      }
      if (range.empty()) continue;
      ASSERT_TRUE(blocks_->committed().Contains(range));
      ASSERT_TRUE(IsAligned(range.begin, kBlockBytes));
      if (zero) {
        ASSERT_TRUE(IsFilledWith(range, 0));
      }
      const auto fill = static_cast<std::uint8_t>(random.Between(1, 255));
      Fill(range, fill);
      out.push_back({range, fill});
      used_bytes += range.bytes;
    }
    ASSERT_EQ(account_.used_bytes(), used_bytes);
    std::size_t out_blocks = 0;
    for (const Taken& taken : out) {
      out_blocks += AlignUp(taken.range.bytes, kBlockBytes) / kBlockBytes;
    }
    ASSERT_LE(blocks_->free_resident_bytes() + out_blocks * kBlockBytes,
              kRangeBytes);
  }
}

TEST_F(BlockAllocatorTest, NoBlockIsHandedToTwoThreads) {
  constexpr int kThreads = 4;
  std::mutex mutex;
  std::set<Address> out;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        const Address block = blocks_->TryAllocateBlock(Content::kAny);
        ASSERT_NE(block, kNullAddress);
        {
          const std::lock_guard lock(mutex);
          EXPECT_TRUE(out.insert(block).second);
        }
        *reinterpret_cast<Address*>(block) = block;  // A race if shared.
        {
          const std::lock_guard lock(mutex);
          out.erase(block);
        }
        blocks_->FreeBlock(block);
        if (n % 100 == 0) blocks_->ReleaseFree(kBlockBytes);
        if (n % 100 == 50) blocks_->PopulateFree(kBlockBytes);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(account_.used_bytes(), 0u);
  EXPECT_LE(account_.peak_bytes(), kThreads * kBlockBytes);
}

#ifndef NDEBUG
using BlockAllocatorDeathTest = BlockAllocatorTest;

TEST_F(BlockAllocatorDeathTest, FreeingABlockTwiceDies) {
  Take(1);
  Free({0});
  EXPECT_DEATH(blocks_->FreeBlock(Block(0)), "free_");
}
#endif

// A heap of `kSmallPagesBytes` and more, all of which is in use at first.
class BlockAllocatorHugePagesTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kSmall = BlockAllocator::kSmallPagesBytes;
  static constexpr std::size_t kHuge = kHugePageBytes;

  BlockAllocatorHugePagesTest() {
    for (std::size_t i = 0; i < kSmall / kBlockBytes; ++i) {
      EXPECT_NE(blocks_.TryAllocateBlock(Content::kAny), kNullAddress);
    }
  }

  FakeOs os_;
  MemoryAccount account_{2 * kSmall};
  const Reservation memory_ =
      Reservation::Create(os_, 2 * kSmall, 2 * kSmall, kHuge);
  BlockAllocator blocks_{
      os_, account_, memory_.range(), memory_.range().begin, {}};
};

TEST_F(BlockAllocatorHugePagesTest, AreNotMadeInSomebodysWay) {
  ASSERT_NE(blocks_.TryAllocateBlock(Content::kAny), kNullAddress);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 0u);
  EXPECT_EQ(os_.count(Request::kPreferSmallPages), 1u);
}

TEST_F(BlockAllocatorHugePagesTest, ArePopulatedWhole) {
  blocks_.PopulateFree(1);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 1u);
  EXPECT_EQ(blocks_.free_resident_bytes(), kHuge);
}

TEST_F(BlockAllocatorHugePagesTest, AreAskedForOnlyWhileTheyArePopulated) {
  const std::size_t before = os_.count(Request::kPreferSmallPages);
  blocks_.PopulateFree(1);
  EXPECT_EQ(os_.count(Request::kPreferSmallPages), before + 1);
}

TEST_F(BlockAllocatorHugePagesTest, AreNotMadeOfSmallPagesLater) {
  ASSERT_NE(blocks_.TryAllocateBlock(Content::kAny), kNullAddress);
  blocks_.PopulateFree(1);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 0u);
  EXPECT_EQ(blocks_.free_resident_bytes(), kHuge - kBlockBytes);
}

TEST_F(BlockAllocatorHugePagesTest, AreForLargeRuns) {
  ASSERT_FALSE(blocks_.TryAllocateRun(kHuge / 2).empty());
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 0u);
  // Two halves and a whole one.
  const AddressRange run = blocks_.TryAllocateRun(2 * kHuge);
  ASSERT_FALSE(run.empty());
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 1u);
  blocks_.PopulateFree(1);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 1u);

  // Until its memory is given back.
  const std::size_t before = os_.count(Request::kPreferSmallPages);
  blocks_.FreeRun(run);
  blocks_.ReleaseFree(0);
  EXPECT_GT(os_.count(Request::kPreferSmallPages), before);
}

}  // namespace
}  // namespace fledge::allocator
