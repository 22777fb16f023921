#include "gc/object_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "tests/support/compressed_model.h"
#include "tests/support/fake_models.h"
#include "tests/support/model_traits.h"
#include "tests/support/ocaml_like_model.h"
#include "tests/support/plain_model.h"

namespace fledge::gc {
namespace {

struct Shape {
  std::size_t slots;
  std::size_t raw_bytes;
};

// Both parities of everything, the empty parts, and one array of several cards.
constexpr Shape kShapes[] = {{0, 0}, {0, 1},   {0, 24},  {1, 0},   {2, 0},
                             {3, 0}, {2, 8},   {1, 1},   {4, 100}, {17, 5},
                             {5, 4}, {600, 0}, {600, 64}};

// Memory that stands for a heap's reservation, and a model of it.
template <typename M>
class ObjectModelTest : public ::testing::Test {
 protected:
  using Value = typename M::Value;
  using Slots = std::vector<Value*>;

  ObjectModelTest() { std::memset(arena_.get(), 0xa5, sizeof(Arena)); }

  AddressRange arena() const {
    return {reinterpret_cast<Address>(arena_.get()), sizeof(Arena)};
  }

  Address Take(std::size_t bytes) {
    const Address object = next_;
    next_ += bytes;
    EXPECT_LE(next_, arena().end());
    return object;
  }

  Address Make(Shape shape) {
    const Address object =
        Take(ModelTraits<M>::SizeFor(shape.slots, shape.raw_bytes));
    ModelTraits<M>::InitializeAt(object, shape.slots, shape.raw_bytes);
    return object;
  }

  // Moves `object` as a collector does; its header then forwards to the copy.
  Address Move(Address object) {
    const Header header = LoadHeader(object);
    const Address copy = Take(model_.SizeAfterCopy(header));
    std::memcpy(reinterpret_cast<void*>(copy),
                reinterpret_cast<const void*>(object), model_.SizeFrom(header));
    model_.FinishCopy(object, copy, header);
    StoreHeader(object, model_.ForwardingHeader(copy));
    return copy;
  }

  std::size_t SizeOf(Address object) const {
    return model_.SizeFrom(LoadHeader(object));
  }

  // Every kind of reference that `object` can be meant by.
  std::vector<Value> ReferencesTo(Address object) const {
    return {ModelTraits<M>::ReferenceTo(model_, object),
            ModelTraits<M>::InteriorReferenceTo(model_, object)};
  }

  Slots AllSlots(Address object) const {
    Slots slots;
    model_.VisitSlots(object, LoadHeader(object),
                      [&](Value* slot) { slots.push_back(slot); });
    return slots;
  }
  Slots SlotsIn(Address object, AddressRange range) const {
    Slots slots;
    model_.VisitSlotsIn(object, LoadHeader(object), range,
                        [&](Value* slot) { slots.push_back(slot); });
    return slots;
  }

 private:
  struct alignas(kPageBytes) Arena {
    std::byte bytes[64 * kKiB];
  };

  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>();
  // No object lies at a reservation's start: distance 0 is null.
  Address next_ = arena().begin + M::kAlignment;

 protected:
  const M model_{arena()};
};

TYPED_TEST_SUITE(ObjectModelTest, FakeModels, ModelNames);

TYPED_TEST(ObjectModelTest, ZeroAndImmediatesAreNoReferences) {
  using Traits = ModelTraits<TypeParam>;
  EXPECT_EQ(Traits::NullValue(), 0u);
  EXPECT_EQ(this->model_.Decode(0), kNullAddress);
  for (const int number : {0, 1, 2, -1, 1 << 29, -(1 << 29)}) {
    EXPECT_EQ(this->model_.Decode(Traits::Immediate(number)), kNullAddress)
        << number;
  }
  EXPECT_NE(Traits::Immediate(0), Traits::NullValue());
}

TYPED_TEST(ObjectModelTest, EveryReferenceLeadsToItsObject) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    for (const auto value : this->ReferencesTo(object)) {
      EXPECT_EQ(this->model_.Decode(value), object);
    }
  }
}

