// What tracing costs an object: copied by a minor collection, in allocation
// order and shuffled, and marked by a major one.
//
// The graph is a complete binary tree of 32-byte objects. Time is the pause,
// from the collection's event, divided by the objects.
//
//   build/release/fledge_benchmarks --benchmark_filter='Copy|Mark'

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

#include "gc/collection.h"
#include "gc/heap.h"
#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/value.h"

namespace fledge {
namespace {

using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Value;
using runtime::Vector;

class LastPause final : public gc::CollectionListener {
 public:
  void OnCollection(const gc::CollectionEvent& event) override {
    pause_ns_ = event.pause_ns();
  }
  double seconds() const { return static_cast<double>(pause_ns_) * 1e-9; }

 private:
  std::int64_t pause_ns_ = 0;
};

enum class Order : std::uint8_t { kAllocation, kShuffled };

// A tree of `count` nodes, header and three items each, laid out depth first or
// anywhere. REQUIRES: no collection moves them: young nodes fit the nursery.
class Tree {
 public:
  Tree(Mutator& mutator, std::size_t count, gc::AllocationKind kind,
       Order order)
      : places_(count) {
    std::iota(places_.begin(), places_.end(), 0);
    if (order == Order::kShuffled) {
      std::shuffle(places_.begin(), places_.end(), std::mt19937_64(1));
    }
    nodes_.reserve(count);
    HandleScope scope(mutator);
    Local list(mutator, Value::Nil());
    constexpr std::size_t kItems = 3;
    for (std::size_t i = 0; i < count; ++i) {
      const Address object = mutator.Allocate(
          runtime::SizeOf(runtime::ObjectType::kVector, kItems), kind);
      // A list until they are a tree, lest a collection free old ones.
      nodes_.push_back(Vector::Initialize(object, kItems, list.get()).value());
      list.set(nodes_.back());
    }
    root_ = Build(count);
  }
  Value root() const { return root_; }

 private:
  // A subtree of the next `count` places.
  Value Build(std::size_t count) {
    if (count == 0) return Value::Nil();
    const Value node = nodes_[places_[next_++]];
    const std::size_t left = (count - 1) / 2;
    *Vector(node).item_slot(0) = Build(left).word();
    *Vector(node).item_slot(1) = Build(count - 1 - left).word();
    *Vector(node).item_slot(2) = Value::Nil().word();
    return node;
  }

  std::vector<std::size_t> places_;
  std::vector<Value> nodes_;
  std::size_t next_ = 0;
  Value root_;
};

// Copies to survivor space at a tenuring threshold of 2, to old space at 1.
void Copy(benchmark::State& state, Order order, unsigned threshold) {
  constexpr std::size_t kObjects = 1'000'000;
  gc::HeapOptions options;
  options.max_heap_bytes = 2 * kGiB;
  options.nursery_bytes = 64 * kMiB;
  options.tenuring_threshold = threshold;
  Heap heap(options);
  Mutator mutator(heap);
  LastPause pause;
  heap.AddListener(&pause);
  for (auto _ : state) {
    mutator.Collect(gc::CollectionKind::kMajor);
    HandleScope scope(mutator);
    Local root(
        mutator,
        Tree(mutator, kObjects, gc::AllocationKind::kTraced, order).root());
    mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
  }
  state.counters["time/object"] =
      benchmark::Counter(static_cast<double>(kObjects),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
  heap.RemoveListener(&pause);
}
void CopyToSurvivors(benchmark::State& state, Order order) {
  Copy(state, order, 2);
}
void CopyToOld(benchmark::State& state, Order order) { Copy(state, order, 1); }

void Mark(benchmark::State& state, Order order) {
  constexpr std::size_t kObjects = 10'000'000;
  gc::HeapOptions options;
  options.max_heap_bytes = 4 * kGiB;
  Heap heap(options);
  Mutator mutator(heap);
  LastPause pause;
  heap.AddListener(&pause);
  HandleScope scope(mutator);
  Local root(
      mutator,
      Tree(mutator, kObjects, gc::AllocationKind::kTracedOld, order).root());
  mutator.Collect(gc::CollectionKind::kMajor);
  for (auto _ : state) {
    mutator.Collect(gc::CollectionKind::kMajor);
    state.SetIterationTime(pause.seconds());
  }
  state.counters["time/object"] =
      benchmark::Counter(static_cast<double>(kObjects),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
  heap.RemoveListener(&pause);
}

#define FLEDGE_TRACE_BENCHMARK(name, iterations)                \
  BENCHMARK_CAPTURE(name, allocation_order, Order::kAllocation) \
      ->Iterations(iterations)                                  \
      ->UseManualTime()                                         \
      ->Unit(benchmark::kMillisecond);                          \
  BENCHMARK_CAPTURE(name, shuffled, Order::kShuffled)           \
      ->Iterations(iterations)                                  \
      ->UseManualTime()                                         \
      ->Unit(benchmark::kMillisecond)

FLEDGE_TRACE_BENCHMARK(CopyToSurvivors, 20);
FLEDGE_TRACE_BENCHMARK(CopyToOld, 20);
FLEDGE_TRACE_BENCHMARK(Mark, 5);

}  // namespace
}  // namespace fledge
