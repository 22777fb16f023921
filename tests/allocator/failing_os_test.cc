#include "allocator/failing_os.h"

#include <gtest/gtest.h>

#include <vector>

#include "allocator/reservation.h"
#include "tests/support/fake_os.h"

namespace fledge::allocator {
namespace {

class FailingOsTest : public ::testing::Test {
 protected:
  // Whether each of five requests is granted, in order.
  std::vector<bool> Ask(FailingOs& os) {
    return {os.Commit(range()), os.Discard(range()), os.Commit(range()),
            os.Discard(range()), os.Commit(range())};
  }
  AddressRange range() const { return reservation_.range(); }

  FakeOs system_;
  Reservation reservation_ =
      Reservation::Create(system_, kPageBytes, kPageBytes, kPageBytes);
};

TEST_F(FailingOsTest, RefusesTheKthRequestAndNoOther) {
  FailingOs os(system_, 3);
  os.Arm();
  EXPECT_EQ(Ask(os), (std::vector<bool>{true, true, false, true, true}));
  EXPECT_EQ(os.requests(), 5u);
}

TEST_F(FailingOsTest, RefusesNothingIfKIsZero) {
  FailingOs os(system_, 0);
  os.Arm();
  EXPECT_EQ(Ask(os), std::vector<bool>(5, true));
}

TEST_F(FailingOsTest, CountsFromWhereItIsArmed) {
  FailingOs os(system_, 1);
  EXPECT_EQ(Ask(os), std::vector<bool>(5, true));
  EXPECT_EQ(os.requests(), 0u);
  os.Arm();
  EXPECT_EQ(Ask(os), (std::vector<bool>{false, true, true, true, true}));
}

TEST_F(FailingOsTest, ARefusedRequestDoesNotReachTheSystem) {
  FailingOs os(system_, 1);
  os.Arm();
  EXPECT_FALSE(os.Commit(range()));
  EXPECT_EQ(system_.count(FakeOs::Request::kCommit), 0u);
}

TEST_F(FailingOsTest, NeverRefusesAddressSpace) {
  FailingOs os(system_, 1);
  os.Arm();
  const AddressRange reserved = os.Reserve(kPageBytes, kPageBytes);
  EXPECT_FALSE(reserved.empty());
  os.Release(reserved);
  EXPECT_EQ(os.MemoryBytes(), system_.MemoryBytes());
  EXPECT_EQ(os.requests(), 0u);
}

}  // namespace
}  // namespace fledge::allocator
