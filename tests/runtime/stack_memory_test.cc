#include "runtime/stack_memory.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <vector>

#include "tests/support/recycling_os.h"

namespace fledge::runtime {
namespace {

class StackMemoryTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kBytes = 64 * kKiB;
  static constexpr std::size_t kOfASlab = StackMemory::kSlabBytes / kBytes;

  static void Fill(AddressRange stack, int byte) {
    std::memset(reinterpret_cast<void*>(stack.begin), byte,
                stack.bytes - sizeof(Address));
  }

  allocator::ExternalBytes bytes_;
  StackMemory memory_{allocator::SystemOs(), bytes_};
};

TEST_F(StackMemoryTest, StacksOfASlabAreBesideEachOther) {
  const AddressRange one = memory_.TryAllocate(kBytes - 100);
  const AddressRange other = memory_.TryAllocate(kBytes);
  EXPECT_EQ(one.bytes, kBytes);
  EXPECT_EQ(other.end(), one.begin);
  EXPECT_EQ(bytes_.total_bytes(), 2 * kBytes);
  EXPECT_EQ(memory_.slab_count(), 1u);
  Fill(one, 1);
  Fill(other, 2);
  EXPECT_TRUE(StackMemory::IsIntact(one));
  EXPECT_TRUE(StackMemory::IsIntact(other));
  // The one above has overflowed.
  *reinterpret_cast<Address*>(one.begin - sizeof(Address)) = 0;
  EXPECT_FALSE(StackMemory::IsIntact(other));
}

TEST_F(StackMemoryTest, SizesHaveSlabsOfTheirOwn) {
  EXPECT_EQ(memory_.TryAllocate(1).bytes, StackMemory::kLeastBytes);
  EXPECT_EQ(memory_.TryAllocate(StackMemory::kMostBytes).bytes,
            StackMemory::kMostBytes);
  EXPECT_EQ(memory_.slab_count(), 2u);
  EXPECT_TRUE(memory_.TryAllocate(StackMemory::kMostBytes + 1).empty());
}

TEST_F(StackMemoryTest, FreedStacksAreUsedAgainAndReadAsZero) {
  const AddressRange stack = memory_.TryAllocate(kBytes);
  Fill(stack, 1);
  memory_.Free(stack);
  EXPECT_EQ(bytes_.total_bytes(), 0u);
  EXPECT_EQ(memory_.TryAllocate(kBytes), stack);
  EXPECT_EQ(*reinterpret_cast<const Address*>(stack.begin), 0u);
}

TEST_F(StackMemoryTest, SlabsWithoutStacksGoButForOne) {
  std::vector<AddressRange> stacks;
  for (std::size_t i = 0; i < 3 * kOfASlab; ++i) {
    stacks.push_back(memory_.TryAllocate(kBytes));
    ASSERT_FALSE(stacks.back().empty());
  }
  EXPECT_EQ(memory_.slab_count(), 3u);
  for (const AddressRange stack : stacks) memory_.Free(stack);
  EXPECT_EQ(memory_.slab_count(), 1u);
  for (std::size_t i = 0; i < kOfASlab; ++i) memory_.TryAllocate(kBytes);
  EXPECT_EQ(memory_.slab_count(), 1u);
}

// AddressSanitizer judges.
TEST(StackMemoryEndTest, LeavesNothingPoisonedBehind) {
  constexpr std::size_t kBytes = 64 * kKiB;
  constexpr std::size_t kSlab = StackMemory::kSlabBytes;
  RecyclingOs os;
  allocator::ExternalBytes bytes;
  std::optional<StackMemory> memory(std::in_place, os, bytes);
  const AddressRange stack = memory->TryAllocate(kBytes);
  memory->Free(stack);
  memory.reset();
  const AddressRange slab = os.Reserve(kSlab, kSlab);
  ASSERT_TRUE(slab.Contains(stack.begin));
  std::memset(reinterpret_cast<void*>(slab.begin), 1, slab.bytes);
}

}  // namespace
}  // namespace fledge::runtime
