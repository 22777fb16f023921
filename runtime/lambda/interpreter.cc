// The calls, returns and continuations; what single instructions do is in
// runtime/lambda/execute.cc.
#include "runtime/lambda/interpreter.h"

#include <algorithm>
#include <utility>

#include "allocator/os.h"
#include "runtime/lambda/inlined.h"
#include "runtime/lambda/liveness.h"
#include "runtime/lambda/values.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {

using runtime::Continuation;
using runtime::HandleScope;

namespace {

// What the stack grows by.
constexpr std::size_t kGrowthBytes = 256 * kKiB;
constexpr std::size_t kFirstBytes = 64 * kKiB;
// At the end, for who handles that it is full.
constexpr std::size_t kReserveBytes = 256 * kKiB;

// The one that takes so many arguments; empty if none does.
Value ClosureFor(Value case_lambda, std::uint32_t count) {
  const runtime::CaseLambda closures(case_lambda);
  for (std::size_t i = 0; i < closures.length(); ++i) {
    const Value closure = closures.closure(i);
    if (FunctionOf(closure).Takes(count)) return closure;
  }
  return Value();
}

}  // namespace

Interpreter::Interpreter(Vm& vm, std::size_t stack_bytes)
    : vm_(vm),
      mutator_(vm.mutator()),
      stack_(vm.heap().os().Reserve(AlignUp(stack_bytes, kMiB), 4 * kKiB)),
      limit_(reinterpret_cast<Word*>(stack_.begin)),
      frames_(vm.heap()),
      below_(vm.mutator(), Value::Nil().word()) {
  FLEDGE_CHECK(stack_.bytes != 0, "no address space for the stack");
  FLEDGE_CHECK(Grow(reinterpret_cast<Word*>(stack_.begin + kFirstBytes)),
               "no memory for the stack");
}

Interpreter::~Interpreter() { vm_.heap().os().Release(stack_); }

bool Interpreter::Grow(const Word* end) {
  const Address committed = reinterpret_cast<Address>(limit_);
  const Address wanted = AlignUp(reinterpret_cast<Address>(end), 4 * kKiB);
  const Address most = stack_.end() - (is_reserve_open_ ? 0 : kReserveBytes);
  if (wanted > most) return false;
  const Address grown =
      std::min(most, std::max(wanted, committed + kGrowthBytes));
  if (!vm_.heap().os().Commit(RangeBetween(committed, grown))) return false;
  limit_ = reinterpret_cast<Word*>(grown);
  return true;
}

// Whoever handles it needs some stack too.
Interpreter::Control Interpreter::RaiseTooDeep() {
  const bool is_second = std::exchange(is_reserve_open_, true);
  vm_.RaiseError("recursion-too-deep", "the stack has reached its limit");
  if (is_second) {
    const HandleScope scope(mutator_);
    vm_.EndWith(Local(mutator_, vm_.TakeRaised()));
  }
  return HandleRaised();
}

void Interpreter::CloseReserve() {
  if (!std::exchange(is_reserve_open_, false)) return;
  limit_ =
      std::min(limit_, reinterpret_cast<Word*>(stack_.end() - kReserveBytes));
}

Value Interpreter::Run(Local procedure, std::span<const Local> arguments) {
  FLEDGE_CHECK(!std::exchange(is_running_, true),
               "the machine runs already: primitives do not call procedures");
  Word* const callee = reinterpret_cast<Word*>(stack_.begin) + kFrameWords;
  callee[0] = procedure.get().word();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    callee[1 + i] = arguments[i].get().word();
  }
  below_.set(mutator_, Value::Nil().word());
  const HandleScope scope(mutator_);
  const Local state(mutator_, vm_.dynamic_state());
  const Value value =
      Execute(CallSlow(callee, static_cast<std::uint32_t>(arguments.size())));
  frames_.own().LeaveAll();
  CloseReserve();
  // Whoever ended it may have been within what another state says.
  if (value.IsEmpty()) vm_.SetDynamicState(state.get());
  is_running_ = false;
  return value;
}

// Calls.

