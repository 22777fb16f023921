// Memory outside the heap paces collections as objects do.

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"

namespace fledge::gc {
namespace {

template <typename M>
class ExternalPacingTest : public CollectionTest<M> {
 protected:
  using Heap = TestHeap<M>;

  static std::size_t Count(Heap& heap, CollectionKind kind,
                           CollectionReason reason) {
    std::size_t count = 0;
    for (const CollectionEvent& event : heap.events()) {
      if (event.kind == kind && event.reason == reason) ++count;
    }
    return count;
  }
};

TYPED_TEST_SUITE(ExternalPacingTest, FakeModels, ModelNames);

TYPED_TEST(ExternalPacingTest, SixteenMegabytesMakeACollection) {
  TestHeap<TypeParam> heap;
  const auto tag = heap.heap().external().TagOf("textures");
  heap.mutator().AdjustExternal(16 * kMiB - 1, tag);
  EXPECT_TRUE(heap.events().empty());
  heap.mutator().AdjustExternal(1, tag);
  ASSERT_EQ(heap.events().size(), 1u);
  EXPECT_EQ(heap.events()[0].kind, CollectionKind::kMajor) << "16 MB are due";
  heap.mutator().AdjustExternal(15 * kMiB, tag);
  EXPECT_EQ(heap.events().size(), 1u);
  heap.mutator().AdjustExternal(kMiB, tag);
  ASSERT_EQ(heap.events().size(), 2u);
  EXPECT_EQ(heap.events()[1].reason, CollectionReason::kExternal);
  EXPECT_EQ(heap.events()[1].external_bytes, 32 * kMiB);
}

TYPED_TEST(ExternalPacingTest, GrowthThatLivesMakesFewerAndFewerMajorOnes) {
  TestHeap<TypeParam> heap;
  const auto tag = heap.heap().external().TagOf("textures");
  for (int i = 0; i < 1024; ++i) heap.mutator().AdjustExternal(kMiB, tag);
  const std::size_t majors = TestFixture::Count(heap, CollectionKind::kMajor,
                                                CollectionReason::kExternal);
  EXPECT_GE(majors, 4u);
  EXPECT_LE(majors, 8u) << "it doubles between two";
  EXPECT_GE(TestFixture::Count(heap, CollectionKind::kMinor,
                               CollectionReason::kExternal),
            50u);
}

TYPED_TEST(ExternalPacingTest, WhatIsReleasedCountsNoMore) {
  TestHeap<TypeParam> heap;
  const auto tag = heap.heap().external().TagOf("textures");
  for (int i = 0; i < 512; ++i) heap.mutator().AdjustExternal(kMiB, tag);
  heap.mutator().AdjustExternal(-512 * std::int64_t{kMiB}, tag);
  heap.Minor();
  const std::size_t before = heap.events().size();
  // The first step is measured from what is left.
  heap.mutator().AdjustExternal(16 * kMiB, tag);
  ASSERT_EQ(heap.events().size(), before + 1);
  EXPECT_EQ(heap.events()[before].kind, CollectionKind::kMajor);
}

TYPED_TEST(ExternalPacingTest, PoliciesWithoutMinorCollectionsHaveMajorOnes) {
  HeapOptions options = TestHeap<TypeParam>::SmallHeap();
  options.policy = Policy::kSemispace;
  TestHeap<TypeParam> heap(options);
  const auto tag = heap.heap().external().TagOf("textures");
  for (int i = 0; i < 256; ++i) heap.mutator().AdjustExternal(kMiB, tag);
  const std::size_t majors = TestFixture::Count(heap, CollectionKind::kMajor,
                                                CollectionReason::kExternal);
  EXPECT_GE(majors, 2u);
  EXPECT_LE(majors, 6u);
  EXPECT_EQ(majors, heap.events().size());
}

TYPED_TEST(ExternalPacingTest, ACycleStartsForItWhereMarkingIsInSteps) {
  HeapOptions options = TestHeap<TypeParam>::SmallHeap();
  options.marking = Marking::kInSteps;
  TestHeap<TypeParam> heap(options);
  const auto tag = heap.heap().external().TagOf("textures");
  for (int i = 0; i < 256; ++i) heap.mutator().AdjustExternal(kMiB, tag);
  EXPECT_GE(heap.heap().cycles(), 2u);
  for (const CollectionEvent& event : heap.events()) {
    EXPECT_EQ(event.kind, CollectionKind::kMinor);
  }
}

TYPED_TEST(ExternalPacingTest, NoPolicyCollectsWithoutCollections) {
  HeapOptions options = TestHeap<TypeParam>::SmallHeap();
  options.policy = Policy::kNoGc;
  TestHeap<TypeParam> heap(options);
  const auto tag = heap.heap().external().TagOf("textures");
  heap.mutator().AdjustExternal(kGiB, tag);
  EXPECT_TRUE(heap.events().empty());
}

// A set that has a number of things to settle after each pause that processed
// its entry.
template <typename M>
class SettlingSet : public WeakSet<M> {
 public:
  SettlingSet() : WeakSet<M>(WeakPhase::kTables) {}

  std::uint32_t size() const override { return 1; }
  void Process(WeakTrace<M>&, std::uint32_t) override {
    left_ = 3;
    this->SettleLater();
  }
  bool Settle() override {
    ++slices_;
    return --left_ == 0;
  }
  int slices() const { return slices_; }

 private:
  int left_ = 0;
  int slices_ = 0;
};

TYPED_TEST(ExternalPacingTest, SetsSettleInSlicesAsTheProgramAllocates) {
  TestHeap<TypeParam> heap;
  SettlingSet<TypeParam> set;
  auto registration = heap.heap().RegisterWeakSet(set);
  heap.Minor();
  EXPECT_EQ(set.slices(), 0) << "it has no young entries";
  heap.Major();
  EXPECT_EQ(set.slices(), 1);
  const std::size_t before = heap.events().size();
  for (int i = 0; set.slices() < 3 && i < 100'000; ++i) heap.New(i);
  EXPECT_EQ(set.slices(), 3);
  EXPECT_LE(heap.events().size(), before + 1);
  heap.Minor();
  heap.Minor();
  EXPECT_EQ(set.slices(), 3);
  heap.Major();
  EXPECT_EQ(set.slices(), 4);
  registration.reset();  // In the midst of it.
  heap.Minor();
  EXPECT_EQ(set.slices(), 4);
}

TYPED_TEST(ExternalPacingTest, WhileSetsSettleCollectionsAreNotRepeated) {
  TestHeap<TypeParam> heap;
  SettlingSet<TypeParam> set;
  const auto registration = heap.heap().RegisterWeakSet(set);
  const auto tag = heap.heap().external().TagOf("textures");
  heap.mutator().AdjustExternal(16 * kMiB, tag);
  EXPECT_EQ(heap.events().size(), 1u);
  EXPECT_EQ(set.slices(), 1) << "it has more to settle";
  heap.mutator().AdjustExternal(1, tag);
  EXPECT_EQ(heap.events().size(), 1u);
}

}  // namespace
}  // namespace fledge::gc
