#include "docs/tutorial-llvm/primitives.h"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include <cstddef>
#include <vector>

#include "allocator/block.h"
#include "gc/card_table.h"
#include "gc/mutator_core.h"
#include "runtime/compiled_fields.h"

namespace nest {
namespace {

using fledge::gc::CardTable;
using fledge::gc::MutatorFields;
using fledge::runtime::CompiledFields;
using llvm::Value;

constexpr std::size_t kCards =
    offsetof(MutatorFields, card_bases) + offsetof(CardTable::Bases, cards);
constexpr std::size_t kBlocks =
    offsetof(MutatorFields, card_bases) + offsetof(CardTable::Bases, blocks);

// A function of the module, that is opaque until it is inlined.
llvm::Function* AddLeaf(llvm::Module& module, const char* name,
                        llvm::FunctionType* type) {
  llvm::Function* const function =
      llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage,
                             std::string(kPrimitivePrefix) + name, module);
  function->addFnAttr("gc-leaf-function");
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::OptimizeNone);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return function;
}

llvm::BasicBlock* AddBlock(llvm::Function* function, const char* name) {
  return llvm::BasicBlock::Create(function->getContext(), name, function);
}

Value* At(llvm::IRBuilder<>& builder, Value* base, std::size_t offset) {
  return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), base, offset);
}

// CompiledFields::ReturnTo(). The frame pointer is where the caller's was
// pushed: the return address is above that, and then the caller's frame.
void AddReturnPoll(llvm::ReturnInst* ret) {
  llvm::IRBuilder<> builder(ret);
  llvm::Type* const word = builder.getInt64Ty();
  Value* const frame =
      builder.CreateIntrinsic(llvm::Intrinsic::frameaddress,
                              {builder.getPtrTy()}, {builder.getInt32(0)});
  Value* const return_address =
      builder.CreatePtrToInt(At(builder, frame, sizeof(fledge::Address)), word);
  Value* const fields = ret->getFunction()->getArg(0);
  Value* const frames = builder.CreateLoad(
      builder.getPtrTy(),
      At(builder, fields, offsetof(MutatorFields, embedder)), "frames");
  Value* const watermark_at =
      At(builder, frames, offsetof(CompiledFields, watermark));
  Value* const rests = builder.CreateICmpUGE(
      return_address, builder.CreateLoad(word, watermark_at, "watermark"));
  builder.SetInsertPoint(llvm::SplitBlockAndInsertIfThen(
      rests, ret, false, Unlikely(builder.getContext())));
  Value* const caller = At(builder, frame, 2 * sizeof(fledge::Address));
  builder.CreateStore(builder.CreatePtrToInt(caller, word), watermark_at);
}

}  // namespace

llvm::MDNode* Unlikely(llvm::LLVMContext& context) {
  return llvm::MDBuilder(context).createBranchWeights(1, 1 << 20);
}

// Mutator::AllocateInBuffer().
llvm::Function* AddBump(llvm::Module& module) {
  llvm::IRBuilder<> builder(module.getContext());
  llvm::Type* const reference = builder.getPtrTy(kReferences);
  llvm::Function* const bump = AddLeaf(
      module, "bump",
      llvm::FunctionType::get(
          reference, {builder.getPtrTy(), builder.getInt64Ty()}, false));
  Value* const fields = bump->getArg(0);
  llvm::BasicBlock* const full = AddBlock(bump, "full");
  llvm::BasicBlock* const room = AddBlock(bump, "room");
  full->moveAfter(room);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "begin", bump, room));
  Value* const bump_at = At(builder, fields, offsetof(MutatorFields, bump));
  Value* const object = builder.CreateLoad(reference, bump_at, "object");
  Value* const end =
      builder.CreateGEP(builder.getInt8Ty(), object, bump->getArg(1), "end");
  Value* const limit = builder.CreateLoad(
      reference, At(builder, fields, offsetof(MutatorFields, limit)), "limit");
  builder.CreateCondBr(builder.CreateICmpUGT(end, limit), full, room,
                       Unlikely(module.getContext()));
  builder.SetInsertPoint(room);
  builder.CreateStore(end, bump_at);
  // Or the caller would test for null once more.
  builder.CreateAssumption(builder.CreateIsNotNull(object));
  builder.CreateRet(object);
  builder.SetInsertPoint(full);
  builder.CreateRet(llvm::Constant::getNullValue(reference));
  return bump;
}

