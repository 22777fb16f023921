#include "gc/slot_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/fake_os.h"

namespace fledge::gc {
namespace {

class SlotRecordsTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kBytes = 16 * kPageBytes;

  static Address Slot(std::size_t i) { return 8 * (i + 1); }
  // Slots from that of number `first` on.
  static void Append(SlotRecords& records, SlotRecords::List& list,
                     std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(records.Append(list, Slot(first + i)));
    }
  }
  // How many more fit into `list`.
  static std::size_t Fill(SlotRecords& records, SlotRecords::List& list) {
    std::size_t count = 0;
    while (records.Append(list, Slot(count))) ++count;
    return count;
  }
  static std::vector<Address> ContentOf(const SlotRecords::List& list) {
    std::vector<Address> slots;
    SlotRecords::Visit(list, [&](Address slot) { slots.push_back(slot); });
    std::sort(slots.begin(), slots.end());
    return slots;
  }
  static void ExpectSlots(const SlotRecords::List& list, std::size_t first,
                          std::size_t count) {
    const std::vector<Address> slots = ContentOf(list);
    ASSERT_EQ(slots.size(), count);
    EXPECT_EQ(list.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(slots[i], Slot(first + i));
    }
  }

  FakeOs os_;
};

TEST_F(SlotRecordsTest, AListHasWhatWasAppended) {
  SlotRecords records(os_, kBytes);
  // Of no chunk, a part of one, one, and several.
  for (const std::size_t count : {0, 1, 30, 31, 32, 61, 62, 63, 200}) {
    SCOPED_TRACE(count);
    SlotRecords::List list;
    Append(records, list, 0, count);
    ExpectSlots(list, 0, count);
  }
}

TEST_F(SlotRecordsTest, ListsThatGrowByTurnsAreApart) {
  SlotRecords records(os_, kBytes);
  SlotRecords::List even;
  SlotRecords::List odd;
  for (std::size_t i = 0; i < 100; ++i) {
    Append(records, even, i, 1);
    Append(records, odd, 1000 + i, 1);
  }
  ExpectSlots(even, 0, 100);
  ExpectSlots(odd, 1000, 100);
}

TEST_F(SlotRecordsTest, AFullOneSaysSoAndKeepsItsLists) {
  SlotRecords records(os_, kBytes);
  SlotRecords::List list;
  const std::size_t most = Fill(records, list);
  EXPECT_GT(most, kBytes / sizeof(Address) * 9 / 10);
  EXPECT_FALSE(records.Append(list, Slot(0)));
  ExpectSlots(list, 0, most);
}

TEST_F(SlotRecordsTest, WhatAListGaveUpIsForOthers) {
  SlotRecords records(os_, kBytes);
  SlotRecords::List kept;
  Append(records, kept, 5000, 100);
  SlotRecords::List list;
  const std::size_t most = Fill(records, list);
  records.Free(list);
  EXPECT_EQ(list.size(), 0u);
  EXPECT_EQ(Fill(records, list), most);
  ExpectSlots(list, 0, most);
  ExpectSlots(kept, 5000, 100);
}

TEST_F(SlotRecordsTest, AfterClearEverythingIsThereAgain) {
  SlotRecords records(os_, kBytes);
  SlotRecords::List list;
  const std::size_t most = Fill(records, list);
  records.Free(list);
  records.Clear();
  SlotRecords::List first;
  EXPECT_EQ(Fill(records, first), most);
  ExpectSlots(first, 0, most);
}

TEST_F(SlotRecordsTest, NeverAsksForMemoryAgain) {
  SlotRecords records(os_, kBytes);
  const std::size_t requests = os_.count(FakeOs::Request::kCommit);
  SlotRecords::List list;
  Fill(records, list);
  records.Clear();
  EXPECT_EQ(os_.count(FakeOs::Request::kCommit), requests);
  EXPECT_EQ(os_.count(FakeOs::Request::kReserve), 1u);
}

TEST_F(SlotRecordsTest, WhereTheOsRefusesThereIsRoomForHalf) {
  SlotRecords all(os_, kBytes);
  SlotRecords::List list;
  const std::size_t most = Fill(all, list);
  os_.Refuse(FakeOs::Request::kCommit, 1);
  SlotRecords half(os_, kBytes);
  SlotRecords::List of_half;
  EXPECT_EQ(Fill(half, of_half), most / 2);
  ExpectSlots(of_half, 0, most / 2);
}

TEST_F(SlotRecordsTest, WithoutMemoryThereIsRoomForNone) {
  for (const auto refused :
       {FakeOs::Request::kReserve, FakeOs::Request::kCommit}) {
    os_.RefuseAll(refused);
    SlotRecords records(os_, kBytes);
    os_.Grant(refused);
    SlotRecords::List list;
    EXPECT_EQ(Fill(records, list), 0u);
    records.Free(list);
    records.Clear();
    EXPECT_EQ(Fill(records, list), 0u);
  }
}

}  // namespace
}  // namespace fledge::gc
