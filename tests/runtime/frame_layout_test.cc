#include "runtime/frame_layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Indices = std::vector<std::uint32_t>;

Indices LiveAt(const FrameLayout& layout, std::uint32_t instruction) {
  Indices live;
  layout.VisitLive(instruction, [&](std::uint32_t i) { live.push_back(i); });
  return live;
}

TEST(FrameLayoutTest, WithoutLivenessEverySlotIsLive) {
  EXPECT_EQ(LiveAt(FrameLayout(3), 7), (Indices{0, 1, 2}));
  EXPECT_EQ(LiveAt(FrameLayout(0), 7), Indices{});
}

TEST(FrameLayoutTest, LivenessHoldsUntilTheNext) {
  FrameLayout layout(70);
  layout.AddLiveness(2, Indices{0, 69});
  layout.AddLiveness(5, Indices{0, 69});  // As before.
  layout.AddLiveness(9, {});
  EXPECT_EQ(LiveAt(layout, 1).size(), 70u);
  EXPECT_EQ(LiveAt(layout, 2), (Indices{0, 69}));
  EXPECT_EQ(LiveAt(layout, 8), (Indices{0, 69}));
  EXPECT_EQ(LiveAt(layout, 9), Indices{});
  EXPECT_EQ(LiveAt(layout, 1'000'000), Indices{});
}

TEST(FrameLayoutTest, AgreesWithAMapOfSets) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  for (int round = 0; round < 100; ++round) {
    const std::uint32_t slots = 1 + random() % 200;
    FrameLayout layout(slots);
    std::map<std::uint32_t, std::set<std::uint32_t>> model;
    for (std::uint32_t at = random() % 3; at < 60; at += 1 + random() % 5) {
      Indices live(random() % 4);
      for (std::uint32_t& i : live) i = random() % slots;
      layout.AddLiveness(at, live);
      model[at] = {live.begin(), live.end()};
    }
    for (std::uint32_t at = model.begin()->first; at < 70; ++at) {
      const auto& live = std::prev(model.upper_bound(at))->second;
      EXPECT_EQ(LiveAt(layout, at), Indices(live.begin(), live.end())) << at;
    }
  }
}

TEST(FrameLayoutDeathTest, LivenessComesInOrderAndOfSlotsThatAre) {
  FrameLayout layout(3);
  layout.AddLiveness(2, {});
  EXPECT_DEATH(layout.AddLiveness(2, {}), "in the order of instructions");
  EXPECT_DEATH(layout.AddLiveness(3, Indices{3}), "does not have");
}

}  // namespace
}  // namespace fledge::runtime