// Mutator::Write().
llvm::Function* AddWrite(llvm::Module& module) {
  llvm::IRBuilder<> builder(module.getContext());
  llvm::Type* const reference = builder.getPtrTy(kReferences);
  llvm::Type* const word = builder.getInt64Ty();
  llvm::Type* const byte = builder.getInt8Ty();
  llvm::Function* const write =
      AddLeaf(module, "write",
              llvm::FunctionType::get(
                  builder.getVoidTy(),
                  {builder.getPtrTy(), reference, reference}, false));
  Value* const fields = write->getArg(0);
  Value* const slot = write->getArg(1);
  Value* const value = write->getArg(2);
  const auto field = [&](llvm::Type* type, std::size_t offset) {
    return builder.CreateLoad(type, At(builder, fields, offset));
  };
  llvm::BasicBlock* const begin = AddBlock(write, "begin");
  llvm::BasicBlock* const dirty = AddBlock(write, "dirty");
  llvm::BasicBlock* const done = AddBlock(write, "done");

  builder.SetInsertPoint(begin);
  builder.CreateAlignedStore(value, slot, llvm::Align(8))
      ->setAtomic(llvm::AtomicOrdering::Monotonic);
  Value* const address = builder.CreatePtrToInt(slot, word);
  Value* const card = builder.CreateGEP(
      byte, field(builder.getPtrTy(), kCards),
      builder.CreateLShr(address, CardTable::kCardShift), "card");
  llvm::LoadInst* const mark =
      builder.CreateAlignedLoad(byte, card, llvm::Align(1));
  mark->setAtomic(llvm::AtomicOrdering::Monotonic);
  Value* const distance =
      builder.CreateSub(builder.CreatePtrToInt(value, word),
                        field(word, offsetof(MutatorFields, filter_base)));
  // A dirty card is all ones, and no distance is below the filter's size then.
  Value* const either =
      builder.CreateOr(distance, builder.CreateSExt(mark, word));
  builder.CreateCondBr(
      builder.CreateICmpULT(either,
                            field(word, offsetof(MutatorFields, filter_bytes))),
      dirty, done, Unlikely(module.getContext()));

  builder.SetInsertPoint(dirty);
  Value* const block = builder.CreateGEP(
      byte, field(builder.getPtrTy(), kBlocks),
      builder.CreateLShr(address, fledge::allocator::kBlockShift), "block");
  for (Value* const at : {card, block}) {
    builder
        .CreateAlignedStore(
            builder.getInt8(static_cast<std::uint8_t>(CardTable::Card::kDirty)),
            at, llvm::Align(1))
        ->setAtomic(llvm::AtomicOrdering::Monotonic);
  }
  builder.CreateBr(done);
  builder.SetInsertPoint(done);
  builder.CreateRetVoid();
  return write;
}

// Mutator::Safepoint().
Value* EmitPoll(llvm::IRBuilder<>& builder, Value* fields) {
  llvm::LoadInst* const request = builder.CreateAlignedLoad(
      builder.getInt32Ty(),
      At(builder, fields, offsetof(MutatorFields, stop_request)),
      llvm::Align(4));
  request->setAtomic(llvm::AtomicOrdering::Monotonic);
  return builder.CreateIsNotNull(request);
}

void AddReturnPolls(llvm::Module& module) {
  std::vector<llvm::ReturnInst*> returns;
  for (llvm::Function& function : module) {
    if (!function.hasGC()) continue;
    for (llvm::BasicBlock& block : function) {
      if (auto* ret = llvm::dyn_cast<llvm::ReturnInst>(block.getTerminator())) {
        returns.push_back(ret);
      }
    }
  }
  for (llvm::ReturnInst* ret : returns) AddReturnPoll(ret);
}

}  // namespace nest
