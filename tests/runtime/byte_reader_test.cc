#include "runtime/byte_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "tests/support/byte_writer.h"

namespace fledge::runtime {
namespace {

std::vector<std::byte> Bytes(std::initializer_list<int> bytes) {
  ByteWriter out;
  for (const int byte : bytes) out.U8(static_cast<std::uint64_t>(byte));
  return out.bytes();
}

TEST(ByteReaderTest, NumbersAreLittleEndian) {
  const auto bytes = Bytes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8(), 0x01u);
  EXPECT_EQ(reader.U16(), 0x0302u);
  EXPECT_EQ(reader.U32(), 0x07060504u);
  EXPECT_EQ(reader.U64(), 0x0f0e0d0c0b0a0908u);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.left(), 0u);
}

TEST(ByteReaderTest, BeyondTheEndIsZeroAndRemembered) {
  const auto bytes = Bytes({1, 2, 3});
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0u);  // Not the byte that is there.
}

TEST(ByteReaderTest, TextAndPaddingEndWithTheBytes) {
  const auto bytes = Bytes({'a', 'b', 'c', 0, 0, 0, 0, 0, 7});
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Text(3), "abc");
  reader.AlignTo(8);
  EXPECT_EQ(reader.at(), 8u);
  reader.AlignTo(8);
  EXPECT_EQ(reader.U8(), 7u);
  EXPECT_TRUE(reader.ok());
  reader.AlignTo(8);
  EXPECT_FALSE(reader.ok());
  ByteReader again(bytes);
  EXPECT_EQ(again.Text(std::numeric_limits<std::size_t>::max()), "");
  EXPECT_FALSE(again.ok());
}

TEST(ByteReaderTest, Leb128HasUpTo64Bits) {
  const auto bytes = Bytes({0x7f, 0x80, 0x01, 0xe5, 0x8e, 0x26});
  ByteReader reader(bytes);
  EXPECT_EQ(reader.Leb128(), 127u);
  EXPECT_EQ(reader.Leb128(), 128u);
  EXPECT_EQ(reader.Leb128(), 624485u);
  EXPECT_TRUE(reader.ok());
  const auto most =
      Bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1});
  ByteReader largest(most);
  EXPECT_EQ(largest.Leb128(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(largest.ok());
}

TEST(ByteReaderTest, Leb128OfMoreBitsOrWithoutEndIsAnError) {
  for (const auto& bytes :
       {Bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2}),
        Bytes({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}),
        Bytes({0x80, 0x80}), Bytes({})}) {
    ByteReader reader(bytes);
    EXPECT_EQ(reader.Leb128(), 0u);
    EXPECT_FALSE(reader.ok());
  }
}

}  // namespace
}  // namespace fledge::runtime
