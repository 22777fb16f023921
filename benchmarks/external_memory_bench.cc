// What a buffer of external memory costs beside one from malloc, by its size.
//
// A batch is allocated and then freed, oldest first, as objects die that were
// made together. Each buffer is written to once.
//
//   BuffersOfMalloc  malloc() and free(), which have a cache for each thread.
//   BuffersOfHeap    ExternalMemory, which counts them and has none.
//
// docs/design/external_memory.md has the figures.
//
//   build/release/fledge_benchmarks --benchmark_filter=Buffers

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdlib>

#include "allocator/external_memory.h"

namespace fledge::allocator {
namespace {

constexpr std::size_t kBatch = 256;

// Reports the time of one buffer, from its allocation to its end.
template <typename Allocate, typename Free>
void Measure(benchmark::State& state, Allocate&& allocate, Free&& free) {
  std::array<void*, kBatch> buffers;
  for (auto _ : state) {
    for (void*& buffer : buffers) {
      buffer = allocate();
      *static_cast<char*>(buffer) = 1;
      benchmark::DoNotOptimize(buffer);
    }
    for (void* const buffer : buffers) free(buffer);
  }
  state.counters["time/buffer"] =
      benchmark::Counter(static_cast<double>(kBatch),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

std::size_t SizeBytes(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void BuffersOfMalloc(benchmark::State& state) {
  const std::size_t size_bytes = SizeBytes(state);
  Measure(
      state, [&] { return std::malloc(size_bytes); },
      [](void* buffer) { std::free(buffer); });
}

void BuffersOfHeap(benchmark::State& state) {
  const std::size_t size_bytes = SizeBytes(state);
  ExternalBytes bytes;
  ExternalMemory memory(SystemOs(), bytes);
  Measure(
      state, [&] { return memory.TryAllocate(size_bytes); },
      [&](void* buffer) { memory.Free(buffer); });
}

BENCHMARK(BuffersOfMalloc)->Arg(64)->Arg(4096)->Arg(65536);
BENCHMARK(BuffersOfHeap)->Arg(64)->Arg(4096)->Arg(65536);

}  // namespace
}  // namespace fledge::allocator
