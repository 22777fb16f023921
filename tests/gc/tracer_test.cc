// The tracer's own matter: graphs of every shape, and a work stack that
// overflows. What collections do with it: minor_collection_test.cc and
// major_collection_test.cc.

#include "gc/tracer.h"

#include <gtest/gtest.h>

#include <vector>

#include "gc/heap.h"
#include "tests/support/fake_models.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"
#include "tests/support/test_heap.h"

namespace fledge::gc {
namespace {

template <typename M>
class TracerTest : public ::testing::Test {
 protected:
  using Heap = TestHeap<M>;

  template <typename Body>
  static void WithTinyQueues(Body&& body) {
    for (const bool protect : {false, true}) {
      HeapOptions options = Heap::SmallHeap();
      options.stress.tiny = true;
      options.stress.protect = protect;
      Heap heap(options);
      body(heap);
    }
  }

  // Which slot of a node the rest of the list is in: the others have leaves.
  enum class Rest { kFirst, kLast };
  static std::size_t RestSlot(Rest rest, int width) {
    return rest == Rest::kFirst ? 0 : static_cast<std::size_t>(width);
  }
  static std::size_t LeafSlot(Rest rest, int j) {
    return static_cast<std::size_t>(j) + (rest == Rest::kFirst ? 1 : 0);
  }

  // A list in which each node has `width` leaves too, numbered as they come.
  static void Build(Heap& heap, const Local<M>& list, int nodes, int width,
                    Rest rest = Rest::kFirst) {
    int number = 0;
    auto leaf = heap.Root(ModelTraits<M>::NullValue());
    for (int i = 0; i < nodes; ++i) {
      const auto node = heap.New(-i, static_cast<std::size_t>(width) + 1);
      leaf.set(node);
      heap.Set(leaf, list.get(), RestSlot(rest, width));
      Local(list).set(leaf.get());
      for (int j = 0; j < width; ++j) {
        const auto value = heap.New(++number, 0);
        heap.Set(list, value, LeafSlot(rest, j));
      }
    }
  }
  static void Check(Heap& heap, const Local<M>& list, int nodes, int width,
                    Rest rest = Rest::kFirst) {
    const HandleScope<M> scope(heap.mutator());
    auto node = heap.Root(list);
    for (int i = nodes - 1; i >= 0; --i) {
      ASSERT_NE(heap.AddressOf(node), kNullAddress) << i;
      for (int j = 0; j < width; ++j) {
        ASSERT_TRUE(
            heap.Is(heap.Get(node, LeafSlot(rest, j)), i * width + j + 1))
            << i << " " << j;
      }
      node.set(heap.Get(node, RestSlot(rest, width)));
    }
    EXPECT_EQ(node.get(), ModelTraits<M>::NullValue());
  }
};

TYPED_TEST_SUITE(TracerTest, FakeModels, ModelNames);

struct Shape {
  int nodes;
  int width;
};
// Deep, wide, and both; 64 words is what a tiny work stack holds.
constexpr Shape kShapes[] = {{50'000, 0}, {5'000, 2}, {2'000, 13}, {1'000, 63},
                             {1'000, 64}, {500, 200}, {20, 3'000}};

TYPED_TEST(TracerTest, OverflowOfTheWorkStackLosesNothing) {
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(::testing::Message()
                 << shape.nodes << " nodes of " << shape.width << " leaves");
    // With the rest last, the leaves of many nodes wait on the stack.
    for (const auto rest :
         {TestFixture::Rest::kFirst, TestFixture::Rest::kLast}) {
      this->WithTinyQueues([&](auto& heap) {
        const auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
        TestFixture::Build(heap, list, shape.nodes, shape.width, rest);
        TestFixture::Check(heap, list, shape.nodes, shape.width, rest);
        heap.Minor();
        heap.Major();
        heap.Major();
        TestFixture::Check(heap, list, shape.nodes, shape.width, rest);
      });
    }
  }
}

TYPED_TEST(TracerTest, OverflowWhileEverythingIsEvacuatedLosesNothing) {
  HeapOptions options = TestFixture::Heap::SmallHeap();
  options.stress.tiny = true;
  options.stress.evacuate_all = true;
  TestHeap<TypeParam> heap(options);
  for (const Shape& shape : kShapes) {
    const HandleScope<TypeParam> scope(heap.mutator());
    const auto list = heap.Root(ModelTraits<TypeParam>::NullValue());
    TestFixture::Build(heap, list, shape.nodes, shape.width);
    heap.Major();
    heap.Major();
    TestFixture::Check(heap, list, shape.nodes, shape.width);
  }
}

TYPED_TEST(TracerTest, OverflowFromAPinnedObjectLosesNothing) {
  this->WithTinyQueues([](auto& heap) {
    constexpr std::size_t kWidth = 500;
    const auto object = heap.Root(heap.New(0, kWidth));
    const PinScope<TypeParam> pin(heap.mutator(), object);
    for (std::size_t i = 0; i < kWidth; ++i) {
      heap.Set(object, heap.New(static_cast<int>(i)), i);
    }
    for (int round = 0; round < 3; ++round) {
      heap.Minor();
      for (std::size_t i = 0; i < kWidth; ++i) {
        ASSERT_TRUE(heap.Is(heap.Get(object, i), static_cast<int>(i))) << i;
      }
    }
  });
}

// A tree of two children each, made from its leaves upwards or from its root
// down, and how many of its inner nodes have a child right behind them.
template <typename M>
class TreeInARow {
 public:
  using Heap = TestHeap<M>;
  using Local = gc::Local<M>;

