// What a heap keeps after a peak: a gigabyte of live data falls to 50 MB, a
// collection sees it, and the process then does nothing.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <thread>

#include "runtime/objects.h"

namespace fledge {
namespace {

using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Value;
using runtime::Vector;

constexpr std::size_t kStringBytes = 1000;
constexpr std::size_t kPeakStrings = 1'000'000;
constexpr std::size_t kKeptStrings = 50'000;

double ResidentMegabytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return static_cast<double>(resident_pages) * kPageBytes / 1e6;
}

// Every n-th string stays, so that what is left is scattered over the heap.
void MemoryReturn(benchmark::State& state) {
  for (auto _ : state) {
    Heap heap({.max_heap_bytes = 4 * kGiB});
    Mutator mutator(heap);
    const HandleScope scope(mutator);
    const Local nil(mutator, Value::Nil());
    const Local all(mutator, MakeVector(mutator, kPeakStrings, nil));
    for (std::size_t i = 0; i < kPeakStrings; ++i) {
      const Value bytes = MakeBytes(mutator, kStringBytes);
      SetItem(mutator, Vector(all.get()), i, bytes);
    }
    state.counters["peak_MB"] = ResidentMegabytes();
    for (std::size_t i = 0; i < kPeakStrings; ++i) {
      if (i % (kPeakStrings / kKeptStrings) == 0) continue;
      SetItem(mutator, Vector(all.get()), i, Value::Nil());
    }
    mutator.Collect(gc::CollectionKind::kMajor);
    const auto start = std::chrono::steady_clock::now();
    const auto note = [&](const char* name, int milliseconds) {
      std::this_thread::sleep_until(start +
                                    std::chrono::milliseconds(milliseconds));
      state.counters[name] = ResidentMegabytes();
    };
    note("at_once_MB", 0);
    note("after_1s_MB", 1000);
    note("after_5s_MB", 5000);
  }
}
BENCHMARK(MemoryReturn)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace fledge
