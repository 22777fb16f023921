// What the pause of a minor collection follows, and what it does not.
//
// Time is the pause itself, from the collection's event, not the iteration.
// Each row changes one thing: bytes of old data, persistents, survivors or
// dirty cards. docs/design/minor_collection.md shows the curves.
//
//   build/release/fledge_benchmarks --benchmark_filter=MinorPause

#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "benchmarks/last_pause.h"
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
using runtime::Persistent;
using runtime::Value;

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = 6 * kGiB;
  options.nursery_bytes = 4 * kMiB;
  return options;
}

// A list of `length` pairs; allocates young.
Value MakeList(Mutator& mutator, std::size_t length) {
  HandleScope scope(mutator);
  Local list(mutator, Value::Nil());
  Local item(mutator, Value::Nil());
  for (std::size_t i = 0; i < length; ++i) {
    list.set(MakePair(mutator, item, list));
  }
  return list.get();
}

// Runs minor collections of `survivors` young pairs and reports their pauses.
// `before_each` may dirty cards.
template <typename BeforeEach>
void MeasurePauses(benchmark::State& state, Heap& heap, Mutator& mutator,
                   std::size_t survivors, BeforeEach&& before_each) {
  LastPause pause;
  heap.AddListener(&pause);
  for (auto _ : state) {
    HandleScope scope(mutator);
    Local list(mutator, MakeList(mutator, survivors));
    before_each(list);
    mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
  }
  heap.RemoveListener(&pause);
}

constexpr std::size_t kSurvivors = 10'000;

void MinorPauseByOldMegabytes(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local old(
      mutator,
      MakeList(mutator, static_cast<std::size_t>(state.range(0)) * kMiB / 24));
  mutator.Collect(gc::CollectionKind::kMajor);
  MeasurePauses(state, heap, mutator, kSurvivors, [](Local) {});
}
BENCHMARK(MinorPauseByOldMegabytes)
    ->RangeMultiplier(2)
    ->Range(64, 2048)
    ->Iterations(200)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void MinorPauseByPersistents(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  std::vector<Persistent> persistents;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    HandleScope inner(mutator);
    persistents.emplace_back(mutator, MakeList(mutator, 1).word());
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  MeasurePauses(state, heap, mutator, kSurvivors, [](Local) {});
}
BENCHMARK(MinorPauseByPersistents)
    ->Arg(0)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(200)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

void MinorPauseBySurvivors(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  MeasurePauses(state, heap, mutator, static_cast<std::size_t>(state.range(0)),
                [](Local) {});
}
BENCHMARK(MinorPauseBySurvivors)
    ->RangeMultiplier(4)
    ->Range(1, 1 << 16)
    ->Iterations(200)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

// One store of a young reference into each of so many cards of a large vector.
void MinorPauseByDirtyCards(benchmark::State& state) {
  constexpr std::size_t kItemsPerCard = gc::CardTable::kCardBytes / 8;
  const auto cards = static_cast<std::size_t>(state.range(0));
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local vector(mutator, MakeVector(mutator, (cards + 1) * kItemsPerCard, nil));
  mutator.Collect(gc::CollectionKind::kMajor);
  MeasurePauses(state, heap, mutator, 1, [&](Local young) {
    const runtime::Vector items(vector.get());
    for (std::size_t card = 0; card < cards; ++card) {
      SetItem(mutator, items, card * kItemsPerCard, young.get());
    }
  });
}
BENCHMARK(MinorPauseByDirtyCards)
    ->RangeMultiplier(8)
    ->Range(1, 1 << 15)
    ->Iterations(200)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fledge
