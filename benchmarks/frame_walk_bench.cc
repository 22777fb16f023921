// What it takes a minor collection to walk frames of compiled code, look them
// up and update their references, by frame pointer and by unwind table.
//
// Real frames, of a function that calls itself; each has one reference to a
// young object, which the collection moves, or three. Time is the pause itself.
//
//   build/release/fledge_benchmarks --benchmark_filter=FrameWalk

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "allocator/base/check.h"
#include "benchmarks/last_pause.h"
#include "runtime/code_registry.h"
#include "runtime/compiled_frames.h"
#include "runtime/exit_frame.h"
#include "runtime/heap.h"
#include "runtime/objects.h"
#include "runtime/value.h"

// deep(frames, callee, argument, value): the last of so many frames calls
// callee(argument). Each has the value at [sp], [sp+8] and [sp+16].
asm(R"(
  .pushsection .text
  .p2align 4
  .globl fledge_deep, fledge_deep_inner, fledge_deep_last, fledge_deep_end
fledge_deep:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $32, %rsp
  movq %rcx, (%rsp)
  movq %rcx, 8(%rsp)
  movq %rcx, 16(%rsp)
  decq %rdi
  jz 1f
  callq fledge_deep
fledge_deep_inner:
  jmp 2f
1:
  movq %rdx, %rdi
  callq *%rsi
fledge_deep_last:
2:
  leave
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
fledge_deep_end:
  .popsection
)");

extern "C" {
void fledge_deep(std::uint64_t frames, void (*callee)(void*), void* argument,
                 std::uint64_t value);
extern const char fledge_deep_inner[], fledge_deep_last[], fledge_deep_end[];
}

namespace fledge {
namespace {

using runtime::CompiledFrames;
using runtime::FrameWalk;
using runtime::HandleScope;
using runtime::Heap;
using runtime::Local;
using runtime::Mutator;
using runtime::Value;

constexpr std::int32_t kSlotBytes = sizeof(Value::Word);

runtime::Code Describe(FrameWalk walk, std::int32_t slots_of_frame) {
  const auto begin = reinterpret_cast<Address>(&fledge_deep);
  runtime::Code code{
      {begin, reinterpret_cast<Address>(fledge_deep_end) - begin},
      runtime::StackMap(),
      walk,
      "deep"};
  code.map.AddFunction(begin);
  std::vector<runtime::FrameSlot> slots;
  for (std::int32_t i = 0; i < slots_of_frame; ++i) {
    slots.push_back({runtime::FrameRegister::kStackPointer, i * kSlotBytes});
  }
  for (const char* site : {fledge_deep_inner, fledge_deep_last}) {
    FLEDGE_CHECK(!code.map.AddSite(reinterpret_cast<Address>(site), slots, {}));
  }
  return code;
}

struct Measured {
  benchmark::State& state;
  Heap& heap;
  Mutator& mutator;
  CompiledFrames& frames;
};

// Called by the newest frame.
[[gnu::noinline]] void Measure(void* argument) {
  auto& [state, heap, mutator, frames] = *static_cast<Measured*>(argument);
  const runtime::ExitFrame exit(frames.newest_address());
  const std::vector<runtime::Frame> all = frames.Frames();
  LastPause pause;
  heap.AddListener(&pause);
  double seconds = 0;
  for (auto _ : state) {
    Value::Word young;
    {
      const HandleScope scope(mutator);
      const Local nil(mutator, Value::Nil());
      young = MakePair(mutator, nil, nil).word();
    }
    for (const runtime::Frame& frame : all) {
      auto* const slots = reinterpret_cast<Value::Word*>(frame.stack_pointer);
      std::fill_n(slots, state.range(1), young);
    }
    mutator.Collect(gc::CollectionKind::kMinor);
    state.SetIterationTime(pause.seconds());
    seconds += pause.seconds();
  }
  heap.RemoveListener(&pause);
  state.counters["ns_per_frame"] = 1e9 * seconds /
                                   static_cast<double>(state.iterations()) /
                                   static_cast<double>(all.size());
}

void FrameWalkAndUpdate(benchmark::State& state, FrameWalk walk) {
  gc::HeapOptions options;
  options.max_heap_bytes = kGiB;
  options.nursery_bytes = 4 * kMiB;
  Heap heap(options);
  Mutator mutator(heap);
  runtime::CodeRegistry registry(heap);
  runtime::CodeRegistry::Registration registration;
  FLEDGE_CHECK(!registry.RegisterCode(
      Describe(walk, static_cast<std::int32_t>(state.range(1))), registration));
  CompiledFrames frames(registry);
  Measured measured{state, heap, mutator, frames};
  fledge_deep(static_cast<std::uint64_t>(state.range(0)), &Measure, &measured,
              Value::Nil().word());
}
BENCHMARK_CAPTURE(FrameWalkAndUpdate, frame_pointer, FrameWalk::kFramePointer)
    ->ArgsProduct({{10, 1'000}, {1, 3}})
    ->ArgNames({"frames", "references"})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(FrameWalkAndUpdate, unwind_table, FrameWalk::kUnwindTable)
    ->ArgsProduct({{10, 1'000}, {1, 3}})
    ->ArgNames({"frames", "references"})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fledge
