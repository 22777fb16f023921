#include "gc/tenuring.h"

#include <gtest/gtest.h>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

// A minor collection of a full nursery of 1 MiB.
CollectionEvent Minor(std::size_t survived, std::size_t promoted) {
  CollectionEvent event;
  event.young_before_bytes = kMiB;
  event.survived_bytes = survived;
  event.promoted_bytes = promoted;
  return event;
}

TEST(TenuringTest, AFixedThresholdStays) {
  for (unsigned threshold = 1; threshold <= 3; ++threshold) {
    Tenuring tenuring(threshold);
    tenuring.AfterMinor(Minor(kMiB, 0));
    EXPECT_EQ(tenuring.threshold(), threshold);
    tenuring.AfterMinor(Minor(0, 0));
    EXPECT_EQ(tenuring.threshold(), threshold);
  }
}

TEST(TenuringTest, StartsInTheMiddle) {
  EXPECT_EQ(Tenuring(0).threshold(), 2u);
}

TEST(TenuringTest, PromotesAtOnceWhereNearlyAllSurvives) {
  Tenuring tenuring(0);
  tenuring.AfterMinor(Minor(kMiB * 9 / 10, 0));
  EXPECT_EQ(tenuring.threshold(), 1u);
  // What was aged is promoted now, besides what is fresh.
  tenuring.AfterMinor(Minor(0, kMiB * 9 / 10 + kMiB * 9 / 10));
  EXPECT_EQ(tenuring.threshold(), 1u);
  tenuring.AfterMinor(Minor(0, kMiB / 2));
  EXPECT_EQ(tenuring.threshold(), 1u) << "half is within the hysteresis";
  tenuring.AfterMinor(Minor(0, kMiB / 4));
  EXPECT_EQ(tenuring.threshold(), 2u);
}

TEST(TenuringTest, AgedObjectsAreNotTakenForFreshOnes) {
  Tenuring tenuring(0);
  tenuring.AfterMinor(Minor(kMiB * 9 / 10, 0));
  ASSERT_EQ(tenuring.threshold(), 1u);
  // Only the aged ones survived.
  tenuring.AfterMinor(Minor(0, kMiB * 9 / 10));
  EXPECT_EQ(tenuring.threshold(), 3u);
}

TEST(TenuringTest, AgesLongerWhereFewSurvive) {
  Tenuring tenuring(0);
  tenuring.AfterMinor(Minor(kMiB / 100, 0));
  EXPECT_EQ(tenuring.threshold(), 3u);
  tenuring.AfterMinor(Minor(kMiB / 10, 0));
  EXPECT_EQ(tenuring.threshold(), 3u) << "a tenth is within the hysteresis";
  tenuring.AfterMinor(Minor(kMiB / 10 + kMiB / 4, 0));
  EXPECT_EQ(tenuring.threshold(), 2u);
}

TEST(TenuringTest, APromotionThatStoodInForAgingDoesNotCount) {
  Tenuring tenuring(0);
  // Survivor space was full: what was to be aged went to old space.
  tenuring.AfterMinor(Minor(kMiB / 4, kMiB / 2));
  EXPECT_EQ(tenuring.threshold(), 2u);
}

TEST(TenuringTest, AMajorCollectionLeavesNoAgedObjects) {
  Tenuring tenuring(0);
  tenuring.AfterMinor(Minor(kMiB * 9 / 10, 0));
  ASSERT_EQ(tenuring.threshold(), 1u);
  tenuring.AfterMajor();
  // So all of this is fresh.
  tenuring.AfterMinor(Minor(0, kMiB * 9 / 10));
  EXPECT_EQ(tenuring.threshold(), 1u);
}

TEST(TenuringTest, ACollectionOfAnEmptyNurserySaysNothing) {
  Tenuring tenuring(0);
  CollectionEvent event = Minor(0, 0);
  event.young_before_bytes = 0;
  tenuring.AfterMinor(event);
  EXPECT_EQ(tenuring.threshold(), 2u);
}

}  // namespace
}  // namespace fledge::gc
