// What a store of a reference costs with the write barrier, and with others
// that it might have been.
//
// Stores go to random slots of a large old vector, or to all of them in order.
// The slots depend on a counter only, so that stores do not wait for each
// other, and values are in no order that a processor could learn. Arguments:
// KiB of the vector, and how many of 100 stored values are young references,
// the others being old ones. Cards are dirty after the first stores of young
// references and stay so, as nothing collects.
//
//   StoreRandom<Fledge>  Mutator::Write().
//   StoreRandom<Plain>   The store alone: what ratios are to.
//   The others           Prototypes over tables of their own.
//
// Beside it: CopyRange(), WroteObject() and WriteRoot(), each with the plain
// loop that does the same without a barrier.
//
// docs/design/write_barrier.md has the ratios.
//
//   build/release/fledge_benchmarks --benchmark_filter='^Store'

#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "allocator/base/address.h"
#include "allocator/block.h"
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
using runtime::Value;
using runtime::Vector;

using Slot = Value::Word;

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kValues = 1024;
constexpr std::size_t kLargestVectorBytes = 64 * kMiB;

void PlainStore(Slot* slot, Slot value) {
  std::atomic_ref<Slot>(*slot).store(value, std::memory_order_relaxed);
}

// What the prototypes read, in memory like a mutator's fields.
struct Fields {
  std::uint8_t* cards = nullptr;   // As if they began at address 0.
  std::uint8_t* blocks = nullptr;  // Likewise.
  Address filter_base = 0;
  std::size_t filter_bytes = 0;
  Slot** buffer_top = nullptr;
  Slot** buffer_limit = nullptr;
  Slot** buffer_begin = nullptr;

  bool IsFiltered(Slot value) const {
    return value - filter_base < filter_bytes;
  }
};

template <unsigned kShift>
[[gnu::always_inline]] inline void DirtyAlways(const Fields& fields,
                                               Slot* slot) {
  std::atomic_ref(fields.cards[reinterpret_cast<Address>(slot) >> kShift])
      .store(1, std::memory_order_relaxed);
}
template <unsigned kShift>
[[gnu::always_inline]] inline void DirtyIfClean(const Fields& fields,
                                                Slot* slot) {
  const std::atomic_ref card(
      fields.cards[reinterpret_cast<Address>(slot) >> kShift]);
  if (card.load(std::memory_order_relaxed) == 1) return;
  card.store(1, std::memory_order_relaxed);
}
template <unsigned kShift>
[[gnu::always_inline]] inline void DirtyAndNote(const Fields& fields,
                                                Slot* slot) {
  const auto address = reinterpret_cast<Address>(slot);
  const std::atomic_ref card(fields.cards[address >> kShift]);
  if (card.load(std::memory_order_relaxed) == 1) return;
  card.store(1, std::memory_order_relaxed);
  std::atomic_ref(fields.blocks[address >> allocator::kBlockShift])
      .store(1, std::memory_order_relaxed);
}

// The forms of a barrier. Each stores `value` in `slot`.

struct Plain {
  [[gnu::always_inline]] static void Store(Mutator&, Fields&, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
  }
};

struct Fledge {
  [[gnu::always_inline]] static void Store(Mutator& mutator, Fields&,
                                           Slot* slot, Slot value) {
    mutator.Write(slot, value);
  }
};

// A card for every store, not tested.
template <unsigned kShift>
struct Unconditional {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    DirtyAlways<kShift>(fields, slot);
  }
};

// A card for every store, if it is clean.
template <unsigned kShift>
struct Conditional {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    DirtyIfClean<kShift>(fields, slot);
  }
};

// The same, with the summary.
template <unsigned kShift>
struct Summarized {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    DirtyAndNote<kShift>(fields, slot);
  }
};

// A card for a young value, not tested.
template <unsigned kShift>
struct FilteredUnconditional {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    if (fields.IsFiltered(value)) DirtyAlways<kShift>(fields, slot);
  }
};

// A card for a young value, if it is clean, with the summary: what Fledge does,
// by the size of a card.
template <unsigned kShift>
struct Filtered {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    if (fields.IsFiltered(value)) DirtyAndNote<kShift>(fields, slot);
  }
};

