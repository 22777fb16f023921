// finalizers: so many objects, each with a finalizer, are dropped at once, and
// collections are requested until all finalizers have run. Of each 20 objects
// the first two refer to each other.
// Usage: finalizers OPTIONS N
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "benchmarks/peers/programs/fledge/program.h"
#include "gc/collection.h"
#include "runtime/finalizers.h"
#include "runtime/heap.h"
#include "runtime/objects.h"

namespace {

using fledge::peers::ParseArguments;
using fledge::peers::Watch;
using fledge::runtime::Finalizers;
using fledge::runtime::HandleScope;
using fledge::runtime::Heap;
using fledge::runtime::Local;
using fledge::runtime::Mutator;
using fledge::runtime::Pair;
using fledge::runtime::Value;
using fledge::runtime::Vector;

constexpr std::uint32_t kCycleEvery = 20;

// Makes `count` pairs of a number and another pair or nil, and registers each
// with its number.
void AddObjects(Mutator& mutator, Finalizers& finalizers, std::uint32_t count) {
  const HandleScope scope(mutator);
  const Local nil(mutator, Value::Nil());
  const Local objects(mutator, MakeVector(mutator, count, nil));
  for (std::uint32_t i = 0; i < count; ++i) {
    const Value object =
        MakePair(mutator, Value::SmallInteger(i), Value::Nil());
    SetItem(mutator, Vector(objects.get()), i, object);
  }
  const Vector items(objects.get());
  for (std::uint32_t i = 0; i + 1 < count; i += kCycleEvery) {
    SetCdr(mutator, Pair(items.item(i)), items.item(i + 1));
    SetCdr(mutator, Pair(items.item(i + 1)), items.item(i));
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    finalizers.Register(mutator, items.item(i), Value::SmallInteger(i));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto [options, count] = ParseArguments(argc, argv);
  Heap heap(options);
  Mutator mutator(heap);
  Finalizers finalizers(heap, Finalizers::Mode::kCleanup);

  Watch watch;
  AddObjects(mutator, finalizers, count);
  const double build_us = watch.us();

  std::size_t ran = 0;
  std::int64_t sum = 0;
  watch.Start();
  for (std::size_t drained = 1; drained > 0 && ran < count; ran += drained) {
    mutator.Collect(fledge::gc::CollectionKind::kMajor);
    drained = finalizers.Drain(
        mutator, [&](Local number) { sum += number.get().integer(); });
  }
  const double collect_us = watch.us();

  std::printf("ran=%zu sum=%lld build_us=%.1f collect_us=%.1f\n", ran,
              static_cast<long long>(sum), build_us, collect_us);
}
