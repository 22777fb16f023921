// What coroutines cost: a switch, and a minor collection beside those that are
// parked.
//
// Pauses are from the collection's event, as in frames_bench.cc.
//
//   build/release/fledge_benchmarks --benchmark_filter=Stack

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

#include "benchmarks/last_pause.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"
#include "runtime/frame_layout.h"
#include "runtime/heap.h"
#include "runtime/interpreter_frames.h"
#include "runtime/interpreter_stacks.h"
#include "runtime/native_stacks.h"
#include "runtime/objects.h"
#include "runtime/value.h"

namespace fledge {
namespace {

using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Stack;
using runtime::Value;

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = 4 * kGiB;
  options.nursery_bytes = 4 * kMiB;
  return options;
}

// There and back, on two stacks with some frames.
void SwitchOfInterpreterStacks(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  runtime::InterpreterStacks stacks(heap);
  runtime::InterpreterFrames frames(heap, stacks.OwnMemory());
  const runtime::FrameLayout layout(3);
  const Local nil(mutator, Value::Nil());
  const Local stack(mutator, stacks.TryMake(mutator, nil));
  frames.TryPush(layout);
  stacks.Switch(frames, Stack(stack.get()));
  for (std::int64_t i = 0; i < state.range(0); ++i) frames.TryPush(layout);
  for (auto _ : state) {
    stacks.SwitchToOwn(frames);
    stacks.Switch(frames, Stack(stack.get()));
  }
  stacks.SwitchToOwn(frames);
}
BENCHMARK(SwitchOfInterpreterStacks)->Arg(1)->Arg(10'000);

struct Yielding {
  runtime::NativeStacks& stacks;
  Mutator& mutator;
  runtime::CompiledFrames& frames;
  bool done = false;
};

void SwitchOfNativeStacks(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  runtime::CodeRegistry registry(heap);
  runtime::NativeStacks stacks(heap, registry);
  runtime::CompiledFrames frames(registry);
  Yielding yielding{stacks, mutator, frames};
  const Local nil(mutator, Value::Nil());
  const auto yield = [](void* argument) {
    auto& self = *static_cast<Yielding*>(argument);
    while (!self.done) self.stacks.SwitchToOwn(self.mutator, self.frames);
  };
  const Local stack(mutator,
                    stacks.TryMake(mutator, nil, yield, &yielding, 32 * kKiB));
  for (auto _ : state) stacks.Switch(mutator, frames, Stack(stack.get()));
  yielding.done = true;
  stacks.Switch(mutator, frames, Stack(stack.get()));
}
BENCHMARK(SwitchOfNativeStacks);

// Each with a frame that refers to an old object; none of them has run lately.
void MinorPauseByParkedStacks(benchmark::State& state) {
  Heap heap(Options());
  Mutator mutator(heap);
  const HandleScope scope(mutator);
  runtime::InterpreterStacks stacks(heap);
  runtime::InterpreterFrames frames(heap, stacks.OwnMemory());
  const runtime::FrameLayout layout(1);
  const auto count = static_cast<std::size_t>(state.range(0));
  const Local nil(mutator, Value::Nil());
  const Local all(mutator, MakeVector(mutator, count, nil));
  for (std::size_t i = 0; i < count; ++i) {
    const HandleScope inner(mutator);
    const Local stack(mutator, stacks.TryMake(mutator, nil, 128));
    const Value box = MakeBox(mutator, nil);
    stacks.Switch(frames, Stack(stack.get()));
    runtime::InterpreterFrame* const frame = frames.TryPush(layout);
    *reinterpret_cast<Value::Word*>(frame->slots) = box.word();
    stacks.SwitchToOwn(frames);
    SetItem(mutator, runtime::Vector(all.get()), i, stack.get());
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  mutator.Collect(gc::CollectionKind::kMinor);
  mutator.Collect(gc::CollectionKind::kMinor);
  LastPause pause;
  heap.AddListener(&pause);
  for (auto _ : state) {
    const HandleScope inner(mutator);
    const Local box(mutator, MakeBox(mutator, nil));
    mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
  }
  heap.RemoveListener(&pause);
}
BENCHMARK(MinorPauseByParkedStacks)
    ->Arg(0)
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fledge