// The same with one branch, which is hardly ever taken: the card is loaded in
// any case, and no branch depends on the value alone.
template <unsigned kShift>
struct Combined {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    const auto address = reinterpret_cast<Address>(slot);
    const std::atomic_ref card(fields.cards[address >> kShift]);
    // 1 if young, and 1 if clean.
    const auto young = static_cast<unsigned>(fields.IsFiltered(value));
    const unsigned clean = card.load(std::memory_order_relaxed) ^ 1u;
    if ((young & clean) == 0) [[likely]] {
      return;
    }
    card.store(1, std::memory_order_relaxed);
    std::atomic_ref(fields.blocks[address >> allocator::kBlockShift])
        .store(1, std::memory_order_relaxed);
  }
};

// The same in one comparison: a dirty card is all ones, so that with it no
// value is below the filter's size.
template <unsigned kShift>
struct Fused {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    const auto address = reinterpret_cast<Address>(slot);
    const std::atomic_ref card(fields.cards[address >> kShift]);
    const auto dirty = static_cast<std::uint64_t>(static_cast<std::int64_t>(
        static_cast<std::int8_t>(card.load(std::memory_order_relaxed))));
    if (((value - fields.filter_base) | dirty) >= fields.filter_bytes)
        [[likely]] {
      return;
    }
    card.store(0xff, std::memory_order_relaxed);
    std::atomic_ref(fields.blocks[address >> allocator::kBlockShift])
        .store(1, std::memory_order_relaxed);
  }
};

// The card is tested first and the value only if it is clean.
template <unsigned kShift>
struct CardFirst {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    const auto address = reinterpret_cast<Address>(slot);
    const std::atomic_ref card(fields.cards[address >> kShift]);
    if (card.load(std::memory_order_relaxed) == 1) return;
    if (!fields.IsFiltered(value)) return;
    card.store(1, std::memory_order_relaxed);
    std::atomic_ref(fields.blocks[address >> allocator::kBlockShift])
        .store(1, std::memory_order_relaxed);
  }
};

// A generation check by address: young space lies below a boundary, and a
// reference that crosses it downwards is recorded. Immediates, too.
template <unsigned kShift>
struct Boundary {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    const Address boundary = fields.filter_base + fields.filter_bytes;
    if (value < boundary && reinterpret_cast<Address>(slot) >= boundary) {
      DirtyAndNote<kShift>(fields, slot);
    }
  }
};

// The slot's address into a buffer, for a young value or for each.
template <bool kFilter>
struct Buffered {
  [[gnu::always_inline]] static void Store(Mutator&, Fields& fields, Slot* slot,
                                           Slot value) {
    PlainStore(slot, value);
    if (kFilter && !fields.IsFiltered(value)) return;
    *fields.buffer_top++ = slot;
    if (fields.buffer_top == fields.buffer_limit) [[unlikely]] {
      fields.buffer_top = fields.buffer_begin;
    }
  }
};

// A heap with a large old vector, tables for the prototypes, and values.
class Stores {
 public:
  Stores(std::size_t vector_bytes, unsigned young_percent)
      : heap_(Options()),
        mutator_(heap_),
        scope_(mutator_),
        nil_(mutator_, Value::Nil()),
        vector_(mutator_,
                MakeVector(mutator_, vector_bytes / sizeof(Slot), nil_)) {
    const Address begin =
        AlignDown(reinterpret_cast<Address>(slots()), allocator::kBlockBytes);
    const std::size_t covered = vector_bytes + 2 * allocator::kBlockBytes;
    cards_.resize(covered >> 7);
    blocks_.resize(covered >> allocator::kBlockShift);
    buffer_.resize(kBatch);
    fields_.filter_base = heap_.barrier_filter().begin;
    fields_.filter_bytes = heap_.barrier_filter().bytes;
    fields_.blocks = blocks_.data() - (begin >> allocator::kBlockShift);
    fields_.buffer_begin = fields_.buffer_top = buffer_.data();
    fields_.buffer_limit = buffer_.data() + buffer_.size();
    begin_ = begin;
    mutator_.Collect(gc::CollectionKind::kMajor);  // Cleans all cards.

    const Slot old_value = vector_.get().word();
    const Slot young = MakePair(mutator_, nil_, nil_).word();
    std::mt19937 random(1);
    for (Slot& value : values_) {
      value = random() % 100 < young_percent ? young : old_value;
    }
  }

