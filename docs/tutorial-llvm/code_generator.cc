#include "docs/tutorial-llvm/code_generator.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "docs/tutorial-llvm/layout.h"
#include "docs/tutorial-llvm/object_model.h"
#include "docs/tutorial-llvm/primitives.h"

namespace nest {
namespace {

using llvm::BasicBlock;
using llvm::Value;
using Kind = Expression::Kind;

// What the parts of the generator share: the module, and what it declares.
struct Unit {
  explicit Unit(llvm::Module& made)
      : module(made),
        builder(made.getContext()),
        bump(AddBump(made)),
        write(AddWrite(made)) {
    llvm::Type* const nothing = builder.getVoidTy();
    llvm::Type* const word = builder.getInt64Ty();
    llvm::Type* const pointer = builder.getPtrTy();
    allocate_slow = Declare("nest_allocate_slow", builder.getPtrTy(kReferences),
                            {pointer, word});
    safepoint = Declare("nest_safepoint", nothing, {pointer});
    allocate_slow->addFnAttr(llvm::Attribute::Cold);
    safepoint->addFnAttr(llvm::Attribute::Cold);
    print_integer = Declare("nest_print_integer", nothing, {word});
    print_text = Declare("nest_print_text", nothing, {pointer, word});
    fail = Declare("nest_fail", nothing, {pointer});
    for (llvm::Function* leaf : {print_integer, print_text, fail}) {
      leaf->addFnAttr("gc-leaf-function");
    }
    fail->addFnAttr(llvm::Attribute::NoReturn);
    fail->addFnAttr(llvm::Attribute::Cold);
  }

  llvm::Function* Declare(const char* name, llvm::Type* result,
                          std::vector<llvm::Type*> parameters) {
    llvm::Function* const function = llvm::Function::Create(
        llvm::FunctionType::get(result, parameters, false),
        llvm::GlobalValue::ExternalLinkage, name, module);
    function->addFnAttr(llvm::Attribute::NoUnwind);
    return function;
  }

  llvm::Type* TypeOf(const Type* type) {
    switch (type->kind) {
      case Type::Kind::kNothing:
        return builder.getVoidTy();
      case Type::Kind::kInt:
        return builder.getInt64Ty();
      case Type::Kind::kBool:
        return builder.getInt1Ty();
      default:
        return builder.getPtrTy(kReferences);
    }
  }
  // `closes`: the second parameter is the closure.
  llvm::FunctionType* FunctionTypeOf(const Type* type, bool closes) {
    std::vector<llvm::Type*> parameters = {builder.getPtrTy()};
    if (closes) parameters.push_back(builder.getPtrTy(kReferences));
    for (const Type* one : type->parameters) parameters.push_back(TypeOf(one));
    return llvm::FunctionType::get(TypeOf(type->result), parameters, false);
  }

  // A function of compiled code: has statepoints, and can be walked.
  llvm::Function* AddFunction(llvm::FunctionType* type, const std::string& name,
                              bool is_public) {
    llvm::Function* const function =
        llvm::Function::Create(type,
                               is_public ? llvm::GlobalValue::ExternalLinkage
                                         : llvm::GlobalValue::InternalLinkage,
                               name, module);
    function->setGC("statepoint-example");
    function->setSection(kCodeSection);
    function->addFnAttr("frame-pointer", "all");
    function->addFnAttr(llvm::Attribute::NoUnwind);
    function->setUWTableKind(llvm::UWTableKind::Async);
    return function;
  }

  llvm::Module& module;
  llvm::IRBuilder<> builder;
  llvm::Function* bump;
  llvm::Function* write;
  llvm::Function* allocate_slow;
  llvm::Function* safepoint;
  llvm::Function* print_integer;
  llvm::Function* print_text;
  llvm::Function* fail;
  std::string file;
  std::map<const Function*, llvm::Function*> functions;
  std::map<const Function*, llvm::Function*> adapters;  // As closures' code.
};

class FunctionGenerator {
 public:
  FunctionGenerator(Unit& unit, const Function& source, llvm::Function* target)
      : unit_(unit),
        builder_(unit.module.getContext()),
        source_(source),
        target_(target),
        fields_(target->getArg(0)) {}

