#include "gc/root_sources.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "gc/heap.h"
#include "tests/support/collection_test.h"
#include "tests/support/fake_models.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

// Slots of its own, as a walker finds them on a stack.
template <typename Value>
class Frame : public RootSource {
 public:
  explicit Frame(std::size_t slots) : slots_(slots) {}

  void AddSlots(RootSlots& out) override {
    ++asked_;
    for (Value& slot : slots_) out.Add(At(&slot));
    for (const auto& [slot, base] : derived_) out.AddDerived(At(slot), base);
  }
  std::string Describe(Address slot) override {
    for (Value& own : slots_) {
      if (slot == At(&own)) return "fib+0x2a";
    }
    return {};
  }

  void AddDerived(Value* slot, Value* base) {
    derived_.emplace_back(slot, At(base));
  }
  Value& operator[](std::size_t i) { return slots_[i]; }
  int asked() const { return asked_; }

 private:
  static Address At(Value* slot) { return reinterpret_cast<Address>(slot); }

  std::vector<Value> slots_;
  std::vector<std::pair<Value*, Address>> derived_;
  int asked_ = 0;
};

template <typename M>
class RootSourcesTest : public CollectionTest<M> {};

TYPED_TEST_SUITE(RootSourcesTest, FakeModels, ModelNames);

TYPED_TEST(RootSourcesTest, SlotsOfASourceAreUpdatedByEveryCollection) {
  this->Everywhere([](auto& heap) {
    constexpr int kSlots = 20;
    Frame<typename TypeParam::Value> frame(kSlots);
    const auto registration = heap.heap().RegisterRootSource(frame);
    for (int i = 0; i < kSlots; ++i) {
      // Some are old, and what the allocation moved is found again.
      frame[static_cast<std::size_t>(i)] =
          i % 3 == 0 ? heap.NewOld(i) : heap.New(i);
    }
    for (const bool minor : {true, true, false, true, false}) {
      minor ? heap.Minor() : heap.Major();
      for (int i = 0; i < kSlots; ++i) {
        ASSERT_TRUE(heap.Is(frame[static_cast<std::size_t>(i)], i)) << i;
      }
    }
    EXPECT_GE(frame.asked(), 5);
  });
}

TYPED_TEST(RootSourcesTest, SlotsOfASourceLeadToWhatCyclesMark) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.marking = Marking::kInSteps;
  options.stress.cycles = true;
  this->Always(
      [](auto& heap) {
        Frame<typename TypeParam::Value> frame(2);
        const auto registration = heap.heap().RegisterRootSource(frame);
        frame[0] = heap.NewOld(0);
        for (int i = 1; i < 2000; ++i) {
          frame[1] = heap.New(i);
          heap.mutator().Write(heap.Slot(frame[1], 0), frame[0]);
          frame[0] = frame[1];
          if (i % 50 == 0) heap.Minor();
        }
        EXPECT_GT(heap.heap().cycles(), 0u);
        for (int i = 2000; i-- > 0;) {
          ASSERT_TRUE(heap.Is(frame[0], i)) << i;
          frame[0] = *heap.Slot(frame[0], 0);
        }
      },
      options);
}

TYPED_TEST(RootSourcesTest, DerivedSlotsKeepTheirDistanceToTheirBase) {
  this->Everywhere([](auto& heap) {
    using Value = typename TypeParam::Value;
    Frame<Value> frame(3);
    Value ahead = 0, behind = 0, again = 0, of_null = 12;
    const auto registration = heap.heap().RegisterRootSource(frame);
    frame[0] = heap.New(1, 10);
    frame[1] = heap.New(2, 10);
    ahead = frame[0] + 16;
    behind = frame[0] - 4;
    again = frame[1] + 8;
    frame.AddDerived(&ahead, &frame[0]);
    frame.AddDerived(&behind, &frame[0]);
    frame.AddDerived(&again, &frame[1]);
    frame.AddDerived(&ahead, &frame[0]);  // A slot may be named twice.
    frame.AddDerived(&of_null, &frame[2]);
    for (const bool minor : {true, false, true}) {
      const Value before = frame[0];
      minor ? heap.Minor() : heap.Major();
      EXPECT_TRUE(heap.Is(frame[0], 1));
      EXPECT_TRUE(heap.Is(frame[1], 2));
      EXPECT_EQ(ahead, frame[0] + 16);
      EXPECT_EQ(behind, frame[0] - 4);
      EXPECT_EQ(again, frame[1] + 8);
      EXPECT_EQ(of_null, 12u);
      if (minor && heap.events().size() == 1 &&
          heap.heap().options().policy != Policy::kSemispace) {
        EXPECT_NE(frame[0], before);
      }
    }
  });
}

TYPED_TEST(RootSourcesTest, ASourceIsAskedOnceInACollectionUntilItIsRemoved) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  TestHeap<TypeParam> heap(options);
  Frame<typename TypeParam::Value> frame(7);
  {
    const auto registration = heap.heap().RegisterRootSource(frame);
    EXPECT_EQ(heap.Minor().root_slots, 7u);
    EXPECT_EQ(heap.Major().root_slots, 7u);
    EXPECT_EQ(frame.asked(), 2);
    frame[0] = heap.New(1);
  }
  EXPECT_EQ(heap.Minor().root_slots, 0u);
  EXPECT_EQ(TestFixture::CopiedBytes(heap.events().back()), 0u);
  EXPECT_EQ(frame.asked(), 2);
}

TYPED_TEST(RootSourcesTest, NothingIsAskedWhereNothingIsCollected) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.policy = Policy::kNoGc;
  TestHeap<TypeParam> heap(options);
  Frame<typename TypeParam::Value> frame(1);
  const auto registration = heap.heap().RegisterRootSource(frame);
  const auto value = frame[0] = heap.New(1);
  EXPECT_FALSE(heap.mutator().Collect(CollectionKind::kMajor));
  EXPECT_EQ(frame[0], value);
  EXPECT_EQ(frame.asked(), 0);
}

template <typename M>
void LeaveAStaleSlot() {
  HeapOptions options = TestHeap<M>::SmallHeap();
  options.verify = Verify::kOn;
  TestHeap<M> heap(options);
  Frame<typename M::Value> frame(2);
  heap.New(0);  // The first object's address is also that of young space.
  const auto kept = heap.Root(heap.New(1));
  const auto stale = kept.get();
  heap.Minor();
  frame[1] = stale;
  const auto registration = heap.heap().RegisterRootSource(frame);
  heap.Minor();
}

TYPED_TEST(RootSourcesTest, AStaleSlotIsNamedByItsSource) {
  EXPECT_DEATH(LeaveAStaleSlot<TypeParam>(),
               "a stale reference(.|\n)*in      a frame(.|\n)*"
               "place   fib\\+0x2a");
}

}  // namespace
}  // namespace fledge::gc
