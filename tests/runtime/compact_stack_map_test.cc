#include "runtime/compact_stack_map.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/byte_writer.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

using Bytes = std::vector<std::byte>;
using Slots = std::vector<FrameSlot>;
using Derived = std::vector<DerivedSlot>;

constexpr Address kCode = 0x7f0000400000;

FrameSlot Sp(std::int32_t offset) {
  return {FrameRegister::kStackPointer, offset};
}
FrameSlot Fp(std::int32_t offset) {
  return {FrameRegister::kFramePointer, offset};
}

Slots SlotsAt(const StackMap& map, std::size_t i) {
  const auto slots = map.SlotsOf(map.sites().at(i));
  return {slots.begin(), slots.end()};
}
Derived DerivedAt(const StackMap& map, std::size_t i) {
  const auto derived = map.DerivedOf(map.sites().at(i));
  return {derived.begin(), derived.end()};
}

std::string Problem(const Bytes& bytes) {
  StackMap map;
  const auto error = ReadCompactStackMap(bytes, kCode, map);
  return error ? error->message : "";
}

Bytes Example() {
  CompactStackMapEncoder encoder;
  encoder.AddFunction(0x10, "fib", 40);
  encoder.AddSite(0x2a, Slots{Sp(8), Fp(-16)}, Derived{{Sp(16), Sp(8)}});
  encoder.AddSite(0x30, Slots{Sp(8), Fp(-16)}, Derived{{Sp(16), Sp(8)}});
  encoder.AddFunction(0x200);
  encoder.AddSite(0x90, {});
  return encoder.Encode();
}

// The format itself, byte for byte: what exists has to stay readable.
TEST(CompactStackMapTest, TheBytesAreThoseOfVersion1) {
  const Bytes expected = ByteWriter()
                             .Text("FSM")
                             .U8(1)
                             .U8(8)
                             .U8(2)  // Two layouts. The first: two references,
                             .U8(2)
                             .U8(2 << 2)                 // [sp+8]: 2 units up,
                             .U8((3 << 1 | 1) << 1 | 1)  // [fp-16]: 4 down;
                             .U8(1)
                             .U8(4 << 2)  // [sp+16] is derived from
                             .U8(0)       // the first.
                             .U8(0)       // The second has none.
                             .U8(0)
                             .U8(2)  // Two functions.
                             .U8(0x10)
                             .U8(41)
                             .U8(3)
                             .Text("fib")
                             .U8(2)
                             .U8(0x2a)
                             .U8(0)
                             .U8(6)  // 0x30, from 0x2a.
                             .U8(0)
                             .U8(0xf0)  // 0x200, from 0x10.
                             .U8(0x03)
                             .U8(0)
                             .U8(0)
                             .U8(1)
                             .U8(0x90)
                             .U8(0x01)
                             .U8(1)
                             .bytes();
  EXPECT_EQ(Example(), expected);
}

TEST(CompactStackMapTest, WhatWasEncodedIsRead) {
  StackMap map;
  ASSERT_FALSE(ReadCompactStackMap(Example(), kCode, map));
  ASSERT_EQ(map.sites().size(), 3u);
  EXPECT_EQ(map.functions()[0].frame_bytes, 40u);
  EXPECT_EQ(map.functions()[1].frame_bytes, StackMap::kUnknownBytes);
  EXPECT_EQ(map.functions()[1].begin, kCode + 0x200);
  EXPECT_EQ(map.sites()[0].return_address, kCode + 0x3a);
  EXPECT_EQ(map.PlaceOf(map.sites()[0]), "fib+0x2a");
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_EQ(SlotsAt(map, i), (Slots{Sp(8), Fp(-16)}));
    EXPECT_EQ(DerivedAt(map, i), (Derived{{Sp(16), Sp(8)}}));
  }
  EXPECT_EQ(map.sites()[2].return_address, kCode + 0x290);
  EXPECT_TRUE(SlotsAt(map, 2).empty());
}

