#include "runtime/stack_map.h"

#include <gtest/gtest.h>

#include <vector>

namespace fledge::runtime {
namespace {

constexpr FrameSlot Sp(std::int32_t offset) {
  return {FrameRegister::kStackPointer, offset};
}
constexpr FrameSlot Fp(std::int32_t offset) {
  return {FrameRegister::kFramePointer, offset};
}

using Slots = std::vector<FrameSlot>;
using Derived = std::vector<DerivedSlot>;

TEST(StackMapTest, SlotsAndBasesAreNamedOnce) {
  StackMap map;
  map.AddFunction(0x1000, 32, "f");
  ASSERT_FALSE(map.AddSite(
      0x1010, Slots{Sp(8), Fp(-8), Sp(8)},
      Derived{
          {Sp(16), Sp(8)}, {Sp(16), Sp(8)}, {Sp(24), Sp(32)}, {Sp(8), Sp(8)}}));
  ASSERT_EQ(map.sites().size(), 1u);
  const StackMap::Site& site = map.sites()[0];
  const auto slots = map.SlotsOf(site);
  EXPECT_EQ(Slots(slots.begin(), slots.end()), (Slots{Sp(8), Sp(32), Fp(-8)}));
  const auto derived = map.DerivedOf(site);
  EXPECT_EQ(Derived(derived.begin(), derived.end()),
            (Derived{{Sp(16), Sp(8)}, {Sp(24), Sp(32)}}));
}

TEST(StackMapTest, ADerivedSlotHasOneOfItsBases) {
  StackMap map;
  map.AddFunction(0x1000);
  ASSERT_FALSE(
      map.AddSite(0x1010, {}, Derived{{Sp(16), Sp(8)}, {Sp(16), Sp(24)}}));
  EXPECT_EQ(map.SlotsOf(map.sites()[0]).size(), 2u);
  EXPECT_EQ(map.DerivedOf(map.sites()[0]).size(), 1u);
}

TEST(StackMapTest, ASlotIsNotAReferenceAndDerivedToo) {
  StackMap map;
  map.AddFunction(0x1000, 32, "f");
  const auto error =
      map.AddSite(0x1010, {}, Derived{{Sp(16), Sp(8)}, {Sp(24), Sp(16)}});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message,
            "f+0x10: slot [sp+16] holds a reference and also a derived "
            "address");
  EXPECT_TRUE(map.sites().empty());
}

TEST(StackMapTest, SlotsAreAligned) {
  StackMap map;
  map.AddFunction(0x1000);
  EXPECT_EQ(map.AddSite(0x1010, Slots{Fp(-12)}, {})->message,
            "function 0x1000+0x10: slot [fp-12] is not aligned");
  EXPECT_TRUE(map.AddSite(0x1010, {}, Derived{{Sp(12), Sp(8)}}));
  StackMap narrow(4);
  narrow.AddFunction(0x1000);
  EXPECT_FALSE(narrow.AddSite(0x1010, Slots{Fp(-12)}, {}));
}

TEST(StackMapTest, SitesBelongToTheFunctionBefore) {
  StackMap map;
  map.AddFunction(0x1000, 8, "f");
  ASSERT_FALSE(map.AddSite(0x1010, Slots{Sp(0)}, {}));
  map.AddFunction(0x2000);
  ASSERT_FALSE(map.AddSite(0x2010, Slots{Sp(8)}, {}));
  map.AddSiteLike(0x2020, map.sites()[0]);
  map.NameFunctions([](Address begin) {
    return begin == 0x2000 ? std::string("g") : std::string("wrong");
  });
  EXPECT_EQ(map.PlaceOf(map.sites()[0]), "f+0x10");
  EXPECT_EQ(map.PlaceOf(map.sites()[1]), "g+0x10");
  EXPECT_EQ(map.PlaceOf(map.sites()[2]), "g+0x20");
  EXPECT_EQ(map.SlotsOf(map.sites()[2])[0], Sp(0));
}

}  // namespace
}  // namespace fledge::runtime