TYPED_TEST(ObjectModelTest, EveryReferenceLeadsToAnObjectThatIsForwarded) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    const auto references = this->ReferencesTo(object);
    this->Move(object);
    for (const auto value : references) {
      EXPECT_EQ(this->model_.Decode(value), object);
    }
  }
}

// Equal to what the same kind of reference to the copy is, so that tags and
// interior displacement are kept.
TYPED_TEST(ObjectModelTest, RebaseKeepsTheKindOfReference) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    auto references = this->ReferencesTo(object);
    const Address copy = this->Move(object);
    for (auto& value : references) {
      value = this->model_.Rebase(value, object, copy);
    }
    EXPECT_EQ(references, this->ReferencesTo(copy));
  }
}

TYPED_TEST(ObjectModelTest, RebaseUndoesRebase) {
  const Address object = this->Make({1, 8});
  const auto references = this->ReferencesTo(object);
  const Address copy = this->Move(object);
  for (const auto value : references) {
    const auto moved = this->model_.Rebase(value, object, copy);
    EXPECT_EQ(this->model_.Rebase(moved, copy, object), value);
  }
}

TYPED_TEST(ObjectModelTest, FilterWordLiesInTheObjectOrRightBehindItsHeader) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    const AddressRange whole{object, this->SizeOf(object)};
    for (const auto value : this->ReferencesTo(object)) {
      const Address word = this->model_.FilterWord(value);
      EXPECT_TRUE(whole.Contains(word) || word == object + sizeof(Header))
          << shape.slots << " slots, " << shape.raw_bytes << " raw bytes";
    }
  }
}

TYPED_TEST(ObjectModelTest, PartsOfAnObjectLieInItAndDoNotOverlap) {
  using Traits = ModelTraits<TypeParam>;
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    ASSERT_EQ(Traits::SlotCount(object), shape.slots);
    const auto raw_bytes = Traits::Raw(object);
    ASSERT_GE(raw_bytes.size(), shape.raw_bytes);

    const AddressRange body =
        RangeBetween(object + sizeof(Header), object + this->SizeOf(object));
    const AddressRange raw{reinterpret_cast<Address>(raw_bytes.data()),
                           raw_bytes.size()};
    EXPECT_TRUE(raw.empty() || body.Contains(raw));
    for (std::size_t i = 0; i < shape.slots; ++i) {
      const AddressRange slot{
          reinterpret_cast<Address>(Traits::Slot(object, i)),
          sizeof(typename TestFixture::Value)};
      EXPECT_TRUE(body.Contains(slot));
      EXPECT_TRUE(slot.Intersect(raw).empty());
    }
  }
}

TYPED_TEST(ObjectModelTest, SizeIsAlignedAndTheSameWithEveryContent) {
  using Traits = ModelTraits<TypeParam>;
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    const std::size_t size = Traits::SizeFor(shape.slots, shape.raw_bytes);
    EXPECT_TRUE(IsAligned(size, TypeParam::kAlignment));
    EXPECT_GE(size, sizeof(Header));
    EXPECT_EQ(this->SizeOf(object), size);

    for (const auto byte : {std::byte{0}, std::byte{0xff}}) {
      std::ranges::fill(Traits::Raw(object), byte);
      EXPECT_EQ(this->SizeOf(object), size);
      EXPECT_EQ(Traits::SlotCount(object), shape.slots);
    }
  }
}

TYPED_TEST(ObjectModelTest, VisitsEachSlotOnceAndNothingElse) {
  using Traits = ModelTraits<TypeParam>;
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    typename TestFixture::Slots expected;
    for (std::size_t i = 0; i < shape.slots; ++i) {
      expected.push_back(Traits::Slot(object, i));
      EXPECT_EQ(*expected.back(), Traits::NullValue());
    }
    EXPECT_EQ(this->AllSlots(object), expected);
  }
}