  void Generate(bool closes) {
    entry_ = AddBlock("entry");
    builder_.SetInsertPoint(entry_);
    unsigned argument = 1;
    Value* const closure = closes ? target_->getArg(argument++) : nullptr;
    for (const auto& parameter : source_.parameters) {
      builder_.CreateStore(target_->getArg(argument++),
                           AddVariable(parameter.get()));
    }
    if (closes) {
      const Layout layout = LayoutOf(source_);
      for (std::size_t i = 0; i < source_.captures.size(); ++i) {
        const Variable* const inner = source_.captures[i].inner;
        builder_.CreateStore(
            LoadField(closure, layout.OffsetOf(i + 1), inner->type),
            AddVariable(inner));
      }
    }
    EmitSafepoint();
    EmitBlock(source_.body);
    if (builder_.GetInsertBlock()->getTerminator() != nullptr) return;
    // The checker has seen to it that a value was returned before.
    if (source_.result->kind == Type::Kind::kNothing) {
      builder_.CreateRetVoid();
    } else {
      builder_.CreateUnreachable();
    }
  }

 private:
  BasicBlock* AddBlock(const char* name) {
    return BasicBlock::Create(unit_.module.getContext(), name, target_);
  }
  // At the function's begin, where a pass looks for them.
  Value* AddVariable(const Variable* variable) {
    llvm::IRBuilder<> at_begin(entry_, entry_->begin());
    return variables_[variable] = at_begin.CreateAlloca(
               unit_.TypeOf(variable->type), nullptr, variable->name);
  }

  // Objects.

  Value* AddressOf(Value* object, std::size_t offset) {
    return builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), object,
                                               offset);
  }
  // A bool takes a word.
  Value* LoadField(Value* object, std::size_t offset, const Type* type) {
    Value* const at = AddressOf(object, offset);
    if (type->IsReference()) {
      return builder_.CreateLoad(builder_.getPtrTy(kReferences), at);
    }
    Value* const word = builder_.CreateLoad(builder_.getInt64Ty(), at);
    return type->kind == Type::Kind::kBool ? builder_.CreateIsNotNull(word)
                                           : word;
  }
  // Without barrier: of new objects, and of what is no reference.
  void StoreField(Value* object, std::size_t offset, Value* value) {
    if (value->getType()->isIntegerTy(1)) {
      value = builder_.CreateZExt(value, builder_.getInt64Ty());
    }
    builder_.CreateStore(value, AddressOf(object, offset));
  }

  // Memory of an object, with its header. Every word is to be stored before the
  // next call.
  Value* EmitAllocation(const Layout& layout) {
    Value* const bytes = builder_.getInt64(layout.size());
    BasicBlock* const slow = AddBlock("allocate_slow");
    BasicBlock* const done = AddBlock("allocated");
    Value* const room = builder_.CreateCall(unit_.bump, {fields_, bytes});
    BasicBlock* const before = builder_.GetInsertBlock();
    builder_.CreateCondBr(builder_.CreateIsNull(room), slow, done,
                          Unlikely(unit_.module.getContext()));
    builder_.SetInsertPoint(slow);
    Value* const object =
        builder_.CreateCall(unit_.allocate_slow, {fields_, bytes});
    builder_.CreateBr(done);
    builder_.SetInsertPoint(done);
    llvm::PHINode* const either = builder_.CreatePHI(room->getType(), 2);
    either->addIncoming(room, before);
    either->addIncoming(object, slow);
    StoreField(either, 0, builder_.getInt64(layout.Header()));
    return either;
  }

  Value* EmitClosure(llvm::Function* code, const Function& function) {
    const Layout layout = LayoutOf(function);
    Value* const closure = EmitAllocation(layout);
    StoreField(closure, kCodeOffset, code);
    for (std::size_t i = 0; i < function.captures.size(); ++i) {
      StoreField(closure, layout.OffsetOf(i + 1),
                 Load(function.captures[i].outer));
    }
    return closure;
  }

  Value* Load(const Variable* variable) {
    return builder_.CreateLoad(unit_.TypeOf(variable->type),
                               variables_.at(variable));
  }

  // Control.

  void EmitSafepoint() {
    BasicBlock* const stop = AddBlock("safepoint");
    BasicBlock* const on = AddBlock("on");
    builder_.CreateCondBr(EmitPoll(builder_, fields_), stop, on,
                          Unlikely(unit_.module.getContext()));
    builder_.SetInsertPoint(stop);
    builder_.CreateCall(unit_.safepoint, {fields_});
    builder_.CreateBr(on);
    builder_.SetInsertPoint(on);
  }

