#include "gc/allocation_scope.h"

#include <gtest/gtest.h>

#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class AllocationScopeTest : public ::testing::Test {
 public:
  using Heap = TestHeap<M>;
  using Traits = ModelTraits<M>;

  // A new object of one slot, which is null, and a number.
  static typename M::Value New(Heap& heap, AllocationScope<M>& scope,
                               int number) {
    const Address object = scope.Allocate(Heap::SizeOf());
    Traits::InitializeAt(object, 2, 0);
    *Traits::Slot(object, 1) = Traits::Immediate(number);
    return Traits::ReferenceTo(heap.heap().model(), object);
  }
};

TYPED_TEST_SUITE(AllocationScopeTest, FakeModels, ModelNames);

TYPED_TEST(AllocationScopeTest, WhatIsAllocatedInItSurvives) {
  ForEachVariant<TypeParam>(kAllVariants, [](auto& heap) {
    const int nodes =
        heap.heap().stress_enabled() ? 1'000 : 20'000;  // Some nurseries.
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    {
      AllocationScope<TypeParam> scope(heap.mutator());
      for (int i = 0; i < nodes; ++i) {
        const auto node = TestFixture::New(heap, scope, i);
        *heap.Slot(node, 0) = list.get();
        list.set(node);
      }
    }
    heap.Major();
    for (int i = nodes; i-- > 0; list.set(heap.Get(list))) {
      ASSERT_TRUE(heap.Is(list, i));
    }
    EXPECT_EQ(list.get(), ModelTraits<TypeParam>::NullValue());
  });
}

TYPED_TEST(AllocationScopeTest, GivesBackWhatItHasNotUsed) {
  TestHeap<TypeParam> heap;
  const std::size_t size = heap.SizeOf();
  heap.New(1);  // Takes a buffer.
  const std::size_t before = heap.mutator().allocated_bytes();
  {
    AllocationScope<TypeParam> scope(heap.mutator());
    for (int i = 0; i < 10; ++i) TestFixture::New(heap, scope, i);
  }
  EXPECT_EQ(heap.mutator().allocated_bytes(), before + 10 * size);
  heap.New(2);
  EXPECT_EQ(heap.mutator().allocated_bytes(), before + 11 * size);
}

using AllocationScopeDeathTest = AllocationScopeTest<PlainModel>;

TEST_F(AllocationScopeDeathTest, CollectingWithinItIsFoundInDebugBuilds) {
  TestHeap<PlainModel> heap;
  heap.New(1);
  const auto collect_within = [&] {
    const AllocationScope<PlainModel> scope(heap.mutator());
    heap.Minor();
  };
  EXPECT_DEBUG_DEATH(collect_within(), "something else used");
}

}  // namespace
}  // namespace fledge::gc
