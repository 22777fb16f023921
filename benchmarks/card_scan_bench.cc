// What a dirty card costs a minor collection, by what is on it.
//
// Old space or a large vector, of which every so many cards one is dirty. Time
// is the phase "cards" of the collection's event, divided by the dirty cards;
// what is left of it at none is the reading of summaries and clean cards.
// Arguments: KiB of old data, and the distance between dirty cards, in cards.
//
//   CardScanVector     a large vector of immediates: 64 slots on a card, none
//                      young.
//   CardScanPairs      a list of pairs in old space: 21 objects on a card,
//   whose
//                      slots are immediates and old references.
//   CardScanYoungItem  as the vector, but one slot of each dirty card refers
//                      to the same young object, so that the card stays dirty.
//   CardScanNone       no card is dirty: what old space itself costs.
//
// The size of a card is a constant of the library; what the mutator's side pays
// for smaller ones is in barrier_bench.cc.
//
//   build/release/fledge_benchmarks --benchmark_filter=CardScan

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/address.h"
#include "gc/card_table.h"
#include "gc/collection.h"
#include "gc/heap.h"
#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/value.h"

namespace fledge {
namespace {

using gc::CardTable;
using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Pair;
using runtime::Value;
using runtime::Vector;

class LastCollection final : public gc::CollectionListener {
 public:
  void OnCollection(const gc::CollectionEvent& event) override {
    event_ = event;
  }
  // Cards are traced from partly as they are visited, partly afterwards.
  double card_seconds() const {
    return static_cast<double>(
               event_.phase_ns[static_cast<std::size_t>(gc::Phase::kCards)] +
               event_.phase_ns[static_cast<std::size_t>(gc::Phase::kTrace)]) *
           1e-9;
  }
  std::size_t dirty_cards() const { return event_.dirty_cards; }

 private:
  gc::CollectionEvent event_;
};

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = kMiB;
  return options;
}

std::size_t OldBytes(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0)) * kKiB;
}
std::size_t CardDistanceBytes(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(1)) * CardTable::kCardBytes;
}

// What is in the slots of dirty cards when the collection runs.
enum class Stored : std::uint8_t { kOld, kYoung };

// Runs minor collections with the cards dirtied that lie `offsets` from
// `holder`, and reports the time for one card.

void Scan(benchmark::State& state, Heap& heap, Mutator& mutator,
          Local old_value, const std::vector<std::size_t>& offsets,
          Local holder, Stored stored) {
  LastCollection last;
  heap.AddListener(&last);
  std::size_t cards = 0;
  for (auto _ : state) {
    HandleScope scope(mutator);
    Local young(mutator, MakePair(mutator, old_value, old_value));
    for (const std::size_t offset : offsets) {
      auto* const slot =
          reinterpret_cast<Value::Word*>(holder.get().object() + offset);
      const Value::Word old_word = *slot;
      mutator.Write(slot, young.get().word());
      if (stored == Stored::kOld) mutator.Write(slot, old_word);
    }
    mutator.Collect(gc::CollectionKind::kMinor);
    cards = last.dirty_cards();
    state.SetIterationTime(last.card_seconds());
  }
  heap.RemoveListener(&last);
  state.counters["cards"] = static_cast<double>(cards);
  state.counters["time/card"] =
      benchmark::Counter(static_cast<double>(cards == 0 ? 1 : cards),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

void ScanVector(benchmark::State& state, Stored stored) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local vector(mutator,
               MakeVector(mutator, OldBytes(state) / runtime::kWordBytes, nil));
  mutator.Collect(gc::CollectionKind::kMajor);
  std::vector<std::size_t> offsets;
  for (std::size_t offset = CardTable::kCardBytes / 2; offset < OldBytes(state);
       offset += CardDistanceBytes(state)) {
    offsets.push_back(offset);
  }
  Scan(state, heap, mutator, nil, offsets, vector, stored);
}
void CardScanVector(benchmark::State& state) {
  ScanVector(state, Stored::kOld);
}
void CardScanYoungItem(benchmark::State& state) {
  ScanVector(state, Stored::kYoung);
}

// Pairs that follow each other in old space, found by a walk of their list.
void CardScanPairs(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local list(mutator, nil.get());
  const std::size_t pair_bytes = runtime::SizeOf(runtime::ObjectType::kPair, 0);
  for (std::size_t i = 0; i < OldBytes(state) / pair_bytes; ++i) {
    const Address object =
        mutator.Allocate(pair_bytes, gc::AllocationKind::kTracedOld);
    list.set(Pair::Initialize(object, nil.get(), list.get()).value());
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  // Offsets from the first pair, which later ones may lie below of: they wrap.
  std::vector<std::size_t> offsets;
  Address last_card = kNullAddress;
  for (Value pair = list.get(); !pair.IsNil(); pair = Pair(pair).cdr()) {
    const Address slot = reinterpret_cast<Address>(Pair(pair).car_slot());
    const Address card = slot / CardDistanceBytes(state);
    if (card == last_card) continue;
    last_card = card;
    offsets.push_back(slot - list.get().object());
  }
  Scan(state, heap, mutator, nil, offsets, list, Stored::kOld);
}

#define FLEDGE_CARD_SCAN_BENCHMARK(name)          \
  BENCHMARK(name)                                 \
      ->ArgsProduct({{1024, 65536}, {1, 8, 128}}) \
      ->UseManualTime()                           \
      ->Iterations(30)

FLEDGE_CARD_SCAN_BENCHMARK(CardScanVector);
FLEDGE_CARD_SCAN_BENCHMARK(CardScanYoungItem);
FLEDGE_CARD_SCAN_BENCHMARK(CardScanPairs);

// No card is dirty: the price of old space itself.
void CardScanNone(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local vector(mutator,
               MakeVector(mutator, OldBytes(state) / runtime::kWordBytes, nil));
  mutator.Collect(gc::CollectionKind::kMajor);
  Scan(state, heap, mutator, nil, {}, vector, Stored::kOld);
}
BENCHMARK(CardScanNone)
    ->Arg(1024)
    ->Arg(65536)
    ->Arg(524288)
    ->UseManualTime()
    ->Iterations(200);

}  // namespace
}  // namespace fledge
