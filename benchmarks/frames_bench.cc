// What frames on a stack cost a minor collection.
//
// Time is the pause itself, from the collection's event, not the iteration; the
// counter is the time for each frame. Frames refer to old objects, but for the
// newest, which refers to a young one.
//
//   build/release/fledge_benchmarks --benchmark_filter=MinorPauseByFrames

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/check.h"
#include "benchmarks/last_pause.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"
#include "runtime/frame_layout.h"
#include "runtime/heap.h"
#include "runtime/interpreter_frames.h"
#include "runtime/objects.h"
#include "runtime/value.h"

namespace fledge {
namespace {

using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Value;

constexpr std::size_t kSlots = 3;  // Of each frame.

gc::HeapOptions Options() {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = 4 * kMiB;
  return options;
}

Value MakeNode(Mutator& mutator) {
  HandleScope scope(mutator);
  const Local nil(mutator, Value::Nil());
  return MakePair(mutator, nil, nil);
}

// Minor collections, before each of which `newest` is made to refer to a young
// object.
void MeasurePauses(benchmark::State& state, Heap& heap, Mutator& mutator,
                   Value::Word& newest) {
  LastPause pause;
  heap.AddListener(&pause);
  double seconds = 0;
  for (auto _ : state) {
    newest = MakeNode(mutator).word();
    mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
    seconds += pause.seconds();
  }
  heap.RemoveListener(&pause);
  const auto frames = static_cast<double>(state.range(0));
  state.counters["ns_per_frame"] =
      1e9 * seconds / static_cast<double>(state.iterations()) / frames;
}

void MinorPauseByFramesOfInterpreter(benchmark::State& state) {
  struct Activation {
    runtime::InterpreterFrame frame;
    std::array<Value::Word, kSlots> slots;
  };
  Heap heap(Options());
  Mutator mutator(heap);
  runtime::InterpreterFrames frames(heap);
  const runtime::FrameLayout layout(kSlots);
  std::vector<Activation> stack(static_cast<std::size_t>(state.range(0)));
  for (Activation& one : stack) {
    const Value node = MakeNode(mutator);
    one.slots.fill(node.word());
    frames.Enter(one.frame, layout,
                 reinterpret_cast<Address>(one.slots.data()));
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  MeasurePauses(state, heap, mutator, stack.back().slots[0]);
}
BENCHMARK(MinorPauseByFramesOfInterpreter)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

// Frames as compiled code leaves them, laid out by hand, of 100 functions, of
// which none returns meanwhile.
void MinorPauseByFramesOfCode(benchmark::State& state,
                              runtime::Returns returns) {
  constexpr std::size_t kFunctions = 100;
  constexpr std::size_t kFunctionBytes = 64;
  constexpr Address kCode = 0x10000;
  struct Laid {
    std::array<Address, kSlots> slots;  // [sp], [sp+8], [sp+16]
    Address caller_frame_pointer;
    Address return_address;
  };
  Heap heap(Options());
  Mutator mutator(heap);
  runtime::CodeRegistry registry(heap);
  runtime::Code code{{kCode, kFunctions * kFunctionBytes},
                     runtime::StackMap(),
                     runtime::FrameWalk::kFramePointer,
                     "laid out by hand"};
  std::vector<runtime::FrameSlot> slots;
  for (std::size_t i = 0; i < kSlots; ++i) {
    slots.push_back({runtime::FrameRegister::kStackPointer,
                     static_cast<std::int32_t>(i * sizeof(Address))});
  }
  for (std::size_t i = 0; i < kFunctions; ++i) {
    const Address begin = kCode + i * kFunctionBytes;
    code.map.AddFunction(begin);
    FLEDGE_CHECK(!code.map.AddSite(begin + 16, slots, {}));
  }
  runtime::CodeRegistry::Registration registration;
  FLEDGE_CHECK(!registry.RegisterCode(std::move(code), registration));
  runtime::CompiledFrames frames(registry, returns);

  const auto return_into = [&](std::size_t i) {
    return kCode + i % kFunctions * kFunctionBytes + 16;
  };
  std::vector<Laid> stack(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < stack.size(); ++i) {
    const bool is_last = i + 1 == stack.size();
    stack[i].caller_frame_pointer =
        is_last ? 0
                : reinterpret_cast<Address>(&stack[i + 1].caller_frame_pointer);
    stack[i].return_address = is_last ? 1 : return_into(i + 1);
  }
  const runtime::ExitRecord exit{
      nullptr, return_into(0), reinterpret_cast<Address>(stack.data()),
      reinterpret_cast<Address>(&stack[0].caller_frame_pointer)};
  *frames.newest_address() = &exit;
  for (Laid& one : stack) {
    const Value node = MakeNode(mutator);
    one.slots.fill(node.word());
  }
  mutator.Collect(gc::CollectionKind::kMajor);
  MeasurePauses(state, heap, mutator, stack[0].slots[0]);
  *frames.newest_address() = nullptr;
}
BENCHMARK_CAPTURE(MinorPauseByFramesOfCode, silent, runtime::Returns::kSilent)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(MinorPauseByFramesOfCode, polled, runtime::Returns::kPolled)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fledge
