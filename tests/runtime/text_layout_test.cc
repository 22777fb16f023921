#include "runtime/text_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "runtime/value_model.h"

namespace fledge::runtime {
namespace {

class TextLayoutTest : public ::testing::Test {
 protected:
  TextLayoutTest() {
    memory_.fill(kGarbage);
    other_.fill(kGarbage);
  }

  Address Memory() { return reinterpret_cast<Address>(memory_.data()); }
  Value Object() { return Value::Reference(Memory()); }
  std::size_t Size() { return SizeFrom(gc::LoadHeader(Memory())); }
  // A moved text to a wide one of `length`.
  Text Moved(std::size_t length) {
    const Address wide = reinterpret_cast<Address>(other_.data());
    Text::Initialize(wide, length, TextWidth::kWide);
    gc::StoreHeader(Memory(), MakeHeader(ObjectType::kMovedText));
    *MovedText(Object()).text_slot() = Value::Reference(wide).word();
    return Text(Object());
  }

  static constexpr Value::Word kGarbage = 0xdddd'dddd'dddd'dddd;
  std::array<Value::Word, 32> memory_;
  std::array<Value::Word, 32> other_;
  ValueModel model_{AddressRange{}};
};

TEST_F(TextLayoutTest, ATextHasAByteForEachCharacterAndIsPaddedWithZeros) {
  for (std::size_t length = 0; length <= 17; ++length) {
    memory_.fill(kGarbage);
    const Text text = Text::Initialize(Memory(), length, TextWidth::kNarrow);
    EXPECT_EQ(text.length(), length);
    EXPECT_FALSE(text.is_wide());
    ASSERT_EQ(Size(), 8 + (length + 7) / 8 * 8);
    for (std::size_t i = 0; i < length; ++i) text.SetCharacter(i, 0xff);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(Memory() + 8);
    EXPECT_EQ(std::count(bytes, bytes + Size() - 8, 0xff), length);
    EXPECT_EQ(std::count(bytes, bytes + Size() - 8, 0), Size() - 8 - length);
    EXPECT_EQ(memory_[Size() / 8], kGarbage);
  }
}

TEST_F(TextLayoutTest, AWideTextHasFourBytesForEachCharacter) {
  for (std::size_t length = 1; length <= 5; ++length) {
    const Text text = Text::Initialize(Memory(), length, TextWidth::kWide);
    EXPECT_EQ(text.length(), length);
    EXPECT_TRUE(text.is_wide());
    ASSERT_EQ(Size(), 8 + (length + 1) / 2 * 8);
    text.SetCharacter(length - 1, 0x10ffff);
    EXPECT_EQ(text.character(length - 1), 0x10ffffu);
  }
}

TEST_F(TextLayoutTest, AMovedTextIsReadWhereItIsNow) {
  const Text text = Moved(3);
  text.SetCharacter(1, U'λ');
  EXPECT_NE(text.object(), Memory());
  EXPECT_EQ(text.length(), 3u);
  EXPECT_EQ(Text(Object()).character(1), U'λ');
  int slots = 0;
  model_.VisitSlots(Memory(), gc::LoadHeader(Memory()), [&](Value::Word* slot) {
    EXPECT_EQ(Value::FromWord(*slot).object(), text.object());
    ++slots;
  });
  EXPECT_EQ(slots, 1);
  EXPECT_EQ(model_.EdgeNameOf(Memory(), gc::LoadHeader(Memory()),
                              MovedText(Object()).text_slot()),
            (EdgeName{"text", 0}));
}

TEST_F(TextLayoutTest, AConstantTextReadsLikeAnother) {
  Text narrow = Text::Initialize(Memory(), 2, TextWidth::kNarrow);
  narrow.SetCharacter(1, U'x');
  EXPECT_FALSE(narrow.is_constant());
  narrow.MakeConstant();
  EXPECT_TRUE(Text(Object()).is_constant());
  EXPECT_FALSE(Text(Object()).is_wide());
  EXPECT_EQ(Text(Object()).character(1), U'x');
  EXPECT_TRUE(IsText(Object()));
  Moved(2).MakeConstant();
  EXPECT_TRUE(Text(Object()).is_constant());
  EXPECT_TRUE(Text(Object()).is_wide());
}

TEST_F(TextLayoutTest, OtherObjectsAreNoTexts) {
  Pair::Initialize(Memory(), Value::Nil(), Value::Nil());
  EXPECT_FALSE(IsText(Object()));
  String::Initialize(Memory(), "name");
  EXPECT_FALSE(IsText(Object()));
  EXPECT_FALSE(IsText(Value::Nil()));
  EXPECT_FALSE(IsText(Value()));
}

}  // namespace
}  // namespace fledge::runtime
