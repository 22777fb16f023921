#include "runtime/return_address_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <random>

#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Entry = ReturnAddressTable::Entry;

TEST(ReturnAddressTableTest, AnEmptyTableHasNothing) {
  const ReturnAddressTable table;
  EXPECT_EQ(table.Find(1), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

TEST(ReturnAddressTableTest, AnAddressIsAddedOnce) {
  ReturnAddressTable table;
  EXPECT_TRUE(table.Add({0x1000, 1, 2}));
  EXPECT_FALSE(table.Add({0x1000, 3, 4}));
  ASSERT_NE(table.Find(0x1000), nullptr);
  EXPECT_EQ(table.Find(0x1000)->code, 1u);
  EXPECT_EQ(table.Find(0x1000)->site, 2u);
  EXPECT_EQ(table.Find(0x1001), nullptr);
}

TEST(ReturnAddressTableTest, AgreesWithAMap) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  ReturnAddressTable table;
  std::map<Address, std::uint32_t> model;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    // Few addresses close together, so that many collide and come again.
    const Address address = 0x400000 + random() % 3000;
    // It grows, and shrinks, and grows.
    if (random() % 100 < (i / 4000 % 2 == 0 ? 70u : 30u)) {
      EXPECT_EQ(table.Add({address, i, 0}),
                model.try_emplace(address, i).second);
    } else if (model.erase(address) != 0) {
      table.Remove(address);
    }
    ASSERT_EQ(table.size(), model.size());
    if (i % 500 != 0) continue;
    for (Address at = 0x400000; at < 0x400000 + 3000; ++at) {
      const Entry* entry = table.Find(at);
      const auto expected = model.find(at);
      ASSERT_EQ(entry != nullptr, expected != model.end()) << at;
      if (entry == nullptr) continue;
      EXPECT_EQ(entry->code, expected->second);
    }
  }
}

TEST(ReturnAddressTableDeathTest, OnlyWhatIsThereIsRemoved) {
  ReturnAddressTable table;
  table.Add({0x1000, 1, 2});
  EXPECT_DEATH(table.Remove(0x1001), "not in the table");
}

}  // namespace
}  // namespace fledge::runtime
