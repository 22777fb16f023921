#include "gc/cycle_pacer.h"

#include <gtest/gtest.h>

#include "allocator/base/address.h"

namespace fledge::gc {
namespace {

CyclePacer PacerThatPromotes(double part) {
  CyclePacer pacer;
  for (int i = 0; i < 100; ++i) {
    pacer.AfterMinor(kMiB, static_cast<std::size_t>(part * kMiB));
  }
  return pacer;
}

// Marks as it is told while old space fills up; returns how many bytes of room
// were used when everything was marked.
std::size_t RoomUsed(CyclePacer& pacer, std::size_t live, std::size_t room,
                     double promoted_part) {
  constexpr std::size_t kNursery = 4 * kMiB;
  const auto promoted =
      static_cast<std::size_t>(promoted_part * static_cast<double>(kNursery));
  std::size_t marked = 0;
  std::size_t used = 0;
  pacer.Start(room);
  while (marked < live && used < room) {
    pacer.SetRates(live - marked, room - used);
    marked += pacer.DueForYoung(kNursery);
    used += promoted;
    pacer.AfterMinor(kNursery, promoted);
  }
  return marked >= live ? used : room + 1;
}

TEST(CyclePacerTest, MarkingEndsWhenAboutHalfOfTheRoomIsUsed) {
  for (const double part : {0.5, 0.9}) {
    CyclePacer pacer = PacerThatPromotes(part);
    const std::size_t used = RoomUsed(pacer, 4 * kGiB, 256 * kMiB, part);
    EXPECT_LE(used, 256 * kMiB * 3 / 4) << part;
    EXPECT_GE(used, 256 * kMiB / 4) << part;
  }
}

TEST(CyclePacerTest, WithMuchRoomMarkingEndsSooner) {
  CyclePacer pacer = PacerThatPromotes(0.1);
  EXPECT_LE(RoomUsed(pacer, 512 * kMiB, 256 * kMiB, 0.1), 256 * kMiB / 16);
}

TEST(CyclePacerTest, MarkingEndsInTimeThoughMoreIsPromotedThanBefore) {
  CyclePacer pacer = PacerThatPromotes(0.05);
  EXPECT_LE(RoomUsed(pacer, 512 * kMiB, 256 * kMiB, 1.0), 256 * kMiB);
}

TEST(CyclePacerTest, ACycleGoesOnThoughNothingIsPromoted) {
  CyclePacer pacer = PacerThatPromotes(0);
  pacer.SetRates(512 * kMiB, 256 * kMiB);
  EXPECT_GE(pacer.DueForYoung(kMiB), kMiB);
}

TEST(CyclePacerTest, WhatIsBornOldUsesRoomAtOnce) {
  CyclePacer pacer = PacerThatPromotes(0);
  pacer.Start(256 * kMiB);
  pacer.SetRates(2 * kGiB, 256 * kMiB);
  EXPECT_EQ(pacer.DueForOld(kMiB), 16 * kMiB);
}

TEST(CyclePacerTest, WithoutRoomTheRateIsBounded) {
  CyclePacer pacer = PacerThatPromotes(1);
  pacer.SetRates(512 * kMiB, 0);
  EXPECT_GT(pacer.DueForYoung(kMiB), 10 * kMiB);
  EXPECT_LT(pacer.DueForYoung(kMiB), 1000 * kMiB);
}

TEST(CyclePacerTest, ItIsLateWhenAQuarterOfTheRoomIsLeft) {
  CyclePacer pacer = PacerThatPromotes(0.5);
  pacer.Start(256 * kMiB);
  pacer.SetRates(512 * kMiB, 256 * kMiB);
  EXPECT_FALSE(pacer.is_late());
  pacer.SetRates(512 * kMiB, 65 * kMiB);
  EXPECT_FALSE(pacer.is_late());
  pacer.SetRates(512 * kMiB, 63 * kMiB);
  EXPECT_TRUE(pacer.is_late());
}

TEST(CyclePacerTest, WhoPromotesMuchStartsEarly) {
  const CyclePacer little = PacerThatPromotes(0.01);
  const CyclePacer much = PacerThatPromotes(0.9);
  const std::size_t live = 100 * kMiB;
  const std::size_t due = 200 * kMiB;
  EXPECT_LT(due - much.StartRoom(live, due - live), 188 * kMiB);
  EXPECT_GT(due - little.StartRoom(live, due - live), 190 * kMiB);
  EXPECT_LT(due - little.StartRoom(live, due - live), due);
}

}  // namespace
}  // namespace fledge::gc