Interpreter::Control Interpreter::CallSlow(Word* callee, std::uint32_t count) {
  const Value procedure = Value::FromWord(callee[0]);
  if (procedure.IsReference()) {
    switch (runtime::TypeFrom(gc::LoadHeader(procedure.object()))) {
      case ObjectType::kClosure:
        return EnterClosure(callee, count);
      case ObjectType::kPrimitive:
        if (const Value value = RunPrimitive(callee, count); !value.IsEmpty())
          return Return(callee, value);
        return HandleRaised();
      case ObjectType::kContinuation: {
        EnterArguments(callee, count);
        const Value value = MakeValues(mutator_, Arguments(callee + 1, count));
        return Throw(Value::FromWord(callee[0]), value);
      }
      case ObjectType::kParameter:
        if (count != 0) break;
        EnterArguments(callee, 0);
        return Return(callee, vm_.ParameterValue(procedure));
      case ObjectType::kCaseLambda:
        if (const Value closure = ClosureFor(procedure, count);
            !closure.IsEmpty()) {
          callee[0] = closure.word();
          return EnterClosure(callee, count);
        }
        break;
      default:
        break;
    }
  }
  EnterArguments(callee, count);
  const HandleScope scope(mutator_);
  if (IsProcedure(procedure)) {
    vm_.RaiseError("wrong-arity", "wrong number of arguments",
                   {Local(mutator_, procedure)});
  } else {
    vm_.RaiseError("not-a-procedure", "what is called is not a procedure",
                   {Local(mutator_, procedure)});
  }
  return HandleRaised();
}

void Interpreter::MakeLayoutsSlow(std::uint32_t count) {
  while (argument_layouts_.size() <= count) {
    argument_layouts_.push_back(std::make_unique<runtime::FrameLayout>(
        static_cast<std::uint32_t>(argument_layouts_.size()) + 1));
  }
}

void Interpreter::EnterArguments(Word* callee, std::uint32_t count) {
  frames_.Enter(*Frame::Of(callee), LayoutOfArguments(count),
                reinterpret_cast<Address>(callee));
}

bool Interpreter::HasArguments(const Frame& frame) const {
  const std::uint32_t count = frame.layout->slot_count() - 1;
  return count < argument_layouts_.size() &&
         argument_layouts_[count].get() == frame.layout;
}

Value Interpreter::RunPrimitive(Word* callee, std::uint32_t count) {
  const auto& primitive = *static_cast<const Primitive*>(
      runtime::PrimitiveObject(Value::FromWord(callee[0])).entry());
  EnterArguments(callee, count);
  vm_.set_running(&primitive);
  if (primitive.Takes(count)) [[likely]]
    return primitive.function(vm_, Arguments(callee + 1, count));
  const HandleScope scope(mutator_);
  return vm_.RaiseError("wrong-arity", "wrong number of arguments",
                        {Local(mutator_, Value::FromWord(callee[0]))});
}

void Interpreter::NotePrimitive(const Primitive& primitive) {
  const std::uint8_t index = InlinedIndex(primitive.name);
  if (index == 0) return;
  const Operation operation = kInlined[index - 1].operation;
  primitives_[static_cast<std::size_t>(operation)] = &primitive;
}

Value Interpreter::RunInstruction(Word* registers, Instruction instruction) {
  const Primitive* const primitive =
      primitives_[static_cast<std::size_t>(instruction.op())];
  FLEDGE_CHECK(primitive != nullptr, "the machine lacks a primitive");
  Word* const callee =
      registers + Frame::Of(registers)->layout->slot_count() + kFrameWords;
  callee[0] = Value::Nil().word();
  const std::uint16_t operands[] = {instruction.a(), instruction.b(),
                                    instruction.c()};
  const OperationShape& shape = ShapeOf(instruction.op());
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (shape.operands[i] != Operand::kReads) continue;
    callee[++count] = registers[operands[i]];
  }
  EnterArguments(callee, count);
  vm_.set_running(primitive);
  const Value value = primitive->function(vm_, Arguments(callee + 1, count));
  if (!value.IsEmpty()) frames_.Leave();
  return value;
}

Interpreter::Control Interpreter::EnterClosure(Word* callee,
                                               std::uint32_t count) {
  const Function& function = FunctionOf(Value::FromWord(callee[0]));
  const std::uint32_t parameters = function.parameter_count;
  if (count != parameters || function.has_rest) [[unlikely]] {
    EnterArguments(callee, count);
    if (!function.Takes(count)) {
      const HandleScope scope(mutator_);
      vm_.RaiseError("wrong-arity", "wrong number of arguments",
                     {Local(mutator_, Value::FromWord(callee[0]))});
      return HandleRaised();
    }
    // The list grows in the argument that it has taken last.
    Word* const rest = callee + 1 + parameters;
    Word* last = callee + 1 + count;
    *last = Value::Nil().word();
    frames_.newest()->layout = &LayoutOfArguments(count + 1);
    while (last != rest) {
      last[-1] = runtime::MakePair(mutator_, Value::FromWord(last[-1]),
                                   Value::FromWord(*last))
                     .word();
      --last;
    }
    frames_.Leave();
  }
  if (!HasRoom(callee + function.register_count() + kSpareWords)) [[unlikely]] {
    EnterArguments(callee, 0);
    return RaiseTooDeep();
  }
  frames_.Enter(*Frame::Of(callee), function,
                reinterpret_cast<Address>(callee));
  if (vm_.is_interrupted()) [[unlikely]] {
    vm_.RaiseInterruption();
    return HandleRaised();
  }
  mutator_.Safepoint();
  return {callee, function.code};
}