  // Ends the program, with a message that names the place, if it is so.
  void EmitFailureIf(Value* is_so, Position at, const std::string& what) {
    BasicBlock* const failed = AddBlock("failed");
    BasicBlock* const on = AddBlock("on");
    builder_.CreateCondBr(is_so, failed, on,
                          Unlikely(unit_.module.getContext()));
    builder_.SetInsertPoint(failed);
    const std::string message = SourceError{at, what}.In(unit_.file);
    builder_.CreateCall(unit_.fail, {builder_.CreateGlobalString(message)});
    builder_.CreateUnreachable();
    builder_.SetInsertPoint(on);
  }

  // Jumps, unless the block has ended by a return.
  void GoTo(BasicBlock* block) {
    if (builder_.GetInsertBlock()->getTerminator() == nullptr) {
      builder_.CreateBr(block);
    }
  }

  void EmitBlock(const Block& block) {
    for (const auto& statement : block) {
      // What follows a return is never run.
      if (builder_.GetInsertBlock()->getTerminator() != nullptr) return;
      EmitStatement(*statement);
    }
  }

  void EmitStatement(const Statement& statement) {
    using Of = Statement::Kind;
    const Expressions& expressions = statement.expressions;
    switch (statement.kind) {
      case Of::kLet: {
        Value* const value = Emit(*expressions[0]);
        builder_.CreateStore(value, AddVariable(statement.variable));
        break;
      }
      case Of::kAssign:
        EmitAssignment(*expressions[0], *expressions[1]);
        break;
      case Of::kIf: {
        BasicBlock* const then = AddBlock("then");
        BasicBlock* const otherwise = AddBlock("else");
        BasicBlock* const after = AddBlock("after");
        builder_.CreateCondBr(Emit(*expressions[0]), then, otherwise);
        builder_.SetInsertPoint(then);
        EmitBlock(statement.body);
        GoTo(after);
        builder_.SetInsertPoint(otherwise);
        EmitBlock(statement.otherwise);
        GoTo(after);
        builder_.SetInsertPoint(after);
        break;
      }
      case Of::kWhile:
        EmitLoop([&] { return Emit(*expressions[0]); },
                 [&] { EmitBlock(statement.body); });
        break;
      case Of::kFor: {
        Value* const from = Emit(*expressions[0]);
        Value* const to = Emit(*expressions[1]);
        Value* const variable = AddVariable(statement.variable);
        builder_.CreateStore(from, variable);
        EmitLoop(
            [&] {
              return builder_.CreateICmpSLT(Load(statement.variable), to);
            },
            [&] {
              EmitBlock(statement.body);
              if (builder_.GetInsertBlock()->getTerminator() != nullptr) return;
              builder_.CreateStore(builder_.CreateAdd(Load(statement.variable),
                                                      builder_.getInt64(1)),
                                   variable);
            });
        break;
      }
      case Of::kReturn:
        if (expressions.empty()) {
          builder_.CreateRetVoid();
        } else {
          builder_.CreateRet(Emit(*expressions[0]));
        }
        break;
      case Of::kPrint:
        for (const auto& one : expressions) {
          if (one->kind == Kind::kText) {
            builder_.CreateCall(unit_.print_text,
                                {builder_.CreateGlobalString(one->text),
                                 builder_.getInt64(one->text.size())});
          } else {
            builder_.CreateCall(unit_.print_integer, {Emit(*one)});
          }
        }
        break;
      case Of::kExpression:
        Emit(*expressions[0]);
        break;
    }
  }

  template <typename Condition, typename Body>
  void EmitLoop(Condition&& condition, Body&& body) {
    BasicBlock* const test = AddBlock("test");
    BasicBlock* const loop = AddBlock("loop");
    BasicBlock* const after = AddBlock("after");
    builder_.CreateBr(test);
    builder_.SetInsertPoint(test);
    builder_.CreateCondBr(condition(), loop, after);
    builder_.SetInsertPoint(loop);
    body();
    if (builder_.GetInsertBlock()->getTerminator() == nullptr) {
      EmitSafepoint();  // At the back edge.
      builder_.CreateBr(test);
    }
    builder_.SetInsertPoint(after);
  }

