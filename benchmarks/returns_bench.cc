// What it costs compiled code to say that older frames run again: the ways
// that docs/design/stack_maps.md chooses from.
//
//   plain    says nothing
//   polled   compares the stack pointer with the watermark before `ret`
//   counted  keeps the number of frames in memory, so that a collection sees
//            how far it went down: needs the least number since, too
//   barrier  says nothing, but the return address of one frame in a thousand
//            calls is replaced, as by a collection: the return is mispredicted
//
//   build/release/fledge_benchmarks --benchmark_filter=Returns

#include <benchmark/benchmark.h>

#include <cstdint>

#include "runtime/compiled_fields.h"

// fib(n): rdi is n, rsi the fields; calls itself 1.6^n times.
asm(R"(
  .macro fledge_fib name, entry, exit
  .p2align 4
  .globl \name
\name:
  .cfi_startproc
  \entry
  pushq %rbx
  .cfi_adjust_cfa_offset 8
  pushq %rbp
  .cfi_adjust_cfa_offset 8
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  movq %rdi, %rbx
  movl $1, %eax
  cmpq $2, %rdi
  jb 2f
  leaq -1(%rbx), %rdi
  callq \name
  movq %rax, %rbp
  leaq -2(%rbx), %rdi
  callq \name
  addq %rbp, %rax
2:
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  popq %rbp
  .cfi_adjust_cfa_offset -8
  popq %rbx
  .cfi_adjust_cfa_offset -8
  \exit
  ret
  .cfi_endproc
  .endm
  .macro fledge_nothing
  .endm
  .macro fledge_poll
  cmpq 8(%rsi), %rsp
  jb 3f
  leaq 8(%rsp), %rcx
  movq %rcx, 8(%rsi)
3:
  .endm
  .macro fledge_count
  incq 0(%rsi)
  .endm
  .macro fledge_uncount
  decq 0(%rsi)
  movq 0(%rsi), %rcx
  cmpq 8(%rsi), %rcx
  jae 3f
  movq %rcx, 8(%rsi)
3:
  .endm
  .pushsection .text
  fledge_fib fledge_fib_plain, fledge_nothing, fledge_nothing
  fledge_fib fledge_fib_polled, fledge_nothing, fledge_poll
  fledge_fib fledge_fib_counted, fledge_count, fledge_uncount

  .p2align 4
  .globl fledge_barriers
fledge_barriers:
  .cfi_startproc
1:
  callq 2f
3:
  decq %rdi
  jnz 1b
  ret
2:
  leaq 4f(%rip), %rax
  movq %rax, (%rsp)
  ret
4:
  jmp 3b
  .cfi_endproc
  .popsection
)");

extern "C" {
std::uint64_t fledge_fib_plain(std::uint64_t n, void* fields);
std::uint64_t fledge_fib_polled(std::uint64_t n, void* fields);
std::uint64_t fledge_fib_counted(std::uint64_t n, void* fields);
void fledge_barriers(std::uint64_t n);
}

namespace fledge {
namespace {

constexpr std::uint64_t kN = 25;
constexpr double kCalls = 242'785;  // Of fib(25).

template <std::uint64_t (*kFib)(std::uint64_t, void*)>
void Returns(benchmark::State& state) {
  struct {
    std::uint64_t count = 1000;
    std::uint64_t watermark;
  } fields;
  for (auto _ : state) {
    // Nothing rests; or so few have run that the compare is true in the end.
    fields.watermark = kFib == fledge_fib_polled ? ~std::uint64_t{0} : 0;
    benchmark::DoNotOptimize(kFib(kN, &fields));
  }
  state.counters["per_call"] =
      benchmark::Counter(kCalls, benchmark::Counter::kIsIterationInvariantRate |
                                     benchmark::Counter::kInvert);
}
BENCHMARK(Returns<fledge_fib_plain>)->Name("ReturnsPlain");
BENCHMARK(Returns<fledge_fib_polled>)->Name("ReturnsPolled");
BENCHMARK(Returns<fledge_fib_counted>)->Name("ReturnsCounted");

// One that comes upon a barrier.
void ReturnsToABarrier(benchmark::State& state) {
  for (auto _ : state) fledge_barriers(1000);
  state.counters["per_return"] =
      benchmark::Counter(1000, benchmark::Counter::kIsIterationInvariantRate |
                                   benchmark::Counter::kInvert);
}
BENCHMARK(ReturnsToABarrier);

}  // namespace
}  // namespace fledge
