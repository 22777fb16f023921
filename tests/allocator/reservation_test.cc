#include "allocator/reservation.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/support/fake_os.h"

namespace fledge::allocator {
namespace {

using Sizes = std::vector<std::size_t>;

constexpr std::size_t kAlignment = 64 * kKiB;

class ReservationTest : public ::testing::Test {
 protected:
  Reservation Create(std::size_t wanted_bytes, std::size_t least_bytes) {
    return Reservation::Create(os_, wanted_bytes, least_bytes, kAlignment);
  }

  FakeOs os_;
};

TEST_F(ReservationTest, IsWhatWasWantedIfTheOsGrantsIt) {
  const Reservation reservation = Create(kMiB, kPageBytes);
  EXPECT_FALSE(reservation.empty());
  EXPECT_EQ(reservation.range().bytes, kMiB);
  EXPECT_EQ(os_.wanted_reservations(), Sizes{kMiB});
}

TEST_F(ReservationTest, BeginsAtAMultipleOfItsAlignment) {
  std::vector<Reservation> reservations;
  for (const std::size_t alignment : {kPageBytes, kAlignment, 2 * kMiB}) {
    for (int i = 0; i < 5; ++i) {
      reservations.push_back(
          Reservation::Create(os_, 3 * kPageBytes, 3 * kPageBytes, alignment));
      EXPECT_TRUE(IsAligned(reservations.back().range().begin, alignment));
    }
  }
}

TEST_F(ReservationTest, IsHalvedUntilTheOsGrantsIt) {
  os_.set_largest_reservation(300 * kKiB);
  const Reservation reservation = Create(kMiB, kPageBytes);
  EXPECT_EQ(reservation.range().bytes, 256 * kKiB);
  EXPECT_EQ(os_.wanted_reservations(), (Sizes{kMiB, 512 * kKiB, 256 * kKiB}));
}

TEST_F(ReservationTest, IsNeverLessThanTheLeast) {
  // Between two halvings: it is what the last request is for.
  constexpr std::size_t kLeast = 300 * kKiB;
  os_.set_largest_reservation(kLeast);
  EXPECT_EQ(Create(kMiB, kLeast).range().bytes, kLeast);
  EXPECT_EQ(os_.wanted_reservations(), (Sizes{kMiB, 512 * kKiB, kLeast}));
}

TEST_F(ReservationTest, IsTheLeastIfLessWasWanted) {
  EXPECT_EQ(Create(kPageBytes, kMiB).range().bytes, kMiB);
}

TEST_F(ReservationTest, IsEmptyIfTheOsRefusesTheLeast) {
  os_.RefuseAll(FakeOs::Request::kReserve);
  const Reservation reservation = Create(kMiB, 300 * kKiB);
  EXPECT_TRUE(reservation.empty());
  EXPECT_EQ(os_.wanted_reservations(), (Sizes{kMiB, 512 * kKiB, 300 * kKiB}));
}

TEST_F(ReservationTest, AsksForWholePagesWhateverWasWanted) {
  os_.Refuse(FakeOs::Request::kReserve, 1);
  Create(5 * kPageBytes, kPageBytes);
  EXPECT_EQ(os_.wanted_reservations(), (Sizes{5 * kPageBytes, 2 * kPageBytes}));
}

TEST_F(ReservationTest, IsGivenBackOnce) {
  {
    const Reservation reservation = Create(kMiB, kMiB);
    EXPECT_EQ(os_.reserved_ranges(), 1u);
  }
  EXPECT_EQ(os_.reserved_ranges(), 0u);
  EXPECT_EQ(os_.count(FakeOs::Request::kRelease), 1u);
}

TEST_F(ReservationTest, MovesWithItsRange) {
  Reservation first = Create(kMiB, kMiB);
  const AddressRange range = first.range();
  Reservation second = std::move(first);
  EXPECT_EQ(second.range(), range);
  Reservation third;
  EXPECT_TRUE(third.empty());
  third = std::move(second);
  EXPECT_EQ(third.range(), range);
  EXPECT_EQ(os_.count(FakeOs::Request::kRelease), 0u);
}

TEST_F(ReservationTest, AssignmentGivesBackWhatWasThereBefore) {
  Reservation kept = Create(kMiB, kMiB);
  const AddressRange range = kept.range();
  {
    Reservation other = Create(kMiB, kMiB);
    other = std::move(kept);
    EXPECT_EQ(other.range(), range);
    kept = std::move(other);
  }
  EXPECT_EQ(kept.range(), range);
  EXPECT_EQ(os_.reserved_ranges(), 1u);
}

TEST_F(ReservationTest, AnEmptyOneGivesNothingBack) {
  { const Reservation reservation; }
  os_.RefuseAll(FakeOs::Request::kReserve);
  { const Reservation refused = Create(kMiB, kMiB); }
  EXPECT_EQ(os_.count(FakeOs::Request::kRelease), 0u);
}

}  // namespace
}  // namespace fledge::allocator
