// What weak tables cost a collection.
//
// Time is the pause of one collection, from its event. Ephemerons: the whole
// major collection, objects included, of so many entries whose values are the
// next one's keys, added in shuffled order, or whose values are immediates. The
// minor pause: with so many old entries beside a few thousand young objects.
// docs/design/weak_sets.md has the tables.
//
//   build/release/fledge_benchmarks --benchmark_filter=Weak

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "benchmarks/last_pause.h"
#include "gc/collection.h"
#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/weak_table.h"

namespace fledge {
namespace {

using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Value;
using runtime::Vector;
using runtime::WeakTable;

enum class Values { kNextKeys, kImmediates };

// A table of `count` entries and the objects that are its keys, in a vector.
struct Tables {
  Tables(std::size_t count, Values values)
      : heap(Options()), mutator(heap), scope(mutator) {
    auto table_of_owner =
        std::make_unique<WeakTable>(WeakTable::Keeps::kValues);
    table = table_of_owner.get();
    const Local nil(mutator, Value::Nil());
    owner.emplace(mutator, MakeBox(mutator, nil));
    heap.AdoptWeakSet(std::move(table_of_owner), owner->get().word());
    keys.emplace(mutator, MakeVector(mutator, count + 1, nil));
    for (std::size_t i = 0; i <= count; ++i) {
      const Value box = MakeBox(mutator, nil);
      SetItem(mutator, Vector(keys->get()), i, box);
    }
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (const std::uint32_t i : order) {
      const Vector items(keys->get());
      table->Put(mutator, items.item(i),
                 values == Values::kNextKeys ? items.item(i + 1)
                                             : Value::SmallInteger(i));
    }
    if (values == Values::kNextKeys) {
      // Only the first key is held.
      keys->set(Vector(keys->get()).item(0));
    }
    // Keys grow by their hashes, and what is only moved once is moved here.
    mutator.Collect(gc::CollectionKind::kMajor);
    mutator.Collect(gc::CollectionKind::kMajor);
  }

  static gc::HeapOptions Options() {
    gc::HeapOptions options;
    options.max_heap_bytes = 8 * kGiB;
    options.nursery_bytes = 4 * kMiB;
    return options;
  }

  Heap heap;
  Mutator mutator;
  HandleScope scope;
  WeakTable* table = nullptr;
  std::optional<Local> owner;
  std::optional<Local> keys;
};

void MeasureMajor(benchmark::State& state, Values values) {
  const auto count = static_cast<std::size_t>(state.range(0));
  Tables tables(count, values);
  LastPause pause;
  tables.heap.AddListener(&pause);
  for (auto _ : state) {
    tables.mutator.Collect(gc::CollectionKind::kMajor);
    state.SetIterationTime(pause.seconds());
  }
  tables.heap.RemoveListener(&pause);
  if (tables.table->count() != count) state.SkipWithError("entries were lost");
}

void WeakMajorOfChain(benchmark::State& state) {
  MeasureMajor(state, Values::kNextKeys);
}
BENCHMARK(WeakMajorOfChain)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->Arg(20'000'000)
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

void WeakMajorWithoutChain(benchmark::State& state) {
  MeasureMajor(state, Values::kImmediates);
}
BENCHMARK(WeakMajorWithoutChain)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

void WeakMinorByOldEntries(benchmark::State& state) {
  Tables tables(static_cast<std::size_t>(state.range(0)), Values::kImmediates);
  LastPause pause;
  tables.heap.AddListener(&pause);
  for (auto _ : state) {
    const HandleScope scope(tables.mutator);
    const Local nil(tables.mutator, Value::Nil());
    Local list(tables.mutator, Value::Nil());
    for (int i = 0; i < 10'000; ++i) {
      list.set(MakePair(tables.mutator, nil, list));
    }
    tables.mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
  }
  tables.heap.RemoveListener(&pause);
}
BENCHMARK(WeakMinorByOldEntries)
    ->Arg(0)
    ->Arg(10'000'000)
    ->UseManualTime()
    ->Iterations(200)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fledge
