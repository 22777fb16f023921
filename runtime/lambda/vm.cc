#include "runtime/lambda/vm.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "runtime/lambda/interpreter.h"
#include "runtime/lambda/memory_services.h"
#include "runtime/lambda/texts.h"
#include "runtime/objects.h"
#include "runtime/procedure_layout.h"
#include "runtime/record_layout.h"

namespace fledge::lambda {

using runtime::HandleScope;
using runtime::Vector;

namespace {

constexpr std::size_t kFirstCells = 256;

}  // namespace

Vm::Vm(runtime::Heap& heap, runtime::Mutator& mutator, const VmOptions& options)
    : heap_(heap),
      mutator_(mutator),
      symbols_(heap),
      functions_(heap),
      ports_(heap),
      memory_(std::make_unique<MemoryServices>(heap)),
      keywords_registration_(heap.RegisterWeakSet(keywords_)),
      cells_(mutator, Value().word()),
      raised_(mutator, Value().word()),
      end_trace_(mutator, Value::Nil().word()),
      raise_handler_(mutator, Value().word()),
      dynamic_state_(mutator, Value::Nil().word()),
      interpreter_(std::make_unique<Interpreter>(*this, options.stack_bytes)) {
  const HandleScope scope(mutator);
  const Local nothing(mutator, Value::False());
  cells_.set(mutator,
             runtime::MakeVector(mutator, kFirstCells, nothing).word());
  standard_ports_ = std::make_unique<StandardPorts>(*this);
  heap.SetOutOfMemoryHandler(
      [this, on_exhaustion = options.on_exhaustion](const gc::OutOfMemory& of) {
        if (heap_.AllowBeyondLimit()) {
          out_of_memory_ = of.Message();
          return Interrupt(Interruption::kOutOfMemory);
        }
        ports_.FlushAll();
        if (on_exhaustion != nullptr) on_exhaustion(of);
        std::fputs((of.Message() + "\n").c_str(), stderr);
        FLEDGE_CHECK(false, "no memory is left to tell the program so");
      });
}

Vm::~Vm() { heap_.SetOutOfMemoryHandler({}); }

Value Vm::Call(Local procedure, std::span<const Local> arguments) {
  return interpreter_->Run(procedure, arguments);
}

void Vm::VisitFrames(const std::function<bool(const FrameView&)>& visit) const {
  interpreter_->VisitFrames(visit);
}

Value Vm::KeywordOf(Local symbol) {
  const Value known = keywords_.Get(symbol.get());
  if (!known.IsEmpty()) return known;
  const Address object = mutator_.Allocate(
      runtime::SizeOf(ObjectType::kKeyword), gc::AllocationKind::kTraced);
  const Value made = runtime::Keyword::Initialize(object, symbol.get()).value();
  keywords_.Put(mutator_, symbol.get(), made);
  return made;
}

Value Vm::KeywordOf(std::string_view name) {
  const HandleScope scope(mutator_);
  return KeywordOf(Local(mutator_, symbols_.Intern(mutator_, name)));
}

std::uint32_t Vm::MakeCell(std::string_view name) {
  const HandleScope scope(mutator_);
  Vector cells(Value::FromWord(cells_.get()));
  if (cell_count_ == cells.length()) {
    const Local nothing(mutator_, Value::False());
    const Value grown =
        runtime::MakeVector(mutator_, 2 * std::size_t{cell_count_}, nothing);
    const Vector to(grown);
    cells = Vector(Value::FromWord(cells_.get()));
    mutator_.CopyRange(to.item_slot(0), cells.item_slot(0), cell_count_);
    cells_.set(mutator_, grown.word());
  }
  const Local symbol(mutator_, symbols_.Intern(mutator_, name));
  const Address object = mutator_.Allocate(runtime::SizeOf(ObjectType::kGlobal),
                                           gc::AllocationKind::kTraced);
  const Value cell =
      runtime::Global::Initialize(object, Value::Deleted(), symbol.get())
          .value();
  runtime::SetItem(mutator_, Vector(Value::FromWord(cells_.get())), cell_count_,
                   cell);
  return cell_count_++;
}

Value Vm::CellAt(std::uint32_t cell) const {
  FLEDGE_DCHECK(cell < cell_count_);
  return Vector(Value::FromWord(cells_.get())).item(cell);
}

void Vm::Define(std::uint32_t cell, Value value) {
  const runtime::Global view(CellAt(cell));
  mutator_.Write(view.value_slot(), value.word());
}

Value Vm::MakePrimitive(const Primitive& primitive) {
  interpreter_->NotePrimitive(primitive);
  const HandleScope scope(mutator_);
  const Local name(mutator_, symbols_.Intern(mutator_, primitive.name));
  const Address object = mutator_.Allocate(
      runtime::SizeOf(ObjectType::kPrimitive), gc::AllocationKind::kTraced);
  return runtime::PrimitiveObject::Initialize(object, name.get(), &primitive)
      .value();
}

Value Vm::RaiseWrongType(const Arguments& arguments, std::size_t i,
                         std::string_view expected) {
  return RaiseOf("wrong-type", "is not", arguments, i, expected);
}

Value Vm::RaiseOutOfRange(const Arguments& arguments, std::size_t i,
                          std::string_view expected) {
  return RaiseOf("out-of-range", "is not", arguments, i, expected);
}

Value Vm::RaiseOf(std::string_view kind, std::string_view what,
                  const Arguments& arguments, std::size_t i,
                  std::string_view expected) {
  const HandleScope scope(mutator_);
  std::string message = RunningName();
  message += "argument " + std::to_string(i + 1) + " " + std::string(what) +
             " " + std::string(expected);
  return RaiseError(kind, message, {Local(mutator_, arguments[i])});
}

std::string Vm::RunningName() const {
  return running_ == nullptr ? "" : std::string(running_->name) + ": ";
}

Value Vm::RaiseError(std::string_view kind, std::string_view message,
                     std::initializer_list<Local> irritants) {
  const HandleScope scope(mutator_);
  Local list(mutator_, Value::Nil());
  for (auto irritant = irritants.end(); irritant != irritants.begin();) {
    list.set(runtime::MakePair(mutator_, *--irritant, list));
  }
  const Local of_kind(mutator_, symbols_.Intern(mutator_, kind));
  Local text(mutator_, TryMakeConstantText(mutator_, message));
  if (text.get().IsEmpty()) text.set(of_kind.get());
  return Raise(MakeCondition(of_kind, text, list));
}

Value Vm::MakeCondition(Local kind, Local message, Local irritants) {
  const HandleScope scope(mutator_);
  const Local trace(mutator_, interpreter_->Backtrace());
  const Address object = mutator_.Allocate(
      runtime::SizeOf(ObjectType::kCondition), gc::AllocationKind::kTraced);
  return runtime::Condition::Initialize(object, kind.get(), message.get(),
                                        irritants.get(), trace.get())
      .value();
}

Value Vm::EndWith(Local object) {
  end_trace_.set(mutator_, interpreter_->Backtrace().word());
  is_at_end_ = true;
  return Raise(object.get());
}

Value Vm::end_trace() const { return Value::FromWord(end_trace_.get()); }

Value Vm::Raise(Value object) {
  raised_.set(mutator_, object.word());
  return Value();
}

void Vm::RaiseInterruption() {
  const Interruption interruption =
      interruption_.exchange(Interruption::kNone, std::memory_order_relaxed);
  if (interruption == Interruption::kOutOfMemory) {
    RaiseError("out-of-memory", out_of_memory_);
    ForgetOutOfMemory();
  } else {
    RaiseError("interrupted", "interrupted by the user");
  }
}

void Vm::ForgetOutOfMemory() {
  Interruption expected = Interruption::kOutOfMemory;
  interruption_.compare_exchange_strong(expected, Interruption::kNone,
                                        std::memory_order_relaxed);
}

Value Vm::TakeRaised() {
  const Value raised = Value::FromWord(raised_.get());
  raised_.set(mutator_, Value().word());
  return raised;
}

void Vm::SetQuoted(std::span<const Value> values) {
  // Nothing here collects, and none of them is in a handle.
  quoted_.clear();
  for (const Value value : values) quoted_.emplace_back(mutator_, value.word());
}

void Vm::SetRaiseHandler(Value procedure) {
  raise_handler_.set(mutator_, procedure.word());
}

Value Vm::raise_handler() const {
  return Value::FromWord(raise_handler_.get());
}

Value Vm::dynamic_state() const {
  return Value::FromWord(dynamic_state_.get());
}

void Vm::SetDynamicState(Value state) {
  dynamic_state_.set(mutator_, state.word());
}

// The state is as runtime/lambda/library/control.scm has it.
Value Vm::ParameterValue(Value parameter) const {
  using runtime::Pair;
  constexpr std::size_t kBindings = 2;
  const Value state = dynamic_state();
  if (Is(state, ObjectType::kVector)) {
    for (Value rest = Vector(state).item(kBindings);
         Is(rest, ObjectType::kPair); rest = Pair(rest).cdr()) {
      const Pair binding(Pair(rest).car());
      if (binding.car() == parameter) return binding.cdr();
    }
  }
  return runtime::Parameter(parameter).default_value();
}

bool IsProcedure(Value value) {
  if (!value.IsReference()) return false;
  switch (runtime::TypeFrom(gc::LoadHeader(value.object()))) {
    case ObjectType::kClosure:
    case ObjectType::kPrimitive:
    case ObjectType::kContinuation:
    case ObjectType::kParameter:
    case ObjectType::kCaseLambda:
      return true;
    default:
      return false;
  }
}

}  // namespace fledge::lambda
