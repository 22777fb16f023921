#include "gc/pacer.h"

#include <gtest/gtest.h>

namespace fledge::gc {
namespace {

constexpr std::size_t kLeast = Pacer::kLeastGrowthBytes;
constexpr std::size_t kLimit = 1000 * kLeast;

TEST(PacerTest, AnEmptyHeapMayGrowByTheLeast) {
  const Pacer pacer(kLimit);
  EXPECT_EQ(pacer.next_major_bytes(), kLeast);
  EXPECT_FALSE(pacer.due(kLeast - 1));
  EXPECT_TRUE(pacer.due(kLeast));
}

TEST(PacerTest, ALargeHeapMayDouble) {
  Pacer pacer(kLimit);
  pacer.AfterMajor(10 * kLeast);
  EXPECT_EQ(pacer.next_major_bytes(), 20 * kLeast);
}

TEST(PacerTest, ASmallHeapMayGrowByTheLeast) {
  Pacer pacer(kLimit);
  pacer.AfterMajor(kLeast / 4);
  EXPECT_EQ(pacer.next_major_bytes(), kLeast / 4 + kLeast);
}

TEST(PacerTest, NearTheLimitHalfOfWhatIsLeftMayBeUsed) {
  Pacer pacer(kLimit);
  pacer.AfterMajor(kLimit - kLeast);
  EXPECT_EQ(pacer.next_major_bytes(), kLimit - kLeast / 2);
  EXPECT_EQ(Pacer(kLeast).next_major_bytes(), kLeast / 2);
}

TEST(PacerTest, AtTheLimitEveryCollectionIsDue) {
  Pacer pacer(kLimit);
  pacer.AfterMajor(kLimit);
  EXPECT_TRUE(pacer.due(kLimit));
  pacer.AfterMajor(kLimit + kLeast);  // Page rounding may pass it.
  EXPECT_TRUE(pacer.due(kLimit + kLeast));
}

TEST(PacerTest, AHeapThatShrankIsCollectedSooner) {
  Pacer pacer(kLimit);
  pacer.AfterMajor(10 * kLeast);
  pacer.AfterMajor(2 * kLeast);
  EXPECT_EQ(pacer.next_major_bytes(), 4 * kLeast);
}

}  // namespace
}  // namespace fledge::gc
