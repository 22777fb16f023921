// What safepoints cost: the poll, a blocking region, attaching a thread, and
// stopping the world with other mutators in each of their states.
//
//   build/release/fledge_benchmarks --benchmark_filter=Safepoint

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "gc/collection.h"
#include "gc/heap.h"
#include "gc/mutator_core.h"
#include "runtime/heap.h"

namespace fledge {
namespace {

using runtime::Heap;
using runtime::Mutator;

constexpr std::size_t kBatch = 1024;

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = kMiB;
  return options;
}

template <typename Body>
void Measure(benchmark::State& state, Body&& body) {
  Heap heap(Options());
  Mutator mutator(heap);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBatch; ++i) body(mutator);
  }
  state.counters["time/pass"] =
      benchmark::Counter(static_cast<double>(kBatch),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

// The loop alone.
void SafepointNone(benchmark::State& state) {
  Measure(state, [](Mutator&) { benchmark::ClobberMemory(); });
}
BENCHMARK(SafepointNone);

void SafepointPoll(benchmark::State& state) {
  Measure(state, [](Mutator& mutator) {
    mutator.Safepoint();
    benchmark::ClobberMemory();
  });
}
BENCHMARK(SafepointPoll);

void SafepointBlockingRegion(benchmark::State& state) {
  Measure(state, [](Mutator& mutator) {
    gc::BlockingRegion region(mutator);
    benchmark::ClobberMemory();
  });
}
BENCHMARK(SafepointBlockingRegion);

// The same with a full fence in the place of the light one: what leaving would
// cost if the collector's side were not the one that pays.
void SafepointBlockingRegionFenced(benchmark::State& state) {
  Measure(state, [](Mutator& mutator) {
    gc::BlockingRegion region(mutator);
    benchmark::ClobberMemory();
    std::atomic_thread_fence(std::memory_order_seq_cst);
  });
}
BENCHMARK(SafepointBlockingRegionFenced);

// A thread that is there already attaches to a heap and detaches.
void SafepointAttachAndDetach(benchmark::State& state) {
  Heap heap(Options());
  for (auto _ : state) {
    Mutator mutator(heap);
    benchmark::DoNotOptimize(&mutator);
  }
}
BENCHMARK(SafepointAttachAndDetach);

enum class Others : std::uint8_t { kBlocked, kPolling };

// Other threads, attached to a heap until this goes.
class OtherMutators {
 public:
  OtherMutators(Heap& heap, std::size_t count, Others others) {
    for (std::size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this, &heap, others] {
        Mutator mutator(heap);
        attached_.fetch_add(1);
        if (others == Others::kBlocked) {
          gc::BlockingRegion region(mutator);
          ended_.wait(false);
        } else {
          while (!ended_.load(std::memory_order_relaxed)) mutator.Safepoint();
        }
      });
    }
    while (attached_.load() != count) std::this_thread::yield();
  }
  // REQUIRES: the caller has no mutator of the heap, or is in a blocking
  // region: the threads detach.
  ~OtherMutators() {
    ended_.store(true);
    ended_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<std::size_t> attached_{0};
  std::atomic<bool> ended_{false};
  std::vector<std::thread> threads_;
};

// Time to safepoint, and what stopping and going on cost the caller, of empty
// minor collections with so many other mutators.
void StopOthers(benchmark::State& state, Others others) {
  class StopTime final : public gc::CollectionListener {
   public:
    void OnCollection(const gc::CollectionEvent& event) override {
      ns_ = event.time_to_safepoint_ns();
    }
    double seconds() const { return static_cast<double>(ns_) * 1e-9; }

   private:
    std::int64_t ns_ = 0;
  };
  Heap heap(Options());
  OtherMutators threads(heap, static_cast<std::size_t>(state.range(0)), others);
  Mutator mutator(heap);
  StopTime stop_time;
  heap.AddListener(&stop_time);
  for (auto _ : state) {
    while (!mutator.Collect(gc::CollectionKind::kMinor)) {
    }
    state.SetIterationTime(stop_time.seconds());
  }
  heap.RemoveListener(&stop_time);
}
void SafepointStopBlocked(benchmark::State& state) {
  StopOthers(state, Others::kBlocked);
}
void SafepointStopPolling(benchmark::State& state) {
  StopOthers(state, Others::kPolling);
}
BENCHMARK(SafepointStopBlocked)
    ->Arg(0)
    ->Arg(1)
    ->Arg(16)
    ->Arg(64)
    ->Iterations(2000)
    ->UseManualTime();
BENCHMARK(SafepointStopPolling)
    ->Arg(1)
    ->Arg(4)
    ->Iterations(100)
    ->UseManualTime();

}  // namespace
}  // namespace fledge