  void EmitAssignment(const Expression& target, const Expression& source) {
    if (target.kind == Kind::kName) {
      Value* const value = Emit(source);
      builder_.CreateStore(value, variables_.at(target.variable));
      return;
    }
    Value* const object = Emit(*target.operands[0]);
    Value* const value = Emit(source);
    const std::size_t offset = EmitOffset(target, object);
    if (target.type->IsReference()) {
      builder_.CreateCall(unit_.write,
                          {fields_, AddressOf(object, offset), value});
    } else {
      StoreField(object, offset, value);
    }
  }

  // Expressions.

  // Where the field is in `object`, which is not null from here on.
  std::size_t EmitOffset(const Expression& field, Value* object) {
    const Type* const type = field.operands[0]->type;
    EmitFailureIf(builder_.CreateIsNull(object), field.at,
                  "nil has no " + field.text);
    if (type->kind == Type::Kind::kList) {
      return field.text == "head" ? kHeadOffset : kTailOffset;
    }
    for (std::size_t i = 0; i < type->fields.size(); ++i) {
      if (type->fields[i].name == field.text) return LayoutOf(type).OffsetOf(i);
    }
    std::abort();
  }

  Value* Emit(const Expression& expression) {
    const Expressions& operands = expression.operands;
    switch (expression.kind) {
      case Kind::kInteger:
        return builder_.getInt64(static_cast<std::uint64_t>(expression.number));
      case Kind::kBoolean:
        return builder_.getInt1(expression.number != 0);
      case Kind::kText:
        break;
      case Kind::kNil:
        return llvm::Constant::getNullValue(builder_.getPtrTy(kReferences));
      case Kind::kName:
        return expression.variable != nullptr
                   ? Load(expression.variable)
                   : EmitClosure(AdapterOf(*expression.named),
                                 *expression.named);
      case Kind::kField: {
        Value* const object = Emit(*operands[0]);
        const std::size_t offset = EmitOffset(expression, object);
        return LoadField(object, offset, expression.type);
      }
      case Kind::kCall:
        return expression.is_construction ? EmitRecord(expression)
                                          : EmitCall(expression);
      case Kind::kNot:
        return builder_.CreateNot(Emit(*operands[0]));
      case Kind::kNegate:
        return builder_.CreateNeg(Emit(*operands[0]));
      case Kind::kBinary:
        return EmitBinary(expression);
      case Kind::kLambda: {
        const Function& lambda = *expression.function;
        llvm::Function* const code = unit_.AddFunction(
            unit_.FunctionTypeOf(lambda.type, true),
            "lambda_" + std::to_string(lambda.at.line), false);
        FunctionGenerator(unit_, lambda, code).Generate(true);
        return EmitClosure(code, lambda);
      }
    }
    std::abort();
  }

  Value* EmitRecord(const Expression& call) {
    std::vector<Value*> values;
    for (std::size_t i = 1; i < call.operands.size(); ++i) {
      values.push_back(Emit(*call.operands[i]));
    }
    const Layout layout = LayoutOf(call.type);
    Value* const record = EmitAllocation(layout);
    for (std::size_t i = 0; i < values.size(); ++i) {
      StoreField(record, layout.OffsetOf(i), values[i]);
    }
    return record;
  }

  Value* EmitCall(const Expression& call) {
    const Expression& callee = *call.operands[0];
    std::vector<Value*> arguments = {fields_};
    Value* closure = nullptr;
    if (callee.named == nullptr) {
      closure = Emit(callee);
      arguments.push_back(closure);
    }
    for (std::size_t i = 1; i < call.operands.size(); ++i) {
      arguments.push_back(Emit(*call.operands[i]));
    }
    if (closure == nullptr) {
      return builder_.CreateCall(unit_.functions.at(callee.named), arguments);
    }
    Value* const code = builder_.CreateLoad(builder_.getPtrTy(),
                                            AddressOf(closure, kCodeOffset));
    return builder_.CreateCall(unit_.FunctionTypeOf(callee.type, true), code,
                               arguments);
  }