  // Tables for cards of `1 << shift` bytes.
  void SetCardShift(unsigned shift) {
    fields_.cards = cards_.data() - (begin_ >> shift);
  }

  Slot* slots() { return Vector(vector_.get()).item_slot(0); }
  std::span<const Slot> values() const { return values_; }
  Mutator& mutator() { return mutator_; }
  Fields& fields() { return fields_; }

 private:
  static gc::HeapOptions Options() {
    gc::HeapOptions options;
    options.max_heap_bytes = 4 * kLargestVectorBytes;
    options.nursery_bytes = kMiB;
    return options;
  }

  Heap heap_;
  Mutator mutator_;
  HandleScope scope_;
  Local nil_;
  Local vector_;
  Address begin_ = 0;
  std::vector<std::uint8_t> cards_;
  std::vector<std::uint8_t> blocks_;
  std::vector<Slot*> buffer_;
  Fields fields_;
  std::array<Slot, kValues> values_;
};

template <typename Form>
[[gnu::noinline]] void BatchRandom(Mutator& mutator, Fields& fields,
                                   Slot* slots, unsigned shift,
                                   const Slot* values, std::uint64_t start) {
  constexpr std::uint64_t kGoldenRatio = 0x9e37'79b9'7f4a'7c15;
  for (std::uint64_t i = start; i < start + kBatch; ++i) {
    const std::uint64_t random = i * kGoldenRatio;
    Slot* const slot = &slots[random >> shift];
    Form::Store(mutator, fields, slot, values[random >> 20 & (kValues - 1)]);
    benchmark::DoNotOptimize(slot);
  }
}

template <typename Form>
[[gnu::noinline]] void BatchInOrder(Mutator& mutator, Fields& fields,
                                    Slot* slots, const Slot* values) {
  for (std::uint64_t i = 0; i < kBatch; ++i) {
    Form::Store(mutator, fields, &slots[i], values[i % kValues]);
    benchmark::DoNotOptimize(&slots[i]);
  }
}

void ReportTimePer(benchmark::State& state, const char* name,
                   std::size_t count) {
  state.counters[name] =
      benchmark::Counter(static_cast<double>(count),
                         benchmark::Counter::kIsIterationInvariantRate |
                             benchmark::Counter::kInvert);
}

std::size_t VectorBytes(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0)) * kKiB;
}
unsigned YoungPercent(const benchmark::State& state) {
  return static_cast<unsigned>(state.range(1));
}

template <typename Form, unsigned kCardShift = 9>
void StoreRandom(benchmark::State& state) {
  Stores stores(VectorBytes(state), YoungPercent(state));
  stores.SetCardShift(kCardShift);
  const auto shift = static_cast<unsigned>(
      64 - std::countr_zero(VectorBytes(state) / sizeof(Slot)));
  std::uint64_t start = 0;
  for (auto _ : state) {
    BatchRandom<Form>(stores.mutator(), stores.fields(), stores.slots(), shift,
                      stores.values().data(), start);
    start += kBatch;
  }
  ReportTimePer(state, "time/store", kBatch);
}

template <typename Form, unsigned kCardShift = 9>
void StoreInOrder(benchmark::State& state) {
  Stores stores(VectorBytes(state), YoungPercent(state));
  stores.SetCardShift(kCardShift);
  const std::size_t slots = VectorBytes(state) / sizeof(Slot);
  std::size_t start = 0;
  for (auto _ : state) {
    BatchInOrder<Form>(stores.mutator(), stores.fields(),
                       stores.slots() + start, stores.values().data());
    start = (start + kBatch) % slots;
  }
  ReportTimePer(state, "time/store", kBatch);
}

#define FLEDGE_STORE_BENCHMARKS(...)                \
  BENCHMARK_TEMPLATE(StoreRandom, __VA_ARGS__)      \
      ->ArgsProduct({{1024, 65536}, {0, 50, 100}}); \
  BENCHMARK_TEMPLATE(StoreInOrder, __VA_ARGS__)     \
      ->ArgsProduct({{1024, 65536}, {0, 100}})

