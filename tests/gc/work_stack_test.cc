#include "gc/work_stack.h"

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"

namespace fledge::gc {
namespace {

constexpr std::size_t kWordsPerPage = kPageBytes / sizeof(Address);

class WorkStackTest : public ::testing::Test {
 protected:
  // How many words fit, by pushing until the stack is full.
  static std::size_t Fill(WorkStack& stack) {
    std::size_t count = 0;
    while (stack.Push(count)) ++count;
    return count;
  }

  FakeOs os_;
};

using WorkStackDeathTest = WorkStackTest;

TEST_F(WorkStackTest, LastInIsFirstOut) {
  WorkStack stack(os_, kWordsPerPage);
  EXPECT_TRUE(stack.empty());
  ASSERT_TRUE(stack.Push(1));
  ASSERT_TRUE(stack.Push(2));
  EXPECT_EQ(stack.Pop(), 2u);
  ASSERT_TRUE(stack.Push(3));
  EXPECT_EQ(stack.Pop(), 3u);
  EXPECT_EQ(stack.Pop(), 1u);
  EXPECT_TRUE(stack.empty());
}

TEST_F(WorkStackTest, HasRoomForExactlyTheWordsThatWereWanted) {
  // Also where they are no whole page: tiny stacks are for tests of overflow.
  for (const std::size_t words :
       {std::size_t{1}, std::size_t{64}, kWordsPerPage, kWordsPerPage + 1}) {
    WorkStack stack(os_, words);
    EXPECT_EQ(Fill(stack), words);
  }
}

TEST_F(WorkStackTest, AFullStackKeepsItsContent) {
  WorkStack stack(os_, 64);
  ASSERT_EQ(Fill(stack), 64u);
  EXPECT_FALSE(stack.Push(99));
  for (std::size_t i = 64; i-- > 0;) EXPECT_EQ(stack.Pop(), i);
  EXPECT_TRUE(stack.empty());
  EXPECT_TRUE(stack.Push(1));
}

TEST_F(WorkStackTest, NeverAsksForMemoryAgain) {
  WorkStack stack(os_, 10 * kWordsPerPage);
  const std::size_t requests = os_.count(FakeOs::Request::kCommit);
  Fill(stack);
  EXPECT_EQ(os_.count(FakeOs::Request::kCommit), requests);
}

TEST_F(WorkStackTest, IsSmallerWhereTheOsRefuses) {
  os_.set_largest_reservation(2 * kPageBytes);
  WorkStack stack(os_, 16 * kWordsPerPage);
  EXPECT_EQ(Fill(stack), 2 * kWordsPerPage);
}

TEST_F(WorkStackTest, GivesItsMemoryBack) {
  { const WorkStack stack(os_, 64); }
  EXPECT_EQ(os_.reserved_ranges(), 0u);
}

TEST_F(WorkStackDeathTest, NoMemoryAtAllDies) {
  const auto make = [&](FakeOs::Request refused) {
    os_.RefuseAll(refused);
    const WorkStack stack(os_, 64);
  };
  EXPECT_DEATH(make(FakeOs::Request::kReserve), "work stack");
  EXPECT_DEATH(make(FakeOs::Request::kCommit), "work stack");
}

}  // namespace
}  // namespace fledge::gc
