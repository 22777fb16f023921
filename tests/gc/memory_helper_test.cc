#include "gc/memory_helper.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <thread>

#include "gc/heap.h"
#include "tests/support/fake_os.h"
#include "tests/support/heap_objects.h"
#include "tests/support/plain_model.h"
#include "tests/support/space_memory.h"

namespace fledge::gc {
namespace {

using Direction = MemoryHelper::Direction;
using Request = FakeOs::Request;
using allocator::kHugePageBytes;

class MemoryHelperTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kBytes = 4 * kHugePageBytes;

  MemoryHelperTest()
      : reservation_(allocator::Reservation::Create(os_, kBytes, kBytes,
                                                    kHugePageBytes)) {
    FLEDGE_CHECK(!reservation_.empty() && os_.Commit(range()));
  }

  AddressRange range() const { return reservation_.range(); }

  // Waits for the helper; a test that waits in vain is ended by its runner.
  void WaitUntilPopulated(std::size_t bytes) {
    for (;;) {
      std::size_t populated = 0;
      for (const AddressRange& pages : os_.populated()) {
        EXPECT_TRUE(range().Contains(pages.begin));
        populated += pages.bytes;
      }
      ASSERT_LE(populated, bytes);
      if (populated == bytes) return;
      std::this_thread::yield();
    }
  }

  FakeOs os_;
  allocator::Reservation reservation_;
  SpaceMemory memory_;
  MemoryHelper helper_{os_, memory_.memory()};
};

TEST_F(MemoryHelperTest, TouchesPagesThatAreInUseAndLeavesTheirContent) {
  auto* const word = reinterpret_cast<std::uint64_t*>(range().begin);
  *word = 42;
  helper_.Touch({range().begin, 2 * kPageBytes}, Direction::kUpwards);
  WaitUntilPopulated(2 * kPageBytes);
  EXPECT_EQ(*word, 42u);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 0u);
}

TEST_F(MemoryHelperTest, TouchesWholeHugePagesAsSuch) {
  const AddressRange pages =
      RangeBetween(range().begin + kPageBytes, range().end() - kPageBytes);
  helper_.Touch(pages, Direction::kUpwards);
  WaitUntilPopulated(pages.bytes);
  EXPECT_EQ(os_.count(Request::kPreferHugePages), 2u);
  // Nobody is to come to one that the OS is still making of small ones.
  EXPECT_GE(os_.count(Request::kPreferSmallPages), 1u);
  // A huge page at a time, as who comes to it meanwhile waits.
  EXPECT_EQ(os_.populated().size(), 4u);
}

TEST_F(MemoryHelperTest, TouchesDownwardsWhereThatIsWhereOneGoes) {
  helper_.Touch(range(), Direction::kDownwards);
  WaitUntilPopulated(range().bytes);
  EXPECT_EQ(os_.populated().front().end(), range().end());
  EXPECT_EQ(os_.populated().back().begin, range().begin);
}

TEST_F(MemoryHelperTest, IsNotAskedAgainAndAgainWhatTheOsRefuses) {
  os_.RefuseAll(Request::kPopulate);
  helper_.Touch(range(), Direction::kUpwards);
  while (os_.count(Request::kPopulate) == 0) std::this_thread::yield();
  // Until the refusal is known, some more may be asked for.
  constexpr std::size_t kTimes = 10'000;
  for (std::size_t i = 0; i < kTimes; ++i) {
    helper_.Touch(range(), Direction::kUpwards);
    std::this_thread::yield();
  }
  EXPECT_LT(os_.count(Request::kPopulate), kTimes / 4);

  // But after the next collection.
  os_.Grant(Request::kPopulate);
  while (os_.populated().empty()) {
    helper_.Request(0, kBlockBytes);
    helper_.Touch(range(), Direction::kUpwards);
    std::this_thread::yield();
  }
}

TEST_F(MemoryHelperTest, RequestsOfOneKindLeaveThoseOfOthers) {
  helper_.Request(8 * kBlockBytes, 8 * kBlockBytes);
  helper_.Touch({range().begin, kPageBytes}, Direction::kUpwards);
  helper_.Touch({range().end() - kPageBytes, kPageBytes},
                Direction::kDownwards);
  helper_.RequestMore(kBlockBytes);
  WaitUntilPopulated(2 * kPageBytes);
  while (memory_.memory().free_resident_bytes() < 8 * kBlockBytes) {
    std::this_thread::yield();
  }
}

// What a heap asks its helper for.
class HelpedHeapTest : public ::testing::Test, private CollectionListener {
 protected:
  static constexpr std::size_t kObjectBytes = 32;
  static constexpr std::size_t kListBytes = 6 * kMiB;

  HelpedHeapTest() { heap_.AddListener(this); }
  ~HelpedHeapTest() override { heap_.RemoveListener(this); }

  void MakeList(std::size_t bytes) {
    for (std::size_t n = 0; n < bytes / kObjectBytes; ++n) {
      const PlainModel::Value object = MakeObject(mutator_, 3, 0);
      mutator_.Write(Traits::Slot(object, 0), list_.get());
      list_.set(object);
    }
  }

  // Whether the helper touches a page of `range` within some seconds.
  bool IsTouched(AddressRange range) {
    using std::chrono::steady_clock;
    const auto end = steady_clock::now() + std::chrono::seconds(20);
    while (steady_clock::now() < end) {
      for (const AddressRange& pages : os_.populated()) {
        if (range.Contains(pages.begin)) return true;
      }
      std::this_thread::yield();
    }
    return false;
  }
  AddressRange Nursery() {
    const AddressRange young = heap_.young().range();
    return {young.begin, young.bytes / 2};
  }
  AddressRange Survivors() {
    return RangeBetween(Nursery().end(), heap_.young().range().end());
  }
  AddressRange OldSpace() {
    return RangeBetween(heap_.young().range().end(),
                        heap_.memory().range().end());
  }

  // Within the pause: the heap asks for old space after it, too.
  void OnCollection(const CollectionEvent& event) override {
    if (event.promoted_bytes > kListBytes / 2) {
      promotion_was_ahead_ = IsTouched(OldSpace());
    }
  }

  using Traits = ModelTraits<PlainModel>;
  FakeOs os_;
  Heap<PlainModel> heap_{{.max_heap_bytes = 128 * kMiB,
                          .nursery_bytes = 2 * kListBytes,
                          .os = &os_}};
  Mutator<PlainModel> mutator_{heap_};
  HandleScope<PlainModel> scope_{mutator_};
  Local<PlainModel> list_{mutator_, Traits::NullValue()};
  bool promotion_was_ahead_ = false;
};

TEST_F(HelpedHeapTest, TheNurseryIsTouchedAheadOfMutators) {
  MakeList(kMiB);
  EXPECT_TRUE(IsTouched(Nursery()));
}

TEST_F(HelpedHeapTest, SurvivorSpaceAndOldSpaceAreTouchedAheadOfACollection) {
  MakeList(kListBytes);
  mutator_.Collect(CollectionKind::kMinor);
  EXPECT_TRUE(IsTouched(Survivors()));
  mutator_.Collect(CollectionKind::kMajor);
  EXPECT_TRUE(promotion_was_ahead_);
}

}  // namespace
}  // namespace fledge::gc
