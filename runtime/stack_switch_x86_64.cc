#include <cstdint>

#include "runtime/stack_switch.h"

// What is saved, from where the stack is left:
//
//   +0   mxcsr, x87 control word     +8 .. +40   r15, r14, r13, r12, rbx
//   +48  rbp                         +56         return address
//
// The first switch to a stack returns to fledge_start_stack.
asm(R"(
  .pushsection .text
  .p2align 4
  .globl fledge_switch_stack
  .hidden fledge_switch_stack
  .type fledge_switch_stack, @function
fledge_switch_stack:
  .cfi_startproc
  pushq %rbp
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbp, 0
  pushq %rbx
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %rbx, 0
  pushq %r12
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r12, 0
  pushq %r13
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r13, 0
  pushq %r14
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r14, 0
  pushq %r15
  .cfi_adjust_cfa_offset 8
  .cfi_rel_offset %r15, 0
  subq $8, %rsp
  .cfi_adjust_cfa_offset 8
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  .cfi_adjust_cfa_offset -8
  popq %r15
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r15
  popq %r14
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r14
  popq %r13
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r13
  popq %r12
  .cfi_adjust_cfa_offset -8
  .cfi_restore %r12
  popq %rbx
  .cfi_adjust_cfa_offset -8
  .cfi_restore %rbx
  popq %rbp
  .cfi_adjust_cfa_offset -8
  .cfi_restore %rbp
  ret
  .cfi_endproc
  .size fledge_switch_stack, . - fledge_switch_stack

  .p2align 4
  .globl fledge_start_stack
  .hidden fledge_start_stack
  .type fledge_start_stack, @function
fledge_start_stack:
  .cfi_startproc
  .cfi_undefined %rip
  movq %r13, %rdi
  callq *%r12
  ud2
  .cfi_endproc
  .size fledge_start_stack, . - fledge_start_stack
  .popsection
)");

extern "C" {
void fledge_switch_stack(fledge::Address* from, fledge::Address to);
void fledge_start_stack();
}

namespace fledge::runtime {
namespace {

struct Saved {
  std::uint32_t mxcsr;
  std::uint32_t x87_control;
  std::uint64_t r15, r14, r13, r12, rbx, rbp;
  std::uint64_t return_address;
};
static_assert(sizeof(Saved) == 64);

// As a process begins.
constexpr std::uint32_t kMxcsr = 0x1f80;
constexpr std::uint32_t kX87Control = 0x037f;

}  // namespace

Address PrepareStack(AddressRange memory, StackEntry entry, void* argument) {
  // Where fledge_start_stack begins, the stack pointer is aligned to 16.
  const Address top = memory.end() - 16;
  auto* const saved = reinterpret_cast<Saved*>(top - sizeof(Saved));
  *saved = {};
  saved->mxcsr = kMxcsr;
  saved->x87_control = kX87Control;
  saved->r12 = reinterpret_cast<std::uint64_t>(entry);
  saved->r13 = reinterpret_cast<std::uint64_t>(argument);
  saved->return_address = reinterpret_cast<std::uint64_t>(&fledge_start_stack);
  return reinterpret_cast<Address>(saved);
}

void SwitchStack(Address* from, Address to) { fledge_switch_stack(from, to); }

}  // namespace fledge::runtime
