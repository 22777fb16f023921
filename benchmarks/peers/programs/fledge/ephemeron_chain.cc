// ephemeron-chain: a weak table in which each value is another entry's key, and
// two full collections: while the first key is held, and when it is not.
// Usage: ephemeron_chain OPTIONS N
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

#include "benchmarks/peers/programs/cpp/xorshift.h"
#include "benchmarks/peers/programs/fledge/program.h"
#include "gc/collection.h"
#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/weak_table.h"

namespace {

using fledge::peers::ParseArguments;
using fledge::peers::Watch;
using fledge::peers::Xorshift;
using fledge::runtime::HandleScope;
using fledge::runtime::Heap;
using fledge::runtime::Local;
using fledge::runtime::Mutator;
using fledge::runtime::Value;
using fledge::runtime::Vector;
using fledge::runtime::WeakTable;

// The numbers below `count`, in the order that every program takes.
std::vector<std::uint32_t> Shuffled(std::uint32_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  Xorshift random;
  for (std::uint32_t i = count - 1; i > 0; --i) {
    std::swap(order[i], order[random.Below(i + 1)]);
  }
  return order;
}

// Puts `count` entries into the table. Returns the first key, which leads to
// all others.
Value AddChain(Mutator& mutator, WeakTable& table, std::uint32_t count) {
  const HandleScope scope(mutator);
  const Local nil(mutator, Value::Nil());
  const Local keys(mutator, MakeVector(mutator, count + 1, nil));
  for (std::uint32_t i = 0; i <= count; ++i) {
    const Value key = MakeBox(mutator, nil);
    SetItem(mutator, Vector(keys.get()), i, key);
  }
  const Vector items(keys.get());
  for (const std::uint32_t i : Shuffled(count)) {
    table.Put(mutator, items.item(i), items.item(i + 1));
  }
  return items.item(0);
}

std::size_t LengthFrom(const WeakTable& table, Value key) {
  std::size_t length = 0;
  while (!(key = table.Get(key)).IsEmpty()) ++length;
  return length;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [options, count] = ParseArguments(argc, argv);
  Heap heap(options);
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  WeakTable table(WeakTable::Keeps::kValues);
  const auto registration = heap.RegisterWeakSet(table);

  Watch watch;
  Local first(mutator, AddChain(mutator, table, count));
  const double build_us = watch.us();

  watch.Start();
  mutator.Collect(fledge::gc::CollectionKind::kMajor);
  const double keep_us = watch.us();
  const std::size_t kept = LengthFrom(table, first.get());

  first.set(Value::Nil());
  watch.Start();
  mutator.Collect(fledge::gc::CollectionKind::kMajor);
  const double drop_us = watch.us();
  const std::size_t gone = count - table.count();

  std::printf("kept=%zu gone=%zu build_us=%.1f keep_us=%.1f drop_us=%.1f\n",
              kept, gone, build_us, keep_us, drop_us);
}
