#include "runtime/value_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/object_layout.h"

namespace fledge::runtime {
namespace {

using Word = Value::Word;
using Indices = std::vector<std::size_t>;

class ValueModelTest : public ::testing::Test {
 protected:
  ValueModelTest() { memory_.fill(kGarbage); }

  // Memory for one object, as the nursery gives it: with any content.
  Address Memory() { return reinterpret_cast<Address>(memory_.data()); }

  Header HeaderOf(Address object) { return gc::LoadHeader(object); }

  // Which slots are visited, by index: 0 is the word after the header.
  Indices AllSlots() {
    Indices seen;
    model_.VisitSlots(Memory(), HeaderOf(Memory()),
                      [&](Word* slot) { seen.push_back(IndexOf(slot)); });
    return seen;
  }
  Indices SlotsIn(AddressRange range) {
    Indices seen;
    model_.VisitSlotsIn(Memory(), HeaderOf(Memory()), range,
                        [&](Word* slot) { seen.push_back(IndexOf(slot)); });
    return seen;
  }
  std::string_view EdgeAt(std::size_t i) {
    const EdgeName edge =
        model_.EdgeNameOf(Memory(), HeaderOf(Memory()), memory_.data() + 1 + i);
    EXPECT_EQ(edge.index, i);
    return edge.name;
  }
  std::size_t IndexOf(const Word* slot) {
    return static_cast<std::size_t>(slot - memory_.data() - 1);
  }
  std::size_t Size() { return model_.SizeFrom(HeaderOf(Memory())); }
  std::string_view TypeName() { return model_.TypeName(HeaderOf(Memory())); }

