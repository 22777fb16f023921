#include "runtime/number_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/identity_hash.h"
#include "tests/runtime/moving_heap.h"

namespace fledge::runtime {
namespace {

using Limbs = std::vector<Bignum::Limb>;

class NumberLayoutTest : public ::testing::Test {
 protected:
  Local MakeBignum(const Limbs& limbs, Sign sign) {
    const Address object = moving_.mutator.Allocate(
        SizeOf(ObjectType::kBignum, Bignum::LengthOf(limbs.size(), sign)),
        gc::AllocationKind::kLeaf);
    return Local(moving_.mutator,
                 Bignum::Initialize(object, limbs, sign).value());
  }

  MovingHeap moving_{MovingHeap::Moving()};
};

TEST_F(NumberLayoutTest, ABignumsSignTakesNoMemory) {
  for (const std::size_t count : {1, 2, 3, 100}) {
    EXPECT_EQ(
        SizeOf(ObjectType::kBignum, Bignum::LengthOf(count, Sign::kPositive)),
        8 + 8 * count);
    EXPECT_EQ(
        SizeOf(ObjectType::kBignum, Bignum::LengthOf(count, Sign::kNegative)),
        8 + 8 * count);
  }
}

TEST_F(NumberLayoutTest, ABignumKeepsLimbsAndSignWhenItMoves) {
  for (const std::size_t count : {1, 2, 17}) {
    for (const Sign sign : {Sign::kPositive, Sign::kNegative}) {
      Limbs limbs(count, ~Bignum::Limb{0});
      limbs[0] = 1;
      limbs[count - 1] |= 2;
      const Local bignum = MakeBignum(limbs, sign);
      for (int i = 0; i < 3; ++i) {
        const Bignum view(bignum.get());
        ASSERT_TRUE(std::ranges::equal(view.limbs(), limbs));
        ASSERT_EQ(view.sign(), sign);
        moving_.Minor();
      }
    }
  }
}

TEST_F(NumberLayoutTest, AStoredHashIsNoLimb) {
  const Local bignum = MakeBignum({1, 2}, Sign::kNegative);
  const auto hash = IdentityHash(bignum.get().object());
  for (int i = 0; i < 3; ++i) moving_.Minor();
  const Bignum view(bignum.get());
  EXPECT_TRUE(std::ranges::equal(view.limbs(), Limbs{1, 2}));
  EXPECT_EQ(view.sign(), Sign::kNegative);
  EXPECT_EQ(IdentityHash(bignum.get().object()), hash);
}

TEST(NumberLayoutSlotsTest, RationalsAndComplexNumbersHaveTwoNamedSlots) {
  const ValueModel model{AddressRange{}};
  std::array<Value::Word, 3> memory;
  const auto object = reinterpret_cast<Address>(memory.data());
  const auto edges = [&] {
    std::vector<std::string_view> names;
    const Header header = gc::LoadHeader(object);
    model.VisitSlots(object, header, [&](Value::Word* slot) {
      names.insert(names.begin(), model.EdgeNameOf(object, header, slot).name);
    });
    return names;
  };
  const Value one = Value::SmallInteger(1);
  const Value two = Value::SmallInteger(2);
  const Rational rational = Rational::Initialize(object, one, two);
  EXPECT_EQ(rational.numerator(), one);
  EXPECT_EQ(rational.denominator(), two);
  EXPECT_EQ(edges(),
            (std::vector<std::string_view>{"numerator", "denominator"}));
  const Complex complex = Complex::Initialize(object, one, two);
  EXPECT_EQ(complex.real(), one);
  EXPECT_EQ(complex.imaginary(), two);
  EXPECT_EQ(edges(), (std::vector<std::string_view>{"real", "imaginary"}));
}

TEST(NumberLayoutSlotsTest, ABignumHasNoSlots) {
  const ValueModel model{AddressRange{}};
  std::array<Value::Word, 3> memory;
  const auto object = reinterpret_cast<Address>(memory.data());
  Bignum::Initialize(object, Limbs{8, 16}, Sign::kNegative);
  EXPECT_EQ(model.TypeName(gc::LoadHeader(object)), "bignum");
  model.VisitSlots(object, gc::LoadHeader(object),
                   [](Value::Word*) { ADD_FAILURE() << "a limb is a slot"; });
}

}  // namespace
}  // namespace fledge::runtime
