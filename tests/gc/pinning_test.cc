#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class PinningTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(PinningTest, FakeModels, ModelNames);

// Pins, and what else stays in place.

TYPED_TEST(PinningTest, PinnedObjectsStayWhileEverythingElseMoves) {
  this->Quietly([](auto& heap) {
    using Local = gc::Local<TypeParam>;
    std::vector<Local> locals;
    for (int i = 0; i < 100; ++i) locals.push_back(heap.Root(heap.New(i)));
    std::vector<typename TypeParam::Value> before;
    for (const Local& local : locals) before.push_back(local.get());
    std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
    for (std::size_t i = 0; i < locals.size(); i += 10) {
      pins.push_back(
          std::make_unique<PinScope<TypeParam>>(heap.mutator(), locals[i]));
    }
    EXPECT_EQ(heap.Minor().kept_bytes, pins.size() * heap.SizeOf());
    for (std::size_t i = 0; i < locals.size(); ++i) {
      EXPECT_EQ(locals[i].get() == before[i], i % 10 == 0) << i;
      EXPECT_TRUE(heap.Is(locals[i], static_cast<int>(i)));
    }
  });
}

TYPED_TEST(PinningTest, NurseryBumpsBetweenPinnedObjects) {
  this->Quietly([](auto& heap) {
    const HandleScope<TypeParam> scope(heap.mutator());
    // So far apart that a hole lies between them.
    const auto first = heap.Root(heap.New(1));
    for (int i = 0; i < 100; ++i) heap.New(0);
    const auto second = heap.Root(heap.New(2));
    const auto target = heap.Root(heap.New(3));
    heap.Set(first, target.get());
    const PinScope<TypeParam> pin_first(heap.mutator(), first);
    const PinScope<TypeParam> pin_second(heap.mutator(), second);
    const Address low = std::min(heap.AddressOf(first), heap.AddressOf(second));
    const Address high =
        std::max(heap.AddressOf(first), heap.AddressOf(second));
    heap.Minor();
    bool between = false;
    for (std::size_t i = 0; i < 2 * kBlockBytes / heap.SizeOf(); ++i) {
      const Address object = heap.AddressOf(heap.New(0));
      between = between || (object > low && object < high);
      ASSERT_NE(object, low);
      ASSERT_NE(object, high);
    }
    EXPECT_TRUE(between);
    EXPECT_TRUE(heap.Is(first, 1));
    EXPECT_TRUE(heap.Is(second, 2));
    EXPECT_TRUE(heap.Is(heap.Get(first), 3));
  });
}

TYPED_TEST(PinningTest, APinKeepsAliveWhatNothingElseDoes) {
  this->Always([](auto& heap) {
    const HandleScope<TypeParam> scope(heap.mutator());
    auto local = heap.Root(heap.New(1));
    heap.Set(local, heap.New(2));
    const PinScope<TypeParam> pin(heap.mutator(), local);
    const auto value = local.get();
    local.set(ModelTraits<TypeParam>::NullValue());
    heap.Minor();
    heap.Minor();
    EXPECT_TRUE(heap.Is(value, 1));
    EXPECT_TRUE(heap.Is(*heap.Slot(value, 0), 2));
  });
}

TYPED_TEST(PinningTest, AnUnpinnedObjectMovesAgainAndAsAYoungOne) {
  this->Quietly([](auto& heap) {
    const auto local = heap.Root(heap.New(1));
    const auto before = local.get();
    {
      const PinScope<TypeParam> pin(heap.mutator(), local);
      for (int i = 0; i < 3; ++i) heap.Minor();
      EXPECT_EQ(local.get(), before);
    }
    EXPECT_EQ(heap.Minor().kept_bytes, 0u);
    EXPECT_NE(local.get(), before);
    EXPECT_TRUE(heap.Is(local, 1));
  });
}

TYPED_TEST(PinningTest, AnObjectPinnedTwiceIsKeptOnce) {
  this->Always([](auto& heap) {
    const auto local = heap.Root(heap.New(1));
    const PinScope<TypeParam> outer(heap.mutator(), local);
    {
      const PinScope<TypeParam> inner(heap.mutator(), local);
      EXPECT_EQ(heap.Minor().kept_bytes, heap.SizeOf());
    }
    EXPECT_EQ(heap.Minor().kept_bytes, heap.SizeOf());
    EXPECT_TRUE(heap.Is(local, 1));
  });
}

TYPED_TEST(PinningTest, NestedPinsEachKnowTheirObject) {
  TestHeap<TypeParam> heap;
  const auto first = heap.Root(heap.New(1));
  const auto second = heap.Root(heap.New(2));
  const PinScope<TypeParam> outer(heap.mutator(), first);
  const PinScope<TypeParam> inner(heap.mutator(), second);
  EXPECT_EQ(outer.object(), heap.AddressOf(first));
  EXPECT_EQ(inner.object(), heap.AddressOf(second));
}

TYPED_TEST(PinningTest, CardOfAnOldHolderOfAPinnedObjectStaysDirty) {
  this->Quietly([](auto& heap) {
    const auto holder = heap.Root(heap.NewOld(1));
    auto local = heap.Root(heap.New(2));
    heap.Set(holder, local.get());
    const PinScope<TypeParam> pin(heap.mutator(), local);
    heap.Major();  // Cleans every card, but for what is still young.
    EXPECT_EQ(heap.Minor().dirty_cards, 1u);
    EXPECT_EQ(heap.Get(holder), local.get());
  });
}

TYPED_TEST(PinningTest, PinsThatFillYoungSpaceDoNotEndAllocation) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.tiny = true;
  TestHeap<TypeParam> heap(options);
  std::vector<std::unique_ptr<PinScope<TypeParam>>> pins;
  TestFixture::PinYoungSpace(heap, 0, pins);
  const auto holder = heap.Root(heap.NewOld(0));
  for (int i = 0; i < 100; ++i) {
    const auto value =
        TryMakeObject(heap.mutator(), 2, 0, AllocationKind::kTraced);
    ASSERT_NE(value, ModelTraits<TypeParam>::NullValue()) << i;
    *heap.Slot(value, 0) = heap.Get(holder);
    *heap.Slot(value, 1) = ModelTraits<TypeParam>::Immediate(i);
    heap.Set(holder, value);
  }
  heap.Minor();
  auto object = heap.Root(heap.Get(holder));
  for (int i = 100; i-- > 0;) {
    ASSERT_TRUE(heap.Is(object, i)) << i;
    object.set(heap.Get(object));
  }
}

}  // namespace
}  // namespace fledge::gc
