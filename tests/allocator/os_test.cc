// SystemOs(): what the rest of Fledge takes for granted about the system.

#include "allocator/os.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>

#include "allocator/reservation.h"

namespace fledge::allocator {
namespace {

constexpr std::size_t kBytes = 8 * kPageBytes;

class OsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    reservation_ = Reservation::Create(SystemOs(), kBytes, kBytes, kPageBytes);
    ASSERT_FALSE(reservation_.empty());
  }

  AddressRange range() const { return reservation_.range(); }
  AddressRange Page(std::size_t i) const {
    return {range().begin + i * kPageBytes, kPageBytes};
  }
  static std::span<volatile std::uint8_t> Bytes(AddressRange pages) {
    return {reinterpret_cast<volatile std::uint8_t*>(pages.begin), pages.bytes};
  }
  static bool IsFilledWith(AddressRange pages, std::uint8_t value) {
    const auto bytes = Bytes(pages);
    return std::all_of(bytes.begin(), bytes.end(),
                       [&](std::uint8_t byte) { return byte == value; });
  }
  static void Fill(AddressRange pages, std::uint8_t value) {
    for (volatile std::uint8_t& byte : Bytes(pages)) byte = value;
  }

  Os& os_ = SystemOs();
  Reservation reservation_;
};

using OsDeathTest = OsTest;

TEST_F(OsTest, CommittedPagesAreZeroAndWritable) {
  ASSERT_TRUE(os_.Commit(range()));
  EXPECT_TRUE(IsFilledWith(range(), 0));
  Fill(range(), 0xab);
  EXPECT_TRUE(IsFilledWith(range(), 0xab));
}

TEST_F(OsTest, CommittingAgainKeepsContent) {
  ASSERT_TRUE(os_.Commit(Page(1)));
  Fill(Page(1), 0xab);
  ASSERT_TRUE(os_.Commit(range()));
  EXPECT_TRUE(IsFilledWith(Page(0), 0));
  EXPECT_TRUE(IsFilledWith(Page(1), 0xab));
}

TEST_F(OsTest, DiscardedPagesReadAsZeroAndTheirNeighboursStay) {
  ASSERT_TRUE(os_.Commit(range()));
  Fill(range(), 0xab);
  ASSERT_TRUE(os_.Discard(Page(3)));
  EXPECT_TRUE(IsFilledWith(Page(2), 0xab));
  EXPECT_TRUE(IsFilledWith(Page(3), 0));
  EXPECT_TRUE(IsFilledWith(Page(4), 0xab));
  Fill(Page(3), 0xcd);
  EXPECT_TRUE(IsFilledWith(Page(3), 0xcd));
}

TEST_F(OsTest, PopulateAndHugePagesAreHintsThatKeepContent) {
  ASSERT_TRUE(os_.Commit(range()));
  Fill(Page(0), 0xab);
  os_.PreferHugePages(range());
  os_.Populate(range());  // An old kernel may say no.
  os_.PreferSmallPages(range());
  EXPECT_TRUE(IsFilledWith(Page(0), 0xab));
  EXPECT_TRUE(IsFilledWith(Page(1), 0));
}

TEST_F(OsTest, InaccessiblePagesKeepTheirContent) {
  ASSERT_TRUE(os_.Commit(range()));
  Fill(range(), 0xab);
  os_.SetAccessible(Page(2), false);
  Fill(Page(1), 0xcd);
  os_.SetAccessible(Page(2), true);
  EXPECT_TRUE(IsFilledWith(Page(2), 0xab));
}

TEST_F(OsDeathTest, ReservedPagesAreInaccessible) {
  EXPECT_DEATH(Fill(Page(0), 1), "");
}

TEST_F(OsDeathTest, PagesBesideCommittedOnesAreInaccessible) {
  ASSERT_TRUE(os_.Commit(Page(1)));
  EXPECT_DEATH(Fill(Page(0), 1), "");
  EXPECT_DEATH(Fill(Page(2), 1), "");
}

TEST_F(OsDeathTest, PagesMadeInaccessibleAre) {
  ASSERT_TRUE(os_.Commit(range()));
  os_.SetAccessible(Page(2), false);
  EXPECT_DEATH(Fill(Page(2), 1), "");
}

TEST_F(OsTest, AReservationNoMachineHasIsRefused) {
  constexpr std::size_t kLargest = std::numeric_limits<std::size_t>::max();
  EXPECT_TRUE(os_.Reserve(kLargest / 2 + 1, kPageBytes).empty());
  // The size with room for alignment would wrap around.
  EXPECT_TRUE(os_.Reserve(AlignDown(kLargest, kPageBytes), kMiB).empty());
}

TEST_F(OsTest, MemoryIsAtMostWhatTheMachineHas) {
  const std::size_t machine_bytes =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * kPageBytes;
  EXPECT_GT(os_.MemoryBytes(), 0u);
  EXPECT_LE(os_.MemoryBytes(), machine_bytes);
}

// In a process of its own, which then has no address space to spare.
TEST_F(OsDeathTest, MemoryIsAtMostTheAddressSpaceLimit) {
  const auto limited_process = [] {
    constexpr std::size_t kLimit = 256 * kMiB;
    const rlimit limit = {kLimit, kLimit};
    if (setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(1);
    std::_Exit(SystemOs().MemoryBytes() <= kLimit ? 0 : 2);
  };
  EXPECT_EXIT(limited_process(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace fledge::allocator
