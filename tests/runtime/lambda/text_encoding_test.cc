#include "runtime/lambda/text_encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/runtime/lambda/machine.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::lambda {
namespace {

using namespace std::string_view_literals;

TEST(TextEncodingTest, AnExtentCountsCharactersAndFindsTheLargest) {
  const Utf8Extent extent =
      MeasureUtf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(extent.characters, 4u);
  EXPECT_EQ(extent.largest, U'\U0001f600');
  EXPECT_EQ(extent.valid_bytes, 10u);
  EXPECT_EQ(MeasureUtf8("").characters, 0u);
  EXPECT_EQ(MeasureUtf8("\0x"sv).characters, 2u);
}

TEST(TextEncodingTest, WhatIsNoUtf8IsFoundWhereItBegins) {
  for (const std::string_view wrong :
       {"\x80"sv, "\xc3"sv, "\xc3("sv, "\xc0\x80"sv, "\xe0\x80\x80"sv,
        "\xe2\x82"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv,
        "\xf8\x88\x80\x80\x80"sv, "\xff"sv}) {
    const std::string bytes = "\xce\xbb" + std::string(wrong);
    EXPECT_EQ(MeasureUtf8(bytes).valid_bytes, 2u) << bytes;
    EXPECT_EQ(MeasureUtf8(bytes).characters, 1u);
  }
}

TEST(TextEncodingTest, RandomTextsComeBack) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  Random random(seed);
  Machine machine(Machine::Quiet());
  for (int i = 0; i < 300; ++i) {
    std::u32string characters(random.Below(20), U' ');
    const char32_t limits[] = {0x80, 0x100, 0x800, 0x10000, 0x110000};
    for (char32_t& c : characters) {
      do {
        c = static_cast<char32_t>(random.Below(random.Pick(limits)));
      } while (!Value::IsScalarValue(c));
    }
    const Local text = machine.String(characters);
    const std::string bytes = Utf8Of(Text(text.get()));
    EXPECT_EQ(Machine::TextOf(TryMakeTextOfUtf8(machine.mutator, bytes)),
              characters);
    EXPECT_EQ(MeasureUtf8(bytes).valid_bytes, bytes.size());
  }
}

}  // namespace
}  // namespace fledge::lambda
