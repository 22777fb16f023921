// What handles cost: Local in a HandleScope, Persistent, PinScope.
//
// The baseline of a Local is a store and a load of a word on the machine stack,
// which is what a raw reference that is spilled costs.
//
//   build/release/fledge_benchmarks --benchmark_filter=Handle

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

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
using runtime::PinScope;
using runtime::Value;

constexpr std::size_t kBatch = 1024;

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = kMiB;
  return options;
}

void ReportTimePer(benchmark::State& state, const char* name,
                   std::size_t count) {
  state.counters[name] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

// Calls body(mutator, value of a young pair) `kBatch` times an iteration.
template <typename Body>
void Measure(benchmark::State& state, Body&& body) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local pair(mutator, MakePair(mutator, nil, nil));
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBatch; ++i) body(mutator, pair);
  }
  ReportTimePer(state, "time/handle", kBatch);
}

// A reference spilled to the machine stack and loaded again.
void HandleBaseline(benchmark::State& state) {
  Measure(state, [](Mutator&, Local pair) {
    Value spilled = pair.get();
    benchmark::DoNotOptimize(&spilled);
    benchmark::DoNotOptimize(spilled.word());
  });
}
BENCHMARK(HandleBaseline);

// A scope with one Local, as a small function has.
void HandleScopeOfOne(benchmark::State& state) {
  Measure(state, [](Mutator& mutator, Local pair) {
    HandleScope scope(mutator);
    Local local(mutator, pair.get());
    benchmark::DoNotOptimize(local.get().word());
  });
}
BENCHMARK(HandleScopeOfOne);

// A scope with eight: what is left of the scope's own cost.
void HandleScopeOfEight(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBatch / 8; ++i) {
      HandleScope inner(mutator);
      for (std::size_t j = 0; j < 8; ++j) {
        Local local(mutator, nil.get());
        benchmark::DoNotOptimize(local.get().word());
      }
    }
  }
  ReportTimePer(state, "time/handle", kBatch);
}
BENCHMARK(HandleScopeOfEight);

void HandleGet(benchmark::State& state) {
  Measure(state, [](Mutator&, Local pair) {
    benchmark::DoNotOptimize(pair.get().word());
  });
}
BENCHMARK(HandleGet);

void HandleSet(benchmark::State& state) {
  Measure(state, [](Mutator&, Local pair) {
    pair.set(pair.get());
    benchmark::ClobberMemory();
  });
}
BENCHMARK(HandleSet);

// An object made from handles into a handle, against a raw allocation.
void HandleMakePair(benchmark::State& state) {
  Measure(state, [](Mutator& mutator, Local pair) {
    HandleScope scope(mutator);
    Local made(mutator, MakePair(mutator, pair, pair));
    benchmark::DoNotOptimize(made.get().word());
  });
}
BENCHMARK(HandleMakePair);

void HandlePersistentMakeAndDestroy(benchmark::State& state) {
  Measure(state, [](Mutator& mutator, Local pair) {
    Persistent persistent(mutator, pair.get().word());
    benchmark::DoNotOptimize(persistent.get());
  });
}
BENCHMARK(HandlePersistentMakeAndDestroy);

void HandlePersistentSet(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local pair(mutator, MakePair(mutator, nil, nil));
  Persistent persistent(mutator, nil.get().word());
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      persistent.set(mutator, pair.get().word());
      benchmark::ClobberMemory();
    }
  }
  ReportTimePer(state, "time/handle", kBatch);
}
BENCHMARK(HandlePersistentSet);

// Makes so many persistents, and then destroys them in the order they were
// made in.
void HandlePersistentMakeMany(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<Persistent> persistents;
  persistents.reserve(count);
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) {
      persistents.emplace_back(mutator, nil.get().word());
    }
    persistents.clear();
  }
  ReportTimePer(state, "time/handle", count);
}
BENCHMARK(HandlePersistentMakeMany)->Arg(1'000)->Arg(100'000);

void HandlePinScope(benchmark::State& state) {
  Measure(state, [](Mutator& mutator, Local pair) {
    PinScope pin(mutator, pair);
    benchmark::DoNotOptimize(pin.object());
  });
}
BENCHMARK(HandlePinScope);

}  // namespace
}  // namespace fledge