// In from-space, with the header word that was loaded before it was
// overwritten: the shape must not be read from the object's first word again.
TYPED_TEST(ObjectModelTest, SlotsAreFoundFromTheHeaderThatWasLoadedBefore) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    const Header header = LoadHeader(object);
    const auto expected = this->AllSlots(object);
    this->Move(object);
    typename TestFixture::Slots slots;
    const auto note = [&](auto* slot) { slots.push_back(slot); };
    this->model_.VisitSlots(object, header, note);
    EXPECT_EQ(slots, expected);
    if constexpr (ReversibleModel<TypeParam>) {
      slots.clear();
      this->model_.VisitSlotsReversed(object, header, note);
      std::ranges::reverse(slots);
      EXPECT_EQ(slots, expected);
    }
  }
}

// Also one that grew: tracers scan a copy by what is left of the original.
TYPED_TEST(ObjectModelTest, ACopyHasTheSlotsOfTheOriginal) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    if constexpr (ModelTraits<TypeParam>::kHasIdentityHash) {
      ModelTraits<TypeParam>::IdentityHash(object);
    }
    typename TestFixture::Slots expected = this->AllSlots(object);
    const Address copy = this->Move(object);
    for (auto*& slot : expected) {
      slot = reinterpret_cast<typename TypeParam::Value*>(
          reinterpret_cast<Address>(slot) + (copy - object));
    }
    EXPECT_EQ(this->AllSlots(copy), expected);
  }
}

TYPED_TEST(ObjectModelTest, VisitsInARangeAtLeastTheSlotsThatBeginThere) {
  for (const Shape shape : kShapes) {
    if (shape.slots > 100) continue;  // Pairs of ends: quadratic in the size.
    const Address object = this->Make(shape);
    const auto all = this->AllSlots(object);
    const Address first = object - 9;
    const Address last = object + this->SizeOf(object) + 9;
    for (Address begin = first; begin <= last; ++begin) {
      for (Address end = begin; end <= last; ++end) {
        const AddressRange range = RangeBetween(begin, end);
        const auto seen = this->SlotsIn(object, range);
        ASSERT_TRUE(std::ranges::includes(all, seen));
        ASSERT_EQ(std::ranges::adjacent_find(seen), seen.end());
        for (auto* slot : all) {
          if (!range.Contains(reinterpret_cast<Address>(slot))) continue;
          ASSERT_TRUE(std::ranges::binary_search(seen, slot));
        }
      }
    }
  }
}

TYPED_TEST(ObjectModelTest, RangesThatTileAnArrayVisitEachSlot) {
  constexpr std::size_t kCardBytes = 256;
  const Address object = this->Make({600, 64});
  auto missing = this->AllSlots(object);
  const Address end = object + this->SizeOf(object);
  for (Address card = AlignDown(object, kCardBytes); card < end;
       card += kCardBytes) {
    for (auto* slot : this->SlotsIn(object, {card, kCardBytes})) {
      std::erase(missing, slot);
    }
  }
  EXPECT_TRUE(missing.empty());
}

TYPED_TEST(ObjectModelTest, ForwardingStateComesBackFromTheHeader) {
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    EXPECT_FALSE(this->model_.IsForwarded(LoadHeader(object)));
    const Address copy = this->Move(object);
    EXPECT_TRUE(this->model_.IsForwarded(LoadHeader(object)));
    EXPECT_EQ(this->model_.ForwardingAddress(LoadHeader(object)), copy);
    EXPECT_FALSE(this->model_.IsForwarded(LoadHeader(copy)));
  }
}

TYPED_TEST(ObjectModelTest, ForwardsToTheHighestUserAddress) {
  const Address highest = (Address{1} << 47) - TypeParam::kAlignment;
  const Header header = this->model_.ForwardingHeader(highest);
  EXPECT_TRUE(this->model_.IsForwarded(header));
  EXPECT_EQ(this->model_.ForwardingAddress(header), highest);
}

