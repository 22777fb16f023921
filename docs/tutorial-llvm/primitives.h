// Primitives: what the collector wants inlined in compiled code, as functions
// of LLVM's intermediate representation.
//
//   ptr(1) @nest.bump(fields, bytes)           room in the buffer, or null
//   void   @nest.write(fields, slot, value)    a store with the write barrier
//   EmitPoll()                                 is inline at once
//   AddReturnPolls()                           is inline in the end
//
// The first two compute with addresses, which only a collector may do: were the
// optimizer to reuse a card's address across a call that moves the object, a
// card would stay clean; were it to see that one object lies 24 bytes after
// another, it could take the one for derived from the other. So they are calls
// of leaves for it, and their bodies are inlined after statepoints were placed
// (machine_code.h).
//
// Design: docs/design/mutator.md, docs/design/write_barrier.md: these are the
// offsets and sequences of [mu.fields] and Mutator::Write(); and
// docs/design/stack_maps.md, for those of CompiledFields.
//
// Threads: none.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

namespace nest {

// References are in this address space, and nothing else is.
inline constexpr unsigned kReferences = 1;

// The functions' names begin so.
inline constexpr char kPrimitivePrefix[] = "nest.";

// Adds the function to the module. Both are leaves: they never collect.
llvm::Function* AddBump(llvm::Module& module);
llvm::Function* AddWrite(llvm::Module& module);

// Whether another thread asks this one to come to a safepoint, as a bit.
llvm::Value* EmitPoll(llvm::IRBuilder<>& builder, llvm::Value* fields);

// Before each return of compiled code that is left, once functions were inlined
// in others: a look whether the frame that is returned to rests.
void AddReturnPolls(llvm::Module& module);

// Branch weights that say that the first of two is hardly ever taken.
llvm::MDNode* Unlikely(llvm::LLVMContext& context);

}  // namespace nest
