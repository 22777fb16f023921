#include "gc/work_stack.h"

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"

namespace fledge::gc {
namespace {

constexpr std::size_t kItemsPerPage = kPageBytes / sizeof(WorkItem);

class WorkStackTest : public ::testing::Test {
 protected:
  static WorkItem Item(std::size_t i) { return {8 * i, ~i}; }
  // How many items fit, by pushing until the stack is full.
  static std::size_t Fill(WorkStack& stack) {
    std::size_t count = 0;
    while (stack.cursor().Push(Item(count))) ++count;
    return count;
  }

  FakeOs os_;
};

using WorkStackDeathTest = WorkStackTest;

TEST_F(WorkStackTest, LastInIsFirstOut) {
  WorkStack stack(os_, kItemsPerPage);
  EXPECT_TRUE(stack.cursor().empty());
  ASSERT_TRUE(stack.cursor().Push(Item(1)));
  ASSERT_TRUE(stack.cursor().Push(Item(2)));
  EXPECT_EQ(stack.cursor().Pop(), Item(2));
  ASSERT_TRUE(stack.cursor().Push(Item(3)));
  EXPECT_EQ(stack.cursor().Pop(), Item(3));
  EXPECT_EQ(stack.cursor().Pop(), Item(1));
  EXPECT_TRUE(stack.cursor().empty());
}

TEST_F(WorkStackTest, HasRoomForExactlyTheItemsThatWereWanted) {
  // Also where they are no whole page: tiny stacks are for tests of overflow.
  for (const std::size_t items :
       {std::size_t{1}, std::size_t{64}, kItemsPerPage, kItemsPerPage + 1}) {
    WorkStack stack(os_, items);
    EXPECT_EQ(Fill(stack), items);
  }
}

TEST_F(WorkStackTest, AFullStackKeepsItsContent) {
  WorkStack stack(os_, 64);
  ASSERT_EQ(Fill(stack), 64u);
  EXPECT_FALSE(stack.cursor().Push(Item(99)));
  for (std::size_t i = 64; i-- > 0;) EXPECT_EQ(stack.cursor().Pop(), Item(i));
  EXPECT_TRUE(stack.cursor().empty());
  EXPECT_TRUE(stack.cursor().Push(Item(1)));
}

TEST_F(WorkStackTest, NeverAsksForMemoryAgain) {
  WorkStack stack(os_, 10 * kItemsPerPage);
  const std::size_t requests = os_.count(FakeOs::Request::kCommit);
  Fill(stack);
  EXPECT_EQ(os_.count(FakeOs::Request::kCommit), requests);
}

TEST_F(WorkStackTest, IsSmallerWhereTheOsRefuses) {
  os_.set_largest_reservation(2 * kPageBytes);
  WorkStack stack(os_, 16 * kItemsPerPage);
  // One item is the stack's own.
  EXPECT_EQ(Fill(stack), 2 * kItemsPerPage - 1);
}

TEST_F(WorkStackTest, TheTopOfAnEmptyStackIsNull) {
  WorkStack stack(os_, kItemsPerPage);
  EXPECT_EQ(stack.cursor().Top(), WorkItem());
  ASSERT_TRUE(stack.cursor().Push(Item(1)));
  EXPECT_EQ(stack.cursor().Top(), Item(1));
  stack.cursor().Pop();
  EXPECT_EQ(stack.cursor().Top(), WorkItem());
}

TEST_F(WorkStackTest, AnItemIsPushedOnlyIfItIsWanted) {
  WorkStack stack(os_, 3);
  WorkCursor& cursor = stack.cursor();
  ASSERT_TRUE(cursor.HasRoomFor(2));
  cursor.PushIf(true, Item(1));
  cursor.PushIf(false, Item(2));
  EXPECT_EQ(cursor.Top(), Item(1));
  cursor.PushIf(true, Item(3));
  EXPECT_EQ(cursor.Pop(), Item(3));
  EXPECT_EQ(cursor.Pop(), Item(1));
  EXPECT_TRUE(cursor.empty());
}

TEST_F(WorkStackTest, HasRoomIsSaidOfWhatIsLeft) {
  WorkStack stack(os_, 3);
  // One more than are pushed is written to.
  EXPECT_TRUE(stack.cursor().HasRoomFor(2));
  EXPECT_FALSE(stack.cursor().HasRoomFor(3));
  ASSERT_TRUE(stack.cursor().Push(Item(1)));
  EXPECT_FALSE(stack.cursor().HasRoomFor(2));
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