FLEDGE_STORE_BENCHMARKS(Plain);
FLEDGE_STORE_BENCHMARKS(Fledge);
FLEDGE_STORE_BENCHMARKS(Unconditional<9>);
FLEDGE_STORE_BENCHMARKS(Conditional<9>);
FLEDGE_STORE_BENCHMARKS(Conditional<8>, 8);
FLEDGE_STORE_BENCHMARKS(Conditional<7>, 7);
FLEDGE_STORE_BENCHMARKS(Summarized<9>);
FLEDGE_STORE_BENCHMARKS(FilteredUnconditional<9>);
FLEDGE_STORE_BENCHMARKS(Filtered<9>);
FLEDGE_STORE_BENCHMARKS(Filtered<8>, 8);
FLEDGE_STORE_BENCHMARKS(Filtered<7>, 7);
FLEDGE_STORE_BENCHMARKS(Combined<9>);
FLEDGE_STORE_BENCHMARKS(Fused<9>);
FLEDGE_STORE_BENCHMARKS(Fused<8>, 8);
FLEDGE_STORE_BENCHMARKS(Fused<7>, 7);
FLEDGE_STORE_BENCHMARKS(Combined<7>, 7);
FLEDGE_STORE_BENCHMARKS(CardFirst<9>);
FLEDGE_STORE_BENCHMARKS(Boundary<9>);
FLEDGE_STORE_BENCHMARKS(Buffered<false>);
FLEDGE_STORE_BENCHMARKS(Buffered<true>);

// The other ways to store. Arguments: slots, percent of young values.

void StorePlainLoop(benchmark::State& state) {
  Stores stores(kMiB, YoungPercent(state));
  const auto count = static_cast<std::size_t>(state.range(0));
  Slot* const to = stores.slots();
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) {
      PlainStore(to + i, stores.values()[i]);
    }
    benchmark::ClobberMemory();
  }
  ReportTimePer(state, "time/store", count);
}

void StoreCopyRange(benchmark::State& state) {
  Stores stores(kMiB, YoungPercent(state));
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    stores.mutator().CopyRange(stores.slots(), stores.values().data(), count);
    benchmark::ClobberMemory();
  }
  ReportTimePer(state, "time/store", count);
}

// Plain stores to all of a vector, then one call.
void StoreThenWroteObject(benchmark::State& state) {
  Stores stores(kMiB, YoungPercent(state));
  const auto count = static_cast<std::size_t>(state.range(0));
  Mutator& mutator = stores.mutator();
  HandleScope scope(mutator);
  Local nil(mutator, Value::Nil());
  Local vector(mutator, MakeVector(mutator, count, nil));
  Slot* const to = Vector(vector.get()).item_slot(0);
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) {
      PlainStore(to + i, stores.values()[i]);
    }
    mutator.WroteObject(vector.get().object());
    benchmark::ClobberMemory();
  }
  ReportTimePer(state, "time/store", count);
}

void StoreWriteRoot(benchmark::State& state) {
  Stores stores(kMiB, YoungPercent(state));
  const auto count = static_cast<std::size_t>(state.range(0));
  Mutator& mutator = stores.mutator();
  std::vector<Slot> roots(count, Value::Nil().word());
  const auto range = mutator.heap().RegisterRoots(roots);
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) {
      mutator.WriteRoot(*range, &roots[i], stores.values()[i]);
    }
    benchmark::ClobberMemory();
  }
  ReportTimePer(state, "time/store", count);
}

#define FLEDGE_OTHER_STORE_BENCHMARK(name) \
  BENCHMARK(name)->ArgsProduct({{16, 1024}, {0, 100}})

FLEDGE_OTHER_STORE_BENCHMARK(StorePlainLoop);
FLEDGE_OTHER_STORE_BENCHMARK(StoreCopyRange);
FLEDGE_OTHER_STORE_BENCHMARK(StoreThenWroteObject);
FLEDGE_OTHER_STORE_BENCHMARK(StoreWriteRoot);

}  // namespace
}  // namespace fledge