Interpreter::Control Interpreter::TailCall(Word* registers, Word* callee,
                                           std::uint32_t count) {
  std::copy(callee, callee + count + 1, registers);
  frames_.Leave();
  return CallSlow(registers, count);
}

// The items of `list` are the arguments, but for the last, which is a list of
// the others.
Interpreter::Control Interpreter::Apply(Word* registers,
                                        std::uint32_t procedure,
                                        std::uint32_t list) {
  using runtime::Pair;
  // Nothing collects between here and the call.
  const Word callee = registers[procedure];
  Value items = Value::FromWord(registers[list]);
  std::uint32_t count = 0;
  bool is_spread = false;
  while (Is(items, ObjectType::kPair) &&
         HasRoom(registers + count + 2 + kSpareWords)) {
    const Pair pair(items);
    if (!is_spread && pair.cdr().IsNil()) {
      is_spread = true;
      items = pair.car();
    } else {
      registers[1 + count++] = pair.car().word();
      items = pair.cdr();
    }
  }
  registers[0] = callee;
  frames_.Leave();
  if (is_spread && items.IsNil()) return CallSlow(registers, count);
  EnterArguments(registers, 0);
  vm_.RaiseError("wrong-type",
                 "apply: the last argument is not a list, or has too many "
                 "items for the stack");
  return HandleRaised();
}

// Returns.

Interpreter::Control Interpreter::Return(Word* registers, Value value) {
  Frame* const frame = Frame::Of(registers);
  auto* const caller = static_cast<Frame*>(frame->caller);
  frames_.Leave();
  if (caller == nullptr) return ReturnToContinuation(value);
  *reinterpret_cast<Word*>(frame) = value.word();
  return {caller->registers(), caller->pc};
}

Interpreter::Control Interpreter::ReturnToContinuation(Value value) {
  const Value below = Value::FromWord(below_.get());
  if (below.IsNil()) {
    result_ = value;
    return {nullptr, nullptr};
  }
  const Continuation captured(below);
  auto* const frame = reinterpret_cast<Frame*>(stack_.begin);
  Word* const registers = frame->registers();
  const std::size_t count = captured.word_count() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    registers[i] = *captured.word_slot(1 + i);
  }
  const Function& function = FunctionOf(Value::FromWord(registers[0]));
  FLEDGE_CHECK(HasRoom(registers + function.register_count() + kSpareWords),
               "no room for a frame that was there before");
  frames_.Enter(*frame, function, reinterpret_cast<Address>(registers));
  frame->instruction = static_cast<std::uint32_t>(
      Value::FromWord(*captured.word_slot(0)).integer());
  frame->pc = function.code + frame->instruction;
  registers[count] = value.word();
  below_.set(mutator_, captured.next().word());
  return {registers, frame->pc};
}

// Continuations. Each of a frame has the instruction that it goes on with, and
// its registers below the one that the call leaves its value in; of these the
// ones that are live.

Value Interpreter::Capture() {
  std::vector<Frame*> callers;
  for (auto* frame = frames_.newest()->caller; frame != nullptr;
       frame = frame->caller) {
    callers.push_back(static_cast<Frame*>(frame));
  }
  const HandleScope scope(mutator_);
  Local next(mutator_, Value::FromWord(below_.get()));
  for (std::size_t i = callers.size(); i-- > 0;) {
    Frame& frame = *callers[i];
    const auto* const callee = i == 0 ? frames_.newest() : callers[i - 1];
    const auto count = static_cast<std::size_t>(
        reinterpret_cast<const Word*>(callee) - frame.registers());
    const Address object = mutator_.Allocate(
        runtime::SizeOf(ObjectType::kContinuation, 2 + count));
    const Continuation captured =
        Continuation::Initialize(object, 1 + count, next.get());
    *captured.word_slot(0) = Value::SmallInteger(frame.instruction).word();
    frame.layout->VisitLive(frame.instruction, [&](std::uint32_t live) {
      *captured.word_slot(1 + live) = frame.registers()[live];
    });
    next.set(captured.value());
  }
  below_.set(mutator_, next.get().word());
  frames_.own().LeaveCallers();
  if (!next.get().IsNil()) return next.get();
  // The end of the program is a continuation too, one of no frame.
  const Address object =
      mutator_.Allocate(runtime::SizeOf(ObjectType::kContinuation, 1));
  return Continuation::Initialize(object, 0, Value::Nil()).value();
}

