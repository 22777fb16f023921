#include "tools/fledge/collection_time.h"

#include <gtest/gtest.h>

namespace fledge::tools {
namespace {

TEST(CollectionTimeTest, PausesAndStepsAreAdded) {
  CollectionTime time;
  EXPECT_EQ(time.total_ns(), 0);
  gc::CollectionEvent collection;
  collection.requested_ns = 100;
  collection.start_ns = 1'000;
  collection.end_ns = 4'000;
  time.OnCollection(collection);
  time.OnCollection(collection);
  gc::StepEvent step;
  step.start_ns = 5'000;
  step.end_ns = 5'500;
  time.OnStep(step);
  EXPECT_EQ(time.total_ns(), 6'500);
}

}  // namespace
}  // namespace fledge::tools