TYPED_TEST(ObjectModelTest, CopyHasTheSizeForetoldAndTheContent) {
  using Traits = ModelTraits<TypeParam>;
  for (const Shape shape : kShapes) {
    const Address object = this->Make(shape);
    std::ranges::fill(Traits::Raw(object), std::byte{0x3c});
    for (std::size_t i = 0; i < shape.slots; ++i) {
      *Traits::Slot(object, i) = Traits::Immediate(static_cast<int>(i));
    }
    const std::size_t size = this->model_.SizeAfterCopy(LoadHeader(object));
    const std::size_t raw_bytes = Traits::Raw(object).size();

    const Address copy = this->Move(object);
    EXPECT_EQ(this->SizeOf(copy), size);
    EXPECT_EQ(this->model_.SizeAfterCopy(LoadHeader(copy)), size);
    EXPECT_EQ(Traits::Raw(copy).size(), raw_bytes);
    EXPECT_TRUE(std::ranges::all_of(
        Traits::Raw(copy), [](std::byte b) { return b == std::byte{0x3c}; }));
    ASSERT_EQ(Traits::SlotCount(copy), shape.slots);
    for (std::size_t i = 0; i < shape.slots; ++i) {
      EXPECT_EQ(*Traits::Slot(copy, i), Traits::Immediate(static_cast<int>(i)));
    }
  }
}

TYPED_TEST(ObjectModelTest, ACopyOfTheModelDecodesAlike) {
  const Address object = this->Make({2, 8});
  const TypeParam copy = this->model_;
  for (const auto value : this->ReferencesTo(object)) {
    EXPECT_EQ(copy.Decode(value), object);
  }
}

TYPED_TEST(ObjectModelTest, EveryObjectHasATypeName) {
  for (const Shape shape : kShapes) {
    const Header header = LoadHeader(this->Make(shape));
    const std::string_view name = this->model_.TypeName(header);
    EXPECT_NE(name, "");
    EXPECT_NE(name, "unknown");
  }
}

class OcamlLikeModelTest : public ObjectModelTest<OcamlLikeModel> {
 protected:
  using Traits = ModelTraits<OcamlLikeModel>;
};

TEST_F(OcamlLikeModelTest, ClosureHasAnInteriorReferenceOfItsOwn) {
  const Address closure = Make({2, 8});
  EXPECT_NE(Traits::InteriorReferenceTo(model_, closure),
            Traits::ReferenceTo(model_, closure));
}

TEST_F(OcamlLikeModelTest, NothingInAClosureBeforeItsEnvironmentIsASlot) {
  const Address closure = Make({2, 8});
  const auto slots = AllSlots(closure);
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots.front(),
            OcamlLikeModel::Field(closure, Traits::kFirstRawField + 1));
}

TEST_F(OcamlLikeModelTest, TagsFromNoScanOnHaveNoSlots) {
  const Address object = Take(24);
  StoreHeader(object, OcamlLikeModel::MakeHeader(OcamlLikeModel::kDouble, 2));
  EXPECT_EQ(AllSlots(object), Slots{});
  StoreHeader(object, OcamlLikeModel::MakeHeader(OcamlLikeModel::kBlock, 2));
  EXPECT_EQ(AllSlots(object).size(), 2u);
}

TEST_F(OcamlLikeModelTest, StaticDataDecodesToAnObjectOutsideTheReservation) {
  alignas(8) std::byte memory[64];
  const auto object = reinterpret_cast<Address>(memory);
  Traits::InitializeAt(object, 1, 8);
  for (const auto value : ReferencesTo(object)) {
    EXPECT_EQ(model_.Decode(value), object);
    EXPECT_FALSE(arena().Contains(model_.FilterWord(value)));
  }
}

