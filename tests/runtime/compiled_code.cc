#include "tests/runtime/compiled_code.h"

#include <cstdlib>
#include <utility>
#include <vector>

// Bodies are the same but for how slots are reached.
asm(R"(
  .pushsection .text
  .p2align 4
  .globl fledge_test_both, fledge_test_both_returns, fledge_test_both_end
fledge_test_both:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $48, %rsp
  movq %rdi, -8(%rbp)
  movq 0(%rdi), %rax
  movq %rax, 8(%rsp)
  movq 8(%rdi), %rax
  movq %rax, -16(%rbp)
  movq 16(%rdi), %rax
  movq %rax, 16(%rsp)
  movq 24(%rdi), %rax
  movq 32(%rdi), %rdi
  callq *%rax
fledge_test_both_returns:
  movq -8(%rbp), %rdi
  movq 8(%rsp), %rax
  movq %rax, 0(%rdi)
  movq -16(%rbp), %rax
  movq %rax, 8(%rdi)
  movq 16(%rsp), %rax
  movq %rax, 16(%rdi)
  leave
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
fledge_test_both_end:

  .p2align 4
  .globl fledge_test_polled, fledge_test_polled_returns, fledge_test_polled_end
fledge_test_polled:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $48, %rsp
  movq %rdi, -8(%rbp)
  movq 0(%rdi), %rax
  movq %rax, 8(%rsp)
  movq 8(%rdi), %rax
  movq %rax, -16(%rbp)
  movq 16(%rdi), %rax
  movq %rax, 16(%rsp)
  movq 24(%rdi), %rax
  movq 32(%rdi), %rdi
  callq *%rax
fledge_test_polled_returns:
  movq -8(%rbp), %rdi
  movq 8(%rsp), %rax
  movq %rax, 0(%rdi)
  movq -16(%rbp), %rax
  movq %rax, 8(%rdi)
  movq 16(%rsp), %rax
  movq %rax, 16(%rdi)
  movq 40(%rdi), %rcx
  leave
  .cfi_def_cfa %rsp, 8
  cmpq 8(%rcx), %rsp
  jb 1f
  leaq 8(%rsp), %rdx
  movq %rdx, 8(%rcx)
1:
  ret
  .cfi_endproc
fledge_test_polled_end:

  .p2align 4
  .globl fledge_test_table, fledge_test_table_returns, fledge_test_table_end
fledge_test_table:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  subq $48, %rsp
  .cfi_def_cfa_offset 64
  movq $12345, %rbp
  movq %rdi, 24(%rsp)
  movq 0(%rdi), %rax
  movq %rax, 8(%rsp)
  movq 8(%rdi), %rax
  movq %rax, 32(%rsp)
  movq 16(%rdi), %rax
  movq %rax, 16(%rsp)
  movq 24(%rdi), %rax
  movq 32(%rdi), %rdi
  callq *%rax
fledge_test_table_returns:
  movq 24(%rsp), %rdi
  movq 8(%rsp), %rax
  movq %rax, 0(%rdi)
  movq 32(%rsp), %rax
  movq %rax, 8(%rdi)
  movq 16(%rsp), %rax
  movq %rax, 16(%rdi)
  addq $48, %rsp
  .cfi_def_cfa_offset 16
  popq %rbp
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
fledge_test_table_end:

  .p2align 4
  .globl fledge_test_neither, fledge_test_neither_returns
  .globl fledge_test_neither_end
fledge_test_neither:
  subq $56, %rsp
  movq 24(%rdi), %rax
  movq 32(%rdi), %rdi
  callq *%rax
fledge_test_neither_returns:
  addq $56, %rsp
  ret
fledge_test_neither_end:
  .popsection
)");

extern "C" {
void fledge_test_both(void*);
void fledge_test_polled(void*);
void fledge_test_table(void*);
void fledge_test_neither(void*);
extern const char fledge_test_both_returns[], fledge_test_both_end[];
extern const char fledge_test_polled_returns[], fledge_test_polled_end[];
extern const char fledge_test_table_returns[], fledge_test_table_end[];
extern const char fledge_test_neither_returns[], fledge_test_neither_end[];
}

namespace fledge {
namespace {

template <typename T>
Address At(T* label) {
  return reinterpret_cast<Address>(label);
}

// Of 48 bytes and the register that is saved first.
constexpr std::uint64_t kFrameBytes = 56;

}  // namespace

const CompiledFunction kWithBoth = {"both",
                                    &fledge_test_both,
                                    At(&fledge_test_both),
                                    At(fledge_test_both_returns),
                                    At(fledge_test_both_end),
                                    true,
                                    true};
const CompiledFunction kPolled = {"polled",
                                  &fledge_test_polled,
                                  At(&fledge_test_polled),
                                  At(fledge_test_polled_returns),
                                  At(fledge_test_polled_end),
                                  true,
                                  true};
const CompiledFunction kWithTable = {"table",
                                     &fledge_test_table,
                                     At(&fledge_test_table),
                                     At(fledge_test_table_returns),
                                     At(fledge_test_table_end),
                                     false,
                                     true};
const CompiledFunction kWithNeither = {"neither",
                                       &fledge_test_neither,
                                       At(&fledge_test_neither),
                                       At(fledge_test_neither_returns),
                                       At(fledge_test_neither_end),
                                       false,
                                       false};

runtime::Code CompiledFunction::Describe(runtime::FrameWalk walk,
                                         std::size_t slot_bytes) const {
  using runtime::FrameRegister;
  const runtime::FrameSlot first{FrameRegister::kStackPointer, 8};
  const runtime::FrameSlot second =
      keeps_frame_pointer
          ? runtime::FrameSlot{FrameRegister::kFramePointer, -16}
          : runtime::FrameSlot{FrameRegister::kStackPointer, 32};
  const runtime::FrameSlot derived{FrameRegister::kStackPointer, 16};
  runtime::Code code{{begin, end - begin},
                     runtime::StackMap(slot_bytes),
                     walk,
                     std::string("test ") + name};
  code.map.AddFunction(begin, kFrameBytes, name);
  const std::vector<runtime::FrameSlot> slots = {first, second};
  const std::vector<runtime::DerivedSlot> pairs = {{derived, first}};
  if (code.map.AddSite(returns, slots, pairs)) std::abort();
  return code;
}

}  // namespace fledge
