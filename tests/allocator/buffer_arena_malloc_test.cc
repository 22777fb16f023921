// What malloc adds to external memory: mistakes are found.

#include <gtest/gtest.h>

#include <cstdint>

#include "allocator/external_memory.h"

namespace fledge::allocator {
namespace {

class MallocArenaDeathTest : public ::testing::Test {
 protected:
  ExternalBytes bytes_;
  ExternalMemory memory_{SystemOs(), bytes_};
};

TEST_F(MallocArenaDeathTest, FreeingABufferTwiceDies) {
  void* const buffer = memory_.TryAllocate(100);
  ASSERT_NE(memory_.TryAllocate(kMiB), nullptr);
  memory_.Free(buffer);
  EXPECT_DEATH(memory_.Free(buffer), "");
}

TEST_F(MallocArenaDeathTest, FreeingABufferOfAnotherHeapDies) {
  ExternalBytes others;
  ExternalMemory another(SystemOs(), others);
  ASSERT_NE(another.TryAllocate(1000), nullptr);
  void* const buffer = memory_.TryAllocate(100);
  EXPECT_DEATH(another.Free(buffer), "or is another heap's");
}

TEST_F(MallocArenaDeathTest, AReallocatedBufferHasMoved) {
  void* const buffer = memory_.TryAllocate(100);
  EXPECT_NE(memory_.TryReallocate(buffer, 100), buffer);
}

}  // namespace
}  // namespace fledge::allocator
