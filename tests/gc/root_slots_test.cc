#include <gtest/gtest.h>

#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class RootSlotsTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(RootSlotsTest, FakeModels, ModelNames);

// Roots.

TYPED_TEST(RootSlotsTest, PersistentsAreVisitedWhereTheyWereWritten) {
  this->Quietly([](auto& heap) {
    using Chunk = RootChunk<typename TypeParam::Value>;
    std::vector<Persistent<TypeParam>> persistents;
    const auto old = heap.Root(heap.NewOld(1));
    for (std::size_t i = 0; i < 10 * Chunk::kSlots; ++i) {
      persistents.emplace_back(heap.mutator(), old.get());
    }
    heap.Minor();
    const std::size_t handles = heap.Minor().root_slots;
    EXPECT_LT(handles, Chunk::kSlots);
    persistents[100].set(heap.mutator(), heap.New(2));
    EXPECT_EQ(heap.Minor().root_slots, handles + Chunk::kSlots);  // Survives,
    EXPECT_EQ(heap.Minor().root_slots, handles + Chunk::kSlots);  // promoted.
    EXPECT_EQ(heap.Minor().root_slots, handles);
    EXPECT_TRUE(heap.Is(persistents[100].get(), 2));
    persistents[200].set(heap.mutator(), persistents[100].get());
    EXPECT_EQ(heap.Minor().root_slots, handles);
  });
}

TYPED_TEST(RootSlotsTest, RegisteredRootsAreVisitedWhereTheyWereWritten) {
  this->Quietly([](auto& heap) {
    using Value = typename TypeParam::Value;
    constexpr std::size_t kChunk = RootChunk<Value>::kSlots;
    std::vector<Value> slots(10 * kChunk + 1);
    const auto roots = heap.heap().RegisterRoots(slots);
    EXPECT_EQ(heap.Minor().root_slots, slots.size());  // All begin noted.
    EXPECT_EQ(heap.Minor().root_slots, 0u);
    heap.mutator().WriteRoot(*roots, &slots[kChunk], heap.New(1));
    EXPECT_EQ(heap.Minor().root_slots, kChunk);
    EXPECT_TRUE(heap.Is(slots[kChunk], 1));
    heap.Minor();
    heap.mutator().WriteRoot(*roots, &slots.back(), heap.New(2));
    EXPECT_EQ(heap.Minor().root_slots, 1u);  // The last chunk is short.
    EXPECT_TRUE(heap.Is(slots.back(), 2));
  });
}

TYPED_TEST(RootSlotsTest, EveryKindOfRootIsUpdated) {
  this->Always([](auto& heap) {
    using Value = typename TypeParam::Value;
    using Traits = ModelTraits<TypeParam>;
    const auto local = heap.Root(heap.New(1));
    Persistent<TypeParam> persistent(heap.mutator(), local.get());
    std::vector<Value> slots(100, Traits::NullValue());
    const auto roots = heap.heap().RegisterRoots(slots);
    heap.mutator().WriteRoot(*roots, &slots[99], local.get());
    std::vector<Value> stack(100, Traits::NullValue());
    Value* top = stack.data() + 50;
    const auto registered = heap.heap().RegisterStack(stack.data(), &top);
    stack[0] = stack[49] = stack[50] = local.get();
    const Value before = local.get();
    heap.Minor();
    EXPECT_NE(local.get(), before);
    EXPECT_TRUE(heap.Is(local, 1));
    EXPECT_EQ(persistent.get(), local.get());
    EXPECT_EQ(slots[99], local.get());
    EXPECT_EQ(stack[0], local.get());
    EXPECT_EQ(stack[49], local.get());
    EXPECT_EQ(stack[50], before);  // Above the top: not a root.
  });
}

TYPED_TEST(RootSlotsTest, AStackIsVisitedUpToItsTopEachTime) {
  this->Quietly([](auto& heap) {
    using Value = typename TypeParam::Value;
    std::vector<Value> stack(1000);
    Value* top = stack.data();
    const auto registered = heap.heap().RegisterStack(stack.data(), &top);
    EXPECT_EQ(heap.Minor().root_slots, 0u);
    top += 700;
    EXPECT_EQ(heap.Minor().root_slots, 700u);
    EXPECT_EQ(heap.Minor().root_slots, 700u);
  });
}

TYPED_TEST(RootSlotsTest, AnEndedScopeAndAnEndedPersistentKeepNothing) {
  this->Quietly([](auto& heap) {
    {
      const HandleScope<TypeParam> scope(heap.mutator());
      heap.Root(heap.New(1));
      const Persistent<TypeParam> persistent(heap.mutator(), heap.New(2));
    }
    EXPECT_EQ(TestFixture::CopiedBytes(heap.Minor()), 0u);
  });
}

TYPED_TEST(RootSlotsTest, AnUnregisteredRangeIsNotVisited) {
  this->Quietly([](auto& heap) {
    std::vector<typename TypeParam::Value> slots(100);
    {
      const auto roots = heap.heap().RegisterRoots(slots);
      heap.mutator().WriteRoot(*roots, &slots[0], heap.New(1));
    }
    const CollectionEvent& event = heap.Minor();
    EXPECT_EQ(event.root_slots, 0u);
    EXPECT_EQ(TestFixture::CopiedBytes(event), 0u);
  });
}

}  // namespace
}  // namespace fledge::gc