  // What a closure of the function has as code: it takes a closure too.
  llvm::Function* AdapterOf(const Function& function) {
    llvm::Function*& adapter = unit_.adapters[&function];
    if (adapter != nullptr) return adapter;
    adapter = unit_.AddFunction(unit_.FunctionTypeOf(function.type, true),
                                function.name + "_as_closure", false);
    llvm::IRBuilder<> builder(
        BasicBlock::Create(unit_.module.getContext(), "entry", adapter));
    std::vector<Value*> arguments = {adapter->getArg(0)};
    for (unsigned i = 2; i < adapter->arg_size(); ++i) {
      arguments.push_back(adapter->getArg(i));
    }
    Value* const result =
        builder.CreateCall(unit_.functions.at(&function), arguments);
    if (result->getType()->isVoidTy()) {
      builder.CreateRetVoid();
    } else {
      builder.CreateRet(result);
    }
    return adapter;
  }

  Value* EmitBinary(const Expression& binary) {
    const std::string& mark = binary.text;
    if (mark == "&&" || mark == "||") return EmitShortcut(binary);
    Value* const left = Emit(*binary.operands[0]);
    Value* const right = Emit(*binary.operands[1]);
    if (mark == "::") {
      Layout layout(ObjectKind::kCell);
      layout.Add(binary.operands[0]->type->IsReference());
      layout.Add(true);
      Value* const cell = EmitAllocation(layout);
      StoreField(cell, kHeadOffset, left);
      StoreField(cell, kTailOffset, right);
      return cell;
    }
    if (mark == "==") return builder_.CreateICmpEQ(left, right);
    if (mark == "!=") return builder_.CreateICmpNE(left, right);
    if (mark == "<") return builder_.CreateICmpSLT(left, right);
    if (mark == "<=") return builder_.CreateICmpSLE(left, right);
    if (mark == ">") return builder_.CreateICmpSGT(left, right);
    if (mark == ">=") return builder_.CreateICmpSGE(left, right);
    if (mark == "+") return builder_.CreateAdd(left, right);
    if (mark == "-") return builder_.CreateSub(left, right);
    if (mark == "*") return builder_.CreateMul(left, right);
    EmitFailureIf(builder_.CreateIsNull(right), binary.at, "division by zero");
    // By -1 the processor would trap on the smallest number.
    Value* const negates =
        builder_.CreateICmpEQ(right, builder_.getInt64(~std::uint64_t{0}));
    Value* const divisor =
        builder_.CreateSelect(negates, builder_.getInt64(1), right);
    if (mark == "/") {
      return builder_.CreateSelect(negates, builder_.CreateNeg(left),
                                   builder_.CreateSDiv(left, divisor));
    }
    return builder_.CreateSRem(left, divisor);  // By 1 it is 0, as by -1.
  }

  // The right operand only where the left does not decide.
  Value* EmitShortcut(const Expression& binary) {
    const bool is_and = binary.text == "&&";
    BasicBlock* const more = AddBlock("more");
    BasicBlock* const done = AddBlock("done");
    Value* const left = Emit(*binary.operands[0]);
    BasicBlock* const from = builder_.GetInsertBlock();
    builder_.CreateCondBr(left, is_and ? more : done, is_and ? done : more);
    builder_.SetInsertPoint(more);
    Value* const right = Emit(*binary.operands[1]);
    BasicBlock* const from_more = builder_.GetInsertBlock();
    builder_.CreateBr(done);
    builder_.SetInsertPoint(done);
    llvm::PHINode* const either = builder_.CreatePHI(builder_.getInt1Ty(), 2);
    either->addIncoming(builder_.getInt1(!is_and), from);
    either->addIncoming(right, from_more);
    return either;
  }

  Unit& unit_;
  llvm::IRBuilder<> builder_;
  const Function& source_;
  llvm::Function* const target_;
  Value* const fields_;  // The mutator's.
  BasicBlock* entry_ = nullptr;
  std::map<const Variable*, Value*> variables_;  // Allocas.
};

}  // namespace

std::unique_ptr<llvm::Module> GenerateCode(const Program& program,
                                           const std::string& file,
                                           llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>("nest", context);
  Unit unit(*module);
  unit.file = file;
  for (const auto& function : program.functions) {
    const bool is_main = function->name == "main";
    unit.functions[function.get()] =
        unit.AddFunction(unit.FunctionTypeOf(function->type, false),
                         is_main ? kMainSymbol : function->name, is_main);
  }
  for (const auto& function : program.functions) {
    FunctionGenerator(unit, *function, unit.functions.at(function.get()))
        .Generate(false);
  }
  if (llvm::verifyModule(*module, &llvm::errs())) std::abort();
  return module;
}

}  // namespace nest
