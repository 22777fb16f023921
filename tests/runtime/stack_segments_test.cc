#include "runtime/stack_segments.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "tests/support/random.h"

namespace fledge::runtime {
namespace {

class StackSegmentsTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kFirstBytes = 256;

  allocator::ExternalBytes bytes_;
  allocator::ExternalMemory memory_{allocator::SystemOs(), bytes_};
  StackSegments stack_{memory_, kFirstBytes};
};

TEST_F(StackSegmentsTest, TakesNothingBeforeTheFirstPush) {
  EXPECT_EQ(memory_.used_bytes(), 0u);
  EXPECT_NE(stack_.TryPush(8), kNullAddress);
  EXPECT_EQ(stack_.held_bytes(), kFirstBytes);
}

TEST_F(StackSegmentsTest, WithoutMemoryThereIsNone) {
  StackSegments none;
  EXPECT_EQ(none.TryPush(8), kNullAddress);
}

TEST_F(StackSegmentsTest, WhatWasPushedStaysWhereItIsAsLongAsItIsThere) {
  std::vector<std::pair<Address, std::size_t>> pushed;
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    if (pushed.empty() || random.Below(100) < 52) {
      const std::size_t bytes = 8 * (1 + random.Below(40));
      const Address at = stack_.TryPush(bytes);
      ASSERT_NE(at, kNullAddress);
      std::memset(reinterpret_cast<void*>(at),
                  static_cast<int>(pushed.size() % 251), bytes);
      pushed.emplace_back(at, bytes);
      continue;
    }
    const auto [at, bytes] = pushed.back();
    pushed.pop_back();
    for (std::size_t byte = 0; byte < bytes; ++byte) {
      ASSERT_EQ(reinterpret_cast<std::uint8_t*>(at)[byte], pushed.size() % 251);
    }
    stack_.Pop(at);
  }
}

TEST_F(StackSegmentsTest, CallsAcrossABorderTakeNoMemory) {
  stack_.TryPush(kFirstBytes / 2);
  const Address across = stack_.TryPush(kFirstBytes);
  const std::size_t held = stack_.held_bytes();
  for (int i = 0; i < 10; ++i) {
    stack_.Pop(across);
    EXPECT_EQ(stack_.held_bytes(), held);
    EXPECT_EQ(stack_.TryPush(kFirstBytes), across);
  }
}

TEST_F(StackSegmentsTest, KeepsOneOfTheSegmentsThatWereEmptied) {
  std::vector<Address> pushed;
  for (int i = 0; i < 1000; ++i) pushed.push_back(stack_.TryPush(128));
  const std::size_t deep = stack_.held_bytes();
  for (; !pushed.empty(); pushed.pop_back()) stack_.Pop(pushed.back());
  EXPECT_LT(stack_.held_bytes(), deep / 8);
  EXPECT_NE(stack_.TryPush(128), kNullAddress);
}

TEST_F(StackSegmentsTest, ItsMemoryIsFreedWithIt) {
  {
    StackSegments moved(std::move(stack_));
    for (int i = 0; i < 100; ++i) moved.TryPush(128);
    EXPECT_GT(memory_.used_bytes(), 100u * 128);
  }
  EXPECT_EQ(memory_.used_bytes(), 0u);
}

}  // namespace
}  // namespace fledge::runtime
