// What is particular to each policy. That none of them loses anything is for
// tests/stress/random_program_test.cc.

#include "gc/policy.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "gc/heap.h"
#include "tests/support/fake_models.h"
#include "tests/support/model_traits.h"
#include "tests/support/sanitizers.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class PolicyTest : public ::testing::Test {
 protected:
  using Heap = TestHeap<M>;

  static HeapOptions With(Policy policy, Verify verify = Verify::kOn) {
    HeapOptions options = Heap::SmallHeap();
    options.policy = policy;
    if (kVerifies) options.verify = verify;
    return options;
  }

  // Allocates `bytes` of garbage behind a list of `nodes` that stays.
  static void Churn(Heap& heap, const Local<M>& list, int nodes,
                    std::size_t bytes) {
    for (int i = 0; i < nodes; ++i) {
      const auto node = heap.New(i);
      *heap.Slot(node, 0) = list.get();
      Local(list).set(node);
    }
    for (std::size_t done = 0; done < bytes; done += Heap::SizeOf(4)) {
      heap.New(-1, 4);
    }
  }
  static void ExpectList(Heap& heap, const Local<M>& list, int nodes) {
    const HandleScope<M> scope(heap.mutator());
    auto node = heap.Root(list);
    for (int i = nodes; i-- > 0;) {
      ASSERT_TRUE(heap.Is(node.get(), i));
      node.set(heap.Get(node));
    }
  }
};

TYPED_TEST_SUITE(PolicyTest, FakeModels, ModelNames);

