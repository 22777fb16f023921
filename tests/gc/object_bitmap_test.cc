#include "gc/object_bitmap.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::gc {
namespace {

using Addresses = std::vector<Address>;

class ObjectBitmapTest : public ::testing::Test {
 protected:
  // Only address arithmetic: nothing at these addresses is touched.
  static constexpr std::size_t kWords = 8;
  static constexpr AddressRange kHeap{0x4000'0000,
                                      kWords* ObjectBitmap::kBytesPerWord};
  static constexpr std::size_t kGranule = ObjectBitmap::kGranuleBytes;

  static Address At(std::size_t granule) {
    return kHeap.begin + granule * kGranule;
  }
  static Address Word(std::size_t i) {
    return kHeap.begin + i * ObjectBitmap::kBytesPerWord;
  }

  static Addresses Visit(const ObjectBitmap& bits, AddressRange range = kHeap) {
    Addresses seen;
    bits.VisitRange(range, [&](Address object) { seen.push_back(object); });
    return seen;
  }

  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(kWords);
  std::vector<std::uint64_t> other_words_ = std::vector<std::uint64_t>(kWords);
  ObjectBitmap bits_{kHeap, words_.data()};
  ObjectBitmap other_{kHeap, other_words_.data()};
};

static_assert(ObjectBitmap::SizeFor(ObjectBitmap::kBytesPerWord) ==
              sizeof(std::uint64_t));

TEST_F(ObjectBitmapTest, NewBitmapIsClear) {
  EXPECT_FALSE(bits_.AnyIn(kHeap));
  EXPECT_EQ(Visit(bits_), Addresses{});
}

TEST_F(ObjectBitmapTest, NeighboursHaveBitsOfTheirOwn) {
  bits_.Set(At(5));
  EXPECT_FALSE(bits_.Test(At(4)));
  EXPECT_TRUE(bits_.Test(At(5)));
  EXPECT_FALSE(bits_.Test(At(6)));
  bits_.Clear(At(5));
  EXPECT_FALSE(bits_.Test(At(5)));
}

TEST_F(ObjectBitmapTest, BothEndsOfTheHeapHaveABit) {
  bits_.Set(kHeap.begin);
  bits_.Set(kHeap.end() - kGranule);
  EXPECT_EQ(Visit(bits_), (Addresses{kHeap.begin, kHeap.end() - kGranule}));
}

TEST_F(ObjectBitmapTest, TestAndSetIsTrueTheFirstTime) {
  EXPECT_TRUE(bits_.TestAndSet(At(70)));
  EXPECT_FALSE(bits_.TestAndSet(At(70)));
  bits_.Clear(At(70));
  EXPECT_TRUE(bits_.TestAndSet(At(70)));
}

TEST_F(ObjectBitmapTest, FindNextBeginsWithItsArgumentAndEndsBeforeTheLimit) {
  bits_.Set(At(10));
  EXPECT_EQ(bits_.FindNext(At(10), kHeap.end()), At(10));
  EXPECT_EQ(bits_.FindNext(At(11), kHeap.end()), kHeap.end());
  EXPECT_EQ(bits_.FindNext(At(0), At(11)), At(10));
  EXPECT_EQ(bits_.FindNext(At(0), At(10)), At(10));  // The limit, not a find.
}

TEST_F(ObjectBitmapTest, FindPreviousEndsBeforeItsArgumentAndReachesTheFloor) {
  bits_.Set(At(10));
  EXPECT_EQ(bits_.FindPrevious(At(10), kHeap.begin), kNullAddress);
  EXPECT_EQ(bits_.FindPrevious(At(11), kHeap.begin), At(10));
  EXPECT_EQ(bits_.FindPrevious(At(11), At(10)), At(10));
  EXPECT_EQ(bits_.FindPrevious(kHeap.end(), At(11)), kNullAddress);
  EXPECT_EQ(bits_.FindPrevious(At(10), At(10)), kNullAddress);
}

TEST_F(ObjectBitmapTest, FindCrossesEmptyWords) {
  bits_.Set(At(0));
  bits_.Set(kHeap.end() - kGranule);
  EXPECT_EQ(bits_.FindNext(At(1), kHeap.end()), kHeap.end() - kGranule);
  EXPECT_EQ(bits_.FindPrevious(kHeap.end() - kGranule, kHeap.begin), At(0));
}

TEST_F(ObjectBitmapTest, VisitorMaySetAndClearElsewhere) {
  bits_.Set(Word(1));
  bits_.Set(Word(3));
  Addresses seen;
  bits_.VisitRange(kHeap, [&](Address object) {
    seen.push_back(object);
    bits_.Clear(Word(3));
    bits_.Set(Word(5));
  });
  EXPECT_EQ(seen, (Addresses{Word(1), Word(5)}));
}

TEST_F(ObjectBitmapTest, RangesBeginAndEndWhereTheySay) {
  const AddressRange middle = RangeBetween(Word(2), Word(4));
  for (const Address edge :
       {Word(2) - kGranule, Word(2), Word(4) - kGranule, Word(4)}) {
    bits_.Set(edge);
  }
  EXPECT_EQ(Visit(bits_, middle), (Addresses{Word(2), Word(4) - kGranule}));
  EXPECT_TRUE(bits_.AnyIn(middle));
  other_.CopyRange(middle, bits_);
  EXPECT_EQ(Visit(other_), (Addresses{Word(2), Word(4) - kGranule}));
  bits_.ClearRange(middle);
  EXPECT_FALSE(bits_.AnyIn(middle));
  EXPECT_EQ(Visit(bits_), (Addresses{Word(2) - kGranule, Word(4)}));
}

TEST_F(ObjectBitmapTest, CopyRangeClearsWhatTheSourceHasNot) {
  bits_.Set(Word(2));
  bits_.CopyRange({Word(2), ObjectBitmap::kBytesPerWord}, other_);
  EXPECT_EQ(Visit(bits_), Addresses{});
}

TEST_F(ObjectBitmapTest, SwapChangesPlacesAndNothingElse) {
  bits_.Set(At(1));
  other_.Set(At(2));
  bits_.SwapWith(other_);
  EXPECT_EQ(Visit(bits_), Addresses{At(2)});
  EXPECT_EQ(Visit(other_), Addresses{At(1)});
}

TEST_F(ObjectBitmapTest, AgreesWithASetOfAddresses) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  std::set<Address> model;
  const auto granule = [&] { return At(random.Below(kHeap.bytes / kGranule)); };
  const auto words = [&] {
    const std::size_t first = random.Below(kWords);
    return RangeBetween(Word(first), Word(random.Between(first, kWords)));
  };
  for (int i = 0; i < 20'000; ++i) {
    const Address a = granule();
    const Address b = granule();
    switch (random.Below(9)) {
      case 0:
        bits_.Set(a);
        model.insert(a);
        break;
      case 1:
        bits_.Clear(a);
        model.erase(a);
        break;
      case 2:
        ASSERT_EQ(bits_.TestAndSet(a), model.insert(a).second);
        break;
      case 3:
        ASSERT_EQ(bits_.Test(a), model.contains(a));
        break;
      case 4: {
        if (a >= b) break;
        const auto next = model.lower_bound(a);
        ASSERT_EQ(bits_.FindNext(a, b),
                  next == model.end() || *next >= b ? b : *next);
        break;
      }
      case 5: {
        const auto above = model.lower_bound(b);
        const bool found = above != model.begin() && *std::prev(above) >= a;
        ASSERT_EQ(bits_.FindPrevious(b, a),
                  a < b && found ? *std::prev(above) : kNullAddress);
        break;
      }
      case 6: {
        if (!random.OneIn(4)) break;  // Lest it be empty most of the time.
        const AddressRange range = words();
        bits_.ClearRange(range);
        model.erase(model.lower_bound(range.begin),
                    model.lower_bound(range.end()));
        break;
      }
      case 7: {
        const AddressRange range = words();
        other_.CopyRange(range, bits_);
        ASSERT_EQ(Visit(other_, range), Visit(bits_, range));
        break;
      }
      case 8: {
        const AddressRange range = words();
        const Addresses expected(model.lower_bound(range.begin),
                                 model.lower_bound(range.end()));
        ASSERT_EQ(Visit(bits_, range), expected);
        ASSERT_EQ(bits_.AnyIn(range), !expected.empty());
        break;
      }
    }
  }
}

}  // namespace
}  // namespace fledge::gc