TEST(CompactStackMapTest, RandomMapsComeBack) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  const auto slot = [&](bool of_frame) {
    const auto offset = static_cast<std::int32_t>(random() & ~7u);
    return of_frame ? Fp(offset) : Sp(offset);
  };
  for (int round = 0; round < 200; ++round) {
    CompactStackMapEncoder encoder;
    StackMap expected;
    std::uint64_t begin = 0;
    for (unsigned f = random() % 4; f-- > 0;) {
      begin += random();
      const std::uint64_t frame_bytes =
          random() % 2 == 0 ? StackMap::kUnknownBytes : random() % 1000;
      const std::string name(random() % 5, 'f');
      encoder.AddFunction(begin, name, frame_bytes);
      expected.AddFunction(kCode + begin, frame_bytes, name);
      std::uint64_t return_offset = 0;
      for (unsigned s = random() % 6; s-- > 0;) {
        return_offset += 1 + random() % 300;
        Slots slots;
        Derived derived;
        for (unsigned i = random() % 5; i-- > 0;) {
          slots.push_back(slot(false));
        }
        for (unsigned i = random() % 3; i-- > 0;) {
          derived.push_back({slot(true), slot(false)});
        }
        encoder.AddSite(return_offset, slots, derived);
        ASSERT_FALSE(
            expected.AddSite(kCode + begin + return_offset, slots, derived));
      }
    }
    StackMap map;
    const auto error = ReadCompactStackMap(encoder.Encode(), kCode, map);
    ASSERT_FALSE(error) << error->message;
    ASSERT_EQ(map.sites().size(), expected.sites().size());
    for (std::size_t i = 0; i < map.sites().size(); ++i) {
      EXPECT_EQ(map.sites()[i].return_address,
                expected.sites()[i].return_address);
      EXPECT_EQ(map.PlaceOf(map.sites()[i]),
                expected.PlaceOf(expected.sites()[i]));
      EXPECT_EQ(SlotsAt(map, i), SlotsAt(expected, i));
      EXPECT_EQ(DerivedAt(map, i), DerivedAt(expected, i));
    }
  }
}

TEST(CompactStackMapTest, OtherVersionsAndWidthsAreRefused) {
  Bytes bytes = Example();
  bytes[3] = std::byte{2};
  EXPECT_EQ(Problem(bytes),
            "compact stack map, byte 4: it does not begin with FSM and version "
            "1");
  EXPECT_EQ(Problem(CompactStackMapEncoder(4).Encode()),
            "compact stack map, byte 5: slots of 4 bytes, where references "
            "have 8");
}

TEST(CompactStackMapTest, ACutTableIsAnErrorWhereverItIsCut) {
  const Bytes bytes = Example();
  EXPECT_EQ(Problem(bytes), "");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const Bytes cut(bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(Problem(cut), "") << i;
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_NE(Problem(longer).find("something follows"), std::string::npos);
}

TEST(CompactStackMapTest, WhatCannotBeIsNamed) {
  const auto header = [](int layouts) {
    return ByteWriter().Text("FSM").U8(1).U8(8).U8(
        static_cast<std::uint64_t>(layouts));
  };
  // A site with layout 1 of 1.
  EXPECT_NE(Problem(header(1)
                        .U8(0)
                        .U8(0)
                        .U8(1)
                        .U8(5)
                        .U8(0)
                        .U8(1)
                        .Text("f")
                        .U8(1)
                        .U8(2)
                        .U8(1)
                        .bytes())
                .find("f+0x2: layout 1 of 1"),
            std::string::npos);
  // A derived slot whose base is not there.
  EXPECT_NE(Problem(header(1).U8(1).U8(8).U8(1).U8(16).U8(1).U8(0).bytes())
                .find("base 1 of 1"),
            std::string::npos);
  // A slot at 2^32 units.
  EXPECT_NE(Problem(header(1)
                        .U8(1)
                        .U8(0x80)
                        .U8(0x80)
                        .U8(0x80)
                        .U8(0x80)
                        .U8(0x40)
                        .U8(0)
                        .U8(0)
                        .bytes())
                .find("beyond 2 GB"),
            std::string::npos);
  // A layout whose derived slot is its base too.
  EXPECT_NE(Problem(header(1)
                        .U8(2)
                        .U8(8)
                        .U8(16)
                        .U8(1)
                        .U8(8)
                        .U8(1)
                        .U8(1)
                        .U8(5)
                        .U8(0)
                        .U8(1)
                        .Text("f")
                        .U8(1)
                        .U8(2)
                        .U8(0)
                        .bytes())
                .find("f+0x2: slot [sp+8] holds a reference and also"),
            std::string::npos);
}

TEST(CompactStackMapTest, ATableTakesFewBytesASite) {
  CompactStackMapEncoder encoder;
  encoder.AddFunction(0, "f");
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    encoder.AddSite(20 * i, Slots{Sp(8), Sp(16 + 8 * (i % 4))});
  }
  EXPECT_LT(encoder.Encode().size(), 2 * 1000 + 40);
}

TEST(CompactStackMapDeathTest, CodeIsEncodedInItsOrder) {
  CompactStackMapEncoder encoder;
  EXPECT_DEATH(encoder.AddSite(1, {}), "before any function");
  encoder.AddFunction(8);
  encoder.AddSite(4, {});
  EXPECT_DEATH(encoder.AddSite(4, {}), "in the order of their code");
  EXPECT_DEATH(encoder.AddFunction(7), "in the order of their code");
  EXPECT_DEATH(encoder.AddSite(5, Slots{Sp(2)}), "not aligned");
}

}  // namespace
}  // namespace fledge::runtime