TYPED_TEST(PolicyTest, EveryPolicyKeepsWhatIsReachable) {
  for (const Policy policy :
       {Policy::kSemispace, Policy::kGenCopy, Policy::kGenImmix}) {
    SCOPED_TRACE(NameOf(policy));
    TestHeap<TypeParam> heap(this->With(policy));
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    this->Churn(heap, list, 1'000, 100 * kMiB);
    this->ExpectList(heap, list, 1'000);
  }
}

TYPED_TEST(PolicyTest, SemispaceHasMajorCollectionsOnly) {
  TestHeap<TypeParam> heap(this->With(Policy::kSemispace));
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  this->Churn(heap, list, 1'000, 100 * kMiB);
  heap.mutator().Collect(CollectionKind::kMinor);
  EXPECT_EQ(heap.heap().collections(CollectionKind::kMinor), 0u);
  EXPECT_GT(heap.heap().collections(CollectionKind::kMajor), 2u);
  this->ExpectList(heap, list, 1'000);
}

TYPED_TEST(PolicyTest, SemispaceMovesOldObjectsAgainAndAgain) {
  TestHeap<TypeParam> heap(this->With(Policy::kSemispace));
  auto object = heap.Root(heap.New(7));
  heap.mutator().Collect(CollectionKind::kMajor);
  const auto first = object.get();
  heap.mutator().Collect(CollectionKind::kMajor);
  EXPECT_NE(object.get(), first);
  EXPECT_TRUE(heap.Is(object.get(), 7));
}

TYPED_TEST(PolicyTest, SemispaceNeedsNoBarrier) {
  TestHeap<TypeParam> heap(this->With(Policy::kSemispace));
  auto old = heap.Root(heap.NewOld(1));
  heap.mutator().Collect(CollectionKind::kMajor);
  auto young = heap.Root(heap.New(2));
  heap.Set(old, young.get());
  EXPECT_FALSE(heap.heap().cards().IsDirty(
      reinterpret_cast<Address>(heap.Slot(old.get(), 0))));
  heap.mutator().Collect(CollectionKind::kMajor);
  EXPECT_TRUE(heap.Is(heap.Get(old), 2));
}

TYPED_TEST(PolicyTest, GencopyMovesDenseBlocksWhereGenimmixDoesNot) {
  for (const Policy policy : {Policy::kGenCopy, Policy::kGenImmix}) {
    SCOPED_TRACE(NameOf(policy));
    TestHeap<TypeParam> heap(this->With(policy));
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    this->Churn(heap, list, 20'000, 0);
    heap.mutator().Collect(CollectionKind::kMajor);
    // Deep in the list, where blocks are full.
    auto node = heap.Root(list);
    for (int i = 0; i < 10'000; ++i) node.set(heap.Get(node));
    const auto before = node.get();
    heap.mutator().Collect(CollectionKind::kMajor);
    EXPECT_EQ(node.get() != before, policy == Policy::kGenCopy);
    this->ExpectList(heap, list, 20'000);
  }
}

TYPED_TEST(PolicyTest, APinnedObjectsBlockStaysWhereTheOthersAreCopied) {
  for (const Policy policy : {Policy::kSemispace, Policy::kGenCopy}) {
    SCOPED_TRACE(NameOf(policy));
    TestHeap<TypeParam> heap(this->With(policy));
    auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    this->Churn(heap, list, 10'000, 0);
    heap.mutator().Collect(CollectionKind::kMajor);
    const auto pinned = list.get();
    {
      const PinScope<TypeParam> pin(heap.mutator(), list);
      heap.mutator().Collect(CollectionKind::kMajor);
      EXPECT_EQ(list.get(), pinned);
    }
    heap.mutator().Collect(CollectionKind::kMajor);
    EXPECT_NE(list.get(), pinned);
    this->ExpectList(heap, list, 10'000);
  }
}

TYPED_TEST(PolicyTest, NogcNeverCollectsAndEndsAtItsLimit) {
  HeapOptions options = this->With(Policy::kNoGc, Verify::kOff);
  options.max_heap_bytes = 4 * kMiB;
  TestHeap<TypeParam> heap(options);
  auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
  EXPECT_FALSE(heap.mutator().Collect(CollectionKind::kMajor));
  int nodes = 0;
  for (;; ++nodes) {
    const auto node =
        TryMakeObject(heap.mutator(), 2, 0, AllocationKind::kTraced);
    if (node == ModelTraits<TypeParam>::NullValue()) break;
    *heap.Slot(node, 0) = list.get();
    *heap.Slot(node, 1) = ModelTraits<TypeParam>::Immediate(nodes);
    list.set(node);
  }
  EXPECT_GT(nodes * heap.SizeOf(), 3 * kMiB);
  EXPECT_LE(heap.heap().used_bytes(), 4 * kMiB);
  EXPECT_EQ(heap.heap().collections(CollectionKind::kMinor), 0u);
  EXPECT_EQ(heap.heap().collections(CollectionKind::kMajor), 0u);
  this->ExpectList(heap, list, nodes);
}

TYPED_TEST(PolicyTest, NogcSaysWhatIsInUseWhenItEnds) {
  HeapOptions options = this->With(Policy::kNoGc, Verify::kOff);
  options.max_heap_bytes = kMiB;
  TestHeap<TypeParam> heap(options);
  std::string message;
  heap.heap().SetOutOfMemoryHandler([&](const OutOfMemory& failure) {
    message = failure.Message();
    throw 1;
  });
  EXPECT_THROW(
      {
        for (;;) heap.New(1);
      },
      int);
  EXPECT_EQ(message.find("out of memory: the limit of 1.0 MB leaves no room"),
            0u)
      << message;
  EXPECT_NE(message.find("; in use are "), std::string::npos) << message;
}

TYPED_TEST(PolicyTest, LargeObjectsCountUnderEveryPolicy) {
  for (const Policy policy :
       {Policy::kSemispace, Policy::kGenCopy, Policy::kGenImmix}) {
    SCOPED_TRACE(NameOf(policy));
    TestHeap<TypeParam> heap(this->With(policy));
    const std::size_t slots = heap.SlotsFor(kMiB);
    auto kept = heap.Root(heap.New(1, slots));
    for (int i = 0; i < 100; ++i) heap.New(2, slots);
    EXPECT_TRUE(heap.Is(kept.get(), 1));
    EXPECT_LE(heap.heap().used_bytes(), 64 * kMiB);
  }
}

}  // namespace
}  // namespace fledge::gc
