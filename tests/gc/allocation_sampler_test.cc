// Which objects are sampled, what is said of them, and what samples stand for.

#include "gc/allocation_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include "gc/allocation_scope.h"
#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/weak_entries.h"

namespace fledge::gc {
namespace {

constexpr SamplingOptions kOften = {.interval_bytes = 2 * kKiB, .seed = 7};

// Keeps the samples, and a weak reference to each sampled object.
template <typename M>
class Samples : public AllocationSampler {
 public:
  using Traits = ModelTraits<M>;

  struct Sample {
    std::size_t size_bytes;
    SiteId site;
    std::uint32_t entry;  // Of the weak set.
  };

  explicit Samples(TestHeap<M>& heap)
      : heap_(heap),
        weak_(WeakKind::kReference),
        registration_(heap.heap().RegisterWeakSet(weak_)) {}
  ~Samples() override { heap_.mutator().EndSampling(); }

  void OnAllocation(std::size_t size_bytes, SiteId site) override {
    EXPECT_FALSE(is_pending_);
    is_pending_ = true;
    samples_.push_back({size_bytes, site, 0});
  }
  void OnInitialized(Address object) override {
    EXPECT_TRUE(is_pending_);
    is_pending_ = false;
    const M& model = heap_.heap().model();
    EXPECT_EQ(model.SizeFrom(LoadHeader(object)), samples_.back().size_bytes);
    samples_.back().entry =
        weak_.Add(heap_.mutator(), Traits::ReferenceTo(model, object),
                  Traits::NullValue());
  }

  const std::vector<Sample>& all() const { return samples_; }
  bool IsThere(const Sample& sample) const {
    return weak_.IsThere(sample.entry);
  }
  typename M::Value ObjectOf(const Sample& sample) const {
    return weak_[sample.entry].key;
  }
  // Of objects of one size.
  double EstimatedBytes(std::size_t size_bytes) const {
    double bytes = 0;
    for (const Sample& sample : samples_) {
      if (sample.size_bytes != size_bytes) continue;
      bytes += SampleWeight(size_bytes, kOften.interval_bytes) *
               static_cast<double>(size_bytes);
    }
    return bytes;
  }

