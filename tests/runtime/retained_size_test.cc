#include "runtime/retained_size.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/objects.h"
#include "tests/support/random.h"
#include "tests/support/seed.h"

namespace fledge::runtime {
namespace {

// Against what collections free, on random graphs.
TEST(RetainedSizeTest, IsWhatACollectionFrees) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE("FLEDGE_TEST_SEED=" + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 20; ++round) {
    gc::HeapOptions options;
    options.max_heap_bytes = 32 * kMiB;
    Heap heap(options);
    Mutator mutator(heap);
    const HandleScope scope(mutator);
    const Local nothing(mutator, Value::Nil());
    const Local roots(mutator, MakeVector(mutator, 8, nothing));
    {
      const HandleScope graph(mutator);
      std::vector<Local> pairs;
      for (int i = 0; i < 60; ++i) {
        pairs.emplace_back(mutator, MakePair(mutator, nothing, nothing));
      }
      for (const Local& pair : pairs) {
        SetCar(mutator, Pair(pair.get()),
               pairs[random.Below(pairs.size())].get());
        if (random.OneIn(3)) {
          SetCdr(mutator, Pair(pair.get()),
                 pairs[random.Below(pairs.size())].get());
        }
      }
      for (std::size_t i = 0; i < 8; ++i) {
        SetItem(mutator, Vector(roots.get()), i,
                pairs[random.Below(pairs.size())].get());
      }
    }
    const auto live = [&] { return heap.Summarize(mutator).bytes; };
    // What nothing refers to does not count.
    const std::size_t before = live();
    const Value sought = Vector(roots.get()).item(0);
    const std::size_t retained = RetainedSize(mutator, sought);
    // Takes every reference to it away.
    std::vector<Value> seen;
    const auto cut = [&](auto&& self, Value value) -> void {
      if (!Is(value, ObjectType::kPair) || value == sought) return;
      for (const Value other : seen) {
        if (other == value) return;
      }
      seen.push_back(value);
      const Pair pair(value);
      if (pair.car() == sought) SetCar(mutator, pair, Value::Nil());
      if (pair.cdr() == sought) SetCdr(mutator, pair, Value::Nil());
      self(self, pair.car());
      self(self, pair.cdr());
    };
    for (std::size_t i = 0; i < 8; ++i) {
      cut(cut, Vector(roots.get()).item(i));
    }
    for (std::size_t i = 0; i < 8; ++i) {
      if (Vector(roots.get()).item(i) == sought) {
        SetItem(mutator, Vector(roots.get()), i, Value::Nil());
      }
    }
    EXPECT_EQ(retained, before - live());
  }
}

}  // namespace
}  // namespace fledge::runtime