// A copy's address may have any low bits but the three of its alignment.
TEST_F(OcamlLikeModelTest, NoForwardingHeaderLooksLikeAnInfixHeader) {
  for (Address low = 0; low < 1 << 12; low += OcamlLikeModel::kAlignment) {
    const Header header = model_.ForwardingHeader((Address{1} << 40) + low);
    EXPECT_NE(OcamlLikeModel::TagFrom(header), OcamlLikeModel::kInfix);
  }
}

class CompressedModelTest : public ObjectModelTest<CompressedModel> {
 protected:
  using Traits = ModelTraits<CompressedModel>;

  // One whose hash fits into the bytes that alignment leaves over, and one that
  // must grow.
  static constexpr Shape kWithRoom = {2, 8};
  static constexpr Shape kWithoutRoom = {2, 0};
  static constexpr std::size_t kGrowth = CompressedModel::kAlignment;
};

TEST_F(CompressedModelTest, IdentityHashSurvivesMoves) {
  for (const Shape shape : {kWithRoom, kWithoutRoom}) {
    Address object = Make(shape);
    const std::uint64_t hash = Traits::IdentityHash(object);
    for (int i = 0; i < 3; ++i) {
      object = Move(object);
      EXPECT_EQ(Traits::IdentityHash(object), hash);
    }
  }
}

TEST_F(CompressedModelTest, HashTakenFromACopyIsThatCopysAddress) {
  const Address copy = Move(Make(kWithoutRoom));
  EXPECT_EQ(Traits::IdentityHash(copy), copy);
}

TEST_F(CompressedModelTest, OnlyAHashedObjectGrowsAndOnlyOnce) {
  const Address unhashed = Make(kWithoutRoom);
  const Address hashed = Make(kWithoutRoom);
  const std::size_t size = SizeOf(hashed);
  Traits::IdentityHash(hashed);
  EXPECT_EQ(SizeOf(hashed), size);  // Not before it moves.

  EXPECT_EQ(SizeOf(Move(unhashed)), size);
  const Address copy = Move(hashed);
  EXPECT_EQ(SizeOf(copy), size + kGrowth);
  EXPECT_EQ(SizeOf(Move(copy)), size + kGrowth);
}

TEST_F(CompressedModelTest, HashTakesBytesThatAlignmentLeavesOver) {
  const Address object = Make(kWithRoom);
  const std::size_t size = SizeOf(object);
  Traits::IdentityHash(object);
  EXPECT_EQ(SizeOf(Move(object)), size);
}

TEST_F(CompressedModelTest, HashIsNoPartOfTheRawBytes) {
  const Address object = Make(kWithoutRoom);
  Traits::IdentityHash(object);
  EXPECT_EQ(Traits::Raw(Move(object)).size(), 0u);
}

TEST_F(CompressedModelTest, ReachesTheLastObjectOfTheLargestReservation) {
  const AddressRange largest{Address{1} << 40,
                             CompressedModel::kLargestReservation};
  const CompressedModel model(largest);
  for (const Address object : {largest.begin + CompressedModel::kAlignment,
                               largest.end() - CompressedModel::kAlignment}) {
    EXPECT_EQ(model.Decode(model.Encode(object)), object);
    const Address first = largest.begin + CompressedModel::kAlignment;
    EXPECT_EQ(model.Rebase(model.Encode(object), object, first),
              model.Encode(first));
  }
}

TEST_F(CompressedModelTest, ReferenceToTheReservationsStartDies) {
  EXPECT_DEATH(model_.Encode(arena().begin), "no value can refer there");
}

// The concept, and that it rejects a model for each thing that is missing. A
// deleted member hides the one that is inherited.
static_assert(ObjectModel<PlainModel>);
static_assert(ObjectModel<OcamlLikeModel>);
static_assert(ObjectModel<CompressedModel>);

struct Complete : PlainModel {
  using PlainModel::PlainModel;
};
static_assert(ObjectModel<Complete>);

struct NotMadeFromAReservation : PlainModel {
  NotMadeFromAReservation() : PlainModel(AddressRange{}) {}
};
static_assert(!ObjectModel<NotMadeFromAReservation>);