  static constexpr Word kGarbage = 0xdddd'dddd'dddd'dddd;
  static constexpr std::size_t kWords = 64;
  alignas(8) std::array<Word, kWords> memory_;
  ValueModel model_{AddressRange{}};
};

TEST_F(ValueModelTest, OnlyReferencesDecodeToAnAddress) {
  EXPECT_EQ(model_.Decode(Value::Reference(0x1238).word()), 0x1238u);
  for (const Value value :
       {Value(), Value::SmallInteger(0), Value::SmallInteger(-1),
        Value::Character(U'a'), Value::False(), Value::True(), Value::Nil(),
        Value::Undefined(), Value::Deleted()}) {
    EXPECT_EQ(model_.Decode(value.word()), kNullAddress);
  }
}

TEST_F(ValueModelTest, ARebasedReferenceIsTheNewAddress) {
  const Word old = Value::Reference(0x2000).word();
  EXPECT_EQ(model_.Rebase(old, 0x2000, 0x1000),
            Value::Reference(0x1000).word());
}

TEST_F(ValueModelTest, TheFilterWordOfAReferenceLiesInItsObject) {
  EXPECT_EQ(model_.FilterWord(Value::Reference(0x2000).word()), 0x2000u);
}

TEST_F(ValueModelTest, EveryTypeHasItsSizeSlotsAndName) {
  Pair::Initialize(Memory(), Value::Nil(), Value::Nil());
  EXPECT_EQ(Size(), 24u);
  EXPECT_EQ(AllSlots(), (Indices{1, 0}));
  EXPECT_EQ(TypeName(), "pair");
  Box::Initialize(Memory(), Value::Nil());
  EXPECT_EQ(Size(), 16u);
  EXPECT_EQ(AllSlots(), Indices{0});
  EXPECT_EQ(TypeName(), "box");
  Float::Initialize(Memory(), 1.5);
  EXPECT_EQ(Size(), 16u);
  EXPECT_EQ(AllSlots(), Indices{});
  EXPECT_EQ(TypeName(), "float");
  Map::Initialize(Memory());
  EXPECT_EQ(Size(), 32u);
  EXPECT_EQ(AllSlots(), Indices{0});
  EXPECT_EQ(TypeName(), "map");
  Bytes::Initialize(Memory(), 9);
  EXPECT_EQ(Size(), 24u);
  EXPECT_EQ(AllSlots(), Indices{});
  EXPECT_EQ(TypeName(), "bytes");
  Vector::Initialize(Memory(), 3, Value::Nil());
  EXPECT_EQ(Size(), 32u);
  EXPECT_EQ(AllSlots(), (Indices{2, 1, 0}));
  EXPECT_EQ(TypeName(), "vector");
}

TEST_F(ValueModelTest, ASymbolsHashIsNoSlot) {
  std::array<Word, 2> name_memory;
  const String name =
      String::Initialize(reinterpret_cast<Address>(name_memory.data()), "car");
  Symbol::Initialize(Memory(), name, /*hash=*/0x1000);
  EXPECT_EQ(Size(), 24u);
  EXPECT_EQ(AllSlots(), Indices{0});
  EXPECT_EQ(TypeName(), "symbol");
  EXPECT_EQ(Symbol(Value::Reference(Memory())).name().text(), "car");
  EXPECT_EQ(Symbol(Value::Reference(Memory())).hash(), 0x1000u);
}

TEST_F(ValueModelTest, StringsAreRoundedUpAndPaddedWithZeros) {
  for (std::size_t length = 0; length <= 17; ++length) {
    memory_.fill(kGarbage);
    const std::string text(length, 'x');
    const String string = String::Initialize(Memory(), text);
    ASSERT_EQ(Size(), 8 + (length + 7) / 8 * 8);
    EXPECT_EQ(string.text(), text);
    EXPECT_EQ(AllSlots(), Indices{});
    const char* bytes = reinterpret_cast<const char*>(memory_.data() + 1);
    EXPECT_EQ(std::string(bytes + length, bytes + Size() - 8),
              std::string(Size() - 8 - length, '\0'));
    EXPECT_EQ(memory_[Size() / 8], kGarbage) << "wrote past the object";
  }
}

TEST_F(ValueModelTest, BytesBeginAsZerosAndEndWithTheObject) {
  const Bytes bytes = Bytes::Initialize(Memory(), 9);
  EXPECT_EQ(bytes.bytes().size(), 9u);
  EXPECT_TRUE(std::ranges::all_of(bytes.bytes(),
                                  [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(memory_[2], 0u);
  EXPECT_EQ(memory_[3], kGarbage);
}

TEST_F(ValueModelTest, InitializedObjectsHoldWhatTheyWereGiven) {
  const Pair pair =
      Pair::Initialize(Memory(), Value::SmallInteger(1), Value::True());
  EXPECT_EQ(pair.car(), Value::SmallInteger(1));
  EXPECT_EQ(pair.cdr(), Value::True());
  EXPECT_EQ(Box::Initialize(Memory(), Value::Nil()).content(), Value::Nil());
  EXPECT_EQ(Float::Initialize(Memory(), -0.25).number(), -0.25);
  const Map map = Map::Initialize(Memory());
  EXPECT_TRUE(map.table().IsEmpty());
  EXPECT_EQ(map.count() + map.used(), 0u);
  const Vector vector = Vector::Initialize(Memory(), 2, Value::True());
  EXPECT_EQ(vector.length(), 2u);
  EXPECT_EQ(vector.item(0), Value::True());
  EXPECT_EQ(vector.item(1), Value::True());
}

TEST_F(ValueModelTest, AnEmptyVectorIsItsHeader) {
  Vector::Initialize(Memory(), 0, Value::Nil());
  EXPECT_EQ(Size(), 8u);
  EXPECT_EQ(AllSlots(), Indices{});
  EXPECT_EQ(SlotsIn({Memory(), 64}), Indices{});
}

TEST_F(ValueModelTest, ARangeVisitsTheSlotsThatBeginInIt) {
  Vector::Initialize(Memory(), 10, Value::Nil());
  const Address items = Memory() + kHeaderBytes;
  EXPECT_EQ(SlotsIn({items + 16, 24}), (Indices{2, 3, 4}));
  EXPECT_EQ(SlotsIn({items + 9, 8}), Indices{2});  // Not 1: it begins before.
  EXPECT_EQ(SlotsIn({items + 9, 7}), Indices{});
  EXPECT_EQ(SlotsIn({items + 16, 1}), Indices{2});
  EXPECT_EQ(SlotsIn({items, 0}), Indices{});
}

TEST_F(ValueModelTest, ARangeIsClippedToTheObject) {
  Vector::Initialize(Memory(), 3, Value::Nil());
  EXPECT_EQ(SlotsIn({Memory() - 512, 512 + 16}), Indices{0});
  EXPECT_EQ(SlotsIn({Memory() + 24, 512}), Indices{2});
  EXPECT_EQ(SlotsIn({Memory() - 512, 4096}), (Indices{0, 1, 2}));
  EXPECT_EQ(SlotsIn({Memory(), kHeaderBytes}), Indices{});
  EXPECT_EQ(SlotsIn({Memory() - 512, 512}), Indices{});
  EXPECT_EQ(SlotsIn({Memory() + 32, 512}), Indices{});
}

TEST_F(ValueModelTest, ARangeNeverVisitsRawWords) {
  Map::Initialize(Memory());
  EXPECT_EQ(SlotsIn({Memory() + 16, 16}), Indices{});
  Float::Initialize(Memory(), 1.0);
  EXPECT_EQ(SlotsIn({Memory(), 16}), Indices{});
}

TEST_F(ValueModelTest, ConsecutiveRangesVisitEachSlotOnce) {
  Vector::Initialize(Memory(), 20, Value::Nil());
  for (const std::size_t step : {8, 12, 16, 40}) {
    Indices seen;
    for (std::size_t at = 0; at < 256; at += step) {
      for (const std::size_t i : SlotsIn({Memory() + at, step})) {
        seen.push_back(i);
      }
    }
    Indices all = AllSlots();
    std::sort(all.begin(), all.end());
    EXPECT_EQ(seen, all) << "step " << step;
  }
}

TEST_F(ValueModelTest, AForwardingWordGivesTheAddressBack) {
  const Address to = 0x7fff'1234'5678;
  const Header header = model_.ForwardingHeader(to);
  EXPECT_TRUE(model_.IsForwarded(header));
  EXPECT_EQ(model_.ForwardingAddress(header), to);
}

TEST_F(ValueModelTest, NoObjectsHeaderLooksForwarded) {
  for (std::size_t type = 0; type < kObjectTypeCount; ++type) {
    const Header header = MakeHeader(static_cast<ObjectType>(type));
    EXPECT_FALSE(model_.IsForwarded(header)) << model_.TypeName(header);
  }
  EXPECT_FALSE(
      model_.IsForwarded(MakeHeader(ObjectType::kVector, kLargestLength)));
}

TEST_F(ValueModelTest, TheLargestLengthIsKeptAndItsSizeDoesNotOverflow) {
  const Header vector = MakeHeader(ObjectType::kVector, kLargestLength);
  EXPECT_EQ(LengthFrom(vector), kLargestLength);
  EXPECT_EQ(TypeFrom(vector), ObjectType::kVector);
  EXPECT_EQ(model_.SizeFrom(vector), (std::size_t{1} << 35) - 8);
  const Header string = MakeHeader(ObjectType::kString, kLargestLength);
  EXPECT_EQ(model_.SizeFrom(string), (std::size_t{1} << 32) + 8);
  // Nor with a hash.
  const Header hashed = WithHashStored(WithSalt(vector, kSaltMask));
  EXPECT_EQ(LengthFrom(hashed), kLargestLength);
  EXPECT_EQ(model_.SizeFrom(hashed), std::size_t{1} << 35);
}

TEST_F(ValueModelTest, AnObjectKeepsItsSizeWhenItIsCopied) {
  const Header header = MakeHeader(ObjectType::kVector, 5);
  EXPECT_EQ(model_.SizeAfterCopy(header), model_.SizeFrom(header));
}

TEST_F(ValueModelTest, EdgesHaveTheNamesOfTheirParts) {
  Pair::Initialize(Memory(), Value::Nil(), Value::Nil());
  EXPECT_EQ(EdgeAt(0), "car");
  EXPECT_EQ(EdgeAt(1), "cdr");
  Box::Initialize(Memory(), Value::Nil());
  EXPECT_EQ(EdgeAt(0), "content");
  Map::Initialize(Memory());
  EXPECT_EQ(EdgeAt(0), "table");
  Vector::Initialize(Memory(), 2, Value::Nil());
  EXPECT_EQ(EdgeAt(0), "");
  EXPECT_EQ(EdgeAt(1), "");
}

TEST_F(ValueModelTest, IsTellsTypesApartAndImmediatesFromObjects) {
  Pair::Initialize(Memory(), Value::Nil(), Value::Nil());
  EXPECT_TRUE(Is(Value::Reference(Memory()), ObjectType::kPair));
  EXPECT_FALSE(Is(Value::Reference(Memory()), ObjectType::kBox));
  EXPECT_FALSE(Is(Value(), ObjectType::kFloat));
  EXPECT_FALSE(Is(Value::SmallInteger(3), ObjectType::kPair));
}

#ifndef NDEBUG
using ValueModelDeathTest = ValueModelTest;

TEST_F(ValueModelDeathTest, AViewOfAnotherTypeDies) {
  Pair::Initialize(Memory(), Value::Nil(), Value::Nil());
  EXPECT_DEATH(Vector{Value::Reference(Memory())}, "another type");
}

TEST_F(ValueModelDeathTest, AnItemBeyondTheLengthDies) {
  const Vector vector = Vector::Initialize(Memory(), 2, Value::Nil());
  EXPECT_DEATH(vector.item(2), "length");
}

TEST_F(ValueModelDeathTest, ReadingAMovedObjectDies) {
  gc::StoreHeader(Memory(), model_.ForwardingHeader(0x1000));
  EXPECT_DEATH(Pair{Value::Reference(Memory())}, "held across a collection");
}

TEST_F(ValueModelDeathTest, ALengthForATypeOfFixedSizeDies) {
  EXPECT_DEATH(MakeHeader(ObjectType::kPair, 1), "fixed_words");
}
#endif

}  // namespace
}  // namespace fledge::runtime