  TreeInARow(Heap& heap, bool leaves_first)
      : heap_(heap), leaves_first_(leaves_first), root_(heap.Root(Make(8))) {}

  // `child` is 0 or 1.
  int CountNextTo(std::size_t child) { return Count(root_.get(), child); }

 private:
  typename M::Value Make(int height) {
    const HandleScope<M> scope(heap_.mutator());
    const auto node = heap_.Root(leaves_first_ ? ModelTraits<M>::NullValue()
                                               : heap_.New(0, 2));
    if (height == 1) return leaves_first_ ? heap_.New(0, 2) : node.get();
    const Local left = heap_.Root(Make(height - 1));
    const Local right = heap_.Root(Make(height - 1));
    if (leaves_first_) Local(node).set(heap_.New(0, 2));
    heap_.Set(node, left.get(), 0);
    heap_.Set(node, right.get(), 1);
    return node.get();
  }
  int Count(typename M::Value node, std::size_t child) {
    const HandleScope<M> scope(heap_.mutator());
    const Local local = heap_.Root(node);
    const auto first = heap_.Get(local, 0);
    if (first == ModelTraits<M>::NullValue()) return 0;
    const bool is_next = heap_.AddressOf(heap_.Get(local, child)) ==
                         heap_.AddressOf(node) + Heap::SizeOf(2);
    return (is_next ? 1 : 0) + Count(first, child) +
           Count(heap_.Get(local, 1), child);
  }

  Heap& heap_;
  const bool leaves_first_;
  const Local root_;
};

template <typename M>
class ReversibleTracerTest : public ::testing::Test {};
using ReversibleModels = ::testing::Types<PlainModel, CompressedModel>;
TYPED_TEST_SUITE(ReversibleTracerTest, ReversibleModels, ModelNames);

TYPED_TEST(ReversibleTracerTest, TheNearerChildIsTracedFirst) {
  static_assert(ReversibleModel<TypeParam>);
  constexpr int kInnerNodes = 127;
  for (const bool leaves_first : {false, true}) {
    SCOPED_TRACE(leaves_first ? "leaves first" : "root first");
    TestHeap<TypeParam> heap;
    TreeInARow<TypeParam> tree(heap, leaves_first);
    heap.Minor();
    EXPECT_GT(tree.CountNextTo(leaves_first ? 1 : 0), kInnerNodes / 4 * 3);
  }
}

TYPED_TEST(TracerTest, ALargeArrayOfEverythingIsScannedWhole) {
  this->WithTinyQueues([](auto& heap) {
    const std::size_t slots = heap.SlotsFor(3 * kBlockBytes);
    const auto array = heap.Root(heap.New(0, slots));
    const auto second = heap.Root(heap.New(1, slots));
    for (std::size_t i = 0; i < slots; ++i) {
      heap.Set(array, heap.New(static_cast<int>(i), 0), i);
      heap.Set(second, heap.Get(array, i), slots - 1 - i);
    }
    heap.Set(second, array.get(), 0);
    heap.Major();
    heap.Major();
    for (std::size_t i = 0; i < slots; ++i) {
      ASSERT_TRUE(heap.Is(heap.Get(array, i), static_cast<int>(i))) << i;
      if (i == slots - 1) continue;
      ASSERT_EQ(heap.Get(second, slots - 1 - i), heap.Get(array, i)) << i;
    }
  });
}

TYPED_TEST(TracerTest, CyclesAndSharingKeepTheirShape) {
  const auto seed = TestSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  ForEachVariant<TypeParam>(kAllVariants, [&](auto& heap) {
    constexpr std::size_t kNodes = 300;
    constexpr std::size_t kEdges = 4;
    Random random(seed);
    const auto table = heap.Root(heap.NewOld(0, kNodes));
    for (std::size_t i = 0; i < kNodes; ++i) {
      heap.Set(table, heap.New(static_cast<int>(i), kEdges), i);
    }
    std::vector<std::size_t> edges(kNodes * kEdges);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      edges[i] = random.Below(kNodes);
      const HandleScope<TypeParam> scope(heap.mutator());
      heap.Set(heap.Root(heap.Get(table, i / kEdges)),
               heap.Get(table, edges[i]), i % kEdges);
    }
    for (int round = 0; round < 4; ++round) {
      round % 2 == 0 ? heap.Minor() : heap.Major();
      for (std::size_t i = 0; i < edges.size(); ++i) {
        ASSERT_EQ(*heap.Slot(heap.Get(table, i / kEdges), i % kEdges),
                  heap.Get(table, edges[i]));
      }
      for (std::size_t i = 0; i < kNodes; ++i) {
        ASSERT_TRUE(heap.Is(heap.Get(table, i), static_cast<int>(i)));
      }
    }
  });
}

}  // namespace
}  // namespace fledge::gc