struct NotCopyable : Complete {
  using Complete::Complete;
  NotCopyable(const NotCopyable&) = delete;
};
static_assert(!ObjectModel<NotCopyable>);

struct ValueIsSigned : Complete {
  using Complete::Complete;
  using Value = std::int64_t;
};
static_assert(!ObjectModel<ValueIsSigned>);

struct ValueIsNarrow : Complete {
  using Complete::Complete;
  using Value = std::uint16_t;
};
static_assert(!ObjectModel<ValueIsNarrow>);

struct AlignmentIsFour : Complete {
  using Complete::Complete;
  static constexpr std::size_t kAlignment = 4;
};
static_assert(!ObjectModel<AlignmentIsFour>);

struct WithoutDirection : Complete {
  using Complete::Complete;
  void kDirection() = delete;
};
static_assert(!ObjectModel<WithoutDirection>);

struct WithoutLargestReservation : Complete {
  using Complete::Complete;
  void kLargestReservation() = delete;
};
static_assert(!ObjectModel<WithoutLargestReservation>);

struct WithoutDecode : Complete {
  using Complete::Complete;
  void Decode() = delete;
};
static_assert(!ObjectModel<WithoutDecode>);

struct WithoutRebase : Complete {
  using Complete::Complete;
  void Rebase() = delete;
};
static_assert(!ObjectModel<WithoutRebase>);

struct WithoutFilterWord : Complete {
  using Complete::Complete;
  void FilterWord() = delete;
};
static_assert(!ObjectModel<WithoutFilterWord>);

struct WithoutSizeFrom : Complete {
  using Complete::Complete;
  void SizeFrom() = delete;
};
static_assert(!ObjectModel<WithoutSizeFrom>);

struct SizeIsNarrow : Complete {
  using Complete::Complete;
  std::uint32_t SizeFrom(Header) const;
};
static_assert(!ObjectModel<SizeIsNarrow>);

struct SizeChangesTheModel : Complete {
  using Complete::Complete;
  std::size_t SizeFrom(Header);
};
static_assert(!ObjectModel<SizeChangesTheModel>);

struct WithoutSizeAfterCopy : Complete {
  using Complete::Complete;
  void SizeAfterCopy() = delete;
};
static_assert(!ObjectModel<WithoutSizeAfterCopy>);

struct WithoutFinishCopy : Complete {
  using Complete::Complete;
  void FinishCopy() = delete;
};
static_assert(!ObjectModel<WithoutFinishCopy>);

struct WithoutIsForwarded : Complete {
  using Complete::Complete;
  void IsForwarded() = delete;
};
static_assert(!ObjectModel<WithoutIsForwarded>);

struct WithoutForwardingAddress : Complete {
  using Complete::Complete;
  void ForwardingAddress() = delete;
};
static_assert(!ObjectModel<WithoutForwardingAddress>);

struct WithoutForwardingHeader : Complete {
  using Complete::Complete;
  void ForwardingHeader() = delete;
};
static_assert(!ObjectModel<WithoutForwardingHeader>);

struct WithoutVisitSlots : Complete {
  using Complete::Complete;
  void VisitSlots() = delete;
};
static_assert(!ObjectModel<WithoutVisitSlots>);

struct VisitsSlotsOfAnotherWidth : Complete {
  using Complete::Complete;
  void VisitSlots(Address, Header, SlotVisitorArchetype<std::uint32_t>) const;
};
static_assert(!ObjectModel<VisitsSlotsOfAnotherWidth>);

struct WithoutVisitSlotsIn : Complete {
  using Complete::Complete;
  void VisitSlotsIn() = delete;
};
static_assert(!ObjectModel<WithoutVisitSlotsIn>);

struct WithoutTypeName : Complete {
  using Complete::Complete;
  void TypeName() = delete;
};
static_assert(!ObjectModel<WithoutTypeName>);

}  // namespace
}  // namespace fledge::gc
