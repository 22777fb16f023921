// What it costs to allocate and initialise an object, by its size and by the
// nursery's.
//
// Four loops write the same words to the same amount of memory, over and
// over, so that what differs is the allocation:
//
//   AllocateBare      bump and limit are locals: the least that is possible.
//   AllocateInMemory  bump and limit are in a struct that others may see, so
//                     each allocation waits for the last one's store of bump.
//   AllocateYoung     Mutator::Allocate(), with the minor collections of a
//                     nursery in which nothing survives.
//   AllocateScoped    The same by an AllocationScope: bump and limit are
//                     locals again.
//
// docs/design/mutator.md has the ratios and the instructions of the loop.
//
//   build/release/fledge_benchmarks --benchmark_filter=Allocate

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/address.h"
#include "gc/allocation_scope.h"
#include "gc/heap.h"
#include "runtime/heap.h"
#include "runtime/object_header.h"
#include "runtime/value.h"

namespace fledge {
namespace {

using gc::AllocationScope;
using runtime::Heap;
using runtime::Mutator;
using runtime::Value;

// Objects in one timed iteration: a loop long enough to hide the library's.
constexpr std::size_t kBatch = 4096;

// A vector of `kSizeBytes` in all, whose items are integers.
template <std::size_t kSizeBytes>
void Initialize(Address object, std::uint64_t item) {
  constexpr std::size_t kItems = kSizeBytes / runtime::kWordBytes - 1;
  auto* const words = reinterpret_cast<std::uint64_t*>(object);
  words[0] = runtime::MakeHeader(runtime::ObjectType::kVector, kItems);
  for (std::size_t i = 1; i <= kItems; ++i) words[i] = item;
  benchmark::DoNotOptimize(words);
}

struct Buffer {
  Address bump;
  Address limit;
  Address begin;
};

// Memory that is touched, and in the cache if it fits there.
class Nursery {
 public:
  explicit Nursery(std::size_t bytes) : words_(bytes / sizeof(std::uint64_t)) {}
  Buffer buffer() {
    const auto begin = reinterpret_cast<Address>(words_.data());
    return {begin, begin + words_.size() * sizeof(std::uint64_t), begin};
  }

 private:
  std::vector<std::uint64_t> words_;
};

template <std::size_t kSizeBytes>
[[gnu::noinline]] void BatchBare(Buffer& buffer) {
  Address bump = buffer.bump;
  const Address limit = buffer.limit;
  for (std::size_t i = 0; i < kBatch; ++i) {
    if (limit - bump < kSizeBytes) [[unlikely]] {
      bump = buffer.begin;
    }
    Initialize<kSizeBytes>(bump, 2 * i + 1);
    bump += kSizeBytes;
  }
  buffer.bump = bump;
}

[[gnu::noinline]] void Rewind(Buffer& buffer) { buffer.bump = buffer.begin; }

template <std::size_t kSizeBytes>
[[gnu::noinline]] void BatchInMemory(Buffer& buffer) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    if (buffer.limit - buffer.bump < kSizeBytes) [[unlikely]] {
      Rewind(buffer);
    }
    const Address object = buffer.bump;
    buffer.bump = object + kSizeBytes;
    Initialize<kSizeBytes>(object, 2 * i + 1);
  }
}

template <std::size_t kSizeBytes>
[[gnu::noinline]] void BatchYoung(Mutator& mutator) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    Initialize<kSizeBytes>(mutator.Allocate(kSizeBytes), 2 * i + 1);
  }
}

template <std::size_t kSizeBytes>
[[gnu::noinline]] void BatchScoped(Mutator& mutator) {
  AllocationScope scope(mutator);
  for (std::size_t i = 0; i < kBatch; ++i) {
    Initialize<kSizeBytes>(scope.Allocate(kSizeBytes), 2 * i + 1);
  }
}

// Reports the time of one object.
template <typename Batch>
void Measure(benchmark::State& state, Batch&& batch) {
  for (auto _ : state) batch();
  state.counters["time/object"] =
      benchmark::Counter(static_cast<double>(kBatch),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

std::size_t NurseryBytes(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0)) * kKiB;
}

template <std::size_t kSizeBytes>
void AllocateBare(benchmark::State& state) {
  Nursery nursery(NurseryBytes(state));
  Buffer buffer = nursery.buffer();
  Measure(state, [&] { BatchBare<kSizeBytes>(buffer); });
}

template <std::size_t kSizeBytes>
void AllocateInMemory(benchmark::State& state) {
  Nursery nursery(NurseryBytes(state));
  Buffer buffer = nursery.buffer();
  Measure(state, [&] { BatchInMemory<kSizeBytes>(buffer); });
}

// Runs `batch` on a heap all of whose nursery has been touched.
template <typename Batch>
void MeasureHeap(benchmark::State& state, Batch&& batch) {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = NurseryBytes(state);
  Heap heap(options);
  Mutator mutator(heap);
  const std::uint64_t first = heap.collections(gc::CollectionKind::kMinor);
  while (heap.collections(gc::CollectionKind::kMinor) < first + 2) {
    batch(mutator);
  }
  Measure(state, [&] { batch(mutator); });
}

template <std::size_t kSizeBytes>
void AllocateYoung(benchmark::State& state) {
  MeasureHeap(state, [](Mutator& mutator) { BatchYoung<kSizeBytes>(mutator); });
}

template <std::size_t kSizeBytes>
void AllocateScoped(benchmark::State& state) {
  MeasureHeap(state,
              [](Mutator& mutator) { BatchScoped<kSizeBytes>(mutator); });
}

// By the object's size, with a nursery of 512 KiB.
#define FLEDGE_ALLOCATION_BY_SIZE(name)   \
  BENCHMARK_TEMPLATE(name, 16)->Arg(512); \
  BENCHMARK_TEMPLATE(name, 64)->Arg(512)

FLEDGE_ALLOCATION_BY_SIZE(AllocateBare);
FLEDGE_ALLOCATION_BY_SIZE(AllocateInMemory);
FLEDGE_ALLOCATION_BY_SIZE(AllocateYoung);
FLEDGE_ALLOCATION_BY_SIZE(AllocateScoped);

// By the nursery's size in KiB, of 32-byte objects.
#define FLEDGE_ALLOCATION_BY_NURSERY(name)                                 \
  BENCHMARK_TEMPLATE(name, 32)->RangeMultiplier(8)->Range(128, 64 * 1024); \
  BENCHMARK_TEMPLATE(name, 32)->Arg(1024)

FLEDGE_ALLOCATION_BY_NURSERY(AllocateBare);
FLEDGE_ALLOCATION_BY_NURSERY(AllocateInMemory);
FLEDGE_ALLOCATION_BY_NURSERY(AllocateYoung);
FLEDGE_ALLOCATION_BY_NURSERY(AllocateScoped);

}  // namespace
}  // namespace fledge