Interpreter::Control Interpreter::Throw(Value continuation, Value value) {
  frames_.own().LeaveAll();
  CloseReserve();
  const bool is_end = Continuation(continuation).word_count() == 0;
  below_.set(mutator_, (is_end ? Value::Nil() : continuation).word());
  return ReturnToContinuation(value);
}

// Errors.

// The newest frame will not go on, so it keeps nothing alive but what it takes
// to say where it was. The handler's frame is above all that it may have.
Interpreter::Control Interpreter::HandleRaised() {
  const Value handler = vm_.raise_handler();
  if (handler.IsEmpty() || std::exchange(vm_.is_at_end_, false)) {
    result_ = Value();
    return {nullptr, nullptr};
  }
  auto* const frame = static_cast<Frame*>(frames_.newest());
  Word* const registers = frame->registers();
  const std::uint32_t slots = frame->layout->slot_count();
  if (frame->instruction != Frame::kWillNotGoOn && !HasArguments(*frame)) {
    frame->pc = frame->function().code + frame->instruction;
  }
  frame->instruction = Frame::kWillNotGoOn;
  Word* const callee = registers + slots + kFrameWords;
  callee[0] = handler.word();
  callee[1] = vm_.TakeRaised().word();
  return CallSlow(callee, 1);
}

// Where it is.

void Interpreter::VisitFrames(
    const std::function<bool(const FrameView&)>& visit) const {
  for (const auto* frame = static_cast<const Frame*>(frames_.newest());
       frame != nullptr; frame = static_cast<const Frame*>(frame->caller)) {
    const Value callee =
        Value::FromWord(*reinterpret_cast<const Word*>(frame + 1));
    FrameView view = {callee, nullptr, 0};
    if (!HasArguments(*frame)) {
      view.function = &frame->function();
      view.instruction =
          frame->instruction != Frame::kWillNotGoOn
              ? frame->instruction
              : static_cast<std::uint32_t>(frame->pc - view.function->code);
    }
    if (!visit(view)) return;
  }
  for (Value next = Value::FromWord(below_.get());
       Is(next, ObjectType::kContinuation); next = Continuation(next).next()) {
    const Continuation frame(next);
    if (frame.word_count() < 2) return;
    const Value callee = Value::FromWord(*frame.word_slot(1));
    const Value instruction = Value::FromWord(*frame.word_slot(0));
    if (!visit({callee, &FunctionOf(callee),
                static_cast<std::uint32_t>(instruction.integer())})) {
      return;
    }
  }
}

Value Interpreter::Backtrace() {
  constexpr std::size_t kMostFrames = 32;
  const auto visit_frames = [&](auto visit) {
    std::size_t count = 0;
    VisitFrames([&](const FrameView& frame) {
      if (frame.function != nullptr) {
        visit(frame);
        ++count;
      }
      return count < kMostFrames;
    });
    return count;
  };
  const std::size_t count = visit_frames([](const FrameView&) {});
  const HandleScope scope(mutator_);
  const Local fill(mutator_, Value::Undefined());
  const runtime::Vector trace(runtime::MakeVector(mutator_, 2 * count, fill));
  std::size_t i = 0;
  visit_frames([&](const FrameView& frame) {
    const runtime::Closure closure(frame.callee);
    runtime::SetItem(mutator_, trace, i++, closure.closure_template());
    runtime::SetItem(mutator_, trace, i++,
                     Value::SmallInteger(frame.instruction));
  });
  return trace.value();
}

// Values.

bool Interpreter::Receive(Word* registers, Instruction instruction) {
  const bool has_rest = instruction.op() == Operation::kReceiveRest;
  const std::uint32_t wanted = instruction.b() - (has_rest ? 1 : 0);
  Value from = Value::FromWord(registers[instruction.c()]);
  const bool is_one = !Is(from, ObjectType::kValues);
  const std::size_t count = is_one ? 1 : runtime::Values(from).length();
  if (count < wanted || (count > wanted && !has_rest)) {
    vm_.RaiseError("wrong-values", "expected " + std::to_string(wanted) +
                                       " values, not " + std::to_string(count));
    return false;
  }
  const HandleScope scope(mutator_);
  const Local source(mutator_, from);
  const auto value_at = [&](std::size_t i) {
    return is_one ? source.get() : runtime::Values(source.get()).value_at(i);
  };
  if (has_rest) {
    Local rest(mutator_, Value::Nil());
    for (std::size_t i = count; i-- > wanted;) {
      const Local item(mutator_, value_at(i));
      rest.set(runtime::MakePair(mutator_, item, rest));
    }
    registers[instruction.a() + wanted] = rest.get().word();
  }
  for (std::uint32_t i = 0; i < wanted; ++i) {
    registers[instruction.a() + i] = value_at(i).word();
  }
  return true;
}

}  // namespace fledge::lambda
