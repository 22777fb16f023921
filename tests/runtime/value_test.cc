#include "runtime/value.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

constexpr std::int64_t kSmallest = Value::kSmallestInteger;
constexpr std::int64_t kLargest = Value::kLargestInteger;

std::vector<Value> OneOfEachKind() {
  return {Value(),
          Value::SmallInteger(0),
          Value::Character(0),
          Value::False(),
          Value::True(),
          Value::Nil(),
          Value::Undefined(),
          Value::Deleted(),
          Value::EndOfFile(),
          Value::Reference(8)};
}

TEST(ValueTest, TheZeroWordIsEmptyAndNoReference) {
  EXPECT_TRUE(Value::FromWord(0).IsEmpty());
  EXPECT_FALSE(Value::FromWord(0).IsReference());
  EXPECT_EQ(Value(), Value::FromWord(0));
}

TEST(ValueTest, EveryValueIsOfExactlyOneKind) {
  for (const Value value : OneOfEachKind()) {
    const int kinds = value.IsEmpty() + value.IsSmallInteger() +
                      value.IsCharacter() + value.IsFalse() + value.IsTrue() +
                      value.IsNil() + value.IsUndefined() + value.IsDeleted() +
                      value.IsEndOfFile() + value.IsReference();
    EXPECT_EQ(kinds, 1) << std::hex << value.word();
  }
}

TEST(ValueTest, SmallIntegersAreKeptToBothEnds) {
  for (const std::int64_t integer :
       {kSmallest, kSmallest + 1, std::int64_t{-1}, std::int64_t{0},
        std::int64_t{1}, kLargest - 1, kLargest}) {
    const Value value = Value::SmallInteger(integer);
    EXPECT_TRUE(value.IsSmallInteger());
    EXPECT_EQ(value.integer(), integer);
  }
}

TEST(ValueTest, IntegersBeyondTheEndsDoNotFit) {
  EXPECT_TRUE(Value::FitsSmallInteger(kSmallest));
  EXPECT_TRUE(Value::FitsSmallInteger(kLargest));
  EXPECT_FALSE(Value::FitsSmallInteger(kSmallest - 1));
  EXPECT_FALSE(Value::FitsSmallInteger(kLargest + 1));
  EXPECT_FALSE(
      Value::FitsSmallInteger(std::numeric_limits<std::int64_t>::max()));
}

TEST(ValueTest, RandomIntegersAreKept) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int i = 0; i < 10'000; ++i) {
    const auto integer = static_cast<std::int64_t>(random.Next()) >> 1;
    ASSERT_EQ(Value::SmallInteger(integer).integer(), integer);
  }
}

TEST(ValueTest, CharactersAreKeptToTheLargestCodePoint) {
  for (const char32_t code_point :
       {U'\0', U'a', char32_t{0xd7ff}, char32_t{0xe000},
        Value::kLargestCodePoint}) {
    const Value value = Value::Character(code_point);
    EXPECT_TRUE(value.IsCharacter());
    EXPECT_EQ(value.character(), code_point);
  }
}

TEST(ValueTest, SurrogatesAndWhatIsLargerAreNoScalarValues) {
  EXPECT_FALSE(Value::IsScalarValue(0xd800));
  EXPECT_FALSE(Value::IsScalarValue(0xdfff));
  EXPECT_FALSE(Value::IsScalarValue(Value::kLargestCodePoint + 1));
}

TEST(ValueTest, BooleansAreTheTwoConstants) {
  EXPECT_EQ(Value::Boolean(true), Value::True());
  EXPECT_EQ(Value::Boolean(false), Value::False());
  EXPECT_TRUE(Value::True().boolean());
  EXPECT_FALSE(Value::False().boolean());
  EXPECT_TRUE(Value::True().IsBoolean());
  EXPECT_TRUE(Value::False().IsBoolean());
  EXPECT_FALSE(Value::Nil().IsBoolean());
}

TEST(ValueTest, AReferenceIsItsAddress) {
  for (const Address object : {Address{8}, Address{0x7fff'ffff'fff8},
                               Address{0xffff'ffff'ffff'fff8}}) {
    const Value value = Value::Reference(object);
    EXPECT_TRUE(value.IsReference());
    EXPECT_EQ(value.object(), object);
    EXPECT_EQ(value.word(), object);
  }
}

TEST(ValueTest, WordsWithUnusedTagsAreNoReferences) {
  for (const Value::Word tag : {0b010, 0b100, 0b110}) {
    EXPECT_FALSE(Value::FromWord(0x1000 | tag).IsReference());
    EXPECT_FALSE(Value::FromWord(0x1000 | tag).IsSmallInteger());
  }
}

TEST(ValueTest, EqualityIsOfBits) {
  EXPECT_EQ(Value::SmallInteger(7), Value::SmallInteger(7));
  EXPECT_NE(Value::SmallInteger(7), Value::SmallInteger(8));
  EXPECT_NE(Value::SmallInteger(97), Value::Character(97));
}

#ifndef NDEBUG
TEST(ValueDeathTest, WhatDoesNotFitDies) {
  EXPECT_DEATH(Value::SmallInteger(kLargest + 1), "FitsSmallInteger");
  EXPECT_DEATH(Value::Character(0xd800), "IsScalarValue");
  EXPECT_DEATH(Value::Reference(12), "not the address of an object");
  EXPECT_DEATH(Value::Reference(kNullAddress), "not the address of an object");
}

TEST(ValueDeathTest, ReadingAValueAsAnotherKindDies) {
  EXPECT_DEATH(Value::Nil().integer(), "IsSmallInteger");
  EXPECT_DEATH(Value::Nil().character(), "IsCharacter");
  EXPECT_DEATH(Value::Nil().boolean(), "IsBoolean");
  EXPECT_DEATH(Value().object(), "IsReference");
}
#endif

}  // namespace
}  // namespace fledge::runtime