 private:
  TestHeap<M>& heap_;
  WeakEntries<M> weak_;
  decltype(std::declval<Heap<M>>().RegisterWeakSet(weak_)) registration_;
  std::vector<Sample> samples_;
  bool is_pending_ = false;
};

template <typename M>
class AllocationSamplerTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(AllocationSamplerTest, FakeModels, ModelNames);

// Sizes far below the interval, about it and above it, young and born old.
TYPED_TEST(AllocationSamplerTest, WeightsAddUpToWhatWasAllocatedOfEachSize) {
  TestHeap<TypeParam> heap;
  const std::size_t kSlots[] = {1, 5, 40, heap.SlotsFor(kOften.interval_bytes),
                                heap.SlotsFor(4 * kOften.interval_bytes)};
  Samples<TypeParam> samples(heap);
  heap.mutator().SampleAllocations(samples, kOften);
  std::map<std::size_t, std::size_t> allocated;
  for (int i = 0; i < 200'000; ++i) {
    // Not by turns: a period of the program must not be one of the samples.
    const std::size_t slots = kSlots[i % 97 < 90 ? i % 3 : 3 + i % 2];
    heap.New(
        i, slots,
        i % 11 == 0 ? AllocationKind::kTracedOld : AllocationKind::kTraced);
    allocated[heap.SizeOf(slots)] += heap.SizeOf(slots);
  }
  heap.mutator().EndSampling();
  ASSERT_EQ(allocated.size(), std::size(kSlots));
  for (const auto& [size, bytes] : allocated) {
    SCOPED_TRACE(size);
    // Four standard deviations of the estimate: its variance for each object
    // is size^2 (weight - 1).
    const double count = static_cast<double>(bytes / size);
    const double deviation =
        static_cast<double>(size) *
        std::sqrt(count * (SampleWeight(size, kOften.interval_bytes) - 1));
    EXPECT_NEAR(samples.EstimatedBytes(size), static_cast<double>(bytes),
                4 * deviation);
    EXPECT_LT(4 * deviation, 0.3 * static_cast<double>(bytes));
  }
}

// What a sample is may depend on nothing but what was allocated: not on when
// buffers end, nor on collections.
TYPED_TEST(AllocationSamplerTest, TheSameObjectsAreSampledInEveryHeap) {
  std::vector<std::size_t> first;
  this->Everywhere([&first](auto& heap) {
    Samples<TypeParam> samples(heap);
    heap.New(0);
    heap.mutator().SampleAllocations(samples, kOften);
    std::vector<std::size_t> sampled;
    for (int i = 0; i < 1'000; ++i) {
      const std::size_t before = samples.all().size();
      heap.New(
          i, i % 7,
          i % 100 == 0 ? AllocationKind::kLeafOld : AllocationKind::kTraced);
      if (samples.all().size() != before) {
        sampled.push_back(static_cast<std::size_t>(i));
      }
    }
    heap.mutator().EndSampling();
    EXPECT_GT(sampled.size(), 5u);
    if (first.empty()) first = sampled;
    EXPECT_EQ(sampled, first);
  });
}

TYPED_TEST(AllocationSamplerTest, SampledObjectsAreFollowedUntilTheyDie) {
  this->Everywhere([](auto& heap) {
    constexpr int kObjects = 600;
    Samples<TypeParam> samples(heap);
    heap.mutator().SampleAllocations(samples, {.interval_bytes = 1, .seed = 3});
    // An interval of a byte: all are sampled.
    std::vector<Local<TypeParam>> held;
    for (int i = 0; i < kObjects; ++i) {
      held.push_back(heap.Root(heap.New(i, 1 + i % 3)));
      if (i % 100 == 50) heap.Minor();
    }
    heap.mutator().EndSampling();
    ASSERT_EQ(samples.all().size(), std::size_t{kObjects});
    heap.Minor();
    for (int i = 0; i < kObjects; ++i) {
      const auto& sample = samples.all()[static_cast<std::size_t>(i)];
      ASSERT_TRUE(samples.IsThere(sample)) << i;
      ASSERT_TRUE(heap.Is(samples.ObjectOf(sample), i)) << i;
      if (i % 2 == 0) {
        held[static_cast<std::size_t>(i)].set(
            ModelTraits<TypeParam>::NullValue());
      }
    }
    heap.Major();
    for (int i = 0; i < kObjects; ++i) {
      const auto& sample = samples.all()[static_cast<std::size_t>(i)];
      ASSERT_EQ(samples.IsThere(sample), i % 2 != 0) << i;
    }
  });
}

TYPED_TEST(AllocationSamplerTest, ALentBufferIsSampledToo) {
  using Traits = ModelTraits<TypeParam>;
  ForEachVariant<TypeParam>(kAllVariants, [](auto& heap) {
    Samples<TypeParam> samples(heap);
    heap.mutator().SampleAllocations(samples, kOften);
    const std::size_t size = heap.SizeOf();
    constexpr std::size_t kObjects = 1'000;
    {
      AllocationScope<TypeParam> scope(heap.mutator());
      for (std::size_t i = 0; i < kObjects; ++i) {
        Traits::InitializeAt(scope.Allocate(size), 2, 0);
      }
    }
    heap.mutator().EndSampling();
    const auto expected = static_cast<double>(kObjects * size) /
                          static_cast<double>(kOften.interval_bytes);
    EXPECT_NEAR(static_cast<double>(samples.all().size()), expected,
                4 * std::sqrt(expected));
  });
}

TYPED_TEST(AllocationSamplerTest, NothingIsSampledBeforeItBeginsOrAfterItEnds) {
  ForEachVariant<TypeParam>(kAllVariants, [](auto& heap) {
    Samples<TypeParam> samples(heap);
    const auto allocate = [&] {
      for (int i = 0; i < 1'000; ++i) heap.New(i);
    };
    allocate();
    EXPECT_TRUE(samples.all().empty());
    heap.mutator().SampleAllocations(samples, kOften);
    allocate();
    heap.mutator().EndSampling();
    const std::size_t count = samples.all().size();
    EXPECT_GT(count, 0u);
    allocate();
    EXPECT_EQ(samples.all().size(), count);
  });
}

TYPED_TEST(AllocationSamplerTest, TheSiteIsTheCallers) {
  TestHeap<TypeParam> heap;
  Samples<TypeParam> samples(heap);
  heap.mutator().SampleAllocations(samples, {.interval_bytes = 1});
  constexpr SiteId kSite = 42;
  const Address object =
      heap.mutator().Allocate(heap.SizeOf(), AllocationKind::kTraced, kSite);
  ModelTraits<TypeParam>::InitializeAt(object, 2, 0);
  heap.mutator().EndSampling();
  ASSERT_EQ(samples.all().size(), 1u);
  EXPECT_EQ(samples.all()[0].site, kSite);
}

}  // namespace
}  // namespace fledge::gc
